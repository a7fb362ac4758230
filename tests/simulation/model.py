"""Owns the simulated model of one run: answers the steps of either loop through critic and writer.

It reads what every model is given: the ids in the schema, the form between the reply's tags. What a
rewrite is to fix comes from the call (`todo`), or as the JSON of issues that the plain loop sends.
"""

import json
import re
from dataclasses import dataclass, field

from self_refine.loop.prompt.numbered import numbered
from self_refine.loop.requests import (
    Answered,
    Ask,
    Call,
    Checked,
    Guard,
    Guarded,
    Loop,
    Noted,
    Reply,
    Report,
    Request,
    RunChecks,
)
from self_refine.loop.types import Outcome
from self_refine.text.spans import Edit, apply_edits
from simulation.cached import segments
from simulation.critic import Critic
from simulation.kinds import checked
from simulation.prices import Till, prompt_of
from simulation.rates import Rates
from simulation.texts import Sample
from simulation.writer import Item, Writer

_LONG = 40
"""Segments from which a writer is tempted to leave the rest out."""


@dataclass
class SimulatedModel:
    """Answers one run."""

    sample: Sample
    rates: Rates
    checks: bool = False
    """Whether checks decide all criteria."""
    schema: bool = True
    till: Till = field(default_factory=Till)
    texts: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sample = self.sample
        self.critic = Critic(sample.seed, sample.language, self.rates)
        self.writer = Writer(sample.seed, sample.language, self.rates)
        self.texts[0] = sample.text

    def perform(self, request: Request) -> Reply:
        """Answer one request."""
        match request:
            case RunChecks(text, candidate):
                self.texts[candidate] = text
                return Checked(checked(text, self.sample.language) if self.checks else ())
            case Guard(_, after):
                return Guarded(after)
            case Report(candidate):
                self.texts[candidate.number] = candidate.text
                return Noted()
            case Ask(call):
                return self._answer(call)

    def _answer(self, call: Call) -> Answered:
        text = self.texts[call.candidate]
        if call.purpose == "critique":
            reply, finish = self.critic.reply(text, list(call.focus)), "stop"
            reply = self._read(call, text, reply) if call.reading else reply
        else:
            reply, finish = self._written(call, text)
        cost = self.till.price(prompt_of(call, schema=self.schema), reply)
        form = "json" if call.purpose == "critique" and not call.reading else "tagged"
        return Answered(text=reply, form=form, finish=finish, cost=cost)

    def _read(self, call: Call, text: str, critique: str) -> str:
        """A critique in the form of one reading, the fixes written by the writer.

        The last fix of a segment has what all issues of it ask for. A critique that was cut is cut
        here, too.
        """
        try:
            entries = json.loads(critique)["criteria"]
        except ValueError:
            return f"<{call.tag}>\n[{call.focus[0]}] fail"
        issues = [issue | {"id": entry["id"]} for entry in entries for issue in entry["issues"]]
        items = [Item(i["segment"], i["quote"], i["instruction"], i["id"]) for i in issues]
        new = self.writer.write(text, items, whole=False)
        name = call.tag.replace("reply", "fix")
        lines = [f"<{call.tag}>"]
        for entry in entries:
            lines.append(f"[{entry['id']}] {entry['verdict']}")
            for issue in entry["issues"]:
                quote = " ".join(issue["quote"].split("\n"))
                lines += [f"issue: {issue['segment']} {issue['kind']}", f"quote: {quote}"]
                lines.append(f"problem: {issue['problem']}")
                if issue["segment"] in new:
                    lines += [f"<{name}>", new[issue["segment"]], f"</{name}>"]
                else:
                    lines.append("needs: rewrite")
        return "\n".join([*lines, f"</{call.tag}>"])

    def _written(self, call: Call, text: str) -> tuple[str, str]:
        form = self._form(call)
        items = self._items(call)
        hot = (call.temperature or 0) >= 1
        new = self.writer.write(text, items, whole=form in ("whole", "raw"), hot=hot)
        elided, cut, unformed = self.writer.ends()
        spans = segments(text, self.sample.language)
        if form in ("whole", "raw"):
            body = apply_edits(text, [Edit(spans[n - 1], words) for n, words in new.items()])
            if elided and len(spans) > _LONG:
                kept = body.split("\n")
                body = "\n".join([*kept[: len(kept) // 2], "… (the rest is unchanged)", ""])
        elif form == "segments":
            body = "\n".join(f"@@ {n}\n{words}" for n, words in new.items())
        else:
            words = [span.of(text) for span in spans]
            body = "\n".join(_block(words, n - 1, changed) for n, changed in new.items())
        reply = body if form == "raw" else f"<{call.tag}>\n{body.strip(chr(10))}\n</{call.tag}>"
        if unformed:
            reply = f"Sure! Here is the revised text:\n\n{body}"
        if cut:
            return reply[: len(reply) * 2 // 3], "length"
        return reply, "stop"

    def _form(self, call: Call) -> str:
        if f"<{call.tag}>" not in call.task:
            return "raw"
        if "<<<<<<< SEARCH" in call.task:
            return "blocks"
        return "segments" if re.search(r"^@@ ", call.task, re.MULTILINE) else "whole"

    def _items(self, call: Call) -> list[Item]:
        if call.todo:
            shown = numbered(self.texts[call.candidate], self.sample.language)
            return [
                Item(shown.number_of(f.span), f.quote, f.instruction, f.criterion)
                for f in call.todo
            ]
        found = re.search(r"^Critique:\n(.*)$", call.task, re.MULTILINE)
        issues = json.loads(found[1]) if found else []
        return [Item(i["segment"], i["quote"], i["instruction"], i["id"]) for i in issues]


def _block(lines: list[str], at: int, new: str) -> str:
    """Search and replace of one line, with as many before it as make it the only such place."""
    low = at
    while low > 0 and _places(lines, lines[low : at + 1]) > 1:
        low -= 1
    before = lines[low:at]
    old, now = "\n".join([*before, lines[at]]), "\n".join([*before, new])
    return f"<<<<<<< SEARCH\n{old}\n=======\n{now}\n>>>>>>> REPLACE"


def _places(lines: list[str], some: list[str]) -> int:
    size = len(some)
    return sum(lines[at : at + size] == some for at in range(len(lines) - size + 1))


def run(loop: Loop, model: SimulatedModel) -> Outcome:
    """Drive a loop to its outcome."""
    step = next(loop)
    while True:
        try:
            step = loop.send(tuple(model.perform(request) for request in step))
        except StopIteration as done:
            return done.value
