"""Reads one criteria file: from its words to criteria, checks and problems. Never raises."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from self_refine.checks.kind_spec import WordList
from self_refine.criteria.body.body_sections import Body, read_body
from self_refine.criteria.body.bullets import Bullet, slug
from self_refine.criteria.body.fates import ASKED, KEY, PART, Fate
from self_refine.criteria.criteria_file import CriteriaFile
from self_refine.criteria.finding.safe_files import MOST_BYTES, Refused, named_file
from self_refine.criteria.fixtures import compare
from self_refine.criteria.meaning.other_formats import no_markdown
from self_refine.criteria.problems import Problem
from self_refine.criteria.reading.assemble import MOST_RULES, Parts, assemble
from self_refine.criteria.reading.check_items import Place, ReadCheck, id_written, read_check
from self_refine.criteria.reading.front_block import read_top
from self_refine.criteria.reading.front_matter import Front
from self_refine.criteria.reading.inheritance import (
    Layer,
    check_locked,
    inherited,
    own_layer,
    without_base,
)
from self_refine.criteria.reading.option_values import given_options
from self_refine.criteria.reading.problem_collector import ProblemCollector
from self_refine.criteria.reading.yaml_nodes import head
from self_refine.text.invisible import escape, invisible
from self_refine.text.spans import Span

_SUFFIX = ".criteria.md"
_LATE = re.compile(
    r"(?!---[ \t]*[\r\n])"
    r"(?:\s|(?:#[^\r\n]*|---[ \t]*|\+\+\+[ \t]*|(?:```|~~~) *ya?ml[ \t]*)[\r\n])*"
    r"^(?:(?!criteria\b)[a-z]+[ \t]*[:=][^\r\n]*[\r\n]+){0,5}(?P<what>criteria)[ \t]*[:=][ \t]*\d",
    re.MULTILINE,
)
"""Front matter that YAML or the eyes would take for some, and that stands elsewhere."""
_IN_THE_FIRST_LINE = (
    "Front matter is YAML between two lines `---`, the first of them the first of the file."
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file came to; `file` is None where an error keeps it from being used."""

    file: CriteriaFile | None
    problems: tuple[Problem, ...]
    lists: tuple[Path, ...] = ()
    """The word lists that it names, those too that could not be read."""
    fates: tuple[Fate, ...] = ()
    """What became of each bullet, table and paragraph, in the order of the file."""


@dataclass(frozen=True, slots=True)
class _Context:
    shipped: bool
    bases: "Bases | None"
    pack: str
    options: Mapping[str, str]


_NO_OPTIONS: Mapping[str, str] = {}
Bases = Callable[[str], CriteriaFile | str]
"""Gives the file that `extends` names, or a sentence that says why there is none."""


def read(  # noqa: PLR0913 - a file, and where it stands
    source: str,
    path: Path,
    label: str,
    *,
    shipped: bool = False,
    root: Path | None = None,
    bases: Bases | None = None,
    pack: str = "",
    options: Mapping[str, str] = _NO_OPTIONS,
) -> Reading:
    """Read one file.

    Args:
        source: its text.
        path: where it lies.
        label: its name for users.
        shipped: whether it comes with the project; tests hold the examples of these.
        root: the folder that its word lists must lie in; its own by default.
        pack: name of the pack that it comes with; its id begins with it.
        options: the team's values of options, by `FILE/NAME`.
        bases: finds what it extends; without, only what stands in the file itself is read.
    """
    notes = ProblemCollector(source, path, label)
    lists = _Lists(path.parent, root or path.parent)
    fates: list[Fate] = []
    try:
        file = _read(source, path, notes, lists, fates, _Context(shipped, bases, pack, options))
    except Exception as error:  # noqa: BLE001 - data from a repository must not end the server
        notes.error(Span(0, 0), "CR200", f"The file cannot be read: {type(error).__name__}.")
        file = None
    if file is None or notes.broken:
        return Reading(None, notes.problems, tuple(lists.named), tuple(fates))
    # Tests hold the fixtures of the packs that ship.
    problems = notes.problems if shipped else (*notes.problems, *compare(file))
    return Reading(file, problems, tuple(lists.named), tuple(fates))


def _read(  # noqa: PLR0913, PLR0917 - what is read, and where what comes of it goes
    source: str,
    path: Path,
    notes: ProblemCollector,
    lists: "_Lists",
    fates: list[Fate],
    context: _Context,
) -> CriteriaFile | None:
    start = 1 if source.startswith("\ufeff") else 0
    if not _is_readable(source, start, notes):
        return None
    top = read_top(source, start, notes)
    if top is None:
        return None
    if not top.body_at - start and (other := no_markdown(source)):
        notes.error(notes.line(0), "CR213", other)
        return None
    front = top.front
    body = read_body(source, top.body_at, ours=top.ours, notes=notes)
    layer = own_layer(front, _placed(body.bullets, notes), notes, lists.read)
    base = _base(front, context.bases, notes)
    if base is not None and base.layer is not None:
        layer = inherited(layer, base.layer, front, notes)
        front = _with_base(front, base)
    elif not front.extends:
        layer = without_base(layer, front, notes)
    if front.sound:
        check_locked(layer, front, notes)
    file_id = front.id or slug(path.name.lower().removesuffix(_SUFFIX)) or "criteria"
    file_id = f"{context.pack}/{file_id}" if context.pack else file_id
    front = replace(front, options=given_options(front.options, context.options, file_id))
    nodes = tuple(each.node for each in layer.checks)
    checks = _checks(layer, front, file_id)
    file = assemble(
        Parts(
            id=file_id,
            front=front,
            layer=layer,
            heading=body.title or (base.title if base else ""),
            prose=(*([base.brief] if base else ()), *body.prose),
            path=path,
            digest=_digest(source, [*lists.held, *([base.digest] if base else [])]),
            shipped=context.shipped,
            checks=tuple(checks),
            named=frozenset(map(id_written, nodes)),
            bullets=tuple(
                replace(each.bullet, severity=each.bullet.severity or each.severity)
                for each in layer.bullets
            ),
            fixtures=tuple(body.fixtures),
        ),
        notes,
    )
    fates += sorted(_fates(body, file, notes), key=lambda fate: fate.line)
    return file


