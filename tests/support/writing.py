"""Owns what tests of the writer are made of: a task, findings on words of a text, replies."""

from self_refine.loop.requests import Answered
from self_refine.loop.task import Task
from self_refine.loop.types import Cost, Criterion, Finding, Kind, Severity
from self_refine.loop.writer.writer import read_rewrite
from self_refine.text.spans import Span

TAG = "reply-3f9a1c22"
PLAIN = Criterion(
    id="t/plain", question="Is a phrase hard to read?", severity=Severity.WARNING, fix="Say it."
)
SHORT = Criterion(id="t/short", question="Too long?", severity=Severity.WARNING, check="length")


def task(text, language="plaintext", **given):
    """A task about `text`."""
    given = {"criteria": (PLAIN, SHORT), "has_model": True, "seed": "0011", **given}
    return Task(text=text, language=language, **given)


def on(text, words, *, criterion="t/plain", kind=Kind.WRONG, **given):
    """A finding on the one place of `words` in `text`; on the place behind them if missing."""
    assert text.count(words) == 1, f"{words!r} stands {text.count(words)} times"
    start = text.index(words)
    span = Span(start, start + len(words))
    if kind is Kind.MISSING:
        span, words = Span(span.end, span.end), ""
    given = {"severity": Severity.WARNING, "problem": "It is murky.", **given}
    return Finding(criterion=criterion, span=span, quote=words, kind=kind, **given)


def reply(words, finish="stop"):
    """A reply with `words` between its tags."""
    return raw(f"<{TAG}>\n{words}\n</{TAG}>", finish)


def raw(text, finish="stop"):
    """A reply, exactly so."""
    return Answered(text=text, form="tagged", finish=finish, cost=Cost(calls=1))


def read(words, text, *todo, form="whole", **given):
    """What the writer's words make of a text."""
    answered = reply(words) if isinstance(words, str) else words
    return read_rewrite(answered, TAG, form, text, task(text, **given), todo)
