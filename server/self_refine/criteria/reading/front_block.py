"""Finds front matter at the top of a file, and tells this format's from other tools'."""

import re
from dataclasses import dataclass
from pathlib import Path

from self_refine.criteria.applying import Applies
from self_refine.criteria.body.bullets import slug
from self_refine.criteria.finding.globs import unfit
from self_refine.criteria.meaning.foreign_front_matter import Foreign, is_foreign, read_foreign
from self_refine.criteria.reading.front_matter import ID, Front, read_front
from self_refine.criteria.reading.problem_collector import ProblemCollector
from self_refine.criteria.reading.yaml_nodes import read_yaml
from self_refine.text.spans import Span

_FRONT = re.compile(r"---[ \t]*(?:\r\n?|\n)")
_ID = re.compile(r"^id:[ \t]*['\"]?(?P<id>[a-z0-9][a-z0-9-]*)", re.MULTILINE)
_END = re.compile(r"^---[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Top:
    """What stands before the Markdown."""

    front: Front
    body_at: int
    """Where the Markdown begins."""
    ours: bool
    """Whether it is front matter of this format: there, slips are errors."""


def id_of(source: str, path: Path) -> str:
    """The id that a file has, before the rest of it is read: its own, or that of its name."""
    opening = _FRONT.match(source.removeprefix("\ufeff"))
    closing = _END.search(source, opening.end()) if opening else None
    written = _ID.search(source, 0, closing.start()) if closing else None
    name = slug(path.name.lower().removesuffix(".criteria.md"))
    return written["id"] if written else name or "criteria"


def read_top(source: str, start: int, notes: ProblemCollector) -> Top | None:
    """Read the front matter, if there is any; None where it is broken, with the problem noted."""
    opening = _FRONT.match(source, start)
    if opening is None:
        return Top(Front(), start, ours=False)
    closing = _END.search(source.replace("\r", "\n"), opening.end())
    if closing is None:
        notes.error(
            Span(start, start + 3), "CR210", "Front matter begins here, and no `---` line ends it."
        )
        return None
    lines = source[opening.end() : closing.start()]
    if is_foreign(lines):
        foreign = read_foreign(lines, opening.end())
        _say_foreign(foreign, notes)
        return Top(_front_of(foreign), closing.end(), ours=False)
    node = read_yaml(lines, opening.end(), notes)
    return None if node is None else Top(read_front(node, notes), closing.end(), ours=True)


def _front_of(foreign: Foreign) -> Front:
    return Front(
        id=foreign.id if ID.match(foreign.id) else "",
        title=foreign.title,
        description=foreign.description,
        applies=Applies(paths=foreign.paths),
    )


def _say_foreign(foreign: Foreign, notes: ProblemCollector) -> None:
    if not foreign.keys:
        return
    if foreign.paths:
        globs = ", ".join(f'"{glob}"' for glob in foreign.paths)
        read = f"`{foreign.scope}` is read as the texts that the list is for"
        write = f"`criteria: 1` and `applies: {{paths: [{globs}]}}`"
    else:
        read = "Nothing in it says which texts the list is for, so it is for all"
        write = "`criteria: 1`"
    refused = "".join(f" {glob!r} is left out: {unfit(glob)}" for glob in foreign.refused[:3])
    message = (
        f"This front matter is of another tool. {read}. In this format, write {write}.{refused}"
    )
    notes.warning(foreign.keys[0][1], "CR217", message)
