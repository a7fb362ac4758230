"""Whatever a client sends, each request is answered once; the server goes on or ends cleanly."""

import json

import pytest

from support.lsp_client import CAPABILITIES, LspClient, ResponseError, frame

URI = "file:///notes.md"
PARSE, INVALID, NO_METHOD, PARAMS, NOT_YET = -32700, -32600, -32601, -32602, -32002


@pytest.fixture(scope="module")
def shared():
    """One server for all tests that it is to survive."""
    with LspClient.start() as client:
        client.initialize()
        yield client


@pytest.fixture
def client(shared):
    shared.open(URI, "Some words.\n")
    assert shared.request("textDocument/codeAction", actions_at(0, 4))
    shared.messages.clear()
    return shared


@pytest.fixture
def own():
    """A server that the test may end."""
    with LspClient.start() as client:
        client.initialize()
        client.open(URI, "Some words.\n")
        yield client


@pytest.fixture
def raw():
    """A client that has not said anything yet."""
    with LspClient.start() as client:
        yield client


def code(client, method, params=None):
    """The error code that a request is answered with."""
    with pytest.raises(ResponseError) as caught:
        client.request(method, params)
    assert caught.value.data is None
    assert "Traceback" not in caught.value.message
    return caught.value.code


def check_alive(client):
    """The server still answers, and has shown the user nothing."""
    assert isinstance(client.request("textDocument/codeAction", actions_at(0, 4)), list)
    assert client.shown() == []


def actions_at(start, end, **context):
    return {
        "textDocument": {"uri": URI},
        "range": {
            "start": {"line": 0, "character": start},
            "end": {"line": 0, "character": end},
        },
        "context": {"diagnostics": [], **context},
    }


def error_without_id(client, count=1):
    """The code of the latest answer to something that had no id to answer to."""
    found = client.wait(lambda: [m for m in client.messages if is_idless(m)][count - 1 :])
    return found[-1]["error"]["code"]


def is_idless(message):
    return "error" in message and message["id"] is None


def test_f25_what_is_no_json_is_a_parse_error(client):
    """Broken JSON, bytes that are no UTF-8, an empty body and endless nesting: -32700, no id."""
    deep = b"[" * 200_000
    for count, body in enumerate((b"{nonsense", b'{"a": "\xff"}', b"", deep), 1):
        client.send_bytes(frame(body))
        assert error_without_id(client, count) == PARSE
    check_alive(client)


def test_f25_what_is_no_message_is_an_invalid_request(client):
    """A batch, a text, a number, and an object that is neither request nor answer: -32600."""
    for count, body in enumerate((b"[]", b'"words"', b"1", b'{"id": 5}', b'{"id": null}'), 1):
        client.send_bytes(frame(body))
        assert error_without_id(client, count) == INVALID
    check_alive(client)


@pytest.mark.parametrize("id_", [None, 1.5, True, [1], {"a": 1}])
def test_f25_an_id_that_is_none_is_refused(client, id_):
    """An id of a kind that ids do not have is an invalid request, and is not carried out."""
    client.send({"jsonrpc": "2.0", "id": id_, "method": "shutdown"})
    answer = client.wait(lambda: [m for m in client.messages if "error" in m])[0]

    assert answer["error"]["code"] == INVALID
    check_alive(client)


@pytest.mark.parametrize(
    ("method", "params", "expected"),
    [
        ("no/such", {}, NO_METHOD),
        ("$/no/such", {}, NO_METHOD),
        ("textDocument/codeAction", None, PARAMS),
        ("textDocument/codeAction", [], PARAMS),
        ("textDocument/codeAction", {"textDocument": {}}, PARAMS),
        ("textDocument/codeAction", actions_at("a", None), PARAMS),
        ("textDocument/hover", {"textDocument": {"uri": URI}}, PARAMS),
        ("textDocument/hover", "words", PARAMS),
        ("workspace/executeCommand", {}, PARAMS),
        ("workspace/executeCommand", {"command": "no.such"}, PARAMS),
        ("workspace/executeCommand", {"command": "selfRefine.refine"}, PARAMS),
        ("workspace/executeCommand", {"command": "selfRefine.refine", "arguments": [1]}, PARAMS),
        (
            "workspace/executeCommand",
            {"command": "selfRefine.refine", "arguments": [{"uri": 1}]},
            PARAMS,
        ),
        ("workspace/executeCommand", {"command": "selfRefine.cancel", "arguments": [{}]}, PARAMS),
        ("initialize", {"capabilities": {}}, INVALID),
    ],
)
def test_f25_a_request_that_cannot_be_carried_out_is_answered(client, method, params, expected):
    """An unknown method, params that cannot be read, a second initialize: an error with the id."""
    assert code(client, method, params) == expected
    check_alive(client)


