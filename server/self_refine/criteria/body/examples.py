"""Owns reading the fixtures of a criteria file: what the words after a fence announce."""

import re

from self_refine.criteria.body.markdown_body import Fence
from self_refine.criteria.criteria_file import Bad, Fixture, Given, Good
from self_refine.criteria.reading.front_matter import ID
from self_refine.criteria.reading.problem_collector import ProblemCollector
from self_refine.text.languages import canonical
from self_refine.text.spans import Span

_BARE = re.compile(r"good\Z|bad=|input=")
_INFO = re.compile(r"(?P<language>\S+)(?:\s++(?P<announces>.*))?\Z")


def read_fixture(fence: Fence, notes: ProblemCollector) -> Fixture | None:
    """The fixture of a fence; None for a fence with a language alone, or with a problem noted."""
    found = _INFO.match(fence.info)
    if found is None or found["announces"] is None:
        if _BARE.match(fence.info):
            message = f"The language stands before what is announced: `text {fence.info}`."
            notes.error(_place(fence, fence.info), "CR204", message)
        return None
    announces = _announced(found["announces"].strip())
    if isinstance(announces, str):
        notes.error(_place(fence, found["announces"]), "CR204", announces)
        return None
    return Fixture(
        language=canonical(found["language"]),
        text=fence.text,
        announces=announces,
        line=notes.line_of(fence.span.start),
        end_column=fence.span.end - fence.span.start + 1,
    )


def announces(fence: Fence) -> bool:
    """Whether somebody meant a fence for a fixture."""
    found = _INFO.match(fence.info)
    words = found["announces"] if found else None
    return words is not None and not isinstance(_announced(words.strip()), str)


def _announced(words: str) -> Good | Bad | Given | str:
    if words == "good":
        return Good()
    key, equals, value = words.partition("=")
    if key == "bad" and equals:
        ids = tuple(value.split(","))
        wrong = next((name for name in ids if not ID.match(name)), None)
        return Bad(ids) if wrong is None else f"{wrong!r} is no id: bad=ID,ID without spaces."
    if key == "input" and equals:
        return Given(value) if ID.match(value) else f"{value!r} is no input's name: input=NAME."
    return f"{words!r} announces nothing: a fixture is `good`, `bad=ID,ID` or `input=NAME`."


def _place(fence: Fence, words: str) -> Span:
    return Span(max(fence.span.start, fence.span.end - len(words)), fence.span.end)
