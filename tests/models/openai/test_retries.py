"""Waiting and giving up: what the server asks for, chance, and an origin that is left alone."""

import asyncio
from dataclasses import replace

import pytest

from self_refine.loop.requests import Answered, FailureKind
from self_refine.models.faults import FaultError, Resting
from self_refine.models.openai.backoff import backoff, retry_after
from self_refine.models.openai.openai_model import OpenAIModel
from self_refine.models.openai.server_state import Breaker
from support.asking import CALL, QUICK, check_failed, critique, endpoint

GOOD = {"text": critique("a/plain", "a/short")}
BUSY = {"status": 429, "body": {"error": {"message": "slow down"}}}


async def complete(served, *, timing=QUICK, until=None, call=CALL):
    """An answer, and the sentences about waiting."""
    waits = []
    model = OpenAIModel(endpoint(served.url, timing=timing), "scripted-1")
    try:
        answer = await model.complete(call, lambda *_: None, on_wait=waits.append, until=until)
    finally:
        await model.close()
    return answer, waits


async def test_f3_a_short_wait_is_waited_and_told(server):
    """Retry-After that fits the run is kept to, and said."""
    served = server({**BUSY, "headers": {"Retry-After": "0.05"}}, GOOD)
    answer, waits = await complete(served)

    assert isinstance(answer, Answered)
    assert waits == [
        f"{served.url[7:-3]}: it takes no more requests for now; trying again in 0.1 s"
    ]


async def test_f3_a_wait_beyond_the_run_is_not_begun(server):
    """Retry-After 500 in a run of seconds stops at once, and says when to come back."""
    served = server({**BUSY, "headers": {"Retry-After": "500"}})
    answer, waits = await complete(served)

    check_failed(answer, FailureKind.RATE_LIMIT, "in 8 minutes")
    assert (waits, len(served.asked)) == ([], 1)


async def test_the_end_of_the_run_counts_too(server):
    """`until` is nearer than any deadline of the call."""
    served = server({**BUSY, "headers": {"Retry-After": "5"}})
    soon = asyncio.get_running_loop().time() + 1
    answer, _ = await complete(served, until=soon)

    check_failed(answer, FailureKind.RATE_LIMIT, "in 5 s")


async def test_f3_a_wait_can_be_cancelled_at_once(server):
    """Nothing is sent after a cancel, however long the wait was."""
    served = server({**BUSY, "headers": {"Retry-After": "15"}}, GOOD)
    waiting = asyncio.Event()
    model = OpenAIModel(endpoint(served.url), "scripted-1")
    call = asyncio.create_task(
        model.complete(CALL, lambda *_: None, on_wait=lambda _: waiting.set())
    )
    await asyncio.wait_for(waiting.wait(), 10)
    call.cancel()

    with pytest.raises(asyncio.CancelledError):
        await call
    await model.close()
    assert len(served.asked) == 1


async def test_a_quota_that_is_used_up_does_not_pass(server):
    """OpenAI says 429 for that too; waiting does not help."""
    body = {"error": {"message": "You exceeded your quota", "code": "insufficient_quota"}}
    served = server({"status": 429, "body": body, "times": 3})
    answer, _ = await complete(served)

    check_failed(answer, FailureKind.RATE_LIMIT, "used up", "billing")
    assert len(served.asked) == 1


@pytest.mark.parametrize("code", [500, 502, 503, 529, 408])
async def test_f4_two_retries_and_then_an_answer(server, code):
    """A server that falters twice is forgiven."""
    served = server({"status": code, "times": 2}, GOOD)
    answer, waits = await complete(served)

    assert isinstance(answer, Answered)
    assert len(waits) == 2


async def test_f4_an_origin_that_keeps_failing_is_left_alone(server):
    """Three failures open the breaker: the next run fails at once, with the reason."""
    served = server({"status": 503, "times": 4}, GOOD)
    storm, _ = await complete(served)
    check_failed(storm, FailureKind.OTHER, "HTTP 503")
    assert len(served.asked) == 3

    fast, waits = await complete(served)
    check_failed(fast, FailureKind.UNREACHABLE, "several times in a row (HTTP 503)")
    assert (len(served.asked), waits) == (3, []), "nothing is sent meanwhile"


def check_open(breaker):
    with pytest.raises(FaultError) as caught:
        breaker.check()
    assert isinstance(caught.value.fault, Resting)


def test_f4_after_its_rest_one_call_tries():
    """Half open: one call goes through; its failure starts the next rest, its success ends it."""
    now = 0.0
    breaker = Breaker(lambda: now)
    for _ in range(3):
        breaker.check()
        breaker.failed("HTTP 503", rest=30)
    check_open(breaker)

    now = 31.0
    breaker.check()
    check_open(breaker)
    breaker.failed("HTTP 503", rest=30)
    now = 60.0
    check_open(breaker)

    now = 62.0
    breaker.check()
    breaker.worked()
    breaker.check()
    breaker.check()


async def test_one_call_at_a_time_on_this_machine(server):
    """A server on the loopback has one model loaded: calls wait for their turn."""
    served = server({**GOOD, "stall": 2}, GOOD)
    model = OpenAIModel(endpoint(served.url), "scripted-1")
    first = asyncio.create_task(model.complete(CALL, lambda *_: None))
    await asyncio.to_thread(served.wait_for, 1)
    waits = []
    second = asyncio.create_task(model.complete(CALL, lambda *_: None, on_wait=waits.append))
    third = asyncio.create_task(model.complete(CALL, lambda *_: None, on_wait=waits.append))
    for _ in range(20):
        await asyncio.sleep(0)
    assert len(served.asked) == 1
    assert [wait.partition(": ")[2] for wait in waits] == [
        "waiting for its turn, 1 call is before it", "waiting for its turn, 2 calls are before it",
    ]  # fmt: skip
    third.cancel()

    first.cancel()
    assert isinstance(await second, Answered)
    await model.close()


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "2"}, 2),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after": "Fri, 01 Jan 2021 00:00:00 GMT"}, 0),
        ({"retry-after": "soon"}, None),
        ({"x-ratelimit-reset-tokens": "6m0s", "x-ratelimit-reset-requests": "1.5s"}, 360),
        ({"x-ratelimit-reset-requests": "1h2m", "x-ratelimit-remaining-requests": "0"}, 3720),
        ({"x-ratelimit-reset-tokens": "9s", "x-ratelimit-remaining-tokens": "4"}, None),
        ({"x-ratelimit-reset-tokens": "250ms", "retry-after": "2"}, 2),
        ({"x-ratelimit-reset-tokens": "250ms"}, 0.25),
        ({"x-ratelimit-reset-tokens": ""}, None),
        ({"x-ratelimit-reset-tokens": "later"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "1e30"}, None),
        ({"retry-after": "nan"}, None),
        ({}, None),
    ],
)
def test_what_a_refusal_asks(headers, seconds):
    """Seconds, milliseconds or a date; nonsense is no wish."""
    assert retry_after(headers) == seconds


def test_waits_grow_and_are_drawn():
    """Full jitter: anywhere below a ceiling that doubles up to its own."""
    timing = replace(QUICK, backoff=1.0, longest_backoff=3.0)
    for attempt, ceiling in ((1, 1.0), (2, 2.0), (3, 3.0), (9, 3.0)):
        drawn = [backoff(attempt, timing) for _ in range(200)]
        assert min(drawn) >= 0
        assert max(drawn) <= ceiling
        assert len(set(drawn)) > 100
