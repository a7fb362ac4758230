"""CodeRabbit's `.coderabbit.yaml`: instructions for paths become one proposal for each path.

Source: CodeRabbit's reference of `reviews.path_instructions`.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from self_refine.criteria.finding.globs import unfit
from self_refine.criteria.importing.markdown_rules import import_markdown
from self_refine.criteria.importing.proposal import Left, Proposal, slug_of
from self_refine.criteria.reading.reader import read

_READ = frozenset({"reviews", "path_instructions", "path_filters"})
_FILTERS = "name what a file is for under `applies` instead"
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z`\"])")
_BULLET = re.compile(r"^\s*(?:[-*+•]|\d+[.)])\s+", re.MULTILINE)


def import_coderabbit(config: Mapping[str, Any], source: str) -> Iterator[Proposal]:
    """A proposal for each path, and one that lists what was left out."""
    reviews = config.get("reviews")
    reviews = reviews if isinstance(reviews, Mapping) else {}
    given = reviews.get("path_instructions")
    left: list[Left] = []
    for entry in given if isinstance(given, list) else ():
        path, words = str(entry.get("path", "")), str(entry.get("instructions", ""))
        if reason := unfit(path):
            left.append(Left(source, f"path {path!r}", reason))
            continue
        yield _proposal(path, words, source)
    filters = reviews.get("path_filters") or ()
    left += [Left(source, f"path_filters: {each}", _FILTERS) for each in filters]
    others = [key for key in (*config, *reviews) if key not in _READ]
    left += [Left(source, key, "it is about CodeRabbit itself") for key in others]
    if left:
        yield Proposal(id="coderabbit", title="CodeRabbit", source=source, left=tuple(left))


def _proposal(path: str, words: str, source: str) -> Proposal:
    name = f"coderabbit-{slug_of(path) or 'all'}"[:60].strip("-")
    listed = words if _BULLET.search(words) else _as_list(words)
    listed = re.sub(r"^(\s*)•", r"\1-", listed, flags=re.MULTILINE)
    reading = read(listed, Path(f"{name}.criteria.md"), name)
    made = import_markdown(reading, f"{source}, {path}", name, numbered=False)
    every = path in ("**", "**/*", "*")
    return Proposal(
        id=name,
        title=f"Reviews of {path}",
        source=source,
        paths=() if every else (path,),
        checks=made.checks,
        questions=made.questions,
        left=made.left,
    )


def _as_list(words: str) -> str:
    """Prose as a list: each sentence is one instruction."""
    sentences = _SENTENCE.split(" ".join(words.split()))
    return "\n".join(f"- {sentence}" for sentence in sentences if sentence)
