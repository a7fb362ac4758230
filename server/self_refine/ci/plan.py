"""What a check would cost: which files, which criteria, how many calls and tokens. Asks nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from self_refine.ci.judge_file import TextFile
from self_refine.runs.prepare import estimate_tokens

_FRAME = 350
"""Tokens of a critique beside its data: the bound that a test of the prompts holds."""
_A_CRITERION = 10
_A_VERDICT = 12
"""Tokens of the reply: a line for each verdict; findings come on top."""


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One file of a plan."""

    path: PurePosixPath
    checks: int
    judged: int
    input_tokens: int
    """0 where no criterion is judged."""
    output_tokens: int


def planned(files: Sequence[TextFile]) -> tuple[PlannedFile, ...]:
    """What each file would take; tokens are estimates, UTF-8 bytes / 4."""
    return tuple(_planned(file) for file in files)


def _planned(file: TextFile) -> PlannedFile:
    judged = [c for c in file.chosen.criteria if c.check is None and not c.not_checked]
    checks = sum(c.check is not None for c in file.chosen.criteria)
    if not judged:
        return PlannedFile(file.path, checks, 0, 0, 0)
    questions = sum(estimate_tokens(c.question + c.fix + c.evidence) for c in judged)
    data = estimate_tokens(file.text) + questions
    return PlannedFile(
        file.path,
        checks,
        len(judged),
        _FRAME + _A_CRITERION * len(judged) + data,
        _A_VERDICT * len(judged),
    )


def plan_text(plan: Sequence[PlannedFile], skipped: int) -> str:
    """The plan as people read it."""
    lines = [_line(each) for each in plan]
    calls = sum(each.judged > 0 for each in plan)
    tokens = sum(each.input_tokens + each.output_tokens for each in plan)
    files = "1 file" if len(plan) == 1 else f"{len(plan):,} files"
    total = f"{files}, {calls:,} calls, ~{tokens:,} tokens. Nothing was sent."
    left_out = [f"{skipped:,} files have no criteria."] if skipped else []
    return "".join(f"{line}\n" for line in (*lines, *left_out, total))


def _line(each: PlannedFile) -> str:
    tokens = f", ~{each.input_tokens + each.output_tokens:,} tokens" if each.judged else ""
    return f"{each.path}: {each.checks} checks, {each.judged} judged criteria{tokens}"
