"""Makes the items of an evaluation from the texts in `source/`, always the same ones.

`python examples/eval/make.py [FOLDER]` writes short.jsonl, long.jsonl and languages.jsonl.

A source is a text with slots: the id of a criterion, the good words and the faulty ones, between
the marks ⟦ ¦ ¦ ⟧; what stands between ‹ › is one of several values. For each item a seeded draw
decides which slots are faulty. Where a fault stands is known from how the text was put together,
so that what a model changes elsewhere can be counted exactly.
"""

import json
import random
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

SEED = "self-refine 1"
HERE = Path(__file__).parent
SLOT = re.compile(r"⟦([^¦⟧]+)¦([^¦⟧]*)¦([^¦⟧]*)⟧")
MOST_FAULTS = 10
FILES = {"short": ("short", 4), "long": ("long", 5), "language": ("languages", 2)}
"""By the kind of source: the file that its items go to, and how many are made of each."""


def main() -> None:
    """Write all files."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    for name, items in made().items():
        lines = (json.dumps(item, ensure_ascii=False) + "\n" for item in items)
        (out / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8", newline="\n")
        print(f"{name}.jsonl: {len(items)} items")


def made() -> dict[str, list[dict[str, Any]]]:
    """The items by the name of their file; the first of each file are a fair sample of all."""
    drawn: dict[str, list[tuple[int, Any]]] = {file: [] for file, _ in FILES.values()}
    for path in sorted((HERE / "source").glob("*.yaml")):
        for source in yaml.safe_load(path.read_text(encoding="utf-8")):
            file, count = FILES[source.get("of", "short")]
            drawn[file] += [(number, source) for number in range(count)]
    items: dict[str, list[dict[str, Any]]] = {}
    for file, pairs in drawn.items():
        random.Random(f"{SEED} {file}").shuffle(pairs)
        pairs.sort(key=lambda pair: pair[0])
        # Every third text has no fault.
        items[file] = [
            variant(source, number, clean=at % 3 == 2) for at, (number, source) in enumerate(pairs)
        ]
    return items


def variant(source: Mapping[str, Any], number: int, *, clean: bool) -> dict[str, Any]:
    """One item of a source."""
    chance = random.Random(f"{SEED} {source['id']} {number}")
    values = source.get("values", {})
    named = {name: str(given[number % len(given)]) for name, given in values.items()}
    faulty = set() if clean else faulty_slots(source, chance)
    draft, faults = put_together(filled(source["text"], named), source["criteria"], faulty)
    criteria, verifiers = [], []
    for id_, criterion in source["criteria"].items():
        criteria.append({"id": id_, "question": filled(criterion["question"], named)})
        if "fix" in criterion:
            criteria[-1]["fix"] = filled(criterion["fix"], named)
        verifiers += [
            {"criterion": id_, **{k: filled_value(k, v, named) for k, v in verifier.items()}}
            for verifier in criterion["verify"]
        ]
    return {
        "id": f"{source['id']}-{number + 1}",
        "kind": source["kind"],
        "language": source["language"],
        "draft": draft,
        "brief": filled(source["brief"], named),
        "criteria": criteria,
        "verifiers": verifiers,
        "faults": faults,
        "must_keep": [filled(words, named) for words in source["keep"]],
    }


def faulty_slots(source: Mapping[str, Any], chance: random.Random) -> set[str]:
    """The ids of the criteria that the draft is to fail."""
    ids = sorted({found[1] for found in SLOT.finditer(source["text"])})
    most = min(len(ids), MOST_FAULTS)
    return set(chance.sample(ids, chance.randint(max(1, most // 3), most)))


def filled(text: str, named: Mapping[str, str]) -> str:
    """A text with its values put in."""
    for name, value in named.items():
        text = text.replace(f"‹{name}›", value)
    return text


def filled_value(key: str, value: Any, named: Mapping[str, str]) -> Any:
    """A verifier's value; inside a pattern the words stand for themselves."""
    if not isinstance(value, str):
        return value
    quoted = {name: re.escape(words) for name, words in named.items()}
    return filled(value, quoted if key == "pattern" else named)


def put_together(
    text: str, criteria: Mapping[str, Any], faulty: set[str]
) -> tuple[str, list[dict[str, Any]]]:
    """The draft, and each fault with its place in it."""
    parts, faults, length, end = [], [], 0, 0
    for found in SLOT.finditer(text):
        id_, good, bad = found.groups()
        words = bad if id_ in faulty else good
        before = text[end : found.start()]
        start = length + len(before)
        if id_ in faulty:
            place = {"start": start, "end": start + len(words)}
            faults.append({"criterion": id_, "kind": criteria[id_]["fault"], **place})
        parts += [before, words]
        length, end = start + len(words), found.end()
    return "".join(parts) + text[end:], faults


if __name__ == "__main__":
    main()
