"""What goes wrong between us and a server ends in one sentence, and never in an exception."""

import json
import socket
from dataclasses import replace

import pytest

from self_refine.loop.requests import Answered, FailureKind
from self_refine.models.openai.openai_model import OpenAIModel
from support.asking import CALL, KEY, QUICK, REWRITE, TEXT, ask, check_failed, critique, endpoint
from support.scripted import Scripted

GOOD = {"text": critique("a/plain", "a/short")}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def ask_at(url, **options):
    model = OpenAIModel(endpoint(url, **options), "scripted-1")
    waits = []
    try:
        return await model.complete(CALL, lambda *_: None, on_wait=waits.append), waits
    finally:
        await model.close()


async def test_f1_a_server_that_is_not_there_is_named(server):
    """Refused: the host, "is the server running?", and at most two tries more."""
    port = free_port()
    answer, waits = await ask_at(f"http://127.0.0.1:{port}/v1")

    check_failed(
        answer, FailureKind.UNREACHABLE, f"127.0.0.1:{port}", "refused", "Is the server running?"
    )
    assert len(waits) == 2


async def test_f1_a_name_that_nobody_knows_is_not_tried_again():
    """A host without an address is a setting, not an accident."""
    answer, waits = await ask_at("https://no-such-host.invalid/v1")

    check_failed(answer, FailureKind.UNREACHABLE, "no-such-host.invalid")
    assert waits == []


@pytest.mark.parametrize(
    ("entry", "timing", "limit"),
    [
        ({"hang": True}, {"first_byte": 0.2}, "firstByteSeconds"),
        ({"comments": True}, {"first_byte": 0.2}, "firstByteSeconds"),
        ({"drip": True, "stall": 3}, {"idle": 0.2}, "idleSeconds"),
        ({"drip": True}, {"total": 0.3}, "maxSeconds"),
    ],
    ids=["never answers", "comments alone", "falls silent", "drips for ever"],
)
async def test_f2_f9_patience_ends(server, entry, timing, limit):
    """Each deadline names the setting that would allow more; the connection is closed."""
    served = server(entry)
    answer, _ = await ask(served, timing=replace(QUICK, **timing))

    check_failed(answer, FailureKind.TIMEOUT, served.url[7:-3], limit)
    assert served.asked[0].left.wait(10)
    assert len(served.asked) == 1


@pytest.mark.parametrize(
    "how", [{"cut": 4}, {"break": 4}, {"reset": 4}], ids=["cut cleanly", "cut in a chunk", "RST"]
)
async def test_f7_f8_a_reply_that_breaks_off_is_asked_for_once_more(server, how):
    """Without a finish_reason a reply is none, however it ended; the second one counts."""
    served = server({**GOOD, **how}, GOOD)
    answer, heard = await ask(served)

    assert isinstance(answer, Answered)
    assert answer.text == GOOD["text"]
    assert ("", "json") in heard, "who listens must be told that the reply starts over"
    assert answer.cost.calls == 2, "what broke off was paid for"


async def test_f7_a_reply_that_breaks_off_twice_is_never_used(server):
    """One retry, then a failure; no half of a text."""
    served = server({**GOOD, "cut": 4, "times": 2})
    answer, _ = await ask(served)

    check_failed(answer, FailureKind.CUT, "broke off")
    assert len(served.asked) == 2


BAD = {
    "no JSON": {"events": ["data: {nonsense\n\n"]},
    "HTML": {"raw": f"<html>{TEXT}</html>", "type": "text/html"},
    "empty": {"raw": ""},
    "null": {"raw": "null"},
    "a list": {"raw": "[1, 2]"},
    "text": {"raw": '"hello"'},
    "an empty stream": {"events": []},
    "null in a stream": {"events": ["data: null\n\n"]},
    "a list in a stream": {"events": ["data: [1]\n\n"]},
    "nothing written": {"text": ""},
    "a strange end": {"text": "{}", "finish": "tool_calls"},
    "text in a stream": {"events": ['data: "x"\n\n']},
    "deep": {"deep": 200_000},
}


