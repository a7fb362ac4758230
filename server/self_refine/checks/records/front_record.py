"""Reads the front matter of a Markdown text: YAML between lines `---`, TOML between `+++`."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from self_refine.checks.records.record import Broken, Record, Records, Spot, TooMuch
from self_refine.checks.records.toml_record import read_toml
from self_refine.checks.records.yaml_record import read_yaml_record
from self_refine.text.spans import Span

_OPENING = re.compile(r"\ufeff?(---|\+\+\+)[ \t]*(?:\r\n|\r|\n)")
_CLOSING = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE),
}


def read_front(text: str) -> Records | TooMuch:
    """The front matter as one record; a fault where there is none."""
    opening = _OPENING.match(text)
    if opening is None:
        words = "There is no front matter."
        return Records(broken=(Broken(Span(0, 0), words, "the front matter", missing=True),))
    start = opening.end()
    unified = text.replace("\r\n", " \n").replace("\r", "\n")
    closing = _CLOSING[opening[1]].search(unified, start)
    if closing is None:
        span = Span(opening.start(1), opening.end(1))
        words = f"The front matter that begins here has no closing line {opening[1]}."
        return Records(broken=(Broken(span, words, "the front matter"),))
    read = read_toml if opening[1] == "+++" else read_yaml_record
    found = read(text, start=start, end=closing.start())
    if isinstance(found, TooMuch):
        return found
    return replace(
        found, records=tuple(_ended(each, closing.start()) for each in found.records[:1])
    )


def _ended(record: Record, end: int) -> Record:
    """A record to which a further entry is added right before the closing line."""
    if record.value is None:  # blank lines and comments alone
        record = replace(record, value={})
    return replace(record, spots=partial(_at_end, record.spots, end), prefix="")


def _at_end(spots: Callable[[], Spot], end: int) -> Spot:
    return replace(spots(), end=end)
