"""Servers that still load their model are waited for; models that think are told how long."""

import pytest

from self_refine.loop.requests import Answered, FailureKind
from self_refine.models.choose_model import endpoint_from, resolve
from self_refine.models.openai.abilities import thinks
from self_refine.models.openai.openai_model import OpenAIModel
from self_refine.settings import Settings
from support.asking import CALL, QUICK, REWRITE, check_failed, critique, endpoint

GOOD = {"text": critique("a/plain", "a/short")}
LOADING = {"status": 503, "body": {"error": {"code": 503, "message": "Loading model"}}}
NO_EFFORT = {"status": 400, "body": {"error": {"message": "Unknown: reasoning_effort"}}}


async def complete(served, call=CALL, *, name="scripted-1", timing=QUICK):
    """An answer, and the sentences about waiting."""
    waits = []
    model = OpenAIModel(endpoint(served.url, timing=timing), name)
    try:
        return await model.complete(call, lambda *_: None, on_wait=waits.append), waits
    finally:
        await model.close()


async def test_a_server_that_loads_its_model_is_waited_for(server):
    """However often it says so, up to `firstByteSeconds`; said once."""
    served = server({**LOADING, "times": 9}, GOOD)
    answer, waits = await complete(served)

    assert isinstance(answer, Answered)
    assert 10 == len(served.asked)
    assert [f"{served.url[7:-3]}: waiting for the model to load"] == waits


async def test_a_server_that_never_loads_its_model_fails_the_call(server):
    served = server({**LOADING, "times": 10_000})
    timing = type(QUICK)(first_byte=0.1, backoff=0.01, total=20)
    answer, _ = await complete(served, timing=timing)

    check_failed(answer, FailureKind.OTHER)


async def test_the_only_model_of_a_server_that_loads_it_is_found(server):
    """The list of its models is refused, too, while it loads."""
    served = server(GOOD, lists=[LOADING, LOADING])
    found = await resolve(endpoint(served.url, model=None))

    assert "scripted-1" == found.name
    await found.close()


async def test_a_long_silence_at_the_first_call_is_explained(server):
    """Ollama says nothing while it loads; the first word ends the guessing."""
    served = server(GOOD)
    served.seconds_per_token = 0.0
    timing = type(QUICK)(first_byte=10, idle=10, total=20, notice=0.0)
    answer, waits = await complete(served, timing=timing)

    assert isinstance(answer, Answered)
    assert [f"{served.url[7:-3]}: waiting for the first word; it may be loading the model"] == waits


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gpt-5-mini", True), ("o3", True), ("openai/o4-mini", True), ("gpt-oss:20b", True),
        ("qwen3:8b", True), ("deepseek-r1:14b", True), ("deepseek-reasoner", True),
        ("gpt-4o", False), ("llama-3.1-8b", False), ("Qwen2.5-Coder-1.5B-Instruct", False),
        ("Qwen3-4B-Instruct-2507", False), ("mistral-small", False), ("gemma-3", False),
    ],
)  # fmt: skip
def test_models_that_think_are_known_by_name(name, expected):
    assert expected == thinks(name)


async def test_who_thinks_is_told_how_long_before_it_judges(server):
    """Low by default; a rewrite is left to the server, and so is a model that does not think."""
    served = server(GOOD, {"text": "x"}, GOOD)
    await complete(served, name="gpt-5")
    await complete(served, REWRITE, name="gpt-5")
    await complete(served)

    assert ["low", None, None] == [r.body.get("reasoning_effort") for r in served.asked]


async def test_a_server_that_knows_no_effort_is_asked_without(server):
    served = server(NO_EFFORT, GOOD, GOOD)
    await complete(served, name="gpt-5")
    answer, _ = await complete(served, name="gpt-5")

    assert isinstance(answer, Answered)
    assert ["low", None, None] == [r.body.get("reasoning_effort") for r in served.asked]


def test_the_users_effort_is_taken():
    settings = Settings(base_url="http://127.0.0.1:1/v1", reasoning_effort="high")
    assert "high" == endpoint_from(settings).effort