@pytest.mark.parametrize("entry", BAD.values(), ids=BAD)
async def test_f10_a_reply_that_is_none_is_a_bad_answer(server, entry):
    """Whatever a server sends instead of a completion, one sentence says so."""
    served = server({**entry, "times": 2})
    answer, _ = await ask(served)

    check_failed(answer, FailureKind.BAD_ANSWER, "Bad answer from 127.0.0.1")


async def test_a_web_page_means_a_wrong_address(server):
    """HTML is answered by "did you forget /v1?" where the address has none."""
    served = server({"raw": "<html></html>", "type": "text/html"})
    answer, _ = await ask_at(served.url[:-3] + "/v1")
    check_failed(answer, FailureKind.BAD_ANSWER, "it is a web page")

    answer, _ = await ask_at(served.url[:-3])
    check_failed(answer, FailureKind.OTHER, "Did you forget /v1?")


@pytest.mark.parametrize(
    "entry",
    [
        {"raw": json.dumps({"error": {"message": "overloaded", "code": 502}})},
        {"events": [{"error": {"message": "overloaded"}}]},
        {"events": ['event: error\ndata: {"message": "overloaded"}\n\n']},
        {"events": [{"error": "overloaded"}]},
    ],
    ids=["200 with an error", "in a stream", "an event", "a string"],
)
async def test_an_error_inside_a_reply_counts_as_its_status(server, entry):
    """A 200 that holds an error is an error of the server: tried again, then said."""
    served = server(entry, GOOD)
    answer, _ = await ask(served)
    assert isinstance(answer, Answered)

    served = server({**entry, "times": 3})
    answer, _ = await ask(served)
    check_failed(answer, FailureKind.OTHER, "error of its own", "overloaded")


@pytest.mark.parametrize(
    "entry",
    [
        {"text": "```json\n" + GOOD["text"] + "\n```"},
        {"text": "<think>hm, {no}</think>\n" + GOOD["text"]},
        {"text": "", "reasoning": GOOD["text"]},
        {"text": "hm</think>" + GOOD["text"]},
        {"raw": json.dumps({"choices": [{"message": {"content": GOOD["text"]},
                                         "finish_reason": "stop"}]})},
        {"raw": json.dumps({"choices": [{"message": {"content": [
            {"type": "text", "text": GOOD["text"]}]}, "finish_reason": "stop"}]})},
        {"events": [{"choices": []},
                    {"choices": [{"delta": {"content": GOOD["text"]}, "finish_reason": "stop"}]}]},
    ],
    ids=["fenced", "thinks first", "in the reasoning field", "a closing tag alone",
         "not streamed", "in parts", "no [DONE]"],
)  # fmt: skip
async def test_the_answer_is_found_where_servers_put_it(server, entry):
    """What stands around the JSON is taken off; no second call is needed."""
    served = server(entry)
    answer, _ = await ask(served)

    assert isinstance(answer, Answered), answer
    assert json.loads(answer.text)["criteria"][0]["id"] == "a/plain"
    assert len(served.asked) == 1


async def test_f12_a_reply_that_hit_the_limit_says_so(server):
    """`length` is handed on with what was written: the loop never applies it."""
    served = server({"text": "<reply-3f9a1c22>\nWe use", "finish": "length"})
    answer, _ = await ask(served, REWRITE)

    assert (answer.finish, answer.form) == ("length", "tagged")
    assert answer.text.endswith("We use")


@pytest.mark.parametrize(
    ("entry", "kind", "part"),
    [
        ({"text": "x", "finish": "content_filter"}, FailureKind.FILTERED, "content filter"),
        (
            {"events": [{"choices": [{"delta": {"refusal": "No."}, "finish_reason": "stop"}]}]},
            FailureKind.REFUSED,
            "declined",
        ),
    ],
    ids=["filtered", "refused"],
)
async def test_f12_what_is_withheld_is_said_and_not_asked_again(server, entry, kind, part):
    """A filter and a refusal have messages of their own; no retry."""
    served = server(entry)
    answer, _ = await ask(served)

    check_failed(answer, kind, part, "your text is unchanged")
    assert len(served.asked) == 1


