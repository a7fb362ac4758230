"""What holds of every check on every text: nothing raises, quotes are there, fixes repair."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from self_refine.checks.kinds.words import folded
from self_refine.loop.types import Verdict
from self_refine.text.spans import apply_edits
from support.checking import made, result_of

SWAPS = {
    "kindly": "please",
    "in order to": "to",
    "utilize": "use",
    "huge": "enormous",
    "basically": "",
    "needless to say": "",
    "at your earliest convenience": "",
}

ODD = (
    "\r\n\u2028\u2029\x85\x0b\x0c\x00\x1b\ud800\udfff\u200b\ufeff\U0001f600\u0301"
    "`#-*>|~.!? \t'’\"()[]{}<>&%$\\"
)
PARTS = [
    *SWAPS, "```", "---", "# A", "- x", "\n\n", "\r\n", " ", "12%", "{{x}}", "https://a.b/c",
    "def f():", *ODD,
]  # fmt: skip
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=200),
    st.text(st.sampled_from(ODD + "aA1 kindly"), max_size=200),
    st.lists(st.sampled_from(PARTS), max_size=40).map("".join),
)  # fmt: skip

EVERY = {
    "regex": made("regex", pattern=r"[a-z]+$|\s{2,}", multiline=True, fix=r"\0!"),
    "required": made("regex", pattern="zebra", require=True),
    "words": made("words", swap=SWAPS, forbid=["x", "'tis"]),
    **{
        f"length {of} {unit}": made("length", of=of, unit=unit, min=2, max=3)
        for of in ("document", "paragraph", "sentence", "list-item", "section:A")
        for unit in ("words", "characters", "lines", "sentences")
    },
    "sections": made("sections", require=["A", "B"], non_empty=True),
    "keep": made("keep", keep=["placeholders", "links", "numbers", "code-fences"]),
    "signatures": made("keep", keep=["public-signatures"]),
}


@pytest.mark.parametrize("check", EVERY.values(), ids=EVERY)
@given(text=TEXTS, original=TEXTS, language=st.sampled_from(["markdown", "plaintext", "python"]))
def test_no_text_makes_a_check_raise(check, text, original, language):
    """Any two texts give a verdict, and findings whose quotes stand where they say."""
    result = result_of(check, text, original=original, language=language)

    assert (Verdict.FAIL if result.findings else Verdict.PASS) is result.verdict or result.reason
    for finding in result.findings:
        assert 0 <= finding.span.start <= finding.span.end <= len(text)
        assert finding.quote == finding.span.of(text)
        if finding.fix:
            apply_edits(text, [finding.fix])


FRAGMENTS = st.sampled_from([
    *SWAPS, *map(str.capitalize, SWAPS), *map(str.upper, SWAPS),
    "the plan", "A", "an", "I", "😀", "it's", "“no”", "(so)", "Ende", "élan",
])  # fmt: skip
GAPS = st.sampled_from(
    [
        " ",
        " ",
        " ",
        ", ",
        ". ",
        "! ",
        "; ",
        "\n",
        "\r\n",
        "\n\n",
        " (",
        ") ",
        "\n- ",
        '" ',
        ' "',
        "  ",
    ]
)
SENTENCES = st.lists(st.tuples(FRAGMENTS, GAPS), min_size=1, max_size=9).map(
    lambda pairs: "".join(f"{words}{gap}" for words, gap in pairs)
)


def letters(text):
    """The letters and digits alone, case ignored: what no fix may change beside its own words."""
    return "".join(char for char in text.casefold() if char.isalnum())


@given(SENTENCES)
def test_a_fix_of_words_repairs_its_finding_and_nothing_else(text):
    """Afterwards the phrase stands there once less, and all other words are as they were.

    But an article directly before it, which follows the sound of what stands behind it now.
    """
    check = made("words", swap=SWAPS)
    found = result_of(check, text).findings

    for finding in found:
        if finding.fix is None:
            continue
        instead = SWAPS[folded(finding.quote)]
        after = apply_edits(text, [finding.fix])
        again = result_of(check, after).findings
        before, behind = letters(text[: finding.span.start]), letters(text[finding.span.end :])
        article = text[finding.fix.span.start : finding.span.start].strip().casefold()
        if article in ("a", "an"):
            written = finding.fix.text.split()[0].casefold()
            assert written in ("a", "an")
            before = before.removesuffix(article) + written

        assert before + letters(instead) + behind == letters(after)
        assert finding.fix.span.contains(finding.span)
        assert _count(found, finding) - 1 == _count(again, finding)


def _count(findings, like):
    return sum(folded(finding.quote) == folded(like.quote) for finding in findings)


@given(SENTENCES)
def test_a_removal_leaves_no_double_space_and_no_space_before_a_mark(text):
    """The gap that a removed phrase leaves is one that people write, if the gaps beside it were."""
    check = made("words", swap={"basically": ""})

    for finding in result_of(check, text).findings:
        if finding.fix:
            at = finding.fix.span.start
            after = apply_edits(text, [finding.fix])
            around = after[max(0, at - 1) : at + 2]
            if "  " not in text:
                assert "  " not in around
            if all(f" {mark}" not in text for mark in ",.;!"):
                assert not any(f" {mark}" in around for mark in ",.;!")


@given(
    st.lists(st.sampled_from(["a", " ", "!", "?", "!!", "\r\n", "😀"]), max_size=20).map("".join)
)
def test_a_fix_of_a_pattern_repairs_its_finding(text):
    """After the fix the pattern matches once less, and the text beside the match is as it was."""
    check = made("regex", pattern="([!?])[!?]+", fix=r"\1")
    found = result_of(check, text).findings

    for finding in found:
        after = apply_edits(text, [finding.fix])
        assert len(found) - 1 == len(result_of(check, after).findings)
        assert finding.fix.span == finding.span
