"""Owns which parts of the Markdown are read: questions, examples; and says what is not."""

import re
from dataclasses import dataclass, field

from self_refine.checks.markup.units import fences, in_any
from self_refine.criteria.criteria_file import Fixture
from self_refine.criteria.reading.assemble import MOST_RULES
from self_refine.criteria.reading.bullets import Bullet, read_bullet
from self_refine.criteria.reading.examples import announces, read_fixture
from self_refine.criteria.reading.markdown_body import Fence, Heading, Item, Words, blocks, comments
from self_refine.criteria.reading.problem_collector import ProblemCollector


@dataclass(slots=True)
class Body:
    """What the Markdown has, as it is gone through."""

    title: str = ""
    has_section: bool = False
    section: str = ""
    """"criteria", "examples", another heading's words or "" before the first."""
    bullets: list[Bullet] = field(default_factory=list)
    fixtures: list[Fixture] = field(default_factory=list)


def read_body(source: str, start: int, *, strict: bool, notes: ProblemCollector) -> Body:
    """Go through the Markdown from `start` on; `strict` where the file has front matter."""
    body = Body()
    found = list(blocks(source, start, notes))
    body.has_section = any(_is_section(block, "criteria") for block in found)
    for block in found:
        match block:
            case Heading():
                _enter(body, block)
                _no_question(body, block, notes)
            case Words():
                _no_question(body, block, notes)
            case Item():
                _bullet(body, block, strict=strict, notes=notes)
            case Fence() if body.section == "examples":
                if fixture := read_fixture(block, notes):
                    body.fixtures.append(fixture)
            case Fence():
                if announces(block):
                    notes.warning(block.span, "CR215", _NO_FIXTURE)
    if strict and not body.has_section:
        asks = any(isinstance(block, Item) for block in found)
        message = _NO_SECTION if asks else _NO_QUESTIONS
        notes.error(notes.line(notes.line_of(start) - 1), "CR213", message)
    code = fences(source)
    for comment in comments(source, start):
        if not in_any(comment, code):
            notes.warning(comment, "CR302", "The critic is not shown comments: write it out.")
    return body


_NO_SECTION = (
    "With front matter, the criteria stand below a heading `## Criteria`: write it above the list."
)
_NO_QUESTIONS = (
    "With front matter, a line `## Criteria` follows, and below it one bullet for each question "
    "(`- **id**: question`), or none where the checks decide everything."
)
_NO_FIXTURE = "This example is not read: examples stand below a heading `## Examples`."


_ASKS = re.compile(
    r"\*\*[^*]+\*\*(?: ?\([^()]*\))?:"  # an id
    r"|[\u2022\u25e6\u00b7\u2013\u2014] ?\S|\d+\)"  # another mark for a bullet
    r"|.*\?\s*\Z",
    re.DOTALL,
)


def _no_question(body: Body, block: Heading | Words, notes: ProblemCollector) -> None:
    """Whoever wrote a question as a paragraph or a heading takes it for a criterion."""
    if body.section == "criteria" and _ASKS.match(block.text):
        notes.warning(
            block.span, "CR215", "This is no bullet, so it is not asked: begin with `- `."
        )


def _is_section(block: object, name: str) -> bool:
    return isinstance(block, Heading) and block.level == 2 and block.text.strip().lower() == name


def _enter(body: Body, heading: Heading) -> None:
    if heading.level == 1 and not body.title:
        body.title = heading.text.strip()
    if heading.level <= 2:
        body.section = heading.text.strip().lower() if heading.level == 2 else ""


def _bullet(body: Body, item: Item, *, strict: bool, notes: ProblemCollector) -> None:
    counts = body.section != "examples" and (
        body.section == "criteria" or not (strict or body.has_section)
    )
    if not counts:
        notes.warning(item.span, "CR215", _NOT_READ if strict or body.has_section else _EXAMPLE)
        return
    if len(body.bullets) > MOST_RULES:
        # One more than allowed is an error already; a hostile file may have many thousands.
        return
    bullet = read_bullet(item, strict=strict, notes=notes)
    if bullet:
        body.bullets.append(bullet)


_EXAMPLE = "This bullet is not read: below `## Examples` stand fenced blocks alone."
_NOT_READ = "This bullet is not read: criteria stand below the heading `## Criteria`."