REFUSED = {
    401: ("authorisation", ["Wrong key", "OPENAI_API_KEY"]),
    402: ("authorisation", ["credits"]),
    403: ("authorisation", ["scripted-1"]),
    404: ("other", ["It lists scripted-1, second"]),
    429: ("rate limit", ["no more requests"]),
    413: ("other", ["HTTP 413"]),
}


@pytest.mark.parametrize("code", REFUSED)
async def test_f5_a_refusal_says_what_to_do(server, code):
    """Keys, credits, rights and models are no accidents: one call, one sentence, what next."""
    kind, parts = REFUSED[code]
    entry = {"status": code, "body": {"error": {"message": f"{TEXT} {KEY}"}}, "times": 3,
             "headers": {"Retry-After": "500"}}  # fmt: skip
    served = server(entry, models=("scripted-1", "second"))
    answer, _ = await ask(served, key=KEY)

    check_failed(answer, FailureKind(kind), *parts)
    assert len(served.asked) == 1


async def test_no_key_is_not_a_wrong_key(server):
    """A server that wants a key, and was given none, is told apart."""
    served = server(key=KEY)
    answer, _ = await ask(served)
    check_failed(answer, FailureKind.AUTHORISATION, "No key", "OPENAI_API_KEY")

    answer, _ = await ask(served, key="sk-another-0000000")
    check_failed(answer, FailureKind.AUTHORISATION, "Wrong key")

    answer, _ = await ask(served, key=KEY)
    assert isinstance(answer, Answered)


async def test_a_prompt_that_is_too_long_is_told_apart(server):
    """No feature of the request explains it, so nothing is unlearned."""
    body = {"error": {"message": "This model's maximum context length is 4096 tokens."}}
    served = server({"status": 400, "body": body})
    answer, _ = await ask(served)

    check_failed(answer, FailureKind.TOO_LONG, "Select less", "maximum context length")
    assert len(served.asked) == 1


async def test_a_server_that_reads_half_of_the_prompt_is_noticed(server):
    """Ollama cuts long prompts and says nothing; its count gives it away."""
    long = replace(CALL, task="word " * 6000)
    usage = {"prompt_tokens": 2048, "completion_tokens": 40, "total_tokens": 2088}
    served = server({**GOOD, "usage": usage})
    answer, _ = await ask(served, long)

    check_failed(answer, FailureKind.TRUNCATED_PROMPT, "read only 2,048", "longer context")


USAGES = {
    "none": None,
    "negative": {"prompt_tokens": -5, "completion_tokens": -1},
    "huge": {"prompt_tokens": 10**15, "completion_tokens": 10**15},
    "a string": {"prompt_tokens": "12", "completion_tokens": []},
    "a list": [1],
    "true": {"prompt_tokens": True, "completion_tokens": True},
}


@pytest.mark.parametrize("usage", USAGES.values(), ids=USAGES)
async def test_f38_a_count_that_cannot_be_is_estimated(server, usage):
    """Figures that nobody can believe are ours, and marked so."""
    served = server({**GOOD, "usage": usage})
    answer, _ = await ask(served)

    assert answer.cost.estimated
    assert 10 < answer.cost.input_tokens < 1000
    assert 10 < answer.cost.output_tokens < 1000


async def test_the_servers_count_is_taken_where_it_can_be(server):
    """Input, cached and output tokens as the server says."""
    usage = {"prompt_tokens": 40, "completion_tokens": 9,
             "prompt_tokens_details": {"cached_tokens": 32}}  # fmt: skip
    served = server({**GOOD, "usage": usage})
    cost = (await ask(served))[0].cost

    assert (cost.input_tokens, cost.cached_tokens, cost.output_tokens) == (40, 32, 9)
    assert not cost.estimated


async def test_a_server_that_leaves_between_two_calls_is_met_again():
    """A connection that was kept and is gone costs a retry, not a run."""
    with Scripted([GOOD]) as first:
        model = OpenAIModel(endpoint(first.url), "scripted-1")
        assert isinstance(await model.complete(CALL, lambda *_: None), Answered)
        port = first.port
    with Scripted([GOOD], port=port):
        assert isinstance(await model.complete(CALL, lambda *_: None), Answered)
    await model.close()
