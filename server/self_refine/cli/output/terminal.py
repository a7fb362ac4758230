"""The one way of words to a terminal: nothing in them moves its cursor, hides, or makes a link."""

import sys
from typing import Any

from rich.console import Console
from rich.text import Text

from self_refine.text.foreign import inert
from self_refine.text.invisible import escape, invisible

_MOST = 4_000
"""Code points of a line."""


class PlainConsole(Console):
    """A console on which words of others are words."""

    def print(self, *objects: Any, **options: Any) -> None:
        """Print as rich does, with every string made inert."""
        super().print(*map(shown, objects), **options)


def console(*, stderr: bool = False, width: int | None = None) -> Console:
    """What is piped is plain, whatever the environment says of colours."""
    stream = sys.stderr if stderr else sys.stdout
    terminal = None if stream is not None and stream.isatty() else False
    return PlainConsole(
        stderr=stderr, force_terminal=terminal, highlight=False, markup=False, width=width
    )


def shown(value: Any) -> Any:
    """A string or a styled text with nothing in it that a terminal would obey."""
    match value:
        case str():
            return inert(value, _MOST)
        case Text() if invisible(value.plain) or "\r" in value.plain:
            return Text(escape(value.plain), value.style)
        case _:
            return value


def write_line(line: str, *, stderr: bool = False) -> None:
    """A line that no console lays out; whole, since it may be one of a file that is proposed."""
    stream = sys.stderr if stderr else sys.stdout
    stream.write(f"{escape(line)}\n")
    stream.flush()


def answered_yes(question: str, *, stderr: bool = False) -> bool:
    """Whether the line that is typed behind a question is a yes; written by hand, as above."""
    stream = sys.stderr if stderr else sys.stdout
    stream.write(f"{escape(question)} [y/N] ")
    stream.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}
