"""Owns the simulated critic: knows the truth, and tells it with the given rates of error."""

import json
import random
from dataclasses import dataclass, field

from self_refine.text.spans import Span
from simulation.cached import segments
from simulation.kinds import BY_ID, Defect, defects, kinds_for
from simulation.rates import Rates

WRONG = "write instead: "
"""Stands before a suggestion in an instruction."""


@dataclass
class Critic:
    """The critic of one run; the same text under the same seed gets the same first critique."""

    seed: int
    language: str
    rates: Rates
    asked: dict[tuple[str, str], list[dict]] = field(default_factory=dict)
    calls: int = 0

    def reply(self, text: str, ids: list[str]) -> str:
        """A critique in JSON, sometimes cut."""
        self.calls += 1
        entries = [self._entry(text, id_) for id_ in ids]
        whole = json.dumps({"criteria": entries})
        chance = random.Random(f"form {self.seed} {self.calls} {text}")
        if chance.random() < self.rates.malformed:
            return whole[: len(whole) // 2]
        return whole

    def _entry(self, text: str, id_: str) -> dict:
        known = self.asked.get((text, id_))
        if known is None:
            issues = self._issues(text, id_)
            self.asked[text, id_] = issues
        else:
            issues = self._again(text, id_, known)
            self.asked[text, id_] = known + [i for i in issues if i not in known]
        shown = [{k: v for k, v in issue.items() if k not in ("true", "at")} for issue in issues]
        verdict = "fail" if issues else "pass"
        return {"id": id_, "evidence": "I read it.", "issues": shown, "verdict": verdict}

    def _issues(self, text: str, id_: str) -> list[dict]:
        chance = random.Random(f"critic {self.seed} {id_} {text}")
        found = [
            self._issue(text, defect, chance)
            for defect in defects(text, self.language)
            if defect.kind == id_ and chance.random() >= self.rates.miss
        ]
        if random.Random(f"alarm {self.seed} {id_}").random() < self.rates.false_alarm:
            found.append(self._alarm(text, id_, chance))
        return found

    def _issue(self, text: str, defect: Defect, chance: random.Random) -> dict:
        right = BY_ID[defect.kind].right
        if chance.random() < self.rates.invented_quote:
            made = self._made("words that stand nowhere in it", text, Span(0, 0), right, true=True)
            return made | {"at": defect.span.start}
        if chance.random() >= self.rates.bad_feedback:
            return self._made(self._quote(text, defect.span), text, defect.span, right, true=True)
        if chance.random() < self.rates.wrong_place:
            alarm = self._alarm(text, defect.kind, chance)
            return alarm | {"true": True, "at": defect.span.start}
        others = [k for k in kinds_for(self.language) if k.id != defect.kind]
        wrong = chance.choice(others).wrong
        return self._made(self._quote(text, defect.span), text, defect.span, wrong, true=True)

    def _alarm(self, text: str, id_: str, chance: random.Random) -> dict:
        """An objection to a sentence or line that is fine."""
        found = defects(text, self.language)
        fine = [
            span
            for span in segments(text, self.language)
            if not any(defect.span.overlaps(span) for defect in found)
        ]
        order = {s: self._order(id_, s.of(text)) for s in fine or segments(text, self.language)}
        span = min(order, key=lambda s: order[s])
        return self._made(span.of(text).strip(), text, span, "", true=False)

    def _order(self, id_: str, words: str) -> float:
        """Where the critic objects without a reason: at the same words as long as they stand."""
        return random.Random(f"order {self.seed} {id_} {words}").random()

    def _again(self, text: str, id_: str, known: list[dict]) -> list[dict]:
        chance = random.Random(f"again {self.seed} {self.calls} {id_} {text}")
        rates = self.rates
        came = [
            issue
            for issue in known
            if chance.random() < (rates.comes_back if issue["true"] else rates.alarm_comes_back)
        ]
        came += self._fresh(text, id_, known, chance)
        # Told that a quote is nowhere in the text, a model mostly quotes what is there.
        return [
            self._rightly(issue, text, id_) if issue["quote"] not in text else issue
            for issue in came
        ]

    def _fresh(self, text: str, id_: str, known: list[dict], chance: random.Random) -> list[dict]:
        """What is seen only now: defects that were missed."""
        told = {issue["at"] for issue in known}
        return [
            self._issue(text, defect, chance)
            for defect in defects(text, self.language)
            if defect.kind == id_
            and defect.span.start not in told
            and chance.random() >= self.rates.missed_again
        ]

    def _rightly(self, issue: dict, text: str, id_: str) -> dict:
        real = [d for d in defects(text, self.language) if d.kind == id_]
        return issue | {"quote": self._quote(text, real[0].span)} if real else issue

    def _quote(self, text: str, span: Span) -> str:
        """The words, with what stands round them where they stand twice."""
        words = span.of(text)
        if text.count(words) == 1:
            return words
        holding = [s for s in segments(text, self.language) if s.overlaps(span)]
        return holding[0].of(text).strip() if holding else words

    def _made(self, quote: str, text: str, span: Span, put: str, *, true: bool) -> dict:
        numbers = [n for n, s in enumerate(segments(text, self.language), 1) if s.touches(span)]
        return {
            "segment": numbers[0] if numbers else 1,
            "quote": quote,
            "kind": "wrong",
            "problem": "This is what the question is about.",
            "instruction": WRONG + put if put else "Say it in another way.",
            "true": true,
            "at": span.start,
        }
