"""Owns reading leniently what clients send otherwise than the protocol's types allow."""

from typing import Any

from cattrs import Converter
from lsprotocol import types

from self_refine.editor.to_lsp import SOURCE


def without_foreign_diagnostics(converter: Converter, params: Any) -> Any:
    """The params of a code action request with our own diagnostics alone.

    One tag or severity that is not in the protocol, in what another server said, would make the
    whole request unreadable; and nothing is offered for what others say.
    """
    if not isinstance(params, dict) or not isinstance(params.get("context"), dict):
        return params
    context = dict(params["context"])
    given = context.get("diagnostics")
    found = given if isinstance(given, list) else []
    context["diagnostics"] = [d for d in found if _is_ours(converter, d)]
    if context.get("triggerKind") not in (1, 2):
        context.pop("triggerKind", None)
    if context.get("only") is not None:
        only = context["only"] if isinstance(context["only"], list) else []
        context["only"] = [kind for kind in only if isinstance(kind, str)]
    return {**params, "context": context}


def _is_ours(converter: Converter, diagnostic: Any) -> bool:
    if not isinstance(diagnostic, dict) or diagnostic.get("source") != SOURCE:
        return False
    try:
        converter.structure(diagnostic, types.Diagnostic)
    except Exception:  # noqa: BLE001 - whatever it is, it is none that we sent
        return False
    return True


def initialize_params(converter: Converter, params: Any) -> types.InitializeParams:
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
    kept: dict[str, Any] = {}
    if isinstance(said, dict):
        general = said.get("general")
        encodings = general.get("positionEncodings") if isinstance(general, dict) else None
        if isinstance(encodings, list):
            kept["general"] = {"positionEncodings": [e for e in encodings if isinstance(e, str)]}
        if isinstance(said.get("notebookDocument"), dict):
            kept["notebookDocument"] = {"synchronization": {}}
    capabilities = converter.structure(kept, types.ClientCapabilities)
    process = params.get("processId")
    root = params.get("rootUri")
    return types.InitializeParams(
        capabilities=capabilities,
        process_id=process if isinstance(process, int) else None,
        root_uri=root if isinstance(root, str) else None,
    )
