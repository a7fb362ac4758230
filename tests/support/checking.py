"""Owns making one check and showing what it found: «marked words», ‸ for a place."""

import re
from pathlib import Path

from self_refine.checks.check import Common
from self_refine.checks.kind_spec import Fault
from self_refine.checks.registry import KINDS, run_checks
from self_refine.checks.subject import Subject
from self_refine.criteria.reading.reader import read
from self_refine.loop.types import Severity
from self_refine.text.spans import apply_edits

OPEN, CLOSE, PLACE = "«", "»", "‸"


def build(
    kind,
    *,
    message=None,
    read_file=lambda name: f"no file {name}",
    scopes=(),
    for_code=False,
    text_languages=(),
    **values,
):
    """A check as a criteria file would make it, or the fault that the file would be told of."""
    spec = KINDS[kind]
    common = Common(
        id="team/it",
        severity=Severity.WARNING,
        message=spec.message if message is None else message,
        scopes=scopes,
        for_code=for_code,
        text_languages=text_languages,
    )
    return spec.build(common, values, read_file)


def made(kind, **values):
    """A check that is known to be sound."""
    check = build(kind, **values)
    assert not isinstance(check, Fault), check
    return check


def result_of(check, text, *, original=None, language="markdown", inputs=()):
    """What one check says of a text; raises where the check does."""
    return check.run(
        Subject(
            text=text,
            original=text if original is None else original,
            language=language,
            inputs=dict(inputs),
        )
    )


def results_of(checks, text, language="markdown"):
    """What checks say of a text, as a run asks them."""
    return run_checks(checks, Subject(text=text, original=text, language=language))


def plain(marked):
    """The text without its marks."""
    return marked.replace(OPEN, "").replace(CLOSE, "").replace(PLACE, "")


def marked(text, findings):
    """The text with each finding's words in marks, and a mark for each that is a place."""
    at = []
    for finding in findings:
        assert finding.quote == finding.span.of(text)
        if finding.span.is_empty:
            at.append((finding.span.start, 1, PLACE))
        else:
            at += [(finding.span.start, 2, OPEN), (finding.span.end, 0, CLOSE)]
    for offset, _, mark in sorted(at, reverse=True):
        text = text[:offset] + mark + text[offset:]
    return text


def each_fix(text, findings):
    """The texts that come of applying each fix alone."""
    return [apply_edits(text, [finding.fix]) for finding in findings if finding.fix]


def fixed(text, findings):
    """The text after the fixes, last one first, each on what the later ones left."""
    for finding in sorted(findings, key=lambda f: f.span, reverse=True):
        if finding.fix:
            text = apply_edits(text, [finding.fix])
    return text


def reading(source, name="team.criteria.md", **others):
    """What a criteria file of these words comes to."""
    return read(source, Path(name), name, **others)


def file_of(source, name="team.criteria.md", **others):
    """A criteria file that is known to be sound."""
    got = reading(source, name, **others)
    assert got.file is not None, got.problems
    return got.file


def marked_problems(source, problems):
    """The words of a criteria file with the place of each problem in marks, if it has a length."""
    starts = [0, *(end.end() for end in re.finditer(r"\r\n|\r|\n", source))]
    at = []
    for problem in problems:
        start = starts[problem.line - 1] + problem.column - 1
        end = starts[problem.end_line - 1] + problem.end_column - 1
        at += [(start, 1, OPEN), (end, 0, CLOSE)] if start < end else []
    for offset, _, mark in sorted(set(at), reverse=True):
        source = source[:offset] + mark + source[offset:]
    return source
