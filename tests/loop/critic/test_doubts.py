"""What a critic says of words that did not change, and what is made of it later on."""

import json

from self_refine.loop.types import Severity, StopReason, Verdict
from support import by_hand
from support.by_hand import World, ids_of

TEXT = "A murky line.\n\nA second line here.\n\nA third one."
BETTER = "A plain line.\n\nA second line here.\n\nA third one."


def run(world, text, **given):
    """A run in which findings are asked for once more before they count."""
    return by_hand.run(world, text, second_looks=True, reading="separate", **given)


def critic(*rounds):
    """A critic that says these quotes per criterion, one round a call, the last one for ever."""
    left = list(rounds)

    def reply(call, _text):
        said = left.pop(0) if len(left) > 1 else left[0]
        return json.dumps({"criteria": [entry(i, said.get(i, ())) for i in ids_of(call.schema)]})

    return reply


def entry(id_, quotes):
    issues = [
        {"segment": 0, "quote": q, "kind": "wrong", "problem": "No.", "instruction": "Mend."}
        for q in quotes
    ]
    return {"id": id_, "evidence": "", "issues": issues, "verdict": "fail" if issues else "pass"}


def check(world, *, stop, result, text=TEXT, **given):
    outcome = run(world, text, **given)
    assert (stop, result) == (outcome.stop, outcome.text), outcome.detail
    return outcome


def marks(candidate):
    """Criterion, quote, and what is said of it."""
    return {
        (f.criterion, f.quote): "disputed" if f.disputed else "late" if f.late else f.severity.value
        for f in candidate.findings
    }


def test_disputed_words_that_come_back_are_open_from_the_next_pass_on():
    """They were overlooked: shown, not held against the rewrite, then mended."""
    said = {"t/b": ["second line"]}
    world = World(
        faults={"t/a": (), "t/b": ()},
        critic=critic({"t/a": ["murky"]}, {"t/a": ["murky"]}, said, said, said, {}),
        writes=[BETTER, BETTER.replace("second line", "second row")],
    )
    outcome = check(
        world, stop=StopReason.APPROVED, result=BETTER.replace("second line", "second row")
    )

    first = outcome.candidates[1]
    assert first.accepted
    assert {("t/b", "second line"): "warning"} == marks(first)
    assert Verdict.FAIL is first.verdicts["t/b"].verdict


def test_what_only_the_closing_look_says_of_unchanged_words_is_not_held_against_the_rewrite():
    """The critic had passed them, as at the first look, so the rewrite is taken; then mended."""
    said = {"t/b": ["second line"]}
    world = World(
        faults={"t/a": (), "t/b": ()},
        critic=critic({"t/a": ["murky"]}, {"t/a": ["murky"]}, {}, said, said, {}),
        writes=[BETTER, BETTER.replace("second line", "second row")],
    )
    outcome = check(
        world, stop=StopReason.APPROVED, result=BETTER.replace("second line", "second row")
    )

    assert outcome.candidates[1].accepted


def test_the_same_words_elsewhere_confirm_a_finding():
    """A critic that names another segment at its second look has seen the same fault."""
    segments = [1, 2]

    def reply(call, _text):
        (id_,) = ids_of(call.schema)
        said = entry(id_, ["line"] if segments else [])
        for issue in said["issues"]:
            issue["segment"] = segments.pop(0)
        return json.dumps({"criteria": [said]})

    world = World(
        faults={"t/a": ()},
        critic=reply,
        writes=["A murky row.\n\nA second row here.\n\nA third one."],
    )
    outcome = run(world, TEXT)

    assert {("t/a", "line"): "warning"} == marks(outcome.original)


def test_disputed_words_that_do_not_come_back_are_a_hint():
    world = World(
        faults={"t/a": (), "t/b": ()},
        critic=critic({"t/a": ["murky"]}, {"t/a": ["murky"]}, {"t/b": ["second line"]}, {}, {}),
        writes=[BETTER],
    )
    outcome = check(world, stop=StopReason.APPROVED, result=BETTER)

    assert Verdict.PASS is outcome.chosen.verdicts["t/b"].verdict
    assert Severity.WARNING not in {f.severity for f in outcome.chosen.findings if not f.disputed}


def test_a_late_finding_does_not_speak_against_the_rewrite():
    """One fault is gone; what the critic had missed stood there before, and is mended next."""
    late = {"t/a": ["second line", "third"]}
    world = World(
        faults={"t/a": ()},
        critic=critic({"t/a": ["murky"]}, {"t/a": ["murky"]}, late, late, {}),
        writes=[BETTER, "A plain line.\n\nA second row here.\n\nA last one."],
    )
    outcome = run(world, TEXT)

    assert outcome.candidates[1].accepted
    assert {"late"} == set(marks(outcome.candidates[1]).values())
    assert "A plain line.\n\nA second row here.\n\nA last one." == outcome.text


