"""Asks the model about one file of a check, through the gate of all that is sent."""

from dataclasses import replace
from pathlib import Path

from self_refine.ci.judge_file import TextFile
from self_refine.errors import UsageError
from self_refine.loop.types import Outcome
from self_refine.models.base import Model
from self_refine.runs.driver import drive
from self_refine.runs.outgoing.clearance import NotSent
from self_refine.runs.outgoing.job_parts import Destination, clear
from self_refine.runs.outgoing.send_gate import Ask
from self_refine.runs.prepare import RunOptions, Selection, TooLong, prepare
from self_refine.settings import Settings
from self_refine.text.spans import Span


class FileJudge:
    """The model of a check."""

    def __init__(self, critic: Model, settings: Settings, root: Path, ask: Ask) -> None:
        self._critic, self._root, self._ask = critic, root, ask
        self._settings = replace(settings, trace=False)

    async def judge(self, file: TextFile) -> Outcome:
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
        return await drive(cleared, self._critic)
