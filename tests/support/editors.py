"""Owns imitations of editors: what each says that it can do, and how it answers a server.

What Neovim 0.12.4, Helix 25.07.1 and Eglot 1.17.30 say was recorded from them; of VS Code 1.65.2 it
is what pytest-lsp recorded, with what has come since; of Zed it is what its sources set. What has
nothing to do with this server (completion, hints, symbols) is left out of the recorded ones.
"""

from dataclasses import dataclass, field
from typing import Any

from lsprotocol.converters import get_converter
from pytest_lsp import client_capabilities

_KINDS = ["quickfix", "refactor", "refactor.extract", "refactor.inline", "refactor.rewrite",
          "source", "source.organizeImports"]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Editor:
    """One editor, as a server meets it."""

    name: str
    capabilities: dict[str, Any]
    encoding: str
    """What the server is to choose."""
    seconds: float
    """How long it waits for the answer to a command; some show nothing else meanwhile."""
    only: tuple[str, ...] = ()
    """The kinds that its menu for rewriting asks for; (): it asks for all."""
    believes_itself: bool = False
    """It answers `applied: true` for an edit that it has dropped."""
    tells_late: bool = False
    """It tells of an edit that it has made some time after it has answered."""
    requests: frozenset[str] = field(default_factory=frozenset)
    """The requests that it knows."""

    @property
    def has_code_lenses(self):
        """Whether it shows code lenses."""
        return "codeLens" in self.capabilities["textDocument"]


_USUAL = frozenset(
    {
        "window/workDoneProgress/create",
        "window/showDocument",
        "window/showMessageRequest",
        "workspace/applyEdit",
        "workspace/configuration",
    }
)
_WATCHES = frozenset({"client/registerCapability"})
_LENSES = frozenset({"workspace/codeLens/refresh"})


def _vscode():
    said = get_converter().unstructure(client_capabilities("visual_studio_code"))
    said["general"]["positionEncodings"] = ["utf-16"]
    action = said["textDocument"]["codeAction"]
    action["tagSupport"] = {"valueSet": [1]}
    action["resolveSupport"] = {"properties": ["edit", "command"]}
    said["textDocument"]["diagnostic"] = {"dynamicRegistration": True}
    said["notebookDocument"] = {"synchronization": {"dynamicRegistration": True}}
    return said


VSCODE = Editor(
    name="vscode",
    capabilities=_vscode(),
    encoding="utf-16",
    seconds=120,
    only=("refactor",),
    requests=_USUAL | _WATCHES | _LENSES,
)

NEOVIM = Editor(
    name="neovim",
    encoding="utf-8",
    seconds=120,
    believes_itself=True,
    requests=_USUAL | _LENSES,
    capabilities={
        "general": {"positionEncodings": ["utf-8", "utf-16", "utf-32"]},
        "window": {
            "showMessage": {"messageActionItem": {"additionalPropertiesSupport": True}},
            "showDocument": {"support": True},
            "workDoneProgress": True,
        },
        "workspace": {
            "applyEdit": True,
            "configuration": True,
            "workspaceFolders": True,
            "workspaceEdit": {
                "resourceOperations": ["rename", "create", "delete"],
                "normalizesLineEndings": True,
                "changeAnnotationSupport": {"groupsOnLabel": True},
            },
            "didChangeConfiguration": {"dynamicRegistration": False},
            "didChangeWatchedFiles": {"relativePatternSupport": True, "dynamicRegistration": False},
            "diagnostics": {"refreshSupport": True},
            "codeLens": {"refreshSupport": True},
        },
        "textDocument": {
            "synchronization": {"willSave": True, "willSaveWaitUntil": True, "didSave": True},
            "codeAction": {
                "dataSupport": True,
                "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["", *_KINDS]}},
                "isPreferredSupport": True,
                "resolveSupport": {"properties": ["edit", "command"]},
                "dynamicRegistration": True,
                "honorsChangeAnnotations": True,
                "disabledSupport": True,
            },
            "codeLens": {"resolveSupport": {"properties": ["command"]}},
            "publishDiagnostics": {
                "dataSupport": True,
                "relatedInformation": True,
                "tagSupport": {"valueSet": [1, 2]},
            },
            "diagnostic": {"dynamicRegistration": True, "relatedDocumentSupport": True},
            "hover": {"contentFormat": ["markdown", "plaintext"], "dynamicRegistration": True},
        },
    },
)

