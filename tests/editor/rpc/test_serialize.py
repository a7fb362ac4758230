"""What goes over the wire is what the protocol's own converter would make."""

import json

import pytest
from lsprotocol import types
from lsprotocol.converters import get_converter

from self_refine.editor.rpc.serialize import as_json, plain

HERE = types.Range(types.Position(0, 0), types.Position(0, 4))
NAME = types.OptionalVersionedTextDocumentIdentifier("file:///a.md")

VALUES = [
    types.Diagnostic(HERE, "m", severity=types.DiagnosticSeverity.Hint, data={"a_b": None}),
    types.CodeAction(
        "t",
        kind=types.CodeActionKind.QuickFix,
        command=types.Command("t", "c", arguments=[{"x_y": [1, None]}]),
        disabled=types.CodeActionDisabled("no"),
        is_preferred=False,
        tags=[types.CodeActionTag.LlmGenerated],
    ),
    types.ApplyWorkspaceEditParams(
        types.WorkspaceEdit(
            document_changes=[types.TextDocumentEdit(NAME, [types.TextEdit(HERE, "\ud83d\r\n")])]
        ),
        label="l",
    ),
    types.ProgressParams("t", types.WorkDoneProgressBegin("t", cancellable=True)),
    types.ProgressParams("t", types.WorkDoneProgressReport(percentage=0)),
    types.ProgressParams("t", types.WorkDoneProgressEnd()),
    types.Hover(types.MarkupContent(types.MarkupKind.Markdown, "**w**"), HERE),
    types.InitializeResult(
        types.ServerCapabilities(
            text_document_sync=types.TextDocumentSyncOptions(open_close=True, save=False),
            code_action_provider=types.CodeActionOptions(code_action_kinds=["a.b"]),
        ),
        types.ServerInfo("n", "1"),
    ),
    types.ResponseError(code=-32600, message="m"),
    [None, True, 1, 1.5, "t", {"from_": HERE}],
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_values_are_written_as_the_protocol_writes_them(value):
    """The same names, the same fields left out, through JSON and back."""
    expected = get_converter().unstructure(value)

    assert json.loads(json.dumps(plain(value))) == json.loads(json.dumps(expected))


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_text_says_the_same_as_plain_values(value):
    """What is plain already is written without being looked at, and comes out the same."""
    assert json.loads(as_json({"result": [value]})) == {
        "result": [json.loads(json.dumps(plain(value)))]
    }


def test_what_is_no_value_of_the_protocol_is_an_error():
    """An object of ours that slips into an answer is found, not sent as something else."""
    with pytest.raises(TypeError, match="cannot be sent"):
        plain({"a": object()})
    with pytest.raises(TypeError, match="cannot be sent"):
        as_json({"a": object()})
