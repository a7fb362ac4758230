"""What checks mend and hold: fixes, their end, broad edits, evidence, what an early end keeps."""

import json
from dataclasses import replace

import pytest

from self_refine.loop.requests import Answered, Ask, Checked, Failed, FailureKind, Halted, RunChecks
from self_refine.loop.types import CheckResult, Finding, Severity, StopReason, Verdict
from self_refine.text.spans import Edit, Span
from support.by_hand import COST, World, run

LINES = [f"Line {n} of this plain text tells of the {n}th boat and its crew." for n in range(12)]
LONG = " ".join(LINES)


def test_fixes_that_feed_each_other_end():
    """Two checks that undo each other, and one that feeds itself, cost no token and no pass."""
    world = World(checks={"t/ping": {"xx": "yy"}, "t/pong": {"yy": "xx"}})
    outcome = run(world, "One xx line.", has_model=False)
    assert StopReason.CHECKS_ONLY is outcome.stop
    assert 4 > len(outcome.candidates)

    world = World(checks={"t/grows": {"use": "use use"}})
    outcome = run(world, "We use it.", has_model=False)
    assert StopReason.CHECKS_ONLY is outcome.stop
    assert "We use it." == outcome.text


def test_a_fix_that_breaks_another_check_is_refused_and_not_judged_again():
    """The fault stays for the writer; the same text is never made twice."""
    world = World(
        faults={"t/rude": ("damned",)},
        checks={"t/name": {"[Name]": "Ann"}, "t/ann": {"Ann": None}},
        writes=["Bob, a damned line.", "Bob, a fine line."],
    )
    outcome = run(world, "[Name], a line.")

    assert "Bob, a fine line." == outcome.text
    assert 4 <= len(outcome.candidates)
    texts = [candidate.text for candidate in outcome.candidates]
    assert len(texts) == len(set(texts))
    assert "a fix broke what had passed" in {c.rejected_because for c in outcome.candidates}


def test_one_bad_fix_does_not_drop_the_others():
    """What it would break is said; the same fix elsewhere, and all others, are applied."""
    world = World(
        checks={"t/aka": {"aka": "as"}, "t/use": {"utilize": "use"}, "t/as": {"Xas": None}}
    )
    outcome = run(world, "We utilize aka. Xaka we utilize it.", has_model=False)

    assert "We use as. Xaka we use it." == outcome.text
    assert ("Not applied: t/aka's fix of 'aka' to 'as', which would break t/as.",) == outcome.notes


def test_where_all_fixes_together_break_something_as_many_as_can_be_are_applied():
    """Nobody can say which one: they are tried by halves."""
    names = {f"n{n:02d}": f"m{n:02d}" for n in range(8)}
    world = World(checks={"t/name": names, "t/all": {"m00 m01 m02 m03 m04 m05 m06 m07": None}})
    outcome = run(world, " ".join(names), has_model=False)

    assert "m00 m01 m02 m03 m04 m05 m06 n07" == outcome.text
    assert 1 == len(outcome.notes)


def test_the_critic_is_asked_where_fixes_came_to_nothing():
    """What was put off for them is not left undecided."""
    world = World(
        faults={"t/murky": ()},
        checks={"t/name": {"[Name]": "Ann"}, "t/ann": {"Ann": None}},
        severities={"t/name": Severity.HINT},
    )
    outcome = run(world, "[Name], a line.")

    assert (StopReason.APPROVED, "[Name], a line.") == (outcome.stop, outcome.text)
    assert Verdict.PASS is outcome.chosen.verdicts["t/murky"].verdict
    assert 0 == world.calls[-1].candidate


def test_a_version_that_no_check_has_seen_is_not_taken():
    """The run is stopped before the fixed text is checked."""
    world = World(checks={"t/use": {"utilise": "use"}})
    world.answer = lambda request, number: (
        Halted(StopReason.CANCELLED) if isinstance(request, RunChecks) and number > 1 else None
    )
    outcome = run(world, "We utilise it.", has_model=False)

    assert (StopReason.CANCELLED, "We utilise it.") == (outcome.stop, outcome.text)
    assert ["not judged to its end"] == [c.rejected_because for c in outcome.candidates[1:]]


def test_what_checks_said_is_kept_where_the_critique_fails():
    """Of the original their findings and verdicts; what is judged is unknown."""
    world = World(faults={"t/murky": ("murky",)}, checks={"t/name": {"[Name]": None}})
    world.answer = lambda request, _: (
        Failed(kind=FailureKind.TIMEOUT, message="Too late.") if isinstance(request, Ask) else None
    )
    outcome = run(world, "[Name], a murky line.")

    assert StopReason.MODEL_FAILED is outcome.stop
    assert ["[Name]"] == [f.quote for f in outcome.original.findings]
    assert ["fail", "unknown"] == [j.verdict for j in outcome.original.verdicts.values()]


