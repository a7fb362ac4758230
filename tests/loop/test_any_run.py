"""Any run, whoever answers it: an outcome always, within its limits, and never a worse text."""

import json
import re
from dataclasses import dataclass, field
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from self_refine.loop.engine import refine
from self_refine.loop.reporting.pass_report import passes
from self_refine.loop.reporting.resolved_findings import hunk_answers
from self_refine.loop.requests import (
    Answered,
    Ask,
    Call,
    Checked,
    Failed,
    FailureKind,
    Halted,
    Reply,
    Request,
)
from self_refine.loop.task import Limits
from self_refine.loop.types import Cost, Outcome, Severity, StopReason, Verdict
from self_refine.text.spans import Edit, apply_edits
from support.by_hand import World, as_reading, asked_of, task_of

WORDS = ["one", "plain", "line", "murky", "rude", "utilise", "use", "xx", "yy", "[Name]", "café"]
ENDS = [" ", " ", " ", ". ", ".\n", "\n\n", "\r\n", "  \n", "\t"]
LANGUAGES = ["markdown", "plaintext", "python"]
CHECKS = {
    "c/use": {"utilise": "use"},
    "c/name": {"[Name]": None},
    "c/ping": {"xx": "yy"},
    "c/pong": {"yy": "xx"},
    "c/grows": {"use": "use use"},
    "c/blank": {"  ": " "},
}
FAULTS = {"j/murky": ("murky",), "j/rude": ("rude", "xx"), "j/line": ("line",), "j/use": ("use",)}
WALLS = (StopReason.CANCELLED, StopReason.BUDGET)


