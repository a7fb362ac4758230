"""The state machine, driven by hand: every stop reason, the gate, the best version."""

import json
from dataclasses import replace

import pytest

from self_refine.loop.requests import Answered, Ask, Failed, FailureKind, Halted, Report, RunChecks
from self_refine.loop.types import Severity, StopReason, Verdict
from support.by_hand import COST, World, asked_of, run

CLEAN = "One plain line about the release."
FAULTY = "One murky line about the release."


def check(world, text, *, stop, result, detail=None, **given):
    """Run a text, and compare how it ends and what comes out."""
    outcome = run(world, text, **given)

    assert (outcome.stop, outcome.text) == (stop, result), outcome.detail
    if detail is not None:
        assert outcome.detail == detail
    assert outcome.candidates[0].text == text
    assert [c.number for c in outcome.candidates] == list(range(len(outcome.candidates)))
    assert outcome.chosen.text == outcome.text
    assert outcome.chosen.accepted
    return outcome


def test_a_clean_text_is_approved_as_it_is():
    """Nothing to change is a success: one critique, no writer."""
    world = World(faults={"t/murky": ("murky",)})
    check(world, CLEAN, stop=StopReason.APPROVED, result=CLEAN, detail="")

    assert ["critique"] == [call.purpose for call in world.calls]


def test_a_fault_is_fixed_and_the_result_approved():
    world = World(faults={"t/murky": ("murky",)}, writes=[CLEAN])
    outcome = check(world, FAULTY, stop=StopReason.APPROVED, result=CLEAN)

    assert ["murky"] == [f.quote for f in outcome.original.findings]
    assert Verdict.FAIL is outcome.original.verdicts["t/murky"].verdict
    assert Verdict.PASS is outcome.chosen.verdicts["t/murky"].verdict
    assert outcome.original.findings == outcome.chosen.addressed


def test_a_fixable_check_costs_no_token():
    """Its fix is tried first; only then is the critic asked."""
    world = World(faults={"t/murky": ("murky",)}, checks={"t/plain": {"utilise": "use"}})
    check(world, "We utilise it.", stop=StopReason.APPROVED, result="We use it.")

    assert [1] == [call.candidate for call in world.calls]


def test_without_a_model_checks_and_their_fixes_run_alone():
    """Judged criteria are not checked, and that is never called approved."""
    world = World(faults={"t/murky": ("murky",)}, checks={"t/plain": {"utilise": "use"}})
    outcome = check(
        world,
        "We utilise a murky line.",
        stop=StopReason.CHECKS_ONLY,
        result="We use a murky line.",
        has_model=False,
    )

    assert [] == world.calls
    assert Verdict.NOT_CHECKED is outcome.chosen.verdicts["t/murky"].verdict
    assert "no model" == outcome.chosen.verdicts["t/murky"].reason


def test_without_a_model_and_without_judged_criteria_it_can_be_approved():
    world = World(checks={"t/plain": {"utilise": "use"}})
    check(world, "We utilise.", stop=StopReason.APPROVED, result="We use.", has_model=False)


def test_a_failing_error_check_keeps_no_criterion_from_being_asked():
    """Its message goes to the same reading, which judges the others and is to fix it, too."""
    world = World(
        faults={"t/murky": ("murky",)},
        checks={"t/name": {"[Name]": None}},
        severities={"t/name": Severity.ERROR},
        writes=["Dear Ana, one line."],
    )
    check(world, "Dear [Name], one line.", stop=StopReason.APPROVED, result="Dear Ana, one line.")

    assert ["critique", "refine", "critique"] == [call.purpose for call in world.calls]
    assert "[t/name] Not this word. - '[Name]'" in world.calls[0].task


