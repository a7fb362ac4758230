"""The baseline: findings that are known and do not count, as JSON lines that merge well.

A check's finding is known by its quote and the lines beside it. A critic quotes a clause more or
less each time, so a judged one is known, too, by a quote of the same criterion that is mostly the
same. Counted entries keep a second "very" from hiding behind the first.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from self_refine.ci.changed_lines import Changes
from self_refine.ci.results import CheckReport, FileResult, Found, State
from self_refine.loop.types import Criterion
from self_refine.text.lines import LineTable

VERSION = 1
_HEX = 12
_SHOWN = 60
_OVERLAP = 60.0
"""Percent of a judged quote that must be the same, see the module's docstring."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Some findings of one criterion in one file that are alike."""

    file: str
    criterion: str
    quote: str
    """First hexadecimal digits of the sha256 of the quote, white space folded."""
    context: str
    """The same of the lines before and after."""
    count: int
    text: str
    """The beginning of the quote, for whoever reads the file."""
    wording: str = ""
    """Digest of the criterion when this was written."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A report against a baseline."""

    report: CheckReport
    unknown: tuple[Entry, ...]
    """Findings that the baseline does not hold."""


def entries_of(report: CheckReport) -> tuple[Entry, ...]:
    """The findings that count, as a baseline holds them, sorted."""
    counts: Counter[Entry] = Counter()
    for file in report.files:
        for each in file.found:
            if each.state in {State.NEW, State.BASELINED}:
                counts[_entry(file, each, report.criteria)] += 1
    every = (replace(entry, count=count) for entry, count in counts.items())
    return tuple(sorted(every, key=_order))


def compare(report: CheckReport, known: Sequence[Entry], changes: Changes | None) -> Compared:
    """Mark the findings that the baseline holds; files renamed since then keep their entries."""
    held = _Held(known, report.criteria)
    files = tuple(held.marked(file, _names(file, changes)) for file in report.files)
    marked = replace(report, files=files, stale=held.stale(report.files), older=held.older)
    return Compared(marked, tuple(held.unknown))


def _names(file: FileResult, changes: Changes | None) -> set[str]:
    """The names under which a baseline may hold a file: the one before a rename, too."""
    changed = None if changes is None else changes.get(file.path)
    before = {str(changed.was)} if changed is not None and changed.was is not None else set()
    return {str(file.path)} | before


class _Held:
    """What a baseline still holds while findings are taken from it."""

    def __init__(self, known: Sequence[Entry], criteria: Mapping[str, Criterion]) -> None:
        self._left = {entry: entry.count for entry in known}
        self._criteria = criteria
        self.unknown: list[Entry] = []
        self.older = 0

    def marked(self, file: FileResult, names: set[str]) -> FileResult:
        """The file with the findings that the baseline holds marked so."""
        return replace(file, found=tuple(self._taken(file, each, names) for each in file.found))

    def _taken(self, file: FileResult, found: Found, names: set[str]) -> Found:
        if found.state is not State.NEW:
            return found
        own = _entry(file, found, self._criteria)
        entry = _match(own, names, self._left, is_judged=not found.finding.checked)
        if entry is None:
            self.unknown.append(own)
            return found
        self._left[entry] -= 1
        self.older += bool(entry.wording and own.wording != entry.wording)
        return replace(found, state=State.BASELINED)

    def stale(self, files: Sequence[FileResult]) -> tuple[str, ...]:
        """The entries of files that were looked at which no finding took."""
        looked_at = {str(file.path) for file in files}
        return tuple(
            f"{entry.file}: {entry.criterion}: {entry.text}"
            for entry, count in self._left.items()
            if count > 0 and entry.file in looked_at
        )


def pruned(known: Sequence[Entry], report: CheckReport) -> tuple[Entry, ...]:
    """The entries that findings still match; nothing is added."""
    left = dict.fromkeys(known, 0)
    room = {entry: entry.count for entry in known}
    for file in report.files:
        for each in file.found:
            own = _entry(file, each, report.criteria)
            entry = _match(own, {str(file.path)}, room, is_judged=not each.finding.checked)
            if entry is not None:
                room[entry] -= 1
                left[entry] += 1
    kept = (replace(entry, count=count) for entry, count in left.items() if count)
    return tuple(sorted(kept, key=_order))


def _match(
    own: Entry, names: set[str], left: Mapping[Entry, int], *, is_judged: bool
) -> Entry | None:
    """The entry that holds a finding: the nearest that is left."""
    near = [
        e for e, n in left.items() if n > 0 and e.criterion == own.criterion and e.file in names
    ]
    exact = [e for e in near if e.quote == own.quote]
    same_place = [e for e in exact if e.context == own.context]
    if same_place or exact:
        return (same_place or exact)[0]
    if not is_judged:
        return None
    alike = [e for e in near if fuzz.ratio(e.text, own.text) >= _OVERLAP]
    return alike[0] if alike else None


def _entry(file: FileResult, found: Found, criteria: Mapping[str, Criterion]) -> Entry:
    table = LineTable(file.text)
    first, last = found.place.line - 2, found.place.end_line
    around = "\n".join(
        table.span(line).of(file.text).strip() for line in (first, last) if 0 <= line < table.count
    )
    quote = " ".join(found.finding.span.of(file.text).split())
    criterion = criteria.get(found.finding.criterion)
    return Entry(
        file=str(file.path),
        criterion=found.finding.criterion,
        quote=_digest(quote),
        context=_digest(around),
        count=1,
        text=quote[:_SHOWN],
        wording=criterion.digest[:_HEX] if criterion else "",
    )


def written(entries: Iterable[Entry]) -> str:
    """The file: one line says which version, then one line an entry."""
    lines = [json.dumps({"self-refine-baseline": VERSION})]
    lines += [
        json.dumps(_values(entry), ensure_ascii=False) for entry in sorted(entries, key=_order)
    ]
    return "".join(f"{line}\n" for line in lines)


def read_baseline(text: str) -> tuple[Entry, ...] | str:
    """The entries; a sentence where the file is none of ours, with the line."""
    lines = text.splitlines()
    try:
        head = json.loads(lines[0]) if lines else None
    except ValueError:
        head = None
    if not isinstance(head, dict) or head.get("self-refine-baseline") != VERSION:
        return (
            f"line 1: this is no baseline of version {VERSION}. "
            "Write one with: self-refine baseline write."
        )
    entries: list[Entry] = []
    for number, line in enumerate(lines[1:], 2):
        entry = _read_entry(line)
        if entry is None:
            return f"line {number}: this is no entry of a baseline."
        entries.append(entry)
    return tuple(entries)


def _values(entry: Entry) -> dict[str, str | int]:
    return {
        "file": entry.file,
        "criterion": entry.criterion,
        "quote": entry.quote,
        "context": entry.context,
        "count": entry.count,
        "text": entry.text,
        "wording": entry.wording,
    }


def _read_entry(line: str) -> Entry | None:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, dict):
        return None
    texts = [values.get(n) for n in ("file", "criterion", "quote", "context")]
    count = values.get("count")
    if not all(isinstance(each, str) for each in texts) or not isinstance(count, int):
        return None
    more = (str(values.get("text", "")), str(values.get("wording", "")))
    return Entry(str(texts[0]), str(texts[1]), str(texts[2]), str(texts[3]), count, *more)


def _order(entry: Entry) -> tuple[str, str, str, str]:
    return entry.file, entry.criterion, entry.text, entry.quote


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:_HEX]