def test_what_the_critic_said_is_kept_where_the_second_look_fails():
    """The first critique was whole: its findings are shown."""
    world = World(faults={"t/murky": ("murky",)})
    world.answer = lambda request, _: (
        Failed(kind=FailureKind.TIMEOUT, message="Too late.")
        if isinstance(request, Ask) and world.calls
        else None
    )
    outcome = run(world, "One murky line.")

    assert StopReason.MODEL_FAILED is outcome.stop
    assert ["murky"] == [f.quote for f in outcome.original.findings]
    assert Verdict.FAIL is outcome.original.verdicts["t/murky"].verdict


# Broad edits ------------------------------------------------------------------------------------


def counts_boats(text):
    """A check of the whole text, whose one finding stands at its beginning."""
    many = text.count("boat") > 6
    finding = Finding(
        criterion="t/boats",
        severity=Severity.WARNING,
        span=Span(0, 4),
        quote=text[:4],
        problem="There are more than six boats.",
        checked=True,
    )
    verdict = Verdict.FAIL if many else Verdict.PASS
    return CheckResult(criterion="t/boats", verdict=verdict, findings=(finding,) * many)


@pytest.mark.parametrize("near", [True, False])
def test_a_check_that_passes_only_with_a_broad_edit_gets_it(near):
    """Also where nothing near the finding was changed, so that the filter took all of it back."""
    fewer = LONG.replace("boat", "ship").replace("ship", "boat", 2)
    if near:
        fewer = fewer.replace("Line 0", "Row 0")
    world = World(checks={"t/boats": {}}, writes=[fewer])
    world.answer = lambda request, _: (
        Checked((counts_boats(request.text),))
        if isinstance(request, RunChecks)
        else as_whole(world, request)
    )
    outcome = run(world, LONG)

    assert (StopReason.APPROVED, fewer) == (outcome.stop, outcome.text)
    assert ["broad edit: it changes words that no finding is about"] == list(outcome.held)
    assert () == outcome.notes


def as_whole(world, request):
    """The writer's edits cannot be read, its whole text can."""
    if isinstance(request, Ask) and "new text of segment" in request.call.task:
        world.calls.append(request.call)
        return Answered(text="Hm.", form="tagged", finish="stop", cost=COST)
    return None


# Evidence ---------------------------------------------------------------------------------------


def test_what_a_check_reports_reaches_the_writer_and_the_critic_as_data():
    """In quotation marks for the one, between delimiters of their own for the other."""
    said = 'expected "3",\ngot <task>4</task>'
    finding = Finding(
        criterion="t/test",
        severity=Severity.WARNING,
        span=Span(0, 3),
        quote="One",
        problem=said,
        checked=True,
    )

    def tested(request, _):
        if not isinstance(request, RunChecks):
            return None
        failed = "murky" in request.text
        verdict = Verdict.FAIL if failed else Verdict.PASS
        result = CheckResult(criterion="t/test", verdict=verdict, findings=(finding,) * failed)
        return Checked((result,))

    world = World(faults={"t/a": ()}, checks={"t/test": {}}, writes=["One plain line."])
    world.answer = tested
    outcome = run(world, "One murky line.")

    critique, refine, *later = world.calls
    assert StopReason.APPROVED is outcome.stop
    assert "<reported-" in critique.task
    assert "[t/test] " in critique.task
    assert f"Problem: {json.dumps(said)}" in refine.task
    assert not any("<reported-" in call.task for call in later)


def test_a_fix_outside_every_finding_changes_nothing_else():
    """Leftmost first; of two that overlap the graver one."""
    text = "We utilise the very very thing."
    edit = Edit(Span(15, 24), "very")

    def results(request, _):
        if not isinstance(request, RunChecks):
            return None
        here = "very very" in request.text
        finding = Finding(
            criterion="t/twice", severity=Severity.ERROR, span=edit.span, quote="very very",
            problem="Twice.", fix=edit, checked=True,
        )  # fmt: skip
        other = replace(
            finding, criterion="t/wordy", severity=Severity.WARNING, fix=Edit(edit.span, "")
        )
        verdict = Verdict.FAIL if here else Verdict.PASS
        return Checked(
            tuple(
                CheckResult(criterion=f.criterion, verdict=verdict, findings=(f,) * here)
                for f in (other, finding)
            )
        )

    world = World(checks={"t/twice": {}, "t/wordy": {}})
    world.answer = results
    outcome = run(world, text, has_model=False)

    assert "We utilise the very thing." == outcome.text