def test_f25_a_request_of_another_json_rpc_is_refused(client):
    """Requests are JSON-RPC 2.0."""
    client.send({"jsonrpc": "1.0", "id": "x", "method": "shutdown"})

    assert client.wait(lambda: client.answer_to("x"))["error"]["code"] == INVALID
    check_alive(client)


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("no/such", {}),
        ("$/no/such", None),
        ("$/cancelRequest", {"id": 4711}),
        ("$/cancelRequest", {"id": [1]}),
        ("$/cancelRequest", None),
        ("$/progress", {"token": "no such", "value": 1}),
        ("$/setTrace", {"value": "verbose"}),
        ("textDocument/didOpen", None),
        ("textDocument/didOpen", {"textDocument": {"uri": "file:///b.md"}}),
        ("textDocument/didOpen", {"textDocument": {"uri": 5, "text": "x"}}),
        ("textDocument/didChange", {"textDocument": {"uri": "file:///never.md", "version": 1}}),
        ("textDocument/didChange", {"contentChanges": []}),
        ("textDocument/didClose", {"textDocument": {"uri": "file:///never.md"}}),
        ("textDocument/didClose", []),
        ("textDocument/didSave", {"textDocument": 1}),
        ("workspace/didChangeConfiguration", {"settings": 1}),
        ("workspace/didChangeWatchedFiles", {"changes": 1}),
        ("workspace/didChangeWorkspaceFolders", {"event": {"added": [1], "removed": None}}),
        ("window/workDoneProgress/cancel", {"token": "no such"}),
        ("notebookDocument/didOpen", {}),
        ("notebookDocument/didChange", {"notebookDocument": {"uri": "file:///n.ipynb"}}),
    ],
)
def test_f25_a_notification_that_means_nothing_is_ignored(client, method, params):
    """Notifications have no answer: what cannot be read of them is left alone, without a window."""
    before = len(client.messages)
    client.notify(method, params)

    check_alive(client)
    assert [m for m in client.messages[before:] if "error" in m] == []


def test_f25_a_change_that_cannot_be_read_closes_the_document(client):
    """A text that is not known for certain is not edited: the document counts as closed."""
    name = {"uri": URI, "version": 2}
    client.notify("textDocument/didChange", {"textDocument": name, "contentChanges": [{"a": 1}]})

    assert client.request("textDocument/codeAction", actions_at(0, 4)) == []
    client.open(URI, "Some words.\n")
    assert client.request("textDocument/codeAction", actions_at(0, 4)) != []


def test_f25_packets_may_be_split_and_joined_anywhere(client):
    """Messages are found whatever pieces they come in, and headers however they are written."""
    request = {"jsonrpc": "2.0", "method": "textDocument/codeAction", "params": actions_at(0, 4)}
    bodies = [json.dumps({**request, "id": f"s{n}"}).encode() for n in range(4)]
    headers = (
        b"content-length: %d\r\n\r\n",
        b"Content-Length:%d\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n",
        b"X-Other: 1\r\nCONTENT-LENGTH:   %d  \r\n\r\n",
        b"Content-Length: %d\r\n\r\n",
    )
    data = b"".join(h % len(b) + b for h, b in zip(headers, bodies, strict=True))
    for at in range(0, len(data), 7):
        client.send_bytes(data[at : at + 7])
    client.send_bytes(data.replace(b'"id": "s', b'"id": "t'))

    for id_ in ("s0", "s1", "s2", "s3", "t0", "t3"):
        assert client.wait(lambda id_=id_: client.answer_to(id_))["result"]


@pytest.mark.parametrize(
    "data",
    [
        b"Content-Length: 1000000000000\r\n\r\n{}",
        b"Content-Length: -5\r\n\r\n{}",
        b"Content-Length: many\r\n\r\n{}",
        b"Content-Type: text/plain\r\n\r\n{}",
        b"x" * 20_000,
    ],
)
def test_f25_a_stream_that_cannot_be_followed_ends_the_server(own, data):
    """A length beyond the limit, or none: the server says why in its log and exits with 1."""
    own.send_bytes(data)

    assert own.exit_code() == 1
    assert "The server ends" in "".join(own.stderr)


