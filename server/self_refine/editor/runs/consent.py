"""What the user is told of once (which model is sent what), and asked (which command may run)."""

import asyncio
import json
import logging
from pathlib import Path

from self_refine.criteria.choose_criteria import Chosen
from self_refine.editor.session import Session
from self_refine.runs.commands.allow_commands import allowed_commands, workplace
from self_refine.runs.prepare import Selection
from self_refine.safe_write import private_folder, write_file
from self_refine.settings import state_path
from self_refine.tools.command_runs import CommandRuns
from self_refine.tools.trust.trust_store import Changed, Trust, TrustStore
from self_refine.tools.trust.wanted import Wanted, described, differences

_log = logging.getLogger(__name__)
_MOST = 200
NO, ONCE, ALWAYS = "No", "Run once", "Always here"
_CHANGED = "It was allowed, and has changed:"

_told: set[tuple[Path, str]] = set()
"""What this server has told: a folder that cannot be written is no reason to repeat it."""


class FirstUse:
    """A file in the user's own state folder; a repository cannot write it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "told.json"

    def is_new(self, host: str, model: str) -> bool:
        """Whether this pair was never told of; from now on it was. Never raises."""
        pair = f"{model} at {host}"
        if (self._path, pair) in _told:
            return False
        _told.add((self._path, pair))
        told = self._read()
        if pair in told:
            return False
        self._write([*told, pair][-_MOST:])
        return True

    def _read(self) -> list[str]:
        try:
            told = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return []
        return [pair for pair in told if isinstance(pair, str)] if isinstance(told, list) else []

    def _write(self, told: list[str]) -> None:
        try:
            private_folder(self._path.parent)
            write_file(self._path, json.dumps(told).encode())
        except OSError as error:
            _log.warning("What was said on first use is not remembered: %s", error.strerror)


async def commands_of_run(
    session: Session, chosen: Chosen, selection: Selection, path: Path | None, root: Path | None
) -> CommandRuns | None:
    """The commands of a run, those that nobody has allowed yet asked about."""
    if path is None or root is None:
        return None

    async def ask(wanted: Wanted, trust: Trust) -> bool:
        return await _ask(session, wanted, trust)

    place = await asyncio.to_thread(lambda: workplace(selection, root.resolve(), path.resolve()))
    return await allowed_commands(chosen, place, state_path(), ask)


async def _ask(session: Session, wanted: Wanted, trust: Trust) -> bool:
    """Whether it may run; silence is a no."""
    lines = described(wanted)
    if isinstance(trust, Changed):
        lines += [_CHANGED, *differences(trust.was, wanted)]
    # The first is what Return chooses.
    answer = await session.client.choose("\n".join(lines), (NO, ONCE, ALWAYS), "warning")
    if answer == ALWAYS:
        try:
            await asyncio.to_thread(TrustStore(state_path()).allow, wanted)
        except OSError as error:
            _log.warning("What is allowed to run is not kept: %s", error.strerror)
    return answer in {ONCE, ALWAYS}
