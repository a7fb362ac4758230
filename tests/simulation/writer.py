"""Owns the simulated writer: does what it is told, with the given rates of error.

It writes units (the segments of the text), and errs only in what it writes: a writer that is asked
for two sentences cannot spoil the twenty others. Whole rewrites write out everything.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from self_refine.text.spans import Edit, Span, apply_edits
from simulation.cached import segments
from simulation.critic import WRONG
from simulation.kinds import defects, edit_of, kinds_for
from simulation.rates import Rates


@dataclass(frozen=True)
class Item:
    """What the writer is told about one place."""

    segment: int
    """From 1."""
    quote: str
    instruction: str
    criterion: str


@dataclass
class Writer:
    """The writer of one run; each call is another throw of the dice."""

    seed: int
    language: str
    rates: Rates
    calls: int = 0
    _heed: float = 1.0

    def write(
        self, text: str, items: Sequence[Item], *, whole: bool, hot: bool = False
    ) -> dict[int, str]:
        """New words by number of segment, from 1: all of them, or those that items are about."""
        self._heed = self.rates.when_hot if hot else 1.0
        self.calls += 1
        chance = random.Random(f"writer {self.seed} {self.calls} {text}")
        spans = segments(text, self.language)
        told = self._told(text, items, spans)
        numbers = range(1, len(spans) + 1) if whole else sorted(told)
        out = {number: spans[number - 1].of(text) for number in numbers}
        if chance.random() < self.rates.identical * self._heed:
            return out
        out = {n: self._unit(words, told.get(n, []), chance) for n, words in out.items()}
        if out and chance.random() < self.rates.new_defect:
            number = chance.choice(list(out))
            out[number] = self._spoilt(out[number], chance)
        return out

    def ends(self) -> tuple[bool, bool, bool]:
        """Whether this reply is elided, cut, or out of its form."""
        chance = random.Random(f"end {self.seed} {self.calls}")
        rates = self.rates
        return tuple(chance.random() < r for r in (rates.elided, rates.cut, rates.unformed))

    def _told(
        self, text: str, items: Sequence[Item], spans: Sequence[Span]
    ) -> dict[int, list[Item]]:
        """The items by the segment of their quote: the one that they name, else the first."""
        told: dict[int, list[Item]] = {}
        words = [span.of(text) for span in spans]
        for item in items:
            named = item.segment if 0 < item.segment <= len(words) else 0
            holding = [n for n, each in enumerate(words, 1) if item.quote.strip() in each]
            if item.quote and holding:
                told.setdefault(named if named in holding else holding[0], []).append(item)
        return told

    def _unit(self, words: str, items: list[Item], chance: random.Random) -> str:
        if not items:
            changed = chance.random() < self.rates.collateral
            return self._varied(words) if changed else words
        for item in items:
            if chance.random() >= self.rates.ignored * self._heed:
                words = self._followed(words, item, chance)
        return words

    def _followed(self, words: str, item: Item, chance: random.Random) -> str:
        """Do what an item says: mend, or put what was suggested, or change what was fine."""
        here = [d for d in defects(words, self.language) if d.kind == item.criterion]
        if not here:
            spoil = chance.random() < self.rates.harm_by_alarm
            return self._spoilt(words, chance) if spoil else self._varied(words)
        put = item.instruction.removeprefix(WRONG)
        if item.instruction.startswith(WRONG):
            return apply_edits(words, [Edit(here[0].span, put)])
        return apply_edits(words, [edit_of(here[0])])

    def _spoilt(self, words: str, chance: random.Random) -> str:
        """The words with a defect that was not there; where none fits, with other words."""
        kinds = [kind for kind in kinds_for(self.language) if kind.right in words]
        if not kinds:
            return self._varied(words)
        kind = chance.choice(kinds)
        return words.replace(kind.right, kind.wrong, 1)

    def _varied(self, words: str) -> str:
        """The words said in another way, no better and no worse."""
        for old, new in _VARIANTS[self.language]:
            if old in words and new not in words:
                return words.replace(old, new, 1)
        return words + _REMARK.get(self.language, "")


_REMARK = {"python": "  # checked", "sql": "  -- checked"}

# None of these touches the wrong words of a kind: what is said in another way is as good as before.
_VARIANTS = {
    "plaintext": ((" was ", " had been "), ("The ", "Our "), (" and ", " and also ")),
    "markdown": ((" was ", " had been "), ("The ", "Our "), (" and ", " and also ")),
    "python": (("value = ", "number = "), ("items + ", "[*items] + ")),
    "sql": (("ORDER BY total", "ORDER BY total ASC"), ("-- report", "-- the report")),
    "json": (('"title": "', '"title": "On '), ('"points": ', '"points": 1')),
}
