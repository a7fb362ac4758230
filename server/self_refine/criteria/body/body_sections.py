"""Which parts of the Markdown are read: questions and examples; and what is left out."""

import re
from dataclasses import dataclass, field

from self_refine.checks.markup.units import fences, in_any
from self_refine.criteria.body.bullets import Bullet, read_bullet, scale
from self_refine.criteria.body.examples import announces, read_fixture
from self_refine.criteria.body.fates import EXAMPLE, OUTSIDE, LeftOut
from self_refine.criteria.body.markdown_body import (
    Block,
    Fence,
    Heading,
    Item,
    Listing,
    Passage,
    blocks,
    comments,
)
from self_refine.criteria.criteria_file import Fixture
from self_refine.criteria.meaning.bullet_roles import A_BLANK, no_question
from self_refine.criteria.meaning.list_context import context, is_lead_in
from self_refine.criteria.meaning.rating_levels import are_levels
from self_refine.criteria.reading.assemble import MOST_RULES
from self_refine.criteria.reading.problem_collector import ProblemCollector
from self_refine.text.spans import Span

_EXAMPLES = re.compile(r"(?:good |bad |counter-?)?examples?\b(?! of\b)", re.IGNORECASE)
_PINNED = re.compile(r"\*\*[a-z0-9][a-z0-9-]*\*\*(?: ?\([^()]*\))?:")
_ASKS = re.compile(
    r"\*\*[^*]+\*\*(?: ?\([^()]*\))?:"  # an id
    r"|.*\?\s*\Z",
    re.DOTALL,
)
_OTHER_MARK = re.compile(
    r"[\u2022\u25e6\u25aa\u25cf\u00b7\u2013\u2014\u2713\u2714\u2717\u2718] ?\S|\d+\)"
)
_KINDS = {
    "table": "a table",
    "quotation": "a quotation",
    "HTML": "a stretch of HTML",
    "code": "an example below a bullet",
}


@dataclass(slots=True)
class Body:
    """What the Markdown has, as it is gone through."""

    notes: ProblemCollector
    ours: bool
    left_out: LeftOut
    title: str = ""
    prose: list[str] = field(default_factory=list)
    """Paragraphs below the title and above all else: what the texts are for."""
    many_titles: bool = False
    has_section: bool = False
    section: str = ""
    """"criteria", "examples", another heading's words or "" before the first."""
    headings: list[tuple[int, str]] = field(default_factory=list)
    """Those that the current place stands below, outermost first."""
    lead: Passage | None = None
    """The paragraph right above, which may lead in to a list."""
    started: bool = False
    """Whether anything but the title and the words below it has come."""
    bullets: list[Bullet] = field(default_factory=list)
    fixtures: list[Fixture] = field(default_factory=list)


def read_body(source: str, start: int, *, ours: bool, notes: ProblemCollector) -> Body:
    """Go through the Markdown from `start` on; `ours` where the file has our front matter."""
    found = list(blocks(source, start, notes))
    body = Body(notes, ours, LeftOut(notes))
    body.has_section = any(_is_section(block, "criteria") for block in found)
    body.many_titles = sum(isinstance(b, Heading) and b.level == 1 for b in found) > 1
    for block in found:
        _read(body, block)
    _flush(body)
    body.left_out.report()
    code = fences(source)
    hidden = [comment for comment in comments(source, start) if not in_any(comment, code)]
    if hidden:
        rest = f" The file has {len(hidden)} of them." if len(hidden) > 1 else ""
        notes.warning(hidden[0], "CR302", f"The critic is not shown comments: write it out.{rest}")
    return body


def _read(body: Body, block: Block) -> None:
    match block:
        case Heading():
            _flush(body)
            _enter(body, block)
        case Passage(kind="paragraph"):
            _flush(body)
            body.lead = block
        case Passage(kind=kind):
            _flush(body)
            body.started = True
            body.left_out.add(_KINDS[kind], block.span, block.last)
        case Listing():
            _list(body, block)
        case Fence():
            _flush(body)
            body.started = True
            _fence(body, block)