def test_what_only_the_author_knows_ends_the_run():
    """Nothing is made up: what can be fixed is, and the rest is said to need a person."""

    def critic(call, text):
        lines = [f"<{call.tag}>", "[t/when] fail", "issue: 1 missing", "quote:", "needs: author"]
        lines += [f"[t/murky] {'fail' if 'murky' in text else 'pass'}"]
        if "murky" in text:
            name = call.tag.replace("reply", "fix")
            lines += ["issue: 1 wrong", "quote: murky", f"<{name}>", CLEAN, f"</{name}>"]
        return "\n".join([*lines, f"</{call.tag}>"])

    world = World(faults={"t/when": (), "t/murky": ()}, critic=critic)
    when, murky = world.criteria
    outcome = run(world, FAULTY, criteria=(replace(when, absence=True), murky))

    assert (StopReason.NEEDS_AUTHOR, CLEAN) == (outcome.stop, outcome.text)
    assert "1 finding needs a fact that only you have" == outcome.detail
    assert 2 == outcome.cost.calls


def test_an_error_that_nobody_checked_is_never_approved():
    """It is said how many, and why."""
    world = World(faults={"t/a": ()})
    more = replace(world.criteria[0], id="t/b", severity=Severity.ERROR, not_checked="no input")
    outcome = run(world, CLEAN, criteria=(*world.criteria, more))

    assert StopReason.NOT_CHECKED is outcome.stop
    assert "1 criterion at error level not checked: no input" == outcome.detail


def test_a_rewrite_that_loses_a_fact_is_told_and_then_held():
    """Told once; where it is gone again, a person has to look, with the list."""
    given = "One murky line about 42 things."
    kept, gone = "One plain line about 42 things.", "One plain line about things."
    for writes, result, lost in (([gone, kept], kept, ()), ([gone], gone, ('the number "42"',))):
        world = World(faults={"t/murky": ("murky",)}, writes=list(writes))
        outcome = run(world, given)

        assert (StopReason.APPROVED, result, lost) == (outcome.stop, outcome.text, outcome.lost)
        assert bool(lost) == any("42" in why for why in outcome.held)
        repair = [call.task for call in world.calls if call.purpose == "refine"][1]
        assert 'it loses the number "42"' in repair


def test_the_pass_limit_returns_the_best_so_far():
    world = World(faults={"t/a": ("xx", "yy", "zz")}, writes=["1 yy zz words", "1 2 zz words"])
    check(
        world,
        "xx yy zz words",
        stop=StopReason.LIMIT,
        result="1 2 zz words",
        detail="2 passes",
        limits=[("passes", 2)],
    )


def test_the_same_text_twice_is_no_change():
    """One retry at a higher temperature, then the end."""
    world = World(faults={"t/murky": ("murky",)}, writes=[FAULTY])
    check(world, FAULTY, stop=StopReason.NO_CHANGE, result=FAULTY)

    temperatures = [call.temperature for call in world.calls if call.purpose == "refine"]
    assert 2 == len(temperatures)
    assert (temperatures[0] or 0) < temperatures[1]


def test_a_writer_that_cannot_do_edits_is_asked_for_the_whole_text_from_then_on():
    """Edits and their repair fail once; the next pass spends no call on finding that out again."""
    lines = [f"Line number {n} says what the plan is for that day." for n in range(12)]
    given = " ".join(["A murky start.", *lines, "A cloudy end."])
    halfway = given.replace("murky", "clear")
    world = World(
        faults={"t/murky": ("murky", "cloudy")},
        writes=["no edits", "none again", halfway, halfway.replace("cloudy", "clear")],
    )
    check(
        world,
        given,
        stop=StopReason.APPROVED,
        result=given.replace("murky", "clear").replace("cloudy", "clear"),
    )

    assert [0, 0, 0, 1] == [call.candidate for call in world.calls if call.purpose == "refine"]


def test_white_space_alone_is_no_change():
    world = World(faults={"t/murky": ("murky",)}, writes=[FAULTY.replace(" ", "  ")])
    check(world, FAULTY, stop=StopReason.NO_CHANGE, result=FAULTY)


