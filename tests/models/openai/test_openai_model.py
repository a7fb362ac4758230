"""A model at an endpoint: what it sends, what it hears, what it answers."""

import json

from self_refine.loop.requests import Answered
from support.asking import CALL, REWRITE, ask
from support.rule import Rule


async def test_a_critique_is_streamed_and_answered_in_json(server):
    """The schema is sent; the words heard are the words of the answer."""
    served = server(rule=Rule({"utilise": "use"}))
    answer, heard = await ask(served)

    assert isinstance(answer, Answered)
    assert (answer.form, answer.finish) == ("json", "stop")
    assert answer.text == "".join(words for words, _ in heard)
    assert [i["quote"] for i in json.loads(answer.text)["criteria"][0]["issues"]] == ["utilise"]
    assert answer.cost.calls == 1
    assert answer.cost.input_tokens > 0
    assert not answer.cost.estimated
    body = served.asked[0].body
    assert CALL.schema == body["response_format"]["json_schema"]["schema"]
    assert body["max_tokens"] == 500
    assert [m["role"] for m in body["messages"]] == ["system", "user"]
    assert body["messages"][-1]["content"].endswith(CALL.task)


async def test_a_rewrite_is_plain_text_in_its_tag(server):
    """Without a schema nothing is said about the form of the reply."""
    served = server(rule=Rule({"utilise": "use"}))
    answer, _ = await ask(served, REWRITE)

    assert answer.form == "tagged"
    assert "<reply-3f9a1c22>\nWe use the" in answer.text
    assert "response_format" not in served.asked[0].body