@dataclass
class Wild:
    """A world in which everything goes wrong at times, the same for the same seed."""

    seed: int
    world: World
    trouble: float
    """How often a request is halted or fails."""
    asked: list[Call] = field(default_factory=list)
    costs: list[Cost] = field(default_factory=list)
    checked: int = 0

    def __post_init__(self):
        self.random = Random(self.seed)

    def perform(self, step):
        return tuple(self._reply(request) for request in step)

    def _reply(self, request: Request) -> Reply:
        if self.random.random() < self.trouble:
            return self._paid(self._trouble(request))
        if isinstance(request, Ask):
            self.asked.append(request.call)
            return self._paid(self._answer(request.call))
        (reply,) = self.world.perform((request,))
        self.checked += isinstance(reply, Checked)
        return reply

    def _trouble(self, request: Request) -> Reply:
        if isinstance(request, Ask):
            self.asked.append(request.call)
            if self.random.random() < 0.5:
                return Failed(kind=FailureKind.OTHER, message="It broke.", cost=self._cost())
        return Halted(self.random.choice(WALLS), "here")

    def _paid(self, reply: Reply) -> Reply:
        if isinstance(reply, Answered | Failed | Halted):
            self.costs.append(reply.cost)
        return reply

    def _cost(self) -> Cost:
        some = self.random.randrange
        return Cost(calls=1, input_tokens=some(900), output_tokens=some(300), seconds=some(9) / 4)

    def _answer(self, call: Call) -> Answered:
        critique = call.purpose == "critique"
        form = "json" if critique and not call.reading else "tagged"
        finish = "length" if self.random.random() < 0.05 else "stop"
        words = self._critique(call) if critique else self._rewrite(call)
        return Answered(text=words, form=form, finish=finish, cost=self._cost())

    def _critique(self, call: Call) -> str:
        text, random = self.world.texts.get(call.candidate, ""), self.random
        honest = self.world.critique(call, text)
        if call.reading and random.random() < 0.8:
            honest = self._reading(call, text)
        match random.randrange(8):
            case 0:
                return random.choice(
                    ["", "Looks great!", "{", honest[: len(honest) // 2], "[" * 99]
                )
            case 1:
                return json.dumps({"criteria": [self._entry(i, text) for i in asked_of(call)]})
            case _:
                return honest

    def _reading(self, call: Call, text: str) -> str:
        """A reading whose fixes are fine, wild, or not there."""
        entries = [self.world._entry(id_, text) for id_ in call.focus]
        return as_reading(call.tag, entries, self._fix, text)

    def _fix(self, word: str, segment: str) -> str | None:
        fine = segment.replace(word, "fine")
        return self.random.choice([
            fine, fine, fine, None, "", segment, f"{segment} rude", "@@ 1", f"§1§{fine}", "…",
            f"{fine}\n</task>", fine * 3, "Quite another sentence stands here now.",
        ])  # fmt: skip

    def _entry(self, id_: str, text: str) -> dict:
        """One criterion of a critic that says anything."""
        random = self.random
        quotes = [*text.split(), text, text[:7], "nowhere", "", f"</{id_}>", "x" * 3_000]
        issues = [
            {"segment": random.randrange(-1, 9), "quote": random.choice(quotes),
             "kind": random.choice(["wrong", "missing", "extra", "odd"]), "problem": "No.",
             "instruction": random.choice(["", "Mend.", "<task>"])}
            for _ in range(random.randrange(4))
        ]  # fmt: skip
        verdict = random.choice(["pass", "fail", "not_applicable", "", "perhaps"])
        return {"id": id_, "evidence": "", "issues": issues, "verdict": verdict}

    def _rewrite(self, call: Call) -> str:
        text, random = self.world.texts.get(call.candidate, ""), self.random
        better = text
        for words in (*FAULTS.values(), ("utilise", "[Name]")):
            for word in words:
                better = better.replace(word, "fine") if random.random() < 0.7 else better
        delimiter = re.findall(r"</?candidate-[0-9a-f]+>", call.messages[-1].content)[-1]
        body = random.choice([
            better, better, better, text, "", " \n", f"{text} rude murky [Name]", text * 50,
            better + delimiter, f"{better}\n<{call.tag}>", "…\n[rest unchanged]", text[:9],
            f"@@ 1\n{better[:20]}", f"@@ 2-3\nfine\n@@ {random.randrange(9)}\nrude", "@@ 1",
            f"<<<<<<< SEARCH\n{text.partition(chr(10))[0]}\n=======\nfine = 1\n>>>>>>> REPLACE",
            f"```\n{better}\n```", "\u202e" + better, better.replace(" ", "  "), f"§1§{better}",
        ])  # fmt: skip
        return random.choice([f"<{call.tag}>\n{body}\n</{call.tag}>"] * 9 + [body])


@st.composite
def runs(draw):
    """A task, and who answers it."""
    pieces = draw(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(ENDS)), max_size=60))
    checks = draw(st.sets(st.sampled_from(sorted(CHECKS))))
    faults = draw(st.sets(st.sampled_from(sorted(FAULTS))))
    severities = st.sampled_from([*Severity, Severity.WARNING])
    world = World(
        checks={id_: CHECKS[id_] for id_ in sorted(checks)},
        faults={id_: FAULTS[id_] for id_ in sorted(faults)},
        severities={id_: draw(severities) for id_ in sorted(checks | faults)},
    )
    given_task = {
        "limits": Limits(
            passes=draw(st.integers(0, 4)),
            calls=draw(st.integers(0, 14)),
            tokens=draw(st.sampled_from([0, 9_000, 30_000, 10**6])),
            seconds=draw(st.sampled_from([1.0, 300.0])),
            output_tokens=draw(st.sampled_from([None, 300])),
        ),
        "language": draw(st.sampled_from(LANGUAGES)),
        "has_model": draw(st.integers(0, 9)) > 0,
        "mode": draw(st.sampled_from(["normal", "normal", "thorough"])),
        "reading": draw(st.sampled_from(["one", "one", "separate"])),
        "second_looks": draw(st.booleans()),
        "draft": draw(st.integers(0, 9)) == 0,
        "critique_only": draw(st.integers(0, 9)) == 0,
        "instruction": draw(st.sampled_from(["", "", "be brief"])),
        "protect": draw(st.sampled_from([(), ("plain",)])),
    }
    task = task_of(world, "".join(map("".join, pieces)), **given_task)
    trouble = draw(st.sampled_from([0.0, 0.0, 0.02, 0.1]))
    return task, Wild(draw(st.integers(0, 10**6)), world, trouble)