def test_a_pass_without_improvement_ends_the_run():
    world = World(
        faults={"t/murky": ("murky", "cloudy")}, writes=[FAULTY.replace("murky", "cloudy")]
    )
    check(world, FAULTY, stop=StopReason.NO_PROGRESS, result=FAULTY)


def test_an_earlier_version_again_is_oscillation():
    world = World(
        faults={"t/a": ("xx", "yy")},
        writes=["one 11 yy words", "one xx yy words"],
    )
    check(world, "one xx yy words", stop=StopReason.OSCILLATION, result="one 11 yy words")


def test_what_breaks_a_passed_criterion_does_not_count():
    """The gate: the version is refused, the writer told what it broke, and tries again."""
    world = World(
        faults={"t/murky": ("murky",), "t/rude": ("damned",)},
        writes=["One damned line about the release.", CLEAN],
    )
    outcome = check(world, FAULTY, stop=StopReason.APPROVED, result=CLEAN)

    refused = outcome.candidates[1]
    assert not refused.accepted
    assert "broke t/rude" == refused.rejected_because


def test_the_part_that_breaks_nothing_is_kept():
    """Only the hunks that touch the broken words are put back."""
    text = "One murky line about the release.\n\nTwo lines more that are fine."
    fixed = "One plain line about the release.\n\nTwo lines more that are fine."
    world = World(
        faults={"t/murky": ("murky",), "t/rude": ("damned",)},
        checks={"t/all": {"nothing-like-this": None}},
        writes=[fixed.replace("fine", "damned fine")],
    )
    # The second paragraph is at fault too, so that the hunk filter lets the change through.
    world.faults["t/murky"] = ("murky", "lines more")
    outcome = run(world, text)

    assert "partial" in {c.origin for c in outcome.candidates}
    assert "damned" not in outcome.text
    assert "plain line" in outcome.text


def test_what_is_said_of_a_rewrite_is_said_of_the_part_that_is_kept():
    """A new link in it still waits for somebody to look at it, and what was taken back is noted."""
    far = [f"Paragraph {n} is as it should be." for n in range(4)]
    base = ["One murky line about it.", "Two lines more that are fine.", *far]
    written = [
        "One plain line about [it](https://x.test).",
        "Two lines more that are damned fine.",
        *far[:-1],
        "Paragraph 3 is otherwise.",
    ]
    world = World(
        faults={"t/murky": ("murky", "lines more"), "t/rude": ("damned",)},
        writes=["\n\n".join(written)],
    )
    outcome = run(world, "\n\n".join(base))

    part = next(c for c in outcome.candidates if c.origin == "partial")
    assert part.accepted
    assert ("it adds the link https://x.test",) == part.held
    assert ("changes away from every finding were taken back",) == part.notes


def test_a_part_that_was_judged_before_is_not_judged_again():
    """Two rewrites break another thing each, and what is left without it is the same text."""
    base = "One murky line about the release.\n\nTwo lines more that are fine."
    cloudy = base.replace("murky", "cloudy")
    plain = base.replace("murky", "plain").replace("lines more", "others")
    world = World(
        faults={"t/murky": ("murky", "cloudy", "lines more"), "t/rude": ("damned", "cursed")},
        writes=[
            cloudy.replace("fine", "damned fine"),
            cloudy.replace("fine", "cursed fine"),
            plain,
        ],
    )
    outcome = check(world, base, stop=StopReason.APPROVED, result=plain)

    assert [base, cloudy, plain] == [
        c.text for c in outcome.candidates if "damned" not in c.text and "cursed" not in c.text
    ]


