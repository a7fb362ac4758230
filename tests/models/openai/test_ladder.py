"""Servers that do not take everything: one step down for each refusal, remembered from then on."""

import json
from dataclasses import replace

import pytest

from self_refine.loop.requests import Answered, FailureKind
from self_refine.models.choose_model import endpoint_from
from self_refine.models.openai.abilities import ReplyFormat, presumed
from self_refine.settings import Settings
from support.asking import CALL, REWRITE, ask, check_failed
from support.rule import Rule

RULE = Rule({"utilise": "use"})
FORMS = {
    (): ("json", lambda body: body["response_format"]["json_schema"].get("strict") is True),
    ("strict",): ("json", lambda body: "strict" not in body["response_format"]["json_schema"]),
    ("json_schema",): ("json", lambda body: body["response_format"] == {"type": "json_object"}),
    ("json_schema", "json_object"): ("tagged", lambda body: "response_format" not in body),
    ("response_format",): ("tagged", lambda body: "response_format" not in body),
    ("temperature",): ("json", lambda body: "temperature" not in body),
    ("stream_options",): ("json", lambda body: "stream_options" not in body),
    ("system",): ("json", lambda body: [m["role"] for m in body["messages"]] == ["user"]),
    ("max_tokens",): ("json", lambda body: body["max_completion_tokens"] == 500),
    ("system", "temperature", "strict"): ("json", lambda body: len(body["messages"]) == 1),
}


@pytest.mark.parametrize("refused", FORMS, ids=" ".join)
async def test_f6_what_a_server_refuses_is_left_out_and_stays_out(server, refused):
    """Each refusal takes one thing away; the second run makes no call that fails."""
    form, looks_right = FORMS[refused]
    served = server(rule=RULE, refuses=refused)
    call = replace(CALL, temperature=0.2)
    first, _ = await ask(served, call)
    failures = len(served.asked) - 1

    assert isinstance(first, Answered), first
    assert first.form == form
    assert looks_right(served.asked[-1].body)
    assert failures >= len(refused) - (refused == ("json_schema", "json_object"))

    second, _ = await ask(served, call)
    assert second.form == form
    assert len(served.asked) == failures + 2, "the second run asks once"


async def test_without_a_schema_the_prompt_holds_it(server):
    """`json_object` alone: the schema stands in the task, and the same JSON comes back."""
    served = server(rule=RULE, refuses=("json_schema",))
    answer, _ = await ask(served)

    last = served.asked[-1].body["messages"][-1]["content"]
    assert json.dumps(CALL.schema, separators=(",", ":")) in last
    assert answer.form == "json"


async def test_a_rewrite_is_not_touched_by_what_schemas_cost(server):
    """The writer's task never had a schema; nothing of the ladder is asked for it."""
    served = server(rule=RULE, refuses=("response_format",))
    answer, _ = await ask(served, REWRITE)

    assert answer.form == "tagged"
    assert len(served.asked) == 1


async def test_a_limit_that_is_too_high_is_lowered(server):
    """The number that the server names is used; a field for it is always sent."""
    said = "max_tokens is too large: 500. This model supports at most 300 completion tokens"
    served = server({"status": 400, "body": {"error": {"message": said}}}, rule=RULE)
    await ask(served)

    assert [r.body["max_tokens"] for r in served.asked] == [500, 300]


async def test_a_server_that_refuses_everything_is_left(server):
    """Lessons end: a refusal of all is a failure after a few calls, not a loop."""
    said = {"error": {"message": "unsupported: max_tokens, max_completion_tokens"}}
    served = server({"status": 400, "body": said, "times": 99})
    answer, _ = await ask(served)

    check_failed(answer, FailureKind.OTHER, "HTTP 400")
    assert len(served.asked) < 12


async def test_a_refusal_that_names_nothing_is_no_lesson(server):
    """A 400 without a reason ends the call at once."""
    served = server({"status": 400, "body": {"error": {"message": "bad request"}}, "times": 9})
    answer, _ = await ask(served)

    check_failed(answer, FailureKind.OTHER, "HTTP 400", "bad request")
    assert len(served.asked) == 1


async def test_halves_of_surrogate_pairs_are_sent_as_something(server):
    """A text that no UTF-8 can carry is still asked about."""
    served = server(rule=RULE)
    answer, _ = await ask(served, replace(CALL, task="\ud83d alone"))

    assert isinstance(answer, Answered)
    assert served.asked[0].body["messages"][-1]["content"].endswith("\ufffd alone")


@pytest.mark.parametrize(
    ("url", "reply_format", "field"),
    [
        ("https://api.openai.com/v1", ReplyFormat.STRICT, "max_completion_tokens"),
        ("https://mine.openai.azure.com/openai/v1", ReplyFormat.STRICT, "max_completion_tokens"),
        ("https://api.anthropic.com/v1", ReplyFormat.TAGGED, "max_tokens"),
        ("https://api.deepseek.com", ReplyFormat.OBJECT, "max_tokens"),
        ("http://127.0.0.1:11434/v1", ReplyFormat.STRICT, "max_tokens"),
    ],
)
def test_what_is_known_of_a_server_by_name(url, reply_format, field):
    """Ollama would write without an end for the newer field; Anthropic ignores schemas."""
    abilities = presumed(endpoint_from(Settings(base_url=url)))

    assert (abilities.reply_format, abilities.limit_field) == (reply_format, field)
