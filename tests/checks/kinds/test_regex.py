"""Patterns: RE2 alone, offsets in code points, fixes, and what is said of those it refuses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from self_refine.checks.kind_spec import Fault
from self_refine.loop.types import Kind, Verdict
from support.checking import build, each_fix, fixed, made, marked, plain, result_of


def check(text, pattern, *, after=None, **others):
    """`text` marks what the pattern finds; `after` is what the fixes make of it."""
    words = plain(text)
    found = result_of(made("regex", pattern=pattern, **others), words).findings

    assert text == marked(words, found)
    assert after is None or after == fixed(words, found)


@pytest.mark.parametrize(
    ("text", "pattern", "options"),
    [
        ("a «TODO» here", "TODO", {}),
        ("a «todo» here", "TODO", {"ignore_case": True}),
        ("a todo here", "TODO", {}),
        ("😀é «TODO» 😀 «TODO»", "TODO", {}),
        ("\ud800 «TODO» \udfff", "TODO", {}),
        ("«In short» it is.\nIn short.", "^In short", {}),
        ("«In short» it is.\n«In short».", "^In short", {"multiline": True}),
        ("one«  »\ntwo«\t»\n", "[ \t]+$", {"multiline": True}),
        ("one«  »\r\ntwo«\t»\r\n", "[ \t]+$", {"multiline": True}),
        ("one«  »\rtwo«\t»\r", "[ \t]+$", {"multiline": True}),
        ("a«\r\n\r\n»b", "\n\n", {}),
        ("a\u2028b", "^b", {"multiline": True}),
        ("one two «three» «four»", "[a-z]+", {"max": 2}),
        ("nothing", "x*", {}),
    ],
)
def test_what_a_pattern_finds(text, pattern, options):
    """Marks stand where the pattern matches: any line end and any character count as one."""
    check(text, pattern, **options)


@pytest.mark.parametrize(
    ("text", "pattern", "fix", "after"),
    [
        ("Stop«!!!» Why«??»", "([!?])[!?]+", r"\1", "Stop! Why?"),
        ("«12 %» of «7 %»", "([0-9]+) %", r"\1%", "12% of 7%"),
        ("a«  »b", "  +", "", "ab"),
        ("«a-b»", "(a)-(b)", r"\2\\\1", r"b\a"),
        ("«ab»", "(a)(x)?b", r"\1\2", "a"),
        ("one« \r\n»two", " \n", r"", "onetwo"),
    ],
)
def test_a_fix_rewrites_the_match(text, pattern, fix, after):
    r"""`\0` is the match, `\1` its first group; a group that took no part is nothing."""
    check(text, pattern, fix=fix, after=after)


def test_a_fix_that_changes_nothing_is_none():
    """A rewrite that gives back the same words would be an empty edit."""
    words = "abc"
    found = result_of(made("regex", pattern="b", fix=r"\0"), words).findings

    assert ["b"] == [finding.quote for finding in found]
    assert [] == each_fix(words, found)


def test_code_is_looked_at_on_request_and_not_rewritten():
    """In code of Markdown a match is found where `in:` asks for it, and left to the writer."""
    words = "Stop!! `a!!.b` and\n```\nx!!\n```\n"
    prose = result_of(made("regex", pattern="([!?])[!?]+", fix=r"\1"), words).findings
    everywhere = made("regex", pattern="([!?])[!?]+", fix=r"\1", scopes=("everything",))
    found = result_of(everywhere, words).findings

    assert "Stop«!!» `a!!.b` and\n```\nx!!\n```\n" == marked(words, prose)
    assert "Stop«!!» `a«!!».b` and\n```\nx«!!»\n```\n" == marked(words, found)
    assert ["Stop! `a!!.b` and\n```\nx!!\n```\n"] == each_fix(words, found)


def test_a_group_says_which_part_of_a_match_is_meant():
    """The finding and the fix are about it; what stands round it is only looked at."""
    check = made("regex", pattern=r"\pL(?P<at>([!?])[!?]+)(?:\s|$)", fix=r"\2")
    words = "Stop!! Really?! Use !! or a??b."
    found = result_of(check, words).findings

    assert "Stop«!!» Really«?!» Use !! or a??b." == marked(words, found)
    assert "Stop! Really? Use !! or a??b." == fixed(words, found)


def test_require_reports_what_is_missing_at_the_end():
    """A pattern that must match and does not is a place at the end, of the kind `missing`."""
    check = made("regex", pattern="Signed-off-by: .+", require=True)

    assert Verdict.PASS is result_of(check, "x\nSigned-off-by: Ana").verdict
    (missing,) = result_of(check, "x\n").findings
    assert (Kind.MISSING, "", 2) == (missing.kind, missing.quote, missing.span.start)


@pytest.mark.parametrize(
    ("values", "key", "code", "sentence"),
    [
        ({"pattern": "(a"}, "pattern", "CR205", "RE2 does not take this pattern: missing )"),
        ({"pattern": "(?=a)b"}, "pattern", "CR206", "no such thing as look-around"),
        ({"pattern": "(?<!a)b"}, "pattern", "CR206", "no such thing as look-around"),
        ({"pattern": r"(a)\1"}, "pattern", "CR206", "no such thing as a back-reference"),
        ({"pattern": "(?>a+)b"}, "pattern", "CR206", "no such thing as an atomic group"),
        ({"pattern": "a++"}, "pattern", "CR206", "no such thing as a possessive repetition"),
        ({"pattern": r"a\Z"}, "pattern", "CR206", r"write '\z'"),
        ({"pattern": r"a\\\C"}, "pattern", "CR205", "would cut characters in two"),
        ({"pattern": "\ud800"}, "pattern", "CR205", "half of a character"),
        ({"pattern": "a{1001}"}, "pattern", "CR205", "RE2 does not take this pattern"),
        ({"pattern": "((((a{100}){100}){100}){100})"}, "pattern", "CR205", "RE2 does not take"),
        (
            {"pattern": "a", "fix": r"\1"},
            "fix",
            "CR204",
            r"'\1' names a group, and the pattern has 0",
        ),
        ({"pattern": "a", "fix": r"\n"}, "fix", "CR204", r"'\n' means nothing here"),
        ({"pattern": "a", "fix": "\\"}, "fix", "CR204", "means nothing here"),
        ({"pattern": "a", "require": True, "max": 3}, "max", "CR204", "nothing to act on"),
        ({"pattern": "a", "require": True, "fix": "b"}, "fix", "CR204", "nothing to act on"),
        ({"pattern": "^$"}, "pattern", "CR204", "would find nothing"),
        ({"pattern": r"(?m)(?:\b|(^))"}, "pattern", "CR204", "would find nothing"),
        ({"pattern": "a*", "require": True}, "pattern", "CR204", "matches in every text"),
        ({"pattern": "^(?:Dear )?", "require": True}, "pattern", "CR204", "in every text"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_named(values, key, code, sentence):
    """The fault names its key; what Python's `re` has and RE2 has not is said in a sentence."""
    fault = build("regex", **values)

    assert isinstance(fault, Fault)
    assert (key, code) == (fault.key, fault.code)
    assert sentence in fault.message


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(a+)+$", "a" * 20_000 + "!"),
        ("(a|a)*b", "a" * 20_000),
        ("(x+x+)+y", "x" * 20_000),
        ("([a-z]+)*[0-9]", "abc" * 7_000),
        (r"^(\w+\s?)*$", "word " * 4_000 + "!"),
    ],
)
def test_f34_patterns_that_explode_elsewhere_end(pattern, text):
    """Patterns that would keep Python's `re` busy for years give their answer: no match."""
    assert Verdict.PASS is result_of(made("regex", pattern=pattern), text).verdict


@pytest.mark.parametrize("pattern", [r"(?m)^\s*$", "^[A-Z]?", r"^\s*\S", r"(?s)\A.{5,}", "日"])
def test_a_pattern_that_some_text_lacks_may_be_required(pattern):
    """A blank line, say; what may match nothing may be forbidden, if it matches words too."""
    optional = pattern == "^[A-Z]?"

    assert optional is isinstance(build("regex", pattern=pattern, require=True), Fault)
    assert made("regex", pattern=pattern)


def test_no_more_findings_than_people_read():
    """A pattern that matches every character gives 200 findings."""
    assert 200 == len(result_of(made("regex", pattern="."), "x" * 5_000).findings)


@given(st.text(st.sampled_from("ab \r\n😀é\ud800\u2028"), max_size=60))
def test_what_is_found_is_what_stands_there(text):
    """Every span covers words that the pattern matches, in any mixture of line ends."""
    for finding in result_of(made("regex", pattern=r"a+|\n+|😀"), text).findings:
        assert finding.quote == finding.span.of(text)
        assert set(finding.quote) in ({"a"}, {"😀"}) or set(finding.quote) <= {"\r", "\n"}
