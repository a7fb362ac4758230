"""Owns adding to criteria files what users teach them: a passage that was faulted by mistake."""

import re
from pathlib import Path
from typing import Literal

from self_refine.criteria.finding.safe_files import MOST_BYTES, Refused, read_contained
from self_refine.criteria.fixtures import checked
from self_refine.criteria.reading.reader import read
from self_refine.loop.types import Verdict
from self_refine.safe_write import write_file
from self_refine.text.segmenting.segments import is_prose, segments
from self_refine.text.spans import Edit, Span, apply_edits

_HEADING = re.compile(r"^##[ \t]+(?P<name>[^\r\n]*?)[ \t]*#*[ \t]*$", re.MULTILINE)
_LANGUAGE = re.compile(r"[a-z0-9][a-z0-9+#._-]*")
_TICKS = re.compile(r"`{3,}")


def passage(text: str, span: Span, language: str) -> str:
    """What an example of a finding shows: of prose its sentences, of code its whole lines."""
    if not is_prose(language):
        return _lines(text, span)
    held = [each for each in segments(text, language) if each.overlaps(span)]
    if not held:
        return _lines(text, span)
    return text[min(held[0].start, span.start) : max(held[-1].end, span.end)]


def _lines(text: str, span: Span) -> str:
    start = max(text.rfind("\n", 0, span.start), text.rfind("\r", 0, span.start)) + 1
    ends = [at for eol in "\r\n" if (at := text.find(eol, span.end)) >= 0]
    return text[start : min(ends, default=len(text))]


def faulting(source: str, path: Path, root: Path, sample: str, language: str) -> str:
    """Full id of a check of the file that faults the sample; "" where none does.

    An example that is said to be good, and is not, would be a problem of the team's file.
    """
    file = read(source, path, path.name, root=root).file
    if file is None:
        return ""
    results = checked(file, f"{_plain_ends(sample)}\n", language)
    return next((r.criterion for r in results if r.verdict is Verdict.FAIL), "")


def good_example(source: str, sample: str, language: str) -> Edit:
    """The edit of a criteria file that makes `sample` an example that no criterion may fault.

    Args:
        source: the file.
        sample: words of a document.
        language: its language id; one that is no single word becomes `text`.
    """
    eol = "\r\n" if "\r\n" in source else "\n"
    name = language if _LANGUAGE.fullmatch(language) else "text"
    ticks = max((len(run) for run in _TICKS.findall(sample)), default=2) + 1
    fence = "`" * max(3, ticks)
    lines = _plain_ends(sample).split("\n")
    block = eol.join([f"{fence}{name} good", *lines, fence, ""])
    end = len(source)
    lead = "" if source.endswith(("\n\n", "\r\n\r\n")) else eol
    lead = lead if source.endswith(("\n", "\r")) else eol + eol
    headings = [found["name"].lower() for found in _HEADING.finditer(source)]
    # Where another section comes last, the heading stands twice, which reads the same.
    heading = "" if headings[-1:] == ["examples"] else f"## Examples{eol}{eol}"
    return Edit(Span(end, end), f"{lead}{heading}{block}")


def faulted(check: str) -> str:
    """Why no example is added, as a clause."""
    return f"{check} finds a fault in the same words. Mend that first, then add them"


def _plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def append_example(path: Path, root: Path, sample: str, language: str) -> Literal[True] | str:
    """Add the example to a file that no editor has open; or say what is in the way.

    The file is replaced at once or not at all, and only where it lies inside `root`.
    """
    got = read_contained(path, root)
    if isinstance(got, Refused):
        return got.message
    if check := faulting(got.text, path, root, sample, language):
        return faulted(check)
    new = apply_edits(got.text, [good_example(got.text, sample, language)])
    if len(new.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        return f"with it the file would be larger than {MOST_BYTES // 1024} kB"
    was, now = (text.encode("utf-8", "surrogatepass") for text in (got.text, new))
    try:
        write_file(path.resolve(), now, was=was, root=root)
    except OSError as error:
        return f"it cannot be written: {error.strerror}"
    return True
