"""Running checks: in order, each held back where its `when` says so, none able to end a run."""

import threading

import pytest

from self_refine.checks.check import Base, Common, fill, one_line
from self_refine.checks.registry import NotRun
from self_refine.loop.types import Severity, Verdict, When
from support.checking import made, results_of


def common(name, when=None):
    return Common(id=f"team/{name}", severity=Severity.ERROR, message="", when=when)


def pattern(name, source, when=None):
    check = made("regex", pattern=source)
    return type(check)(
        common=common(name, when), pattern=check.pattern, require=False, most=0, fix=None
    )


class Exploding(Base):
    """A check with a fault of its own."""

    __slots__ = ()

    def run(self, subject):
        raise ZeroDivisionError(subject.text)


def check(expected, *checks, text="a"):
    """`expected` are verdicts and reasons, in the order of the checks."""
    assert expected == [(result.verdict, result.reason) for result in results_of(checks, text)]


def test_a_check_that_blows_up_is_not_checked_and_the_others_run():
    """One broken check costs its own verdict; its reason has no words of the text."""
    check(
        [(Verdict.NOT_CHECKED, "the check failed: ZeroDivisionError"), (Verdict.FAIL, "")],
        Exploding(common=common("bad")),
        pattern("a", "a"),
        text="a secret",
    )


@pytest.mark.parametrize(
    ("text", "fired", "expected"),
    [
        ("a b", True, (Verdict.FAIL, "")),
        ("b", True, (Verdict.NOT_APPLICABLE, "")),
        ("b", False, (Verdict.FAIL, "")),
        ("a b", False, (Verdict.NOT_APPLICABLE, "")),
    ],
)
def test_when_asks_how_an_earlier_check_went(text, fired, expected):
    """A check runs where the one that it names failed, or passed, as it says."""
    first, second = results_of([pattern("a", "a"), pattern("b", "b", When("team/a", fired))], text)

    assert expected == (second.verdict, second.reason)
    assert first.verdict in (Verdict.PASS, Verdict.FAIL)


def test_when_on_a_check_that_did_not_run_is_not_checked():
    """Nobody knows, so nothing is decided, and the reason names the check."""
    check(
        [
            (Verdict.NOT_CHECKED, "nobody can"),
            (Verdict.NOT_CHECKED, "team/g was not checked"),
        ],
        NotRun(common=common("g"), reason="nobody can"),
        pattern("a", "a", When("team/g")),
    )


def test_a_reason_known_beforehand_is_the_result():
    """`NotRun` stands in for a check that nobody can run here."""
    check([(Verdict.NOT_CHECKED, "why")], NotRun(common=common("n"), reason="why"))


def test_messages_are_filled_by_plain_replacement():
    """What is put in is not looked at again, and no attribute can be reached."""
    assert "{count} is 3, {x.__class__} {0}" == fill(
        "{match} is {count}, {x.__class__} {0}", {"match": "{count}", "count": "3", "x": "!"}
    )


def test_long_words_are_cut_in_the_middle():
    """A message quotes at most so much, in one line."""
    assert "a b" == one_line(" a\n\t b ")
    assert "aaaaa … bbbbb" == one_line("a" * 50 + "b" * 50, most=10)


def test_a_subject_is_read_by_several_threads_at_once():
    """Two runs may check one text at once: what is derived once is the same for both."""
    results = []
    checks = [
        pattern("a", "a"),
        made("length", of="sentence", max=1),
        made("sections", require=["A"]),
    ]
    threads = [
        threading.Thread(target=lambda: results.append(results_of(checks, "a b. c.\n" * 50)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [results[0]] * 4 == results
