"""Rules files in the manner of what teams have, and what must become of each bullet.

A file of the corpus has a margin of two columns. It says what a line is to become: `A` asked, `p`
part of the question above, `k` a key of it, `-` left out, `R` the file is no list of questions and
is refused as a whole. Lines without a mark are headings, lead-ins, and what follows a first line.
"""

import sys
from pathlib import Path

import pytest

from support.checking import reading

FILES = sorted((Path(__file__).parent / "corpus").glob("*.txt"))
SHARE = 0.95
_MARKS = {"A": "asked", "p": "part", "k": "key", "-": "left out"}


def fates(path):
    """(as meant, as read) of a file: dicts of lines and what becomes of them."""
    lines = path.read_text(encoding="utf-8").splitlines()
    meant = {n: line[0] for n, line in enumerate(lines, 1) if line[:1].strip()}
    got = reading("\n".join(line[2:] for line in lines) + "\n", f"{path.stem}.criteria.md")
    if "R" in meant.values():
        return meant, {1: "R"} if got.file is None and not got.fates else {}
    marks = {became: mark for mark, became in _MARKS.items()}
    return meant, {fate.line: marks[fate.became] for fate in got.fates} if got.file else {}


def wrong(path):
    """Lines that are read otherwise than they were meant."""
    meant, read = fates(path)
    return {n: (meant.get(n, " "), read.get(n, " ")) for n in {*meant, *read}
            if meant.get(n) != read.get(n)}  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_bullet_becomes_what_it_was_meant_as(path):
    """Line by line."""
    assert {} == wrong(path)


def test_the_share_that_is_read_as_meant(capsys):
    """At least 60 files; the figure is printed."""
    lines = sum(len(fates(path)[0]) for path in FILES)
    bad = sum(len(wrong(path)) for path in FILES)
    share = (lines - bad) / lines
    with capsys.disabled():
        sys.stdout.write(
            f"\nread as meant: {share:.1%} of {lines} bullets, tables and paragraphs "
            f"in {len(FILES)} files\n"
        )

    assert len(FILES) >= 60
    assert share >= SHARE
