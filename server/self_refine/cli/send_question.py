"""The gate's question at the prompt: on a terminal it is asked, elsewhere the answer is no."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from self_refine.cli.output.terminal import answered_yes
from self_refine.errors import UsageError
from self_refine.runs.outgoing.send_gate import Ask, Question, named
from self_refine.text.foreign import inert


def send_question(notes: Console, *, send_anyway: bool) -> Ask:
    """Who answers the gate.

    Args:
        notes: where questions and notes are written.
        send_anyway: `--send-anyway`: yes, and what is sent is named.
    """

    async def ask(question: Question) -> bool:
        if send_anyway:
            notes.print(f"note: sent all the same: {named(question.reasons)}", soft_wrap=True)
            return True
        if not _is_terminal():
            raise UsageError(
                f"Nothing was sent: {named(question.reasons)}. It would go to {question.host}. "
                "Take it out, or add --send-anyway to send it all the same."
            )
        return _answered(question)

    return ask


def _is_terminal() -> bool:
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def _answered(question: Question) -> bool:
    with _interruptible():
        return answered_yes(inert(question.sentence, 4_000), stderr=True)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C end the question: asyncio's own handler would wait for the next await."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
