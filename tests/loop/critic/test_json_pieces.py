"""Why a critique in JSON has a reader of its own: models write what the kept library refuses."""

import jiter
import pytest

from self_refine.loop.critic.replies.json_reply import JsonReader

ENTRY = '{"id": "a", "evidence": "", "issues": [], "verdict": "pass"}'
# What models have sent; each means one thing, and a reader that refuses it costs a second call.
SENT = {
    "a line end inside a string": ENTRY.replace('""', '"one\ntwo"'),
    "a comma too many": ENTRY.replace('"pass"', '"pass",'),
    "an escape that JSON does not know": ENTRY.replace('""', r'"a \_ b"'),
    "half of a pair": ENTRY.replace('""', r'"\ud83d"'),
    "a fence and words before it": f"Here it is:\n```json\n{ENTRY}\n```",
    "a thought before it": f'<think>{{"id": 1}}</think>{ENTRY}',
}


@pytest.mark.parametrize("sent", SENT.values(), ids=SENT)
def test_it_is_read_here_and_refused_there(sent):
    """jiter reads strict JSON; ours reads what has one meaning, while it comes in."""
    reader = JsonReader()
    for piece in (sent[:20], sent[20:]):
        reader.feed(piece)

    assert ["a"] == [entry.criterion for entry in reader.entries]
    with pytest.raises(ValueError, match=r"line [12]"):
        jiter.from_json(sent.encode(), partial_mode="trailing-strings")
