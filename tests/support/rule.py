"""Owns the answers of a model with one habit: it objects to certain words, and swaps them.

It reads a request as any model would, but knows no prompt of ours: the candidate stands between
`<candidate-…>` tags, with marks that number its segments, the criteria as `[id] question` between
`<criteria-…>` tags; the form of the reply is the schema of the request, or the skeleton between the
reply's tags at the end of the last message, which holds `<fix-…>` tags where fixes are wanted.
"""

import json
import re
from dataclasses import dataclass, field

_BLOCK = re.compile(r"<(candidate-[0-9a-f]{8,})>\n?(.*?)\n?</\1>", re.DOTALL)
_TAG = re.compile(r"<(reply-[0-9a-f]{8,})>")
_CRITERIA = re.compile(r"<(criteria-[0-9a-f]{8,})>\n(.*?)\n</\1>", re.DOTALL)
_FIX = re.compile(r"<(fix-[0-9a-f]{8,})>")
_SKELETON = re.compile(r"<(reply-[0-9a-f]{8,})>\n(.*?)\n</\1>", re.DOTALL)
_MARK = re.compile(r"§+\d+§+")


@dataclass(frozen=True)
class Rule:
    """Words that are objected to, what to put for each, and under which criterion."""

    words: dict = field(default_factory=dict)
    criterion: str = ""
    """Full id; "": the first criterion that the request asks about."""
    problem: str = "This word is not plain."
    fixes: bool = True
    """Whether it mends what it objects to, or leaves that to a rewrite."""

    def answer(self, body):
        """The reply to a request for a completion."""
        last = body["messages"][-1]["content"]
        shown = _shown(last)
        form = body.get("response_format") or {}
        schema = (form.get("json_schema") or {}).get("schema")
        if schema is not None or form.get("type") == "json_object":
            return json.dumps(self.critique(shown, _ids(schema or {})))
        skeletons = _SKELETON.findall(_BLOCK.split(last)[-1])
        tag, skeleton = skeletons[-1] if skeletons else ("", "")
        if fix := _FIX.search(skeleton):
            return self._reading(tag, fix[1], shown, _asked(last))
        if re.search("^verdict:", skeleton, re.MULTILINE):
            return _lines(tag, self.critique(shown, _asked(last)))
        named = _TAG.findall(last)
        tag = tag or (named[-1] if named else "reply")
        return f"<{tag}>\n{self._revised(shown, skeleton)}\n</{tag}>"

    def critique(self, shown, ids):
        """What it objects to in a text with its marks, in the fields of a critique."""
        flagged = self.criterion or (ids[0] if ids else "")
        return {"criteria": [self._judged(id_, shown, id_ == flagged) for id_ in ids or [flagged]]}

    def _reading(self, tag, fix, shown, ids):
        """A judgement with the fix of each segment that is objected to, the last one whole."""
        lines = [f"<{tag}>"]
        for entry in self.critique(shown, ids)["criteria"]:
            lines.append(f"[{entry['id']}] {entry['verdict']}")
            for issue in entry["issues"]:
                new = self.swapped(_segments(shown).get(issue["segment"], ""))
                lines += [f"issue: {issue['segment']} wrong", f"quote: {issue['quote']}"]
                lines.append(f"problem: {issue['problem']}")
                lines += [f"<{fix}>", new, f"</{fix}>"] if self.fixes else ["needs: rewrite"]
        return "\n".join((*lines, f"</{tag}>"))

    def _judged(self, id_, shown, flagged):
        issues = [
            {
                "segment": _segment(shown, m.start()),
                "quote": m.group(),
                "kind": "wrong",
                "problem": self.problem,
                "instruction": f"Write {self.words[word]!r}.",
            }
            for word in self.words
            for m in re.finditer(re.escape(word), shown)
        ]
        issues = issues if flagged else []
        verdict = "fail" if issues else "pass"
        return {"id": id_, "evidence": "", "issues": issues, "verdict": verdict}

    def _revised(self, shown, skeleton):
        """The text with its words swapped, in the form of the skeleton."""
        if skeleton.startswith("@@"):
            return "\n".join(self._segments(shown))
        text = _MARK.sub("", shown)
        if not skeleton.startswith("<<<<<<< SEARCH"):
            return self.swapped(text)
        lines = text.split("\n")
        old = [line for line in lines if self.swapped(line) != line]
        if any(lines.count(line) > 1 for line in old):
            old = [text]
        blocks = (f"<<<<<<< SEARCH\n{o}\n=======\n{self.swapped(o)}\n>>>>>>> REPLACE" for o in old)
        return "\n".join(blocks)

    def _segments(self, shown):
        for number, old in _segments(shown).items():
            if self.swapped(old) != old:
                yield f"@@ {number}\n{self.swapped(old)}"

    def swapped(self, text):
        """The text with each word replaced."""
        for word, plain in self.words.items():
            text = text.replace(word, plain)
        return text


def candidate(message):
    """The text that a message is about: its last candidate block, without the marks."""
    return _MARK.sub("", _shown(message))


def named(words, body):
    """Words of a reply with the tags that a request names for `<reply>` and `<fix>`."""
    last = body["messages"][-1]["content"]
    for tag, name in (_TAG.findall(last)[-1:], "reply"), (_FIX.findall(last)[-1:], "fix"):
        for each in tag:
            words = words.replace(f"<{name}>", f"<{each}>").replace(f"</{name}>", f"</{each}>")
    return words


def _segments(shown):
    """The words of each segment by its number."""
    marks = [*_MARK.finditer(shown)]
    ends = [*(m.start() for m in marks[1:]), len(shown)]
    return {
        int(mark.group().strip("§")): shown[mark.end() : end].rstrip()
        for mark, end in zip(marks, ends, strict=True)
    }


def _asked(message):
    """The ids of the criteria, and of the user's own words where there are some."""
    listed = re.findall(
        r"^\[(.+?)\] ", "\n".join(m[1] for m in _CRITERIA.findall(message)), re.MULTILINE
    )
    return [*listed, *(["instruction"] if re.search("<instruction-[0-9a-f]{8,}>", message) else [])]


def _shown(message):
    blocks = _BLOCK.findall(message)
    return blocks[-1][1] if blocks else message


def _segment(shown, at):
    """The number on the last mark before an offset."""
    marks = _MARK.findall(shown, 0, at)
    return int(marks[-1].strip("§")) if marks else 1


def _lines(tag, critique):
    """A critique as the skeleton's lines."""
    lines = [f"<{tag}>"]
    for entry in critique["criteria"]:
        lines += [f"[{entry['id']}]", f"evidence: {entry['evidence']}"]
        for issue in entry["issues"]:
            lines.append(f"issue: {issue['segment']} {issue['kind']}")
            lines += [f"{key}: {issue[key]}" for key in ("quote", "problem", "instruction")]
        lines.append(f"verdict: {entry['verdict']}")
    return "\n".join((*lines, f"</{tag}>"))


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
