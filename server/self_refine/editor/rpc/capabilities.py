"""Owns `Capabilities`: what the client said that it can do. What it does not say, it cannot."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from self_refine.editor.documents.positions import DEFAULT, Encoding, chosen


@dataclass(frozen=True, kw_only=True, slots=True)
class Capabilities:
    """What features ask before they use it."""

    encoding: Encoding = DEFAULT
    """What columns count."""
    apply_edit: bool = False
    document_changes: bool = False
    """Whether an edit may carry the version that it was computed from."""
    code_action_tags: bool = False
    """Whether it knows the tag for what a language model writes."""
    code_action_disabled: bool = False
    code_lens_refresh: bool = False
    related_information: bool = False
    code_description: bool = False
    progress: bool = False
    """Whether the server may begin progress by itself."""
    show_document: bool = False
    message_buttons: bool = False
    """Whether it shows a message with buttons."""
    configuration: bool = False
    """Whether it can be asked for settings."""
    register_configuration: bool = False
    register_watched_files: bool = False
    renames: bool = False
    """Whether it tells of files that have another name."""
    markdown: bool = False
    """Whether hovers may be Markdown."""


def capabilities(said: Any) -> Capabilities:
    """Read the client's own object; whatever is in it that we do not know is left alone."""

    def has(*names: str) -> bool:
        return _at(said, *names) is True

    action = ("textDocument", "codeAction")
    published = ("textDocument", "publishDiagnostics")
    return Capabilities(
        encoding=chosen(_list(_at(said, "general", "positionEncodings"))),
        apply_edit=has("workspace", "applyEdit"),
        # Who takes resource operations reads `documentChanges`, too, says the protocol: Neovim.
        document_changes=has("workspace", "workspaceEdit", "documentChanges")
        or bool(_list(_at(said, "workspace", "workspaceEdit", "resourceOperations"))),
        code_action_tags=1 in _list(_at(said, *action, "tagSupport", "valueSet")),
        code_action_disabled=has(*action, "disabledSupport"),
        code_lens_refresh=has("workspace", "codeLens", "refreshSupport"),
        related_information=has(*published, "relatedInformation"),
        code_description=has(*published, "codeDescriptionSupport"),
        progress=has("window", "workDoneProgress"),
        message_buttons=_is_object(said, "window", "showMessage", "messageActionItem"),
        show_document=has("window", "showDocument", "support"),
        configuration=has("workspace", "configuration"),
        register_configuration=has("workspace", "didChangeConfiguration", "dynamicRegistration"),
        register_watched_files=has("workspace", "didChangeWatchedFiles", "dynamicRegistration"),
        renames=has("workspace", "fileOperations", "didRename"),
        markdown="markdown" in _list(_at(said, "textDocument", "hover", "contentFormat")),
    )


def _at(said: Any, *names: str) -> Any:
    for name in names:
        if not isinstance(said, Mapping):
            return None
        said = said.get(name)
    return said


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_object(said: Any, *names: str) -> bool:
    return isinstance(_at(said, *names), Mapping)
