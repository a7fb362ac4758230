"""Owns the texts of a trial: written from clean sentences and lines, planted with known defects."""

import random
import re
from dataclasses import dataclass

from self_refine.text.spans import Span
from simulation.kinds import Defect, defects, kinds_for

LANGUAGES = ("plaintext", "markdown", "python", "sql", "json")


@dataclass(frozen=True)
class Sample:
    """One text of a trial."""

    seed: int
    language: str
    text: str
    planted: tuple[Defect, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing was planted."""
        return not self.planted


_SUBJECTS = (
    "The billing service", "Our support desk", "The nightly import", "The mobile team",
    "The search index", "A second reviewer", "The export job", "The partner portal",
    "The data warehouse", "The login page", "The release train", "The on-call engineer",
)  # fmt: skip
_VERBS = (
    "handled", "delayed", "reported", "rejected", "repeated", "measured", "restored", "checked",
    "postponed", "confirmed", "recorded", "answered",
)  # fmt: skip
_OBJECTS = (
    "requests of Monday", "invoices of March", "oldest tickets", "failed payments",
    "records of the audit", "questions of new customers", "pages of the manual",
    "backups of the week", "alerts of the night", "translations of the site",
)  # fmt: skip
_TAILS = (
    "because the queue was full", "because two workers had stopped", "from the first hour on",
    "and in the end nobody noticed", "and wrote to the owner", "before the office opened",
    "with the new settings", "from the old cluster", "and this shows that the limit is low",
    "while the cache was cold",
)  # fmt: skip


def sample(seed: int) -> Sample:
    """One text: a third of them clean, the others with one to five defects."""
    chance = random.Random(f"text {seed}")
    language = LANGUAGES[seed % len(LANGUAGES)]
    units = round(6 * (30 ** chance.random()))
    text = _WRITERS[language](chance, units)
    count = 0 if chance.random() < 1 / 3 else chance.randint(1, 5)
    text = _planted(text, language, count, chance)
    return Sample(seed, language, text, defects(text, language))


def long_letter(seed: int) -> Sample:
    """Prose of 1,500 words with five defects."""
    chance = random.Random(f"letter {seed}")
    text = _prose(chance, 1)
    while len(text.split()) < 1_500:
        text += "\n" + _prose(chance, 4)
    text = _planted(text, "plaintext", 5, chance)
    return Sample(seed, "plaintext", text, defects(text, "plaintext"))


def _planted(text: str, language: str, count: int, chance: random.Random) -> str:
    """Put so many right words wrong, wherever they stand."""
    for _ in range(count):
        places = [
            (at, kind)
            for kind in kinds_for(language)
            for at in _all(kind.right, text)
            if not _inside_wrong(at, kind.right, text, language)
        ]
        if not places:
            break
        at, kind = chance.choice(places)
        text = text[:at] + kind.wrong + text[at + len(kind.right) :]
    return text


def _all(words: str, text: str) -> list[int]:
    return [found.start() for found in re.finditer(re.escape(words), text)]


def _inside_wrong(at: int, right: str, text: str, language: str) -> bool:
    span = Span(at, at + len(right))
    return any(defect.span.overlaps(span) for defect in defects(text, language))


def _sentence(chance: random.Random) -> str:
    few = chance.choice(("seven of the ", "all ", "the ", "the "))
    return (
        f"{chance.choice(_SUBJECTS)} {chance.choice(_VERBS)} {few}{chance.choice(_OBJECTS)} "
        f"{chance.choice(_TAILS)}."
    )


def _prose(chance: random.Random, units: int) -> str:
    paragraphs: list[str] = []
    while units > 0:
        size = min(units, chance.randint(2, 6))
        paragraphs.append(" ".join(_sentence(chance) for _ in range(size)))
        units -= size
    return "\n\n".join(paragraphs) + "\n"


def _markdown(chance: random.Random, units: int) -> str:
    parts = ["# Weekly report"]
    for number, paragraph in enumerate(_prose(chance, units).strip().split("\n\n")):
        lead = chance.choice(("", "", "**Note:** ", "See [the setup guide](guide.md). "))
        parts += [f"## Part {number + 1}", lead + paragraph]
    return "\n\n".join(parts) + "\n"


def _python(chance: random.Random, units: int) -> str:
    blocks = []
    for number in range(max(1, units // 4)):
        name = f"{chance.choice(('load', 'merge', 'count', 'send'))}_{number}"
        blocks.append(
            f"def {name}(path, items=None):\n"
            f"    if items {chance.choice(('is None:', 'is not None:'))}\n"
            f"        items = [{number}]\n"
            "    try:\n"
            f"        value = int(path[{chance.randint(1, 9)}:])\n"
            "    except ValueError:\n"
            f"        value = {chance.randint(10, 99)}\n"
            f"    return items + [value * {chance.randint(2, 9)}]\n"
        )
    return "\n\n".join(blocks)


def _sql(chance: random.Random, units: int) -> str:
    blocks = []
    for number in range(max(1, units // 4)):
        table = chance.choice(("orders", "invoices", "refunds", "shipments"))
        blocks.append(
            f"-- report {number}\n"
            f"SELECT id, total FROM {table}\n"
            f"WHERE created_at >= '2026-0{chance.randint(1, 9)}-01'\n"
            f"  AND total > {chance.randint(10, 900)}\n"
            f"ORDER BY total;\n"
        )
    return "\n".join(blocks)


def _json(chance: random.Random, units: int) -> str:
    entries = [
        "  {\n"
        f'    "id": {number},\n'
        f'    "title": "{chance.choice(_SUBJECTS)}: {chance.choice(_OBJECTS)}",\n'
        '    "owner": "dana",\n'
        f'    "points": {chance.randint(1, 13)},\n'
        '    "due": "2026-03-01"\n'
        "  }"
        for number in range(max(1, units // 4))
    ]
    return "[\n" + ",\n".join(entries) + "\n]\n"


_WRITERS = {
    "plaintext": _prose,
    "markdown": _markdown,
    "python": _python,
    "sql": _sql,
    "json": _json,
}
