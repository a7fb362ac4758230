"""Owns what the prompt shows while a run works: one line that changes, on a terminal alone."""

from rich.console import Console
from rich.status import Status
from rich.text import Text

from self_refine.loop.estimate import Estimate
from self_refine.loop.types import label_of
from self_refine.runs.events import Began, Ended, Event, JudgedEvent, Seen, Stage, Waiting
from self_refine.text.foreign import inert


class Progress:
    """Listens to a run; on anything but a terminal it says only where the text is sent."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status: Status | None = None
        self.estimate = Estimate()
        """Of the run that has begun."""

    def __call__(self, event: Event) -> None:
        """Show one event."""
        match event:
            case Began():
                self._begin(event)
            case Stage():
                self._say(event.sentence)
            case Waiting(reason):
                self._say(reason)
            case Seen(finding, _):
                self._say(f"{label_of(finding.criterion)}: {finding.problem}")
            case JudgedEvent():
                pass
            case Ended():
                self.close()

    def close(self) -> None:
        """Take the line away."""
        if self._status is not None:
            self._status.stop()
            self._status = None

    def _begin(self, event: Began) -> None:
        self.estimate = event.estimate
        if event.host is not None:
            about = f": {event.about}" if event.about else ""
            sentence = f"Sending the text to {event.model} at {event.host}{about}."
            self._console.print(sentence, style="dim")
        if self._console.is_terminal:
            self._status = self._console.status("Starting …")
            self._status.start()

    def _say(self, sentence: str) -> None:
        if self._status is not None:
            # Of a string rich would read brackets as markup, links among it.
            self._status.update(Text(inert(sentence, max(20, self._console.width - 4))))