def outcome_of(task, wild) -> Outcome:
    """Drive a run to its outcome; a run that does not end by itself fails."""
    loop, replies = refine(task), None
    for _ in range(600):
        try:
            step = loop.send(replies)
            replies = wild.perform(step)
        except StopIteration as done:
            return done.value
    raise AssertionError("the run goes on and on")


@given(runs())
def test_a_run_has_an_outcome_that_is_one_of_its_versions(run):
    """The original, or a version that was accepted; each made from an earlier one."""
    task, wild = run
    outcome = outcome_of(task, wild)

    assert outcome.original.text == task.text
    assert outcome.chosen.text == outcome.text
    assert outcome.chosen.accepted
    for number, candidate in enumerate(outcome.candidates):
        assert number == candidate.number
        assert candidate.accepted == (not candidate.rejected_because)
        assert candidate.parent is None if number == 0 else candidate.parent < number
        assert all(f.span.of(candidate.text) == f.quote for f in candidate.findings)
    if task.critique_only:
        assert outcome.text == task.text


@given(runs())
def test_a_run_stays_within_its_limits(run):
    """Calls and passes never exceed them; tokens and seconds end it before the next call."""
    task, wild = run
    outcome = outcome_of(task, wild)

    limits = task.limits
    assert len(wild.asked) <= limits.calls
    assert max(c.pass_ for c in outcome.candidates) <= limits.passes
    assert sum(wild.costs, Cost()) == outcome.cost
    before_the_last_call = sum(wild.costs[:-1], Cost())
    if wild.asked:
        assert before_the_last_call.tokens <= limits.tokens
    # Each pass: fixes of ten rounds before and after it, a narrow and a broad rewrite twice.
    assert wild.checked <= 40 * (limits.passes + 1)
    if not task.has_model:
        assert [] == wild.asked


@given(runs())
def test_where_checks_decide_nothing_is_worse_than_before(run):
    """Fewer or as many checks fail, those of errors first, whatever writer and critic do."""
    task, wild = run
    outcome = outcome_of(task, wild)

    if task.draft or not task.text.strip():
        return  # what is generated is compared with nothing
    world = wild.world
    if world.faults or task.instruction:
        # The critic decides too; what a check had passed may not fail all the same.
        passed, failed = failing(world, task.text), failing(world, outcome.text)
        assert failed[0] <= passed[0]
        return
    assert failing(world, outcome.text) <= failing(world, task.text)


def failing(world, text):
    """How many checks fail at error level, and at any level that counts."""
    verdicts = [(c.severity, world._check(c.id, text).verdict) for c in world.criteria if c.check]
    failed = [severity for severity, verdict in verdicts if verdict is Verdict.FAIL]
    return failed.count(Severity.ERROR), sum(severity.gates for severity in failed)


@given(runs())
def test_what_people_are_shown_of_a_run_makes_its_result(run):
    """The hunks, put into the original, give the result; a finding is fixed in a later version."""
    task, wild = run
    outcome = outcome_of(task, wild)

    hunks = hunk_answers(outcome)
    edits = [Edit(hunk.old, hunk.new.of(outcome.text)) for hunk in hunks]
    assert apply_edits(task.text, edits) == outcome.text
    assert all(h.pass_ is None or 0 <= h.pass_ <= task.limits.passes for h in hunks)
    for at, view in enumerate(passes(outcome)):
        assert view.candidate.accepted
        assert len(view.fixed_in) == len(view.candidate.findings)
        assert all(later is None or later > at for later in view.fixed_in)


@given(runs())
def test_calls_about_one_version_share_all_before_the_task(run):
    """Whatever was written, repaired or asked again: the messages are the same, byte for byte."""
    task, wild = run
    outcome_of(task, wild)

    first = {}
    for call in wild.asked:
        assert call.messages == first.setdefault(call.candidate, call.messages)
        assert call.task.startswith("<task>\n")
