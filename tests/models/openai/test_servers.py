"""Servers that speak the protocol differently, each played on a real socket."""

import json
from dataclasses import replace

import pytest

from self_refine.loop.requests import Answered, FailureKind
from support.asking import CALL, REWRITE, ask, check_failed, critique
from support.rule import Rule

RULE = Rule({"utilise": "use"})
JSON = critique("a/plain", "a/short")


def said(content="", finish=None):
    """A chunk of a stream."""
    return {"choices": [{"index": 0, "delta": {"content": content}, "finish_reason": finish}]}


def refusal(status, body):
    return {"status": status, "body": body}


ANSWERED = {
    "Azure: a first chunk without choices, its filter's report": [
        {"choices": [], "prompt_filter_results": [{"prompt_index": 0}]},
        said(JSON), said(finish="stop"),
    ],
    "llama.cpp: the first delta holds null": [
        {"choices": [{"delta": {"role": "assistant", "content": None}}]},
        said(JSON), said(finish="stop"),
    ],
    "llama.cpp: JSON in a fence": [said(f"```json\n{JSON}\n```"), said(finish="stop")],
    "vLLM: JSON in the reasoning field, content null": [
        {"choices": [{"delta": {"content": None, "reasoning_content": JSON}}]}, said(finish="stop"),
    ],
    "Ollama: the reasoning field has another name": [
        {"choices": [{"delta": {"content": "", "reasoning": "Let me see."}}]},
        said(JSON), said(finish="stop"),
    ],
    "DeepSeek: thoughts in tags before the answer": [
        said(f"<think>Hm {{}}.</think>\n{JSON}"), said(finish="stop"),
    ],
    "Mistral: content in parts": [
        {"choices": [{"delta": {"content": [{"type": "text", "text": JSON}]}}]},
        said(finish="stop"),
    ],
    "Gemini: the end in capitals, with the last words": [said(JSON, finish="STOP")],
    "OpenRouter: its own fields beside": [
        {"id": "gen-1", "provider": "X", "model": "y/z", **said(JSON)},
        {**said(finish="stop"), "native_finish_reason": "end_turn"},
    ],
    "Groq: usage in a field of its own": [
        said(JSON), {**said(finish="stop"), "x_groq": {"usage": {"total_tokens": 9}}},
    ],
    "LiteLLM: a last chunk of usage alone": [
        said(JSON), said(finish="stop"),
        {"choices": [], "usage": {"prompt_tokens": 90, "completion_tokens": 30}},
    ],
}  # fmt: skip


@pytest.mark.parametrize("events", ANSWERED.values(), ids=ANSWERED)
async def test_an_answer_is_read_as_this_server_writes_it(server, events):
    """The text of the critique, whatever stands around it."""
    served = server({"events": [*events, "[DONE]"]})
    answer, _ = await ask(served)

    assert isinstance(answer, Answered), answer
    assert json.loads(JSON) == json.loads(answer.text)
    assert "stop" == answer.finish


