"""Doubts about the wording of a file's questions, as hints on their lines."""

from collections.abc import Iterator

from self_refine.criteria.body.fates import ASKED, KEY
from self_refine.criteria.problems import Problem
from self_refine.criteria.reading.reader import Reading
from self_refine.criteria.showing.vague_wording import doubts
from self_refine.loop.types import Severity

_MOST = 100
"""Hints of one file: nobody reads more."""


def wording(reading: Reading) -> tuple[Problem, ...]:
    """What two readers would understand differently; nothing of a file with an error."""
    return tuple(each for _, each in zip(range(_MOST), _hints(reading), strict=False))


def _hints(reading: Reading) -> Iterator[Problem]:
    file = reading.file
    if file is None:
        return
    questions = {criterion.id: criterion.question for criterion in file.criteria}
    for fate in reading.fates:
        if fate.became != ASKED or fate.criterion not in questions:
            continue
        keys = frozenset(
            f.what for f in reading.fates if f.became == KEY and f.criterion == fate.criterion
        )
        for doubt in doubts(questions[fate.criterion], keys):
            yield Problem(
                path=file.path,
                line=fate.line,
                column=1,
                end_line=fate.line,
                end_column=1 + len(fate.words),
                severity=Severity.HINT,
                code=doubt.code,
                message=doubt.message,
                label=file.label,
            )