def _fates(body: Body, file: CriteriaFile, notes: ProblemCollector) -> Iterator[Fate]:
    """What became of every part of the Markdown."""
    yield from body.left_out.fates()
    ids = {c.source.line: c.id for c in file.criteria if c.source and c.check is None}
    for bullet in body.bullets:
        line = notes.line_of(bullet.span.start)
        own = ids.get(line, "")
        yield _fate(bullet.span, ASKED, own, "", notes)
        for span, key in bullet.read:
            yield _fate(span, KEY if key else PART, own, key, notes)


def _fate(span: Span, became: str, own: str, what: str, notes: ProblemCollector) -> Fate:
    line = notes.line_of(span.start)
    words = span.of(notes.text).strip()
    return Fate(line=line, last=line, words=words, became=became, criterion=own, what=what)


def _is_readable(source: str, start: int, notes: ProblemCollector) -> bool:
    if len(source.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        message = f"The file is larger than {MOST_BYTES // 1024} kB, so it is not read."
        notes.error(Span(0, 0), "CR211", message)
        return False
    if not source[start:].strip():
        notes.error(Span(0, 0), "CR213", "The file is empty: a Markdown list of questions will do.")
        return False
    if late := _LATE.match(source, start):
        notes.error(Span(*late.span("what")), "CR210", _IN_THE_FIRST_LINE)
        return False
    hidden = [span for span in invisible(source) if span.end > start]
    for span in hidden:
        shown = escape(span.of(source))
        notes.error(
            span, "CR301", f"Invisible characters {shown} hide what a file says: delete them."
        )
    return not hidden


def _checks(layer: Layer, front: Front, file_id: str) -> list[ReadCheck]:
    checks: list[ReadCheck] = []
    nodes = [each.node for each in layer.checks]
    if len(nodes) > MOST_RULES:
        message = f"There are more than {MOST_RULES} checks in this file. Split it."
        layer.checks[MOST_RULES].notes.error(head(nodes[MOST_RULES]), "CR211", message)
    for number, each in enumerate(layer.checks[:MOST_RULES]):
        place = Place(
            file_id=file_id,
            front=replace(front, severity=each.severity),
            earlier=tuple(map(id_written, nodes[:number])),
            read=each.read,
            notes=each.notes,
        )
        if check := read_check(each.node, place):
            checks.append(check)
    return checks


def _placed(bullets: Iterable[Bullet], notes: ProblemCollector) -> Iterator[Bullet]:
    """The bullets with where they stand, which stays true in files that extend this one."""
    return (replace(bullet, source=notes.source(bullet.span)) for bullet in bullets)


def _base(front: Front, bases: Bases | None, notes: ProblemCollector) -> CriteriaFile | None:
    """The file that this one extends; None where there is none, or where nobody can look."""
    if not front.extends or bases is None:
        return None
    found = bases(front.extends)
    if isinstance(found, str):
        notes.error(front.extends_at, "CR209", found)
        return None
    return found


def _with_base(front: Front, base: CriteriaFile) -> Front:
    """What front matter leaves to the file that it extends."""
    passes = [given for given in (front.passes, base.passes) if given is not None]
    return replace(
        front,
        description=front.description or base.description,
        applies=front.applies if "applies" in front.given else base.applies,
        inputs={**base.inputs, **front.inputs},
        options={**base.options, **front.options},
        protect=tuple(dict.fromkeys((*base.protect, *front.protect))),
        passes=min(passes, default=None),
    )


@dataclass(frozen=True, slots=True)
class _Lists:
    """Reads the word lists that a criteria file names, and remembers what they held."""

    folder: Path
    root: Path
    held: list[str] = field(default_factory=list)
    named: list[Path] = field(default_factory=list)

    def read(self, name: str) -> WordList | str:
        self.named.append(self.folder / name)
        got = named_file(name, self.folder, self.root)
        if isinstance(got, Refused):
            return f"{name!r}: {got.message}"
        self.held.append(got.text)
        return WordList(got.text.removeprefix("\ufeff").replace("\r\n", "\n"))


def _digest(source: str, word_lists: list[str]) -> str:
    total = sha256()
    for text in (source, *word_lists):
        total.update(text.encode("utf-8", "surrogatepass"))
    return total.hexdigest()
