"""Owns the answers of a model with one habit: it objects to certain words, and swaps them.

It reads a request as any model would, but knows no prompt of ours: the candidate stands between
`<candidate-…>` tags, the form of the reply is the schema of the request or the tag that the end of
the last message names.
"""

import json
import re
from dataclasses import dataclass, field

_BLOCK = re.compile(r"<(candidate-[0-9a-f]{8,})>\n?(.*?)\n?</\1>", re.DOTALL)
_TAG = re.compile(r"<(reply-[0-9a-f]{8,})>")


@dataclass(frozen=True)
class Rule:
    """Words that are objected to, what to put for each, and under which criterion."""

    words: dict = field(default_factory=dict)
    criterion: str = ""
    """Full id; "": the first criterion that the request asks about."""
    problem: str = "This word is not plain."

    def answer(self, body):
        """The reply to a request for a completion."""
        last = body["messages"][-1]["content"]
        text = candidate(last)
        form = body.get("response_format") or {}
        schema = (form.get("json_schema") or {}).get("schema")
        if schema is not None or form.get("type") == "json_object":
            return json.dumps(self.critique(text, schema or {}, last))
        tags = _TAG.findall(last)
        tag = tags[-1] if tags else "reply"
        return f"<{tag}>\n{self.swapped(text)}\n</{tag}>"

    def critique(self, text, schema, last):
        ids = _ids(schema)
        flagged = self.criterion or (ids[0] if ids else "")
        return {"criteria": [self._judged(id_, text, id_ == flagged) for id_ in ids or [flagged]]}

    def _judged(self, id_, text, flagged):
        issues = [
            {
                "segment": 1,
                "quote": text[m.start() : m.end()],
                "kind": "wrong",
                "problem": self.problem,
                "instruction": f"Write {self.words[word]!r}.",
            }
            for word in self.words
            for m in re.finditer(re.escape(word), text)
        ]
        issues = issues if flagged else []
        verdict = "fail" if issues else "pass"
        return {"id": id_, "evidence": "", "issues": issues, "verdict": verdict}

    def swapped(self, text):
        """The text with each word replaced."""
        for word, plain in self.words.items():
            text = text.replace(word, plain)
        return text


def candidate(message):
    """The text that a message is about: its last candidate block."""
    blocks = _BLOCK.findall(message)
    return blocks[-1][1] if blocks else message


def _ids(schema):
    """Every value that some property named `id` may have."""
    if not isinstance(schema, dict):
        return []
    named = (schema.get("properties") or {}).get("id") or {}
    found = list(named.get("enum") or [])
    for value in schema.values():
        for child in value if isinstance(value, list) else [value]:
            found += _ids(child) if isinstance(child, dict) else []
    for child in (schema.get("properties") or {}).values():
        found += _ids(child)
    return list(dict.fromkeys(found))
