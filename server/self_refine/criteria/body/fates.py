"""What became of each bullet, table and paragraph of a file; and what was left out, as problems."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from self_refine.criteria.meaning import bullet_roles as roles
from self_refine.criteria.reading.problem_collector import ProblemCollector
from self_refine.loop.types import Severity
from self_refine.text.spans import Span

ASKED, PART, KEY, LEFT_OUT = "asked", "part", "key", "left out"
OUTSIDE = "a bullet outside `## Criteria`"
EXAMPLE = "a bullet below a heading for examples"
_QUIET = frozenset({roles.A_LINK, roles.A_BLANK})
"""What nobody takes for a question."""
_MOST_LINES = 8
"""Places that one sentence lists."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fate:
    """What one bullet, paragraph or table became."""

    line: int
    """Counted from 1."""
    last: int
    words: str
    """Its first line, as written."""
    became: str
    """ASKED: a criterion. PART: words of one. KEY: a sub-bullet that is a key. LEFT_OUT."""
    criterion: str = ""
    """Full id of the criterion that it is, or belongs to."""
    what: str = ""
    """The key, or what it is that is left out, such as "a link"."""


@dataclass(slots=True)
class LeftOut:
    """What is not read, gathered so that each kind is one sentence and not one for each line."""

    notes: ProblemCollector
    found: list[tuple[str, Span, int]] = field(default_factory=list)
    """What it is, where it begins, and its last line."""
    told: set[Span] = field(default_factory=set)
    """Those of which a problem of their own says it."""

    def add(self, what: str, span: Span, last: int | None = None, *, told: bool = False) -> None:
        """Note one block or bullet; `last` is its last line, its first by default."""
        self.found.append((what, span, last or self.notes.line_of(span.start)))
        if told:
            self.told.add(span)

    def fates(self) -> Iterable[Fate]:
        """One for each."""
        for what, span, last in self.found:
            line = self.notes.line_of(span.start)
            words = span.of(self.notes.text).strip()
            yield Fate(line=line, last=last, words=words, became=LEFT_OUT, what=what)

    def report(self) -> None:
        """Say once what prose is not read, and once which bullets are not asked."""
        bullets = {roles.A_COMMAND, roles.A_PATH, roles.A_CHOICE, roles.A_FACT, OUTSIDE, EXAMPLE}
        found = [each for each in self.found if each[1] not in self.told]
        prose = [each for each in found if each[0] not in bullets | _QUIET]
        self._say(prose, Severity.WARNING, _PROSE)
        self._say([e for e in found if e[0] == OUTSIDE], Severity.WARNING, _OUTSIDE)
        self._say([e for e in found if e[0] == EXAMPLE], Severity.WARNING, _EXAMPLE)
        told = bullets - {OUTSIDE, EXAMPLE}
        self._say([e for e in found if e[0] in told], Severity.INFO, _NO_QUESTION)
        self._say([e for e in found if e[0] in _QUIET], Severity.HINT, _NO_QUESTION)

    def _say(self, found: list[tuple[str, Span, int]], severity: Severity, remedy: str) -> None:
        if not found:
            return
        kinds: dict[str, list[tuple[int, int]]] = {}
        for what, span, last in found:
            kinds.setdefault(what, []).append((self.notes.line_of(span.start), last))
        listed = "; ".join(f"{_plural(what, len(at))} ({_lines(at)})" for what, at in kinds.items())
        self.notes.problem(found[0][1], severity, "CR215", f"Not read: {listed}. {remedy}")


_PROSE = "Only list items are asked: begin each rule with `- `."
_OUTSIDE = "Where a file has a heading `## Criteria`, the bullets below it are the criteria."
_EXAMPLE = "Below such a heading stand fenced blocks, as `docs/criteria.md` says."
_NO_QUESTION = "To ask one all the same, begin it with an id: `- **id**: …`."


def _plural(what: str, count: int) -> str:
    if count == 1:
        return what
    article, _, rest = what.partition(" ")
    if article not in ("a", "an", "one"):
        return f"{count} times {what}"
    word, space, more = rest.partition(" ")
    if what == roles.A_PATH:
        return f"{count} files or folders"
    if what == roles.A_CHOICE:
        return f"{count} choices to tick"
    return f"{count} {word[:-1] + 'ies' if word.endswith('y') else word + 's'}{space}{more}"


def _lines(places: list[tuple[int, int]]) -> str:
    """`line 3`, `lines 3, 5-8 and 12`; neighbours are put together."""
    runs: list[tuple[int, int]] = []
    for first, last in places:
        if runs and first <= runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], max(last, runs[-1][1]))
        else:
            runs.append((first, last))
    shown = [f"{first}" if first == last else f"{first}-{last}" for first, last in runs]
    cut = shown[:_MOST_LINES] + (["…"] if len(shown) > _MOST_LINES else [])
    one = len(runs) == 1 and runs[0][0] == runs[0][1]
    return ("line " if one else "lines ") + ", ".join(cut)
