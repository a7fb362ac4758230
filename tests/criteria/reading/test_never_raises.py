"""Whatever a criteria file holds, reading it gives values and problems, and never an exception."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from self_refine.criteria.finding.discover import discover, shipped
from self_refine.criteria.fixtures import compare
from self_refine.loop.types import Severity
from support.checking import reading, results_of

PACKS = {file.id: file.path.read_text(encoding="utf-8") for file in shipped().files}
PIECES = sorted({
    *"\r\n \t-:#*`'\"[]{}()<>|&!%@,?.\\/~^$é😀\x00\x1b\u2028\u200b\ufeff\ud800",
    "---", "```", "~~~", "- ", "  - ", "**", "**a**: ", " (error)", "null", "true", "1e9", "0x1F",
    "&a", "*a", "<<: ", "!!str ", "|\n", ">-\n", "when: tests failed", "compare: original",
    "uses: source", "kind: keep", "bad=", "good", "input=x", "{count}", "(?=a)", "(a+)+$", "\\1",
    "<!--", "-->", "## Criteria\n", "## Examples\n", "checks:\n", "id: ", "- id: x\n",
})  # fmt: skip


@st.composite
def mutated(draw):
    """A pack with a few stretches cut out, doubled, moved, or replaced by something else."""
    text = draw(st.sampled_from(sorted(PACKS.values())))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 40)))
        piece = draw(
            st.one_of(
                st.sampled_from(["", text[start:end] * 2, text[end : end + 30]]),
                st.sampled_from(PIECES),
                st.text(st.characters(exclude_categories=()), max_size=8),
            )
        )
        text = text[:start] + piece + text[end:]
    return text


def check(text):
    """Values and problems that agree with each other and with the text."""
    got = reading(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    assert "CR200" not in {problem.code for problem in got.problems}, got.problems
    assert (got.file is None) == any(p.severity is Severity.ERROR for p in got.problems)
    for problem in got.problems:
        assert (problem.line, problem.column) <= (problem.end_line, problem.end_column)
        for line, column in (
            (problem.line, problem.column),
            (problem.end_line, problem.end_column),
        ):
            assert 1 <= line <= len(lines)
            assert 1 <= column <= len(lines[line - 1]) + 1
    if got.file is not None:
        ids = [criterion.id for criterion in got.file.criteria]
        assert len(ids) == len(set(ids))
        assert [c.id for c in got.file.criteria if c.check] == [
            c.criterion_id for c in got.file.checks
        ]
        compare(got.file)
        assert "the check failed" not in str(results_of(got.file.checks, text))


@given(mutated())
def test_a_changed_pack(text):
    """The packs that ship, changed at random."""
    check(text)


@given(st.text(st.characters(exclude_categories=()), max_size=300))
def test_any_text(text):
    """No pack at all."""
    check(text)


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_pieces_of_the_grammar(text):
    """The marks of the grammar in any order."""
    check(text)


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_pieces_of_front_matter(text):
    """The same inside front matter, where YAML reads them."""
    check(f"---\ncriteria: 1\n{text}\n---\n## Criteria\n\n- **a**: Is it?\n")


@given(data=st.binary(max_size=200))
def test_any_bytes(tmp_path_factory, data):
    """A file of any bytes is read or refused."""
    root = tmp_path_factory.mktemp("bytes")
    (root / "criteria").mkdir()
    Path(root, "criteria", "x.criteria.md").write_bytes(data)
    library = discover(root)

    assert library.files or library.problems


@pytest.mark.parametrize("name", PACKS)
def test_every_beginning_of_a_pack(name):
    """A pack while it is typed: each of its beginnings, line by line."""
    lines = PACKS[name].splitlines(keepends=True)
    for count in range(0, len(lines), 3):
        check("".join(lines[:count]))
