"""A cancelled call is over at once: its connection is closed, and nothing is left running."""

import asyncio

import pytest

from self_refine.models.openai.openai_model import OpenAIModel
from support.asking import CALL, endpoint

WAITS = {
    "before the first word": {"hang": True},
    "between words": {"text": "x" * 4000, "stall": 5},
    "while words come": {"drip": True},
    "while comments come": {"comments": True},
}


@pytest.mark.parametrize("entry", WAITS.values(), ids=WAITS)
async def test_the_server_sees_the_end_at_once(server, entry):
    """However far a reply has come, a cancel closes its connection before it returns."""
    served = server(entry)
    model = OpenAIModel(endpoint(served.url), "scripted-1")
    before = asyncio.all_tasks()
    call = asyncio.create_task(model.complete(CALL, lambda *_: None))
    request = await asyncio.to_thread(served.wait_for, 1)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call

    assert asyncio.all_tasks() == before
    # The model is still open: the connection must not wait for its end.
    assert await asyncio.to_thread(request.left.wait, 5)
    await model.close()


async def test_a_model_goes_on_after_a_cancelled_call(server):
    """The next call has its turn, on a connection of its own."""
    served = server({"hang": True})
    model = OpenAIModel(endpoint(served.url), "scripted-1")
    call = asyncio.create_task(model.complete(CALL, lambda *_: None))
    await asyncio.to_thread(served.wait_for, 1)
    call.cancel()
    await asyncio.wait([call])

    answer = await model.complete(CALL, lambda *_: None)
    assert answer.finish == "stop"
    await model.close()


async def test_a_model_that_was_closed_can_be_closed_again(server):
    """Closing twice, or without a call, is nothing."""
    model = OpenAIModel(endpoint(server().url), "scripted-1")
    await model.close()
    await model.complete(CALL, lambda *_: None)
    await model.close()
    await model.close()
