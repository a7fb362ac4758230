"""Owns reading leniently what clients send otherwise than the protocol's types allow."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from lsprotocol import types

from self_refine.editor.diagnostics.to_lsp import SOURCE
from self_refine.editor.rpc.capabilities import capabilities


def code_action_params(
    params: Any, diagnostic: Callable[[Any], types.Diagnostic]
) -> types.CodeActionParams:
    """The params of a code action request, with our own diagnostics alone.

    One tag or severity that is not in the protocol, in what another server said, would make the
    whole request unreadable; and nothing is offered for what others say.

    Args:
        params: as they came.
        diagnostic: reads one of ours; raises where it cannot.

    Raises:
        KeyError, TypeError, AttributeError: there is no document or no range.
    """
    context = params.get("context") or {}
    given, only, trigger = (context.get(name) for name in ("diagnostics", "only", "triggerKind"))
    return types.CodeActionParams(
        text_document=types.TextDocumentIdentifier(uri=params["textDocument"]["uri"]),
        range=_range(params["range"]),
        context=types.CodeActionContext(
            diagnostics=[*_ours(given if isinstance(given, list) else [], diagnostic)],
            only=[k for k in only if isinstance(k, str)] if isinstance(only, list) else None,
            trigger_kind=_TRIGGERS.get(trigger) if isinstance(trigger, int) else None,
        ),
    )


_TRIGGERS = {kind.value: kind for kind in types.CodeActionTriggerKind}


def _range(given: Any) -> types.Range:
    start, end = given["start"], given["end"]
    return types.Range(
        types.Position(start["line"], start["character"]),
        types.Position(end["line"], end["character"]),
    )


def _ours(given: list[Any], read: Callable[[Any], types.Diagnostic]) -> Iterator[types.Diagnostic]:
    for diagnostic in given:
        if isinstance(diagnostic, dict) and diagnostic.get("source") == SOURCE:
            # Whatever cannot be read is none that we sent.
            with suppress(Exception):
                yield read(diagnostic)


def initialize_params(params: Any) -> types.InitializeParams:
    """The params of `initialize` as pygls needs them: it reads few of the capabilities.

    What we need of the client is read elsewhere, from the plain values (`capabilities`). A client
    that names a kind which this version of the protocol does not have is served all the same, and
    the first request does not wait for the types of everything that editors can do.

    Raises:
        TypeError: the params are no object.
    """
    if not isinstance(params, dict):
        raise TypeError
    said = params.get("capabilities")
    said = said if isinstance(said, dict) else {}
    notebook = types.NotebookDocumentClientCapabilities(
        synchronization=types.NotebookDocumentSyncClientCapabilities()
    )
    return types.InitializeParams(
        capabilities=types.ClientCapabilities(
            workspace=_workspace(said),
            general=types.GeneralClientCapabilities(position_encodings=_encodings(said)),
            notebook_document=notebook if isinstance(said.get("notebookDocument"), dict) else None,
        )
    )


def _workspace(said: dict[str, Any]) -> types.WorkspaceClientCapabilities | None:
    if not capabilities(said).renames:
        return None
    return types.WorkspaceClientCapabilities(
        file_operations=types.FileOperationClientCapabilities(did_rename=True)
    )


def _encodings(said: dict[str, Any]) -> list[types.PositionEncodingKind | str]:
    return [types.PositionEncodingKind(capabilities(said).encoding)]