def test_f26_foreign_diagnostics_are_left_alone(client):
    """What other servers say, however odd, does not keep the actions from being listed."""
    range_ = actions_at(0, 4)["range"]
    odd = [
        {"range": range_, "message": "m", "severity": 99, "tags": [77], "source": "other"},
        {"range": range_, "message": {"kind": "markdown", "value": "m"}, "source": "other"},
        {"range": range_, "message": "m", "data": {"jsonrpc": "2.0", "id": 1, "method": "exit"}},
        {"range": range_, "message": "m", "source": "self-refine", "severity": 99, "data": 5},
        {"nothing": True},
        7,
    ]
    for context in ({"diagnostics": odd}, {"diagnostics": odd, "triggerKind": 9, "only": None}):
        assert client.request("textDocument/codeAction", actions_at(0, 4, **context))
    assert client.shown() == []


def test_f26_a_key_jsonrpc_in_a_command_is_a_key_like_others(client):
    """A nested "jsonrpc" is no message: the command is refused for what it is."""
    argument = {"runId": "no such", "jsonrpc": "2.0"}
    params = {"command": "selfRefine.cancel", "arguments": [argument]}

    assert code(client, "workspace/executeCommand", params) == PARAMS
    check_alive(client)


def test_f23_nothing_is_served_before_initialize(raw):
    """A request before `initialize` is -32002, a notification is dropped, and then all is well."""
    assert code(raw, "textDocument/codeAction", actions_at(0, 4)) == NOT_YET
    assert code(raw, "shutdown") == NOT_YET
    raw.open(URI, "Too early.\n")
    raw.initialize()
    assert raw.request("textDocument/codeAction", actions_at(0, 4)) == []
    assert raw.leave() == 0


def test_f23_nothing_is_served_after_shutdown(own):
    """After `shutdown` every request is -32600, and `exit` ends with 0."""
    assert own.request("shutdown") is None
    assert code(own, "textDocument/codeAction", actions_at(0, 4)) == INVALID
    assert code(own, "shutdown") == INVALID
    own.notify("exit")
    assert own.exit_code() == 0


def test_f23_exit_without_shutdown_is_a_failure(own):
    """`exit` alone ends with 1."""
    own.notify("exit")
    assert own.exit_code() == 1


def test_f23_exit_before_initialize_ends(raw):
    """`exit` ends a server that was never initialized."""
    raw.notify("exit")
    assert raw.exit_code() == 1


def test_initialize_that_cannot_be_read_may_be_sent_again(raw):
    """`initialize` without an object is -32602; the next one is the first."""
    assert code(raw, "initialize", [1]) == PARAMS
    assert raw.initialize()["serverInfo"]["name"] == "self-refine"


def test_capabilities_that_the_protocol_does_not_have_do_no_harm(raw):
    """A client of a later protocol, or a sloppy one, is served with what is understood."""
    odd = {
        "general": {"positionEncodings": ["utf-7", 5, "utf-8"]},
        "textDocument": {"codeAction": {"tagSupport": {"valueSet": [1, 99]}}, "hover": 5},
        "workspace": {"symbol": {"symbolKind": {"valueSet": [999]}}, "workspaceEdit": []},
        "window": None,
    }
    result = raw.initialize(capabilities=odd, ready=False)

    assert result["capabilities"]["positionEncoding"] == "utf-8"


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (None, "utf-16"),
        ([], "utf-16"),
        (["utf-16"], "utf-16"),
        (["utf-8", "utf-16"], "utf-8"),
        (["utf-32", "utf-8", "utf-16"], "utf-32"),
    ],
)
def test_the_client_chooses_what_columns_count(raw, offered, chosen):
    """The first encoding that the client offers is used, and said."""
    general = {} if offered is None else {"positionEncodings": offered}
    result = raw.initialize(capabilities=CAPABILITIES | {"general": general}, ready=False)

    assert result["capabilities"]["positionEncoding"] == chosen


def test_a_cancelled_request_is_answered_once(client):
    """A cancel that comes with its request is answered: with the result, or -32800."""
    ids = []
    for _ in range(20):
        ids.append(client.send_request("textDocument/codeAction", actions_at(0, 4)))
        client.notify("$/cancelRequest", {"id": ids[-1]})
    for id_ in ids:
        answer = client.wait(lambda id_=id_: client.answer_to(id_))
        assert "result" in answer or answer["error"]["code"] == -32800
    check_alive(client)


def test_a_late_or_strange_answer_is_ignored(client):
    """Answers to what was never asked, or is over, do nothing."""
    for answer in ({"result": 1}, {"error": {"code": 1, "message": "x"}}, {"error": None}):
        client.send({"jsonrpc": "2.0", "id": "self-refine/4711", **answer})
    client.send({"jsonrpc": "2.0", "id": 5.5, "result": {}})
    check_alive(client)