def test_refusals_are_counted_anew_after_a_version_that_was_taken():
    """Three in a row end a run, not three in all."""
    world = World(
        faults={"t/murky": ("murky", "cloudy"), "t/rude": ("damned", "cursed", "blasted")},
        writes=[
            "A damned cloudy line.",
            "A cursed cloudy line.",
            "A plain cloudy line.",
            "A plain blasted line.",
            "A plain clear line.",
        ],
    )
    check(
        world,
        "A murky cloudy line.",
        stop=StopReason.APPROVED,
        result="A plain clear line.",
        limits=[("passes", 9)],
    )


def test_a_rewrite_that_a_check_still_faults_gets_no_closing_look():
    """It cannot be approved yet, so the call would be for nothing."""
    world = World(
        faults={"t/murky": ("murky",)},
        checks={"t/plain": {"utilise": None}},
        writes=["A plain line to utilise.", "A plain line to use."],
    )
    check(
        world,
        "A murky line to utilise.",
        stop=StopReason.APPROVED,
        result="A plain line to use.",
        second_looks=True,
    )

    asked = [call.candidate for call in world.calls if call.purpose == "critique"]
    assert (1, 2) == (asked.count(1), asked.count(2))


def test_three_refusals_end_the_run_with_the_original():
    world = World(
        faults={"t/murky": ("murky",), "t/rude": ("damned", "cursed", "blasted")},
        writes=[
            "One damned line about the release.",
            "One cursed line about the release.",
            "One blasted line about the release.",
        ],
    )
    outcome = run(world, FAULTY)

    assert FAULTY == outcome.text
    assert outcome.stop in (StopReason.CONFLICT, StopReason.NO_PROGRESS)


def test_two_criteria_that_undo_each_other_are_a_conflict():
    world = World(
        faults={"t/long": ("long",), "t/short": ("short",)},
        writes=["A short line.", "A short, fine line."],
    )
    check(
        world,
        "A long line.",
        stop=StopReason.CONFLICT,
        result="A long line.",
        detail="t/long and t/short undo each other",
    )


@pytest.mark.parametrize(
    ("limit", "detail"),
    [
        (("calls", 1), "1 call"),
        (("tokens", 3_000), "3,000 tokens"),
        (("seconds", 0.5), "0.5 seconds"),
    ],
)
def test_what_ran_out_is_named(limit, detail):
    """A budget ends the run before the call that it cannot pay for."""
    world = World(faults={"t/murky": ("murky",)}, writes=[CLEAN])
    if limit[0] == "tokens":
        world.answer = expensive
    check(world, FAULTY, stop=StopReason.BUDGET, result=FAULTY, detail=detail, limits=[limit])


def expensive(request, _number):
    """A critique that takes nearly all tokens."""
    if not isinstance(request, Ask) or request.call.purpose != "critique":
        return None
    reply = World(faults={"t/murky": ("murky",)}).critique(request.call, FAULTY)
    return Answered(text=reply, form="json", finish="stop", cost=replace(COST, input_tokens=2_900))


def test_a_wish_to_stop_at_any_request_returns_the_best_so_far():
    """Cancel is a reply: whatever it answers, the outcome comes, and no text is lost."""
    for at in range(1, 9):
        world = World(faults={"t/murky": ("murky",)}, writes=[CLEAN])
        world.answer = lambda _request, number, at=at: (
            Halted(StopReason.CANCELLED) if number == at else None
        )
        outcome = run(world, FAULTY)

        assert outcome.text in (FAULTY, CLEAN)
        if world.requests >= at:
            assert StopReason.CANCELLED is outcome.stop


def test_a_document_that_is_gone_ends_the_run():
    world = World(faults={"t/murky": ("murky",)})
    world.answer = lambda request, _: (
        Halted(StopReason.CANCELLED, "it was closed") if isinstance(request, Ask) else None
    )
    check(world, FAULTY, stop=StopReason.CANCELLED, result=FAULTY, detail="it was closed")