HELIX = Editor(
    name="helix",
    encoding="utf-8",
    seconds=20,
    requests=_USUAL | _WATCHES,
    capabilities={
        "general": {"positionEncodings": ["utf-8", "utf-32", "utf-16"]},
        "window": {
            "showDocument": {"support": True},
            "showMessage": {"messageActionItem": {"additionalPropertiesSupport": True}},
            "workDoneProgress": True,
        },
        "workspace": {
            "applyEdit": True,
            "configuration": True,
            "workspaceFolders": True,
            "diagnostic": {"refreshSupport": True},
            "didChangeConfiguration": {"dynamicRegistration": False},
            "didChangeWatchedFiles": {"dynamicRegistration": True, "relativePatternSupport": True},
            "workspaceEdit": {
                "documentChanges": True,
                "failureHandling": "abort",
                "normalizesLineEndings": False,
                "resourceOperations": ["create", "rename", "delete"],
            },
        },
        "textDocument": {
            "codeAction": {
                "codeActionLiteralSupport": {
                    "codeActionKind": {"valueSet": ["", *_KINDS, "source.fixAll"]}
                },
                "dataSupport": True,
                "disabledSupport": True,
                "isPreferredSupport": True,
                "resolveSupport": {"properties": ["edit", "command"]},
            },
            "publishDiagnostics": {"tagSupport": {"valueSet": [1, 2]}, "versionSupport": True},
            "diagnostic": {"dynamicRegistration": False, "relatedDocumentSupport": True},
            "hover": {"contentFormat": ["markdown"]},
        },
    },
)

ZED = Editor(
    name="zed",
    encoding="utf-16",
    seconds=120,
    requests=_USUAL | _WATCHES | _LENSES,
    capabilities={
        "general": {"positionEncodings": ["utf-16"]},
        "window": {
            "workDoneProgress": True,
            "showMessage": {"messageActionItem": {"additionalPropertiesSupport": False}},
            "showDocument": {"support": True},
        },
        "workspace": {
            "applyEdit": True,
            "configuration": True,
            "workspaceFolders": True,
            "didChangeWatchedFiles": {"dynamicRegistration": True, "relativePatternSupport": True},
            "didChangeConfiguration": {"dynamicRegistration": True},
            "codeLens": {"refreshSupport": True},
            "diagnostics": {"refreshSupport": True},
            "workspaceEdit": {
                "documentChanges": True,
                "resourceOperations": ["create", "rename", "delete"],
                "snippetEditSupport": True,
            },
        },
        "textDocument": {
            "codeAction": {
                "codeActionLiteralSupport": {
                    "codeActionKind": {"valueSet": ["refactor", "quickfix", "source"]}
                },
                "dataSupport": True,
                "resolveSupport": {"properties": ["kind", "diagnostics", "edit", "command"]},
            },
            "codeLens": {"dynamicRegistration": True},
            "publishDiagnostics": {
                "relatedInformation": True,
                "versionSupport": True,
                "dataSupport": True,
                "codeDescriptionSupport": True,
            },
            "diagnostic": {"dynamicRegistration": True, "relatedDocumentSupport": True},
            "hover": {"contentFormat": ["markdown"]},
        },
    },
)

EGLOT = Editor(
    name="eglot",
    encoding="utf-32",
    seconds=10,
    tells_late=True,
    requests=_USUAL | _WATCHES,
    capabilities={
        "general": {"positionEncodings": ["utf-32", "utf-8", "utf-16"]},
        "window": {"showDocument": {"support": True}, "workDoneProgress": True},
        "workspace": {
            "applyEdit": True,
            "executeCommand": {"dynamicRegistration": False},
            "workspaceEdit": {"documentChanges": True},
            "didChangeWatchedFiles": {"dynamicRegistration": True},
            "configuration": True,
            "workspaceFolders": True,
        },
        "textDocument": {
            "synchronization": {"willSave": True, "willSaveWaitUntil": True, "didSave": True},
            "codeAction": {
                "dynamicRegistration": False,
                "resolveSupport": {"properties": ["edit", "command"]},
                "dataSupport": True,
                "codeActionLiteralSupport": {"codeActionKind": {"valueSet": _KINDS}},
                "isPreferredSupport": True,
            },
            "publishDiagnostics": {
                "relatedInformation": False,
                "codeDescriptionSupport": False,
                "tagSupport": {"valueSet": [1, 2]},
            },
            "hover": {"dynamicRegistration": False, "contentFormat": ["plaintext"]},
        },
    },
)

EDITORS = (VSCODE, NEOVIM, HELIX, ZED, EGLOT)