def _flush(body: Body) -> None:
    """Leave the paragraph that was read last out, unless it is what stands below the title."""
    passage, body.lead = body.lead, None
    if passage is None:
        return
    other = _OTHER_MARK.match(passage.text)
    if not (other or body.started or body.headings):
        body.prose.append(passage.text)
        return
    asks = body.section == "criteria" and _ASKS.match(passage.text) is not None
    if asks:
        body.notes.warning(passage.span, "CR215", _NO_BULLET)
    what = f"a line that begins with {passage.text[0]}" if other else "a paragraph"
    if body.section != "examples":
        body.left_out.add(what, passage.span, passage.last, told=asks)


_NO_BULLET = "This is no bullet, so it is not asked: begin with `- `."
_NO_FIXTURE = "This example is not read: examples stand below a heading `## Examples`."


def _is_section(block: object, name: str) -> bool:
    return isinstance(block, Heading) and block.level == 2 and block.text.strip().lower() == name


def _enter(body: Body, heading: Heading) -> None:
    words = heading.text.strip()
    first = heading.level == 1 and not body.title
    if first:
        body.title = words
    if heading.level <= 2:
        body.section = words.lower() if heading.level == 2 else ""
    body.headings = [each for each in body.headings if each[0] < heading.level]
    if not first or body.many_titles:
        body.headings.append((heading.level, words))
    if body.section == "criteria" and _ASKS.match(words) and words.lower() != "criteria":
        body.notes.warning(heading.span, "CR215", _NO_BULLET)


def _fence(body: Body, fence: Fence) -> None:
    if body.section == "examples":
        if fixture := read_fixture(fence, body.notes):
            body.fixtures.append(fixture)
    elif announces(fence):
        body.notes.warning(fence.span, "CR215", _NO_FIXTURE)


def _list(body: Body, block: Listing) -> None:
    lead = ""
    if body.lead is not None and is_lead_in(body.lead.text):
        lead, body.lead = body.lead.text, None
    _flush(body)
    body.started = True
    if place := _elsewhere(body):
        for item in block.items:
            body.left_out.add(place, item.span)
        return
    names = tuple(words for _, words in body.headings if words.lower() != "criteria")
    before = context(body.title, names, lead)
    if are_levels([item.text for item in block.items]):
        own = lead or (names[-1] if names else body.title)
        body.bullets.append(scale(block.items, own, before))
        return
    for item in block.items:
        _bullet(body, item, before, (*names, lead))


def _elsewhere(body: Body) -> str:
    """Why no bullet is read here; "" where they are."""
    if body.section == "examples":
        return EXAMPLE
    if body.has_section:
        return "" if body.section == "criteria" else OUTSIDE
    told = body.headings[-1][1] if body.headings else ""
    return EXAMPLE if not body.ours and _EXAMPLES.match(told) else ""


def _bullet(body: Body, item: Item, before: str, names: tuple[str, ...]) -> None:
    for other in item.others:
        if isinstance(other, Fence) and announces(other):
            body.notes.warning(_words_of(other, body.notes), "CR215", _NO_WORDS)
        else:
            kind = "code" if isinstance(other, Fence) else other.kind
            body.left_out.add(_KINDS[kind], _words_of(other, body.notes), other.last)
    if len(body.bullets) > MOST_RULES:
        # One more than allowed is an error already; a hostile file may have many thousands.
        return
    pinned = _PINNED.match(item.text) is not None
    role = "" if pinned else no_question(item.text, names, box=item.box)
    if role == A_BLANK and item.below:
        role = ""
    if role:
        body.left_out.add(role, item.span)
        for sub in _every(item.below):
            body.left_out.add(role, sub.span)
    elif bullet := read_bullet(item, before, body.notes, ours=body.ours):
        body.bullets.append(bullet)


_NO_WORDS = (
    "This is not read: a question has words and sub-bullets. Examples stand below the heading "
    "`## Examples`, not indented."
)


def _every(items: tuple[Item, ...]) -> list[Item]:
    return [each for item in items for each in (item, *_every(item.below))]


def _words_of(block: Fence | Passage, notes: ProblemCollector) -> Span:
    """The first line of a block without the blanks before it."""
    line = block.span.of(notes.text)
    return Span(block.span.start + len(line) - len(line.lstrip()), block.span.end)
