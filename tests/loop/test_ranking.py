"""Approval, which of two versions is better, what the gate refuses: computed, never asked."""

from dataclasses import replace

import pytest

from self_refine.loop.check_fixes import Tried
from self_refine.loop.ranking import approved, broken, is_better, todo
from self_refine.loop.types import Candidate, Criterion, Finding, Judged, Severity, Verdict
from self_refine.loop.versions import Versions
from self_refine.text.spans import Edit, Span

CRITERIA = (
    Criterion(id="t/check", question="?", severity=Severity.ERROR, check="regex"),
    Criterion(id="t/error", question="?", severity=Severity.ERROR),
    Criterion(id="t/warning", question="?", severity=Severity.WARNING),
    Criterion(id="t/info", question="?", severity=Severity.INFO),
)
SEVERITY = {c.id: c.severity for c in CRITERIA}


def version(*found, **verdicts):
    """A version with findings of these criteria; the others pass unless they are named."""
    judged = {c.id: Judged(Verdict.FAIL if c.id in found else Verdict.PASS) for c in CRITERIA}
    judged |= {f"t/{name}": Judged(verdict) for name, verdict in verdicts.items()}
    findings = tuple(finding(id_, n) for n, id_ in enumerate(found))
    return Candidate(
        number=0, text="x", parent=None, origin="original", pass_=0,
        findings=findings, verdicts=judged,
    )  # fmt: skip


def finding(id_, at=0, **more):
    given = {"checked": id_ == "t/check"} | more
    return Finding(
        criterion=id_, severity=SEVERITY[id_], span=Span(at, at + 1), quote="x", problem="No.",
        **given,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("candidate", "expect"),
    [
        (version(), True),
        (version("t/info"), True),
        (version("t/warning"), False),
        (version("t/error"), False),
        (version("t/check"), False),
        (version(warning=Verdict.UNKNOWN), False),
        (version(info=Verdict.UNKNOWN), True),
        (version(warning=Verdict.NOT_CHECKED), True),
        (version(error=Verdict.NOT_CHECKED), False),
        (version(error=Verdict.NOT_APPLICABLE), True),
    ],
)
def test_approval_is_computed_over_errors_and_warnings(candidate, expect):
    """Unknown withholds it, and so does an error that nobody checked; `info` never does."""
    assert expect == approved(candidate, CRITERIA)


@pytest.mark.parametrize(
    ("new", "old"),
    [
        (version(), version("t/info")),
        (version("t/info"), version("t/warning")),
        (version("t/warning", "t/warning"), version("t/error")),
        (version("t/error", "t/error"), version("t/check")),
        (version("t/warning"), version("t/warning", "t/warning")),
        (version(), version(warning=Verdict.UNKNOWN)),
        (version("t/warning", check=Verdict.PASS), version("t/check", error=Verdict.UNKNOWN)),
    ],
)
def test_the_better_version(new, old):
    """Error checks, checks, errors, warnings, unknown, info, in this order; never both ways."""
    assert is_better(new, old, CRITERIA)
    assert not is_better(old, new, CRITERIA)


def test_of_two_equals_the_earlier_stays():
    assert not is_better(version("t/warning"), version("t/warning"), CRITERIA)


def test_a_critique_that_could_not_be_read_is_no_improvement():
    """Its findings are gone because nobody saw any."""
    unread = version(error=Verdict.UNKNOWN, warning=Verdict.UNKNOWN, info=Verdict.UNKNOWN)

    assert not is_better(unread, version("t/error", "t/warning"), CRITERIA)


@pytest.mark.parametrize(
    ("new", "old", "expect"),
    [
        (version("t/warning"), version(), ["t/warning"]),
        (version("t/warning"), version("t/warning"), []),
        (version("t/info"), version(), []),
        (version("t/error"), version(error=Verdict.UNKNOWN), []),
        (version("t/check", "t/error"), version("t/error"), ["t/check"]),
        (version("t/warning"), version(warning=Verdict.NOT_APPLICABLE), ["t/warning"]),
    ],
)
def test_the_gate_refuses_what_had_passed(new, old, expect):
    assert expect == [f.criterion for f in broken(new, old, CRITERIA)]


def test_the_writer_gets_checks_first_then_the_gravest_and_no_lesser_remarks():
    candidate = version("t/info", "t/warning", "t/error", "t/check", "t/error")
    candidate_todo = [(f.criterion, f.span.start) for f in todo(candidate)]

    assert [("t/check", 3), ("t/error", 2), ("t/error", 4), ("t/warning", 1)] == candidate_todo


def fixable(start, end, put, quote="word"):
    """A finding of a check with its fix."""
    edit = Edit(Span(start, end), put)
    return Finding(
        criterion="t/check", severity=Severity.INFO, span=edit.span, quote=quote,
        problem="No.", fix=edit, checked=True,
    )  # fmt: skip


def test_fixes_are_applied_leftmost_first_and_never_overlap():
    tried = Tried()
    found = (fixable(4, 8, "C", "b"), fixable(0, 5, "A", "a"), fixable(9, 10, "D", "c"))
    chosen = tried.untried(found, "0123456789")

    assert ["A", "D"] == [f.fix.text for f in chosen]
    assert "A5678D" == tried.apply("0123456789", chosen, found)


def test_a_fix_is_tried_once_until_the_writer_has_written():
    tried = Tried()
    only = (fixable(0, 1, "A"),)
    assert "Ab" == tried.apply("ab", tried.untried(only, "ab"), only)
    assert () == tried.untried(only, "Ab")
    tried.forget()
    assert only == tried.untried(only, "Ab")


def test_fixes_that_feed_each_other_come_to_an_end():
    """A fix that makes what another pattern asks for: ten rounds, then no more."""
    tried, rounds = Tried(), 0
    while chosen := tried.untried((fixable(0, 1, "x", quote="q" * (rounds + 1)),), "a"):
        tried.apply("a", chosen, chosen)
        rounds += 1

    assert 10 == rounds


def test_a_late_finding_stands_in_both_versions_and_weighs_nothing():
    late = version("t/warning", "t/warning")
    late = replace(late, findings=(late.findings[0], replace(late.findings[1], late=True)))

    assert not is_better(late, version("t/warning"), CRITERIA)
    assert is_better(late, version("t/error"), CRITERIA)
    assert not is_better(version("t/warning", "t/warning"), late, CRITERIA)


def test_the_end_goes_back_to_what_all_that_is_known_speaks_for():
    """An error that came late stands in words that an earlier pass brought in."""
    versions = Versions("one two three", CRITERIA)
    versions.start_from(replace(version("t/warning"), text="one two three"))
    made = versions.made("one bad three", "rewrite", 1)
    versions.start_from(replace(version("t/error"), **shown(made), parent=0))
    error = replace(versions.best.findings[0], span=Span(4, 7), quote="bad", late=True)
    versions.keep(replace(versions.best, findings=(error,)))
    versions.settle()

    assert "one two three" == versions.best.text


def shown(candidate):
    """What a version is, without what was judged."""
    return {name: getattr(candidate, name) for name in ("number", "text", "origin", "pass_")}
