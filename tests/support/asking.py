"""Owns the calls of model tests: a call, an endpoint that is patient for seconds, what to check."""

import json
from dataclasses import replace

from self_refine.loop.requests import Call, Failed, Message
from self_refine.models.choose_model import endpoint_from
from self_refine.models.openai.endpoint import Caps, Timing
from self_refine.models.openai.openai_model import OpenAIModel
from self_refine.settings import Settings

QUICK = Timing(
    connect=2, first_byte=10, idle=10, total=20, backoff=0.001, longest_backoff=0.002, breaker=60
)
SCHEMA = {
    "type": "object",
    "properties": {
        "criteria": {
            "type": "array",
            "items": {"type": "object", "properties": {"id": {"enum": ["a/plain", "a/short"]}}},
        }
    },
}
KEY = "sk-test-4hFq81ZbT0"
TEXT = "We utilise the confidential Zanzibar plan."
CALL = Call(
    purpose="critique",
    messages=(
        Message("system", "You work on one piece of text."),
        Message("user", f"<candidate-0011aabb>\n{TEXT}\n</candidate-0011aabb>\n"),
    ),
    task="Answer in JSON.",
    schema=SCHEMA,
    plain_task="Answer in <reply-3f9a1c22>.",
    tag="reply-3f9a1c22",
    max_output_tokens=500,
)
REWRITE = replace(CALL, purpose="refine", task="Answer in <reply-3f9a1c22>.", schema=None)


def endpoint(url, *, model="scripted-1", key=None, timing=None, caps=None):
    """An endpoint as the settings make it, but for its patience."""
    made = endpoint_from(Settings(base_url=url, model=model, api_key=key))
    return replace(made, timing=timing or QUICK, caps=caps or Caps())


async def ask(served, call=CALL, **options):
    """One call to a server: the answer, and the words that were heard."""
    heard = []
    model = OpenAIModel(endpoint(served.url, **options), "scripted-1")
    try:
        return await model.complete(call, lambda words, form: heard.append((words, form))), heard
    finally:
        await model.close()


def check_failed(answer, kind, *parts):
    """The answer is a failure of that kind, in a sentence that holds the parts and no secret."""
    assert isinstance(answer, Failed), answer
    assert answer.kind is kind
    for part in parts:
        assert part in answer.message
    for secret in ("Zanzibar", KEY, "Traceback", "openai", "httpx"):
        assert secret not in answer.message
    assert answer.message.endswith((".", "?"))


def critique(*ids):
    """The text of a critique that finds nothing."""
    return json.dumps(
        {"criteria": [{"id": i, "evidence": "", "issues": [], "verdict": "pass"} for i in ids]}
    )