def test_a_critic_that_says_nothing_readable_is_unreliable():
    """Asked in separate calls, repaired once, then everything stays unknown: never passed."""
    world = World(faults={"t/murky": ("murky",)}, critic=lambda _call, _text: "Looks great!")
    outcome = check(world, FAULTY, stop=StopReason.CRITIC_UNRELIABLE, result=FAULTY)

    assert [True, False, False] == [call.reading for call in world.calls]
    assert (1, 1) == (outcome.observed.readings, outcome.observed.unreadable)
    assert Verdict.UNKNOWN is outcome.chosen.verdicts["t/murky"].verdict


def test_a_writer_that_writes_nothing_usable_fails():
    world = World(faults={"t/murky": ("murky",)}, writes=[CLEAN])

    def mute(request, _number):
        if isinstance(request, Ask) and request.call.purpose == "refine":
            world.calls.append(request.call)
            return Answered(text="I cannot do that.", form="tagged", finish="stop", cost=COST)
        return None

    world.answer = mute
    check(world, FAULTY, stop=StopReason.REFINE_FAILED, result=FAULTY)


def test_a_model_that_fails_keeps_what_checks_did():
    """Fixes need no model: they stay, and the failure is named."""
    world = World(faults={"t/murky": ("murky",)}, checks={"t/plain": {"utilise": "use"}})
    world.answer = lambda request, _: (
        Failed(kind=FailureKind.UNREACHABLE, message="Nobody answers at 127.0.0.1:1.")
        if isinstance(request, Ask)
        else None
    )
    outcome = check(
        world,
        "We utilise a murky line.",
        stop=StopReason.MODEL_FAILED,
        result="We use a murky line.",
        detail="Nobody answers at 127.0.0.1:1.",
    )

    assert Verdict.UNKNOWN is outcome.chosen.verdicts["t/murky"].verdict


def test_a_criterion_that_passed_is_not_held_against_unchanged_words():
    """The ratchet: what a critic says late is mended next, and speaks for no refusal."""

    def fickle(call, text):
        quotes = {"t/a": [], "t/b": []}
        if len(call.focus) != 1:
            quotes = dict(zip(("t/a", "t/b"), [["murky"], []], strict=True))
            if "murky" not in text:
                quotes = {"t/a": [], "t/b": ["release"]}
        elif "murky" in text:
            quotes["t/a"] = ["murky"]
        return json.dumps({"criteria": [entry(id_, quotes[id_]) for id_ in asked_of(call)]})

    world = World(faults={"t/a": (), "t/b": ()}, critic=fickle, writes=[CLEAN])
    outcome = run(world, FAULTY, limits=[("passes", 1)])
    twice = run(world, FAULTY, second_looks=True, reading="separate")

    assert CLEAN == outcome.text == twice.text
    assert [("t/b", True)] == [(f.criterion, f.late) for f in outcome.chosen.findings]
    assert [("t/b", True)] == [(f.criterion, f.disputed) for f in twice.chosen.findings]


def entry(id_, quotes):
    """One criterion of a critique."""
    issues = [
        {"segment": 1, "quote": q, "kind": "wrong", "problem": "No.", "instruction": "Mend."}
        for q in quotes
    ]
    verdict = "fail" if issues else "pass"
    return {"id": id_, "evidence": "", "issues": issues, "verdict": verdict}


def test_a_finding_that_a_second_look_does_not_confirm_is_a_hint():
    """A lone false alarm costs one more call, and changes nothing."""
    asked = []

    def doubtful(call, _text):
        asked.append(call)
        return json.dumps(
            {"criteria": [entry(i, ["line"] if len(asked) == 1 else []) for i in asked_of(call)]}
        )

    world = World(faults={"t/a": ()}, critic=doubtful)
    outcome = check(world, CLEAN, stop=StopReason.APPROVED, result=CLEAN, second_looks=True)

    assert 2 == len(asked)
    assert [Severity.HINT] == [f.severity for f in outcome.chosen.findings]