def test_what_a_refused_rewrite_showed_of_the_same_words_is_learnt():
    """The critique of a rewrite that brought nothing found a fault that the best version has."""
    worse = TEXT.replace("murky", "cloudy")
    said = {"t/a": ["cloudy", "third one"]}
    world = World(
        faults={"t/a": ()},
        critic=critic({"t/a": ["murky"]}, {"t/a": ["murky"]}, said, said, {}),
        writes=[worse, "A plain line.\n\nA second line here.\n\nA third row."],
    )
    outcome = run(world, TEXT)

    assert not outcome.candidates[1].accepted
    assert {("t/a", "murky"): "warning", ("t/a", "third one"): "warning"} == marks(outcome.original)
    assert "A plain line.\n\nA second line here.\n\nA third row." == outcome.text


def test_a_finding_that_was_confirmed_is_not_doubted_again():
    """The second look is taken once for each quote."""
    world = World(
        faults={"t/a": ("murky", "third")},
        writes=["A plain line.\n\nA second line here.\n\nA third one."],
    )
    run(world, TEXT, limits=[("passes", 1)])

    about_0 = [c for c in world.calls if (c.purpose, c.candidate) == ("critique", 0)]
    about_1 = [c for c in world.calls if (c.purpose, c.candidate) == ("critique", 1)]
    assert (2, 1) == (len(about_0), len(about_1))


def test_a_second_look_that_cannot_be_read_is_repaired_once():
    """Confirmed by the repair: the writer that leaves the words is asked again, hotter."""
    world = World(faults={"t/a": ("murky",)}, writes=[TEXT])
    world.critic = unreadable(world, 1)
    check(world, text=TEXT, stop=StopReason.NO_CHANGE, result=TEXT)

    assert ["critique", "critique", "critique", "refine", "refine"] == [
        call.purpose for call in world.calls
    ]


def test_a_writer_that_keeps_what_nobody_confirmed_is_believed():
    """Criticised once, no second look to be had, left as it was: that is the end."""
    world = World(faults={"t/a": ("murky",)}, writes=[TEXT])
    world.critic = unreadable(world, 2)
    outcome = check(world, text=TEXT, stop=StopReason.NO_CHANGE, result=TEXT)

    assert 1 == [call.purpose for call in world.calls].count("refine")
    assert "the writer kept words that were criticised only once" == outcome.detail
    assert ["murky"] == [f.quote for f in outcome.original.findings]


def unreadable(world, times):
    """A critic whose first critique can be read, and the next ones cannot."""
    replies = [None, *["{" for _ in range(times)]]

    def reply(call, text):
        given = replies.pop(0) if replies else None
        return given or world.critique(call, text)

    return reply


def test_more_than_three_findings_are_not_doubted():
    """A second look is worth its call only where little stands in the way."""
    world = World(faults={"t/a": ("murky", "second", "third", "here")}, writes=["A fine line."])
    run(world, TEXT, limits=[("passes", 0)])
    assert 1 == len(world.calls)


def test_every_refused_rewrite_is_told_to_the_next():
    """At most twice; criteria that the rewrite did not even mend are no conflict."""
    world = World(
        faults={"t/murky": ("murky",), "t/rude": ("damned", "cursed", "blasted")},
        writes=["A murky damned line.", "A murky cursed line.", "A murky blasted line."],
    )
    outcome = check(
        world, text="A murky line.", stop=StopReason.NO_PROGRESS, result="A murky line.",
        limits=[("passes", 9)],
    )  # fmt: skip

    refines = [c.task for c in world.calls if c.purpose == "refine"]
    assert "every rewrite broke t/rude" == outcome.detail
    assert [False, True, True] == ["refused because" in task for task in refines]
    assert '- "damned": "No."' in refines[1]
    assert "Mend." not in refines[1]
    assert "Mend." in refines[0]
    assert ["broke t/rude"] * 3 == [c.rejected_because for c in outcome.candidates[1:]]


def test_every_finding_goes_to_the_writer_the_gravest_first():
    """None is left for another pass; lesser remarks are never sent."""
    words = [f"w{n}x" for n in range(9)]
    world = World(
        faults={"t/a": tuple(words), "t/grave": ("grave",), "t/info": ("info",)},
        severities={"t/grave": Severity.ERROR, "t/info": Severity.INFO},
        writes=["nothing of it"],
    )
    outcome = run(world, " ".join([*words, "info", "grave"]), limits=[("passes", 1)])

    refine = next(c for c in world.calls if c.purpose == "refine")
    assert ["grave", *words] == [f.quote for f in refine.todo]
    assert 11 == len(outcome.original.findings)
    assert Verdict.FAIL is outcome.original.verdicts["t/a"].verdict
