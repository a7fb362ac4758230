"""Connections that are kept, and went stale meanwhile: one more try, on a fresh one (F36)."""

from self_refine.loop.requests import Answered, FailureKind
from self_refine.models.openai.openai_model import OpenAIModel
from support.asking import CALL, check_failed, critique, endpoint

MESSAGE = {"role": "assistant", "content": critique("a/plain", "a/short")}
GOOD = {"status": 200, "body": {"choices": [{"message": MESSAGE, "finish_reason": "stop"}]}}
"""In one piece: after it the connection is free at once."""


async def two_calls(served):
    """Answers of the first and of the second call of one run."""
    model = OpenAIModel(endpoint(served.url), "scripted-1")
    try:
        return [await model.complete(CALL, lambda *_: None) for _ in range(2)]
    finally:
        await model.close()


def connections(served):
    return [request.connection for request in served.asked]


async def test_a_connection_is_kept_for_the_next_call(server):
    """A run asks all that it asks over one connection, where the server keeps it."""
    served = server(GOOD, GOOD, keeps=True)
    first, second = await two_calls(served)

    assert isinstance(first, Answered)
    assert isinstance(second, Answered)
    assert len(set(connections(served))) == 1


async def test_a_streamed_reply_leaves_its_connection_for_the_next_call(server):
    """What follows the last event is read, so that no call pays for a connection of its own."""
    served = server({"text": critique("a/plain")}, {"text": critique("a/plain")}, keeps=True)
    first, second = await two_calls(served)

    assert ["stop", "stop"] == [first.finish, second.finish]
    assert len(set(connections(served))) == 1


async def test_a_server_that_never_ends_a_body_keeps_nobody_waiting(server):
    """The last event has come: the reply is whole, and the next call takes a new connection."""
    delta = {"delta": {"content": critique("a/plain")}, "finish_reason": "stop"}
    endless = {"events": [{"choices": [delta]}, "data: [DONE]\n\n"], "stall": 2}
    served = server(endless, {"text": critique("a/plain")}, keeps=True)
    first, second = await two_calls(served)

    assert ["stop", "stop"] == [first.finish, second.finish]
    assert len(set(connections(served))) == 2


async def test_a_connection_that_the_server_has_closed_is_replaced(server):
    """Closed between two calls: the second asks once, over a fresh one."""
    served = server({**GOOD, "leaves": True}, GOOD, keeps=True)
    _, second = await two_calls(served)

    assert isinstance(second, Answered)
    assert second.cost.calls == 1
    assert len(served.asked) == len(set(connections(served))) == 2


async def test_a_connection_that_breaks_as_it_is_used_again_is_replaced(server):
    """Gone just when the request was sent: asked once more, over a fresh one."""
    served = server(GOOD, {"drop": True}, GOOD, keeps=True)
    _, second = await two_calls(served)

    assert isinstance(second, Answered)
    assert second.cost.calls == 1, "what was never answered was not paid for"
    used, stale, fresh = connections(served)
    assert used == stale != fresh


async def test_a_request_that_may_have_been_taken_is_sent_once_more_at_the_most(server):
    """A server that takes requests and never answers might bill each of them."""
    served = server(GOOD, {"drop": True, "times": 5}, keeps=True)
    _, second = await two_calls(served)

    check_failed(second, FailureKind.UNREACHABLE, "broke before the reply began")
    assert len(served.asked) == 1 + 2, "the first call, the second, and its one retry"