def test_a_rewrite_is_looked_at_twice_before_it_is_approved():
    """What the critic overlooks in the first look at it may still be seen in the closing one."""
    asked = []

    def careless(call, text):
        asked.append(text)
        seen = "damned" in text and asked.count(text) > 1
        quotes = {"t/a": ["murky"] if "murky" in text else [], "t/b": ["damned"] if seen else []}
        return json.dumps({"criteria": [entry(i, quotes[i]) for i in asked_of(call)]})

    damned = "One damned line about the release."
    world = World(faults={"t/a": (), "t/b": ()}, critic=careless, writes=[damned, CLEAN])
    outcome = check(world, FAULTY, stop=StopReason.APPROVED, result=CLEAN, second_looks=True)

    assert "broke t/b" == outcome.candidates[1].rejected_because
    assert 2 == asked.count(CLEAN)


def test_information_never_withholds_approval():
    world = World(faults={"t/a": ("line",)}, severities={"t/a": Severity.INFO})
    outcome = check(world, CLEAN, stop=StopReason.APPROVED, result=CLEAN)

    assert [Severity.INFO] == [f.severity for f in outcome.chosen.findings]


def test_what_nobody_can_check_is_counted_beside_approval():
    world = World(faults={"t/a": ()})
    more = replace(world.criteria[0], id="t/b", not_checked="no graph check in this version")
    outcome = run(world, CLEAN, criteria=(*world.criteria, more))

    assert (StopReason.APPROVED, "1 not checked") == (outcome.stop, outcome.detail)


def test_a_critique_alone_changes_nothing():
    world = World(faults={"t/murky": ("murky",)}, checks={"t/plain": {"line": "row"}})
    outcome = check(world, FAULTY, stop=StopReason.LIMIT, result=FAULTY, critique_only=True)

    assert {"murky", "line"} == {f.quote for f in outcome.original.findings}
    assert 1 == len(world.calls)


def test_thorough_asks_one_question_for_each_criterion_at_once():
    world = World(faults={"t/a": (), "t/b": (), "t/c": ()})
    steps = []
    world.answer = lambda request, _: steps.append(type(request)) or None
    check(world, CLEAN, stop=StopReason.APPROVED, result=CLEAN, mode="thorough")

    assert [("t/a",), ("t/b",), ("t/c",)] == [call.focus for call in world.calls]


def test_an_instruction_is_an_open_critique_that_is_heard_once():
    """What it finds is sent to the writer, shown as a hint, and never a gate."""
    world = World(
        faults={"t/a": (), "instruction": ("release",)}, writes=["One plain line about it."]
    )
    criteria = world.criteria[:1]
    outcome = check(
        world,
        CLEAN,
        stop=StopReason.APPROVED,
        result="One plain line about it.",
        criteria=criteria,
        instruction="do not say release",
    )

    assert [Severity.HINT] == [f.severity for f in outcome.original.findings]
    assert "instruction" not in outcome.original.verdicts


def test_a_draft_is_generated_and_then_refined():
    """The selection is the task; it is no version of the text and cannot win."""
    world = World(faults={"t/murky": ("murky",)}, writes=[FAULTY, CLEAN])
    outcome = run(world, "Write a line about the release.", draft=True)

    assert (StopReason.APPROVED, CLEAN) == (outcome.stop, outcome.text)
    assert ["original", "generated", "rewrite"] == [c.origin for c in outcome.candidates]


def test_every_version_that_is_judged_is_reported_once():
    world = World(faults={"t/murky": ("murky",)}, writes=[CLEAN])
    outcome = run(world, FAULTY)

    assert [0, 1] == [c.number for c in world.reported]
    assert list(outcome.candidates) == world.reported


def test_the_loop_asks_checks_before_the_model():
    order = []
    world = World(faults={"t/murky": ("murky",)}, checks={"t/plain": {}}, writes=[CLEAN])
    world.answer = lambda request, _: order.append(type(request)) or None
    run(world, FAULTY)

    assert [RunChecks, Ask] == order[:2]
    assert Report in order
