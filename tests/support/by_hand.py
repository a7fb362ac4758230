"""Drives a loop by hand: no event loop, no network, a critic and a writer of plain values.

A `World` knows which words of a text are at fault under which criterion, and what the writer makes
of it. Nothing here knows the words of a prompt: a critique is answered by the ids of its schema, a
rewrite between the tags of its call.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from self_refine.loop.engine import refine
from self_refine.loop.requests import (
    Answered,
    Ask,
    Call,
    Checked,
    Guard,
    Guarded,
    Noted,
    Replies,
    Reply,
    Report,
    Request,
    RunChecks,
    RunCommands,
    Step,
)
from self_refine.loop.task import Limits, Task
from self_refine.loop.types import CheckResult, Cost, Criterion, Finding, Outcome, Severity, Verdict
from self_refine.text.segmenting.segments import segments
from self_refine.text.spans import Edit, Span

COST = Cost(calls=1, input_tokens=100, output_tokens=20, seconds=1.0)


@dataclass
class World:
    """Who answers in one test."""

    faults: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Per judged criterion: words that are at fault wherever they stand."""
    checks: dict[str, dict[str, str | None]] = field(default_factory=dict)
    """Per check: words that fail it, and what its fix puts there, None without a fix."""
    commands: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Per command: words that fail it; it says so only where it is asked for."""
    steps: list[Step] = field(default_factory=list)
    severities: dict[str, Severity] = field(default_factory=dict)
    """Of criteria; the others are warnings."""
    fixes: dict[str, str] = field(default_factory=dict)
    """What a reading puts for words that are at fault; the others "need a rewrite"."""
    writes: list[str] = field(default_factory=list)
    """What the writer makes of the text, one entry a call; the last one for ever."""
    critic: Callable[[Call, str], str] | None = None
    """Replaces the critic: gives the reply to a call about a text."""
    answer: Callable[[Request, int], Reply | None] | None = None
    """Looks at each request first, with its number; None leaves it to the others."""
    calls: list[Call] = field(default_factory=list)
    reported: list = field(default_factory=list)
    texts: dict[int, str] = field(default_factory=dict)
    requests: int = 0

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """Of all that is known here, checks first."""
        named = [*((id_, "words") for id_ in self.checks)]
        named += [(id_, "command") for id_ in self.commands]
        named += [(id_, None) for id_ in self.faults]
        return tuple(
            Criterion(
                id=id_,
                question=f"Is there a word that {id_} is about?",
                severity=self.severities.get(id_, Severity.WARNING),
                check=kind,
                slow=kind == "command",
            )
            for id_, kind in named
        )

    def perform(self, step: Step) -> Replies:
        """Answer every request of a step."""
        self.steps.append(step)
        return tuple(self._reply(request) for request in step)

    def _reply(self, request: Request) -> Reply:
        self.requests += 1
        if self.answer and (given := self.answer(request, self.requests)) is not None:
            return given
        match request:
            case RunChecks(text, candidate):
                self.texts[candidate] = text
                quick = [self._check(id_, text) for id_ in self.checks]
                quick += [
                    CheckResult(criterion=i, verdict=Verdict.NOT_CHECKED) for i in self.commands
                ]
                return Checked(tuple(quick))
            case RunCommands(text):
                return Checked(tuple(self._command(id_, text) for id_ in self.commands))
            case Guard(_, after):
                return Guarded(after)
            case Report(candidate):
                self.reported.append(candidate)
                return Noted()
            case Ask(call):
                self.calls.append(call)
                return self._answered(call)

    def _command(self, id_: str, text: str) -> CheckResult:
        findings = tuple(
            Finding(
                criterion=id_,
                severity=self.severities.get(id_, Severity.WARNING),
                span=Span(0, 1),
                quote=text[:1],
                problem="A test fails.",
                output=f"assert {word!r} is not there",
                needs="rewrite",
                anywhere=True,
                checked=True,
            )
            for word in self.commands[id_]
            if word in text
        )
        verdict = Verdict.FAIL if findings else Verdict.PASS
        return CheckResult(criterion=id_, verdict=verdict, findings=findings)

    def _check(self, id_: str, text: str) -> CheckResult:
        found = [
            (Span(at, at + len(word)), put)
            for word, put in self.checks[id_].items()
            for at in places(word, text)
        ]
        findings = tuple(
            Finding(
                criterion=id_,
                severity=self.severities.get(id_, Severity.WARNING),
                span=span,
                quote=span.of(text),
                problem="Not this word.",
                fix=None if put is None else Edit(span, put),
                checked=True,
            )
            for span, put in sorted(found, key=lambda pair: pair[0])
        )
        verdict = Verdict.FAIL if findings else Verdict.PASS
        return CheckResult(criterion=id_, verdict=verdict, findings=findings)

    def _answered(self, call: Call) -> Answered:
        if call.purpose == "critique":
            text = self.texts.get(call.candidate, "")
            form = "tagged" if call.reading else "json"
            if self.critic:
                reply = self.critic(call, text)
            else:
                reply = self.reading(call, text) if call.reading else self.critique(call, text)
            return Answered(text=reply, form=form, finish="stop", cost=COST)
        written = self.writes.pop(0) if len(self.writes) > 1 else self.writes[0]
        reply = f"<{call.tag}>\n{written}\n</{call.tag}>"
        return Answered(text=reply, form="tagged", finish="stop", cost=COST)

    def critique(self, call: Call, text: str) -> str:
        """An honest critique of the criteria that the schema of the call names."""
        return json.dumps({"criteria": [self._entry(id_, text) for id_ in asked_of(call)]})

    def reading(self, call: Call, text: str) -> str:
        """An honest judgement with the fixes that are known, in the tagged form."""
        entries = [self._entry(id_, text) for id_ in call.focus]
        return as_reading(call.tag, entries, self._fix, text)

    def _fix(self, word: str, segment: str) -> str | None:
        put = self.fixes.get(word)
        return None if put is None else segment.replace(word, put)

    def _entry(self, id_: str, text: str) -> dict:
        issues = [
            {"segment": 1, "quote": word, "kind": "wrong", "problem": "No.", "instruction": "Mend."}
            for word in self.faults.get(id_, ())
            if word in text
        ]
        verdict = "fail" if issues else "pass"
        return {"id": id_, "evidence": "looked", "issues": issues, "verdict": verdict}


def as_reading(
    tag: str, entries: Sequence[dict], fix: Callable[[str, str], str | None], text: str
) -> str:
    """Entries of a critique in the form of one reading, fixes of the segments of their quotes."""
    spans = segments(text, "markdown")
    lines = [f"<{tag}>"]
    for entry in entries:
        lines.append(f"[{entry['id']}] {entry['verdict']}")
        for issue in entry["issues"]:
            word = issue["quote"]
            number, span = next((n, s) for n, s in enumerate(spans, 1) if word in s.of(text))
            lines += [f"issue: {number} {issue['kind']}", f"quote: {word}"]
            lines.append(f"problem: {issue['problem']}")
            new = fix(word, span.of(text))
            name = tag.replace("reply", "fix")
            lines += ["needs: rewrite"] if new is None else [f"<{name}>", new, f"</{name}>"]
    return "\n".join([*lines, f"</{tag}>"])


def asked_of(call: Call) -> list[str]:
    """The criteria that a critique is to decide: of its schema, or of a reading."""
    return list(call.focus) if call.reading else ids_of(call.schema)


def places(word: str, text: str) -> list[int]:
    """Where a word stands in a text."""
    return [at for at in range(len(text)) if text.startswith(word, at)]


def ids_of(schema) -> list[str]:
    """Every id that a reply to this schema may name, in order."""
    if not isinstance(schema, dict):
        return []
    named = list((schema.get("properties") or {}).get("id", {}).get("enum", []))
    for value in schema.values():
        for child in value if isinstance(value, list) else [value]:
            named += ids_of(child)
    return list(dict.fromkeys(named))


def task_of(world: World, text: str, **given) -> Task:
    """A task on this text under the world's criteria."""
    given = {"has_model": True, "seed": "5eed" * 8, "language": "markdown"} | given
    return Task(text=text, criteria=given.pop("criteria", world.criteria), **given)


def run(world: World, text: str, *, limits: Sequence[tuple[str, float]] = (), **given) -> Outcome:
    """Drive a loop to its outcome."""
    task = task_of(world, text, limits=Limits(**dict(limits)), **given)
    loop, replies = refine(task), None
    while True:
        try:
            replies = world.perform(loop.send(replies))
        except StopIteration as done:
            return done.value