LEARNED = {
    "LM Studio: json_object is no type of it, and its error is a string": (
        refusal(400, {"error": "'response_format.type' must be 'json_schema' or 'text'"}),
        lambda body: body["response_format"]["type"] == "json_schema",
    ),
    "DeepSeek: no schema": (
        refusal(400, {"error": {"message": "This response_format type is unavailable now"}}),
        lambda body: "strict" not in body["response_format"].get("json_schema", {}),
    ),
    "Mistral: a field that it does not know": (
        refusal(422, {"detail": [{"type": "extra_forbidden", "loc": ["body", "stream_options"]}]}),
        lambda body: "stream_options" not in body,
    ),
    "OpenAI: a model that thinks wants the newer field": (
        refusal(400, {"error": {"message": "Unsupported parameter: 'max_tokens' is not supported "
                                           "with this model. Use 'max_completion_tokens'."}}),
        lambda body: body.get("max_completion_tokens") and "max_tokens" not in body,
    ),
    "OpenAI: a model that thinks has one temperature": (
        refusal(400, {"error": {"message": "Unsupported value: 'temperature' does not support "
                                           "0.2 with this model.", "param": "temperature"}}),
        lambda body: "temperature" not in body,
    ),
    "Gemini: a schema that it cannot take": (
        refusal(400, [{"error": {"code": 400, "message": "Invalid JSON payload: response_format",
                                 "status": "INVALID_ARGUMENT"}}]),
        lambda body: "strict" not in body["response_format"].get("json_schema", {}),
    ),
    "vLLM: a grammar that it cannot build": (
        refusal(400, {"object": "error", "message": "Grammar error: unsupported schema"}),
        lambda body: "strict" not in body["response_format"].get("json_schema", {}),
    ),
    "LiteLLM: it names what the server behind it does not take": (
        refusal(400, {"error": {"message": "litellm.UnsupportedParamsError: does not support "
                                           "parameters: ['stream_options']"}}),
        lambda body: "stream_options" not in body,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("refused", "right"), LEARNED.values(), ids=LEARNED)
async def test_a_refusal_of_this_server_teaches(server, refused, right):
    """One call that fails, one that works, and nobody is bothered."""
    served = server(refused, rule=RULE)
    answer, _ = await ask(served, replace(CALL, temperature=0.2))

    assert isinstance(answer, Answered), answer
    assert 2 == len(served.asked)
    assert right(served.asked[1].body)


REFUSED = {
    "OpenRouter: a 200 that holds an error": (
        {"raw": '{"error": {"code": 402, "message": "Insufficient credits"}}'},
        FailureKind.AUTHORISATION, ("wants payment", "Insufficient credits"),
    ),
    "OpenRouter: an error in the stream": (
        {"events": [said("{"), {"error": {"code": 402, "message": "out of credits"},
                                **said(finish="error")}]},
        FailureKind.AUTHORISATION, ("wants payment",),
    ),
    "Azure: its filter as a status": (
        refusal(400, {"error": {"code": "content_filter", "message": "The response was filtered",
                                "innererror": {"code": "ResponsibleAIPolicyViolation"}}}),
        FailureKind.FILTERED, ("content filter",),
    ),
    "Azure: its filter in the stream": (
        {"events": [said("{"), said(finish="content_filter")]},
        FailureKind.FILTERED, ("content filter",),
    ),
    "Azure: no such deployment": (
        refusal(404, {"error": {"code": "DeploymentNotFound", "message": "no deployment"}}),
        FailureKind.OTHER, ("HTTP 404",),
    ),
    "Anthropic: overloaded": (
        {**refusal(529, {"type": "error", "error": {"type": "overloaded_error",
                                                    "message": "Overloaded"}}), "times": 3},
        FailureKind.OTHER, ("HTTP 529", "Overloaded"),
    ),
    "Groq: the request is larger than a minute's tokens": (
        {**refusal(413, {"error": {"message": "Request too large for model: tokens per minute"}})},
        FailureKind.OTHER, ("HTTP 413", "tokens per minute"),
    ),
    "OpenAI: the quota is used up": (
        refusal(429, {"error": {"code": "insufficient_quota", "message": "quota"}}),
        FailureKind.RATE_LIMIT, ("quota", "billing"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("entry", "kind", "parts"), REFUSED.values(), ids=REFUSED)
async def test_a_failure_of_this_server_is_said_as_what_it_is(server, entry, kind, parts):
    """Its own form of an error, in our words and the next step."""
    served = server(entry)
    answer, _ = await ask(served, REWRITE)

    check_failed(answer, kind, *parts)


async def test_comments_of_a_stream_are_no_words(server):
    """OpenRouter says ": OPENROUTER PROCESSING" while it waits; the answer comes after."""
    lines = [": OPENROUTER PROCESSING\n\n"] * 3
    chunks = [said(JSON), said(finish="stop")]
    stream = "".join([*lines, *(f"data: {json.dumps(c)}\n\n" for c in chunks), "data: [DONE]\n\n"])
    served = server({"raw": stream, "type": "text/event-stream"})
    answer, heard = await ask(served)

    assert isinstance(answer, Answered), answer
    assert JSON == "".join(words for words, _ in heard)
