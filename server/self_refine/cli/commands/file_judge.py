"""Asks the model about one file of a check, through the gate of all that is sent."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from self_refine.ci.judge_file import Judgement, TextFile
from self_refine.errors import UsageError
from self_refine.loop.task import Task
from self_refine.loop.types import Known
from self_refine.models.base import Model
from self_refine.runs.driver import drive
from self_refine.runs.outgoing.clearance import NotSent
from self_refine.runs.outgoing.job_parts import Destination, clear
from self_refine.runs.outgoing.send_gate import Ask
from self_refine.runs.prepare import RunOptions, Selection, TooLong, prepare
from self_refine.runs.verdict_cache import Judge, Verdicts
from self_refine.settings import Settings
from self_refine.text.spans import Span


class FileJudge:
    """The model of a check."""

    def __init__(
        self, critic: Model, settings: Settings, root: Path, ask: Ask, known: Verdicts | None
    ) -> None:
        self._critic, self._root, self._ask = critic, root, ask
        self._settings = replace(settings, trace=False)
        self._known = known

    async def judge(self, file: TextFile) -> Judgement:
        """Judge the whole file, and change nothing.

        Raises:
            UsageError: the file is not to be sent, or is over the limit.
        """
        selection = Selection(
            document=file.text,
            span=Span(0, len(file.text)),
            language=file.language,
            path=file.path.as_posix(),
        )
        wanted = RunOptions(critique_only=True)
        job = prepare(selection, file.chosen, self._settings, wanted, has_model=True)
        if isinstance(job, TooLong):
            raise UsageError(f"{file.path}: {job.message}")
        to = Destination(path=self._root / file.path, root=self._root, host=self._critic.host)
        cleared = await clear(job, to, self._settings, self._ask)
        if isinstance(cleared, NotSent):
            raise UsageError(f"{file.path}: {cleared.message}")
        counted = None if self._known is None else _Counted(self._known)
        outcome = await drive(cleared, self._critic, verdicts=counted)
        return Judgement(outcome, 0 if counted is None else counted.count)


class _Counted:
    """A cache of verdicts that counts those which one run took from it."""

    def __init__(self, known: Verdicts) -> None:
        self._known = known
        self.count = 0

    def recall(self, task: Task, judge: Judge, text: str, ids: Sequence[str]) -> tuple[Known, ...]:
        """What is known, counted."""
        found = self._known.recall(task, judge, text, ids)
        self.count += len(found)
        return found

    def remember(self, task: Task, judge: Judge, text: str, known: Iterable[Known]) -> None:
        """Keep what was decided."""
        self._known.remember(task, judge, text, known)
