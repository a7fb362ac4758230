"""Models on a thread apart: it works there, ends there, and who waits for it hears of it here."""

import asyncio
import threading

import pytest

from self_refine.models.openai.openai_model import OpenAIModel
from self_refine.models.worker_loop import WorkerLoop, WorkerModel
from support.asking import CALL, endpoint


@pytest.fixture
async def worker_loop():
    one = WorkerLoop()
    yield one
    await one.close()


async def test_a_reply_is_read_on_the_thread_apart(server, worker_loop):
    """None of it on the caller's: neither the request, nor a piece of the reply."""
    served = server({"text": "x" * 400})
    model = WorkerModel(OpenAIModel(endpoint(served.url), "scripted-1"), worker_loop)
    before = asyncio.all_tasks()
    here: set[threading.Thread] = set()
    during: set[asyncio.Task] = set()

    def heard(*_):
        here.add(threading.current_thread())

    call = asyncio.create_task(model.complete(CALL, heard))
    while not call.done():
        during |= asyncio.all_tasks()
        await asyncio.sleep(0)
    await model.close()

    assert call.result().text == "x" * 400
    assert [thread.name for thread in here] == ["models"]
    assert during == before | {call}


WAITS = {
    "before the first word": {"hang": True},
    "between words": {"text": "x" * 4000, "stall": 5},
    "while words come": {"drip": True},
}


@pytest.mark.parametrize("entry", WAITS.values(), ids=WAITS)
async def test_a_cancelled_call_has_closed_its_connection(server, worker_loop, entry):
    """As on the caller's own loop: nothing is left of it once the cancel is through."""
    served = server(entry)
    model = WorkerModel(OpenAIModel(endpoint(served.url), "scripted-1"), worker_loop)
    call = asyncio.create_task(model.complete(CALL, lambda *_: None))
    request = await asyncio.to_thread(served.wait_for, 1)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call

    assert await worker_loop.do(_others()) == set()
    # The model is still open: the connection must not wait for its end.
    assert await asyncio.to_thread(request.left.wait, 5)
    await model.close()


async def test_a_cancel_waits_for_what_the_work_still_does(worker_loop):
    """However often it is said."""
    began, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    async def work():
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.to_thread(may_end.wait)
            ended.set()

    task = asyncio.create_task(worker_loop.do(work()))
    await asyncio.to_thread(began.wait)
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)
    assert not task.done()
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()


async def test_what_the_work_raises_is_the_callers(worker_loop):
    """The thread goes on."""

    async def breaks():
        raise LookupError("here")

    with pytest.raises(LookupError, match="here"):
        await worker_loop.do(breaks())
    assert await worker_loop.do(_others()) == set()


async def test_the_end_cancels_what_is_left_and_ends_the_thread():
    """A second time is nothing; one that was never asked has no thread."""
    worker_loop = WorkerLoop()
    threads = set(threading.enumerate())
    await worker_loop.close()
    assert set(threading.enumerate()) <= threads

    stopped = threading.Event()
    began = threading.Event()

    async def goes_on():
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    task = asyncio.create_task(worker_loop.do(goes_on()))
    await asyncio.to_thread(began.wait)
    await worker_loop.close()
    await worker_loop.close()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert stopped.is_set()
    assert [t for t in threading.enumerate() if t.name == "models"] == []


async def _others():
    """The tasks of the loop that this runs on, but for this one and the one that keeps it."""
    keeps = {task for task in asyncio.all_tasks() if "_wait" in repr(task.get_coro())}
    return asyncio.all_tasks() - {asyncio.current_task()} - keeps
