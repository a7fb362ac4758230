"""AGENTS.md, CLAUDE.md, Copilot and Cursor rules, check lists: Markdown that holds rules.

The file is read as any criteria file is, so what is a rule and what is none is decided once.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from self_refine.criteria.body.fates import ASKED, LEFT_OUT
from self_refine.criteria.importing.check_candidates import candidate
from self_refine.criteria.importing.proposal import (
    Left,
    Proposal,
    ProposedCheck,
    ProposedQuestion,
    slug_of,
)
from self_refine.criteria.reading.reader import Reading
from self_refine.loop.types import Criterion

_WORKFLOW = re.compile(
    r"(?:always |please |then )?(?:commit|push|open a pr|open an issue|fork|clone|ask|run|install"
    r"|start|restart|deploy|merge|rebase|create a branch|use the .* tool|answer|respond|reply)\b",
    re.IGNORECASE,
)
_FOR_AGENTS = frozenset({"agents", "claude", "gemini", "copilot-instructions", "cursorrules"})


def import_markdown(reading: Reading, source: str, name: str, *, numbered: bool = True) -> Proposal:
    """Propose criteria of a Markdown file.

    Args:
        reading: what the file came to.
        source: the file as users name it, relative to the workspace.
        name: id for the proposal.
        numbered: whether lines of what was read are lines of the file.
    """
    file = reading.file
    left = list(_left(reading, source if numbered else ""))
    checks: list[ProposedCheck] = []
    questions: list[ProposedQuestion] = []
    for criterion in file.criteria if file else ():
        place = f"{source}:{criterion.source.line}" if criterion.source and numbered else source
        rule = criterion.question
        if _WORKFLOW.match(rule) and "?" not in rule:
            left.append(Left(place, rule, "it tells how to work, and asks nothing of a text"))
        elif check := candidate(rule, slug_of(criterion.id.split("/")[1]), f"from {place}"):
            checks.append(check)
        else:
            questions.append(_question(criterion, place))
    if file is None:
        left += [Left(f"{source}:{p.line}", p.code, p.message) for p in reading.problems
                 if p.severity == "error"]  # fmt: skip
    return Proposal(
        id=name,
        title=file.title if file and file.title != file.id else name.replace("-", " ").capitalize(),
        source=source,
        paths=_paths(file.applies.paths if file else (), source),
        checks=tuple(checks),
        questions=tuple(questions),
        left=tuple(left),
    )


def asked(rule: str) -> str:
    """A rule as a question whose *yes* is the fault; a question stays as it is."""
    if "?" in rule:
        return rule
    return f"Is there a place that breaks this rule: “{rule}”?"


def _question(criterion: Criterion, place: str) -> ProposedQuestion:
    below = [("evidence", criterion.evidence)] if criterion.evidence else []
    below += [("fix", criterion.fix)] if criterion.fix else []
    below += [("not", words) for words in criterion.exceptions]
    why = f"{criterion.why.rstrip('.')} (from {place})" if criterion.why else f"from {place}"
    return ProposedQuestion(
        id=criterion.id.split("/")[1],
        question=asked(criterion.question),
        severity=criterion.severity.value,
        below=(*below, ("why", why)),
    )


def _left(reading: Reading, source: str) -> Iterator[Left]:
    for fate in reading.fates:
        if fate.became == LEFT_OUT:
            yield Left(f"{source}:{fate.line}", fate.words, f"it is {fate.what}")
        elif fate.became == ASKED and not fate.criterion:
            yield Left(f"{source}:{fate.line}", fate.words, "the file has an error")


def _paths(own: tuple[str, ...], source: str) -> tuple[str, ...]:
    """The globs of the file, or the folder that it lies in: such files are for what lies below."""
    path = PurePosixPath(source)
    folder = path.parent.as_posix()
    if own or folder == "." or path.stem.lower() not in _FOR_AGENTS or path.parts[0][0] == ".":
        return own
    return (f"{folder}/**",)
