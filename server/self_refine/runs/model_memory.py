"""Remembers what runs learnt of a model: whether it holds the form, the room it needs, its flips.

One small file in the user's state folder, by endpoint and model. It holds names and counts, never
a word of a text. What was learnt of the form is forgotten after a week: models get better behind
the same name.
"""

import json
import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from self_refine.loop.task import Task
from self_refine.loop.types import Observed
from self_refine.models.base import Model
from self_refine.safe_write import private_folder, write_file

_log = logging.getLogger(__name__)

WEEK = 7 * 24 * 3600.0
"""Seconds after which a model is asked to hold the form once more."""
_FLIPS, _ENOUGH = 0.05, 40
"""Share of verdicts that a second look changed, of at least so many, from which it pays."""
_MOST = 200
"""Models that are remembered; more is somebody's experiment."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What is known of one model at one endpoint."""

    form_failed: float = 0.0
    """When a reading of it could not be read last, in seconds of the epoch; 0 for never."""
    room: int = 1
    looks: int = 0
    flips: int = 0

    def with_run(self, observed: Observed, now: float) -> "Known":
        """What is known after another run."""
        failed = observed.unreadable > 0
        held = observed.readings > 0 and not failed
        return Known(
            form_failed=now if failed else 0.0 if held else self.form_failed,
            room=max(self.room, observed.room),
            looks=self.looks + observed.looks,
            flips=self.flips + observed.flips,
        )

    def on(self, task: Task, now: float) -> Task:
        """The task as it is to be run with this model."""
        separate = self.form_failed > 0 and now - self.form_failed < WEEK
        doubts = self.looks >= _ENOUGH and self.flips > _FLIPS * self.looks
        return replace(
            task,
            reading="separate" if separate else task.reading,
            room=max(task.room, self.room),
            second_looks=task.second_looks or doubts,
        )


class ModelMemory:
    """The file, read at each use: other processes write it, too."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def known(self, model: Model) -> Known:
        """What is known of a model; nothing where the file is not there or not ours."""
        return _known(self._read().get(_key(model)))

    def learn(self, model: Model, observed: Observed, now: float) -> None:
        """Keep what a run learnt; a file that cannot be written costs nothing but the memory."""
        entries = self._read()
        key = _key(model)
        before = _known(entries.pop(key, None))
        after = before.with_run(observed, now)
        if after == before:
            return
        entries[key] = {
            "form_failed": after.form_failed,
            "room": after.room,
            "looks": after.looks,
            "flips": after.flips,
        }
        kept = dict(list(entries.items())[-_MOST:])
        try:
            private_folder(self._path.parent)
            write_file(self._path, json.dumps(kept, indent=1).encode())
        except OSError as error:
            _log.warning("What is known of models cannot be kept: %s", error.strerror)

    def _read(self) -> dict[str, Any]:
        try:
            value = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return value if isinstance(value, dict) else {}


def _key(model: Model) -> str:
    return f"{model.host} {model.name}"


def _known(value: Any) -> Known:
    if not isinstance(value, dict):
        return Known()
    room = _number(value, "room")
    return Known(
        form_failed=_number(value, "form_failed"),
        room=int(min(max(room, 1), 16)),
        looks=int(_number(value, "looks")),
        flips=int(_number(value, "flips")),
    )


def _number(value: dict[str, Any], key: str) -> float:
    found = value.get(key)
    usable = isinstance(found, int | float) and not isinstance(found, bool) and found >= 0
    return float(found) if usable and isinstance(found, int | float) else 0.0
