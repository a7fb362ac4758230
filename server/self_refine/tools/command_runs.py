"""The commands of one run: allowed ones are run, one at a time, each text once."""

import os
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from self_refine.checks.kinds.command import CommandCheck
from self_refine.loop.types import CheckResult
from self_refine.text.invisible import plain
from self_refine.tools.command_findings import result_of
from self_refine.tools.outcome import Outcome, Silent, Told, outcome_of
from self_refine.tools.related_tests import related_tests
from self_refine.tools.results.places import Document
from self_refine.tools.running.environment import environment, find_program
from self_refine.tools.running.run_command import Command, Running
from self_refine.tools.scratch.scratch_view import ScratchView

_PLANTED = "<<<<<<< ([{ self-refine asks whether anybody reads this ,;\n"
"""No program in any language: what judges the candidate has to object."""
_BLIND = (
    "the command does not look at the candidate (is an installed copy of the project tested, or "
    "are there no tests of this file?)"
)
_TEST = re.compile(
    r"^=== RUN[ \t]+(?P<go>\S+)|^test (?P<rust>\S+) \.\.\.|(?<!\S)(?P<python>[^\s:]*\.\w+::\S++)|"
    r"^[ \t]*(?:RUN|PASS|FAIL|[^\w\s])[ \t]+(?P<script>\S+\.[cm]?[jt]sx?)",
    re.MULTILINE,
)
Hear = Callable[[str, str], None]
"""Takes the id of a check and what it does now, such as the name of a test."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Workplace:
    """What commands judge: a selection of a saved document in a workspace."""

    root: Path
    """Links resolved."""
    path: str
    """Of the document, relative to the root."""
    before: str
    original: str
    """The selection as it was."""
    after: str
    byte_order_mark: bool = False

    def document(self, text: str) -> Document:
        """The document with a candidate in its place."""
        return Document(self.before, text, self.after, self.path)


@dataclass(slots=True)
class CommandRuns:
    """Runs what is allowed. Its methods block, and `stop` may be called from any thread."""

    place: Workplace
    refused: Mapping[str, str]
    """Why a check is not run, by its id; all others are allowed."""
    hear: Hear = lambda *_: None
    outputs: dict[str, str] = field(default_factory=dict)
    """What the newest run of each check printed, for the trace."""
    _view: ScratchView = field(init=False)
    _known: dict[tuple[str, str], Outcome] = field(default_factory=dict)
    _confirmed: set[tuple[str, str, str]] = field(default_factory=set)
    """Failures that came twice on the same text."""
    _running: Running | None = None
    _stopped: threading.Event = field(default_factory=threading.Event)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._view = ScratchView(self.place.root)

    def results(self, checks: Sequence[CommandCheck], text: str) -> tuple[CheckResult, ...]:
        """What each check says of a candidate."""
        with self._turn:
            return tuple(self._result(check, text) for check in checks)

    def stop(self) -> None:
        """End what runs, with all that it has started, and run nothing any more."""
        self._stopped.set()
        if (running := self._running) is not None:
            running.stop()

    def close(self) -> None:
        """End what runs, and remove what was copied."""
        self.stop()
        with self._turn:
            self._view.close()

    def _result(self, check: CommandCheck, text: str) -> CheckResult:
        if reason := self.refused.get(check.criterion_id, ""):
            return check.not_checked(reason)
        try:
            original = self._original(check)
            outcome = original
            if not isinstance(original, Silent) and text != self.place.original:
                outcome = self._outcome(check, text)
            roots = (self.place.root, self._view.seen_root)
        except OSError as error:
            return check.not_checked(error.strerror or str(error))
        return result_of(check, outcome, original, self.place.document(text), roots)

    def _original(self, check: CommandCheck) -> Outcome:
        """What a command says of the original; `Silent` where it says the same of anything."""
        key = (check.criterion_id, "")
        if key not in self._known:
            told = self._outcome(check, self.place.original)
            names_it = bool(check.stdin) or any("{path}" in word for word in check.run_)
            if isinstance(told, Told) and not told.ran_nothing and not names_it:
                planted = self._once(check, self.place.original, planted=_PLANTED)
                told = Silent(_BLIND, told.output) if _same(told, planted) else told
            self._known[key] = told
        return self._known[key]

    def _outcome(self, check: CommandCheck, text: str) -> Outcome:
        key = (check.criterion_id, f"of {text}")
        if key not in self._known:
            self._known[key] = self._twice(check, text)
        return self._known[key]

    def _twice(self, check: CommandCheck, text: str) -> Outcome:
        """Run it; tests that fail are run once more, and what fails only once does not count."""
        first = self._once(check, text)
        if not isinstance(first, Told) or check.parse != "junit":
            return first
        failed = {each.key for each in first.reported}
        if failed <= self._confirmed:
            return first
        second = self._once(check, text)
        if not isinstance(second, Told):
            return second if self._stopped.is_set() else first
        again = {each.key for each in second.reported}
        self._confirmed |= failed & again
        return Told(tuple(e for e in second.reported if e.key in failed), second.output)

    def _once(self, check: CommandCheck, text: str, planted: str = "") -> Outcome:
        if self._stopped.is_set():
            return Silent("it was stopped")
        command = self._command(check, text, planted)
        if isinstance(command, Silent):
            return command
        self.hear(check.criterion_id, "")
        self._running = Running(command, lambda printed: self._heard(check, printed))
        if self._stopped.is_set():
            return Silent("it was stopped")
        outcome = outcome_of(self._running.run(), check)
        if not planted:
            self.outputs[check.criterion_id] = outcome.output
        return outcome

    def _heard(self, check: CommandCheck, printed: str) -> None:
        """Tell which test runs: the last that is named at the end of what was printed."""
        names = [next(filter(None, found.groups()), "") for found in _TEST.finditer(printed)]
        if names:
            self.hear(check.criterion_id, plain(names[-1], 80))

    def _command(self, check: CommandCheck, text: str, planted: str) -> Command | Silent:
        place, view = self.place, self._view
        view.links = check.links
        root, temp = view.seen_root, view.temp
        env = environment(os.environ, check.env, root, temp) | view.further_variables()
        program = find_program(check.run_[0], env["PATH"], root)
        if not program:
            return Silent(f"{plain(check.run_[0], 80)} was not found on PATH or in the workspace")
        report = f"{temp}/self-refine-report" if _wants_report(check) else ""
        document = planted + place.document(text).whole
        files = () if check.stdin else view.put(place.path, self._bytes(document))
        given = {"": None, "document": document, "selection": text}[check.stdin]
        return Command(
            argv=(program, *self._arguments(check, report)),
            cwd=str(root),
            env=env,
            stdin=None if given is None else given.encode("utf-8", "surrogatepass"),
            report=report,
            temp=temp,
            way=view.way,
            workspace=str(root),
            home=env.get("HOME", str(Path.home())),
            files=files,
            seconds=check.seconds,
            network=check.network,
        )

    def _bytes(self, document: str) -> bytes:
        data = document.encode("utf-8", "surrogatepass")
        return b"\xef\xbb\xbf" + data if self.place.byte_order_mark else data

    def _arguments(self, check: CommandCheck, report: str) -> list[str]:
        path = self.place.path
        filled = {
            "{path}": f"./{path}" if path.startswith("-") else path,
            "{report}": report,
            "{dir}": Path(path).parent.as_posix(),
        }
        words: list[str] = []
        for word in check.run_[1:]:
            if word == "{related_tests}":
                words += related_tests(self.place.root, path)
            else:
                words.append(re.sub(r"\{\w+\}", lambda m: filled.get(m[0], m[0]), word))
        return words


def _wants_report(check: CommandCheck) -> bool:
    return any("{report}" in word for word in check.run_)


def _same(told: Told, planted: Outcome) -> bool:
    """Whether a planted error has made no difference."""
    if not isinstance(planted, Told):
        return False
    return {(e.key, e.message) for e in told.reported} == {
        (e.key, e.message) for e in planted.reported
    }
