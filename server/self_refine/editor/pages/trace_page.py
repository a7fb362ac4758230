"""Owns the trace of a run as people read it: its lines in, Markdown out.

What a trace holds came from documents and models, so every word of it is escaped.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from self_refine.editor import messages
from self_refine.loop.types import label_of
from self_refine.text import to_markdown

Line = Mapping[str, Any]
"""One line of a trace: `event`, `ms`, and what the event has."""

_MOST_LINES = 2_000
_MOST_MESSAGE = 6_000
"""Code points of one prompt or reply that are shown."""


def trace_page(lines: Iterable[Line]) -> str:
    """The page of a run; says so where nothing was recorded."""
    parts = ["# The trace of a run"]
    for number, line in enumerate(lines):
        if number == _MOST_LINES:
            parts.append(f"The first {_MOST_LINES:,} lines of the trace are shown.")
            break
        parts += _part(line)
    if len(parts) == 1:
        parts.append("Nothing was recorded: the run has not begun, or the setting `trace` is off.")
    return "\n\n".join(parts) + "\n"


def _part(line: Line) -> Iterator[str]:
    event = line.get("event")
    show = _PARTS.get(event) if isinstance(event, str) else None
    if show is None:
        yield f"## {to_markdown.words(str(event), 80)} · {_time(line)}"
        return
    yield from show(line)


def _began(line: Line) -> Iterator[str]:
    task = _object(line.get("task"))
    criteria = [_object(each) for each in _list(task.get("criteria"))]
    host, model = line.get("host"), line.get("model")
    who = (
        f"{to_markdown.code(str(model))} at {to_markdown.code(str(host))}" if model else "no model"
    )
    yield f"## Began · {_time(line)}"
    yield f"Judged by {len(criteria)} criteria, with {who}."
    if criteria:
        yield "\n".join(_criterion(each) for each in criteria)
    if instruction := str(task.get("instruction") or ""):
        yield f"Instruction: {to_markdown.words(instruction)}"
    yield f"The text as given:\n\n{to_markdown.block(str(task.get('text', '')))}"


def _criterion(criterion: Line) -> str:
    kind = criterion.get("check")
    by = f"check {to_markdown.code(str(kind))}" if kind else "judged"
    reason = str(criterion.get("not_checked") or "")
    question = str(criterion.get("question", ""))
    by = f"not checked: {to_markdown.words(reason)}" if reason else by
    return (
        f"- {to_markdown.code(str(criterion.get('id', '')))} "
        f"({to_markdown.words(str(criterion.get('severity', '')), 20)}, {by}): "
        f"{to_markdown.words(messages.unnamed(question) if kind else question)}"
    )


def _checked(line: Line) -> Iterator[str]:
    results = [_object(each) for each in _list(line.get("results"))]
    failed = [r for r in results if r.get("verdict") == "fail"]
    yield f"## Checks · {_time(line)}"
    ran = "1 check" if len(results) == 1 else f"{len(results)} checks"
    yield f"{ran} ran, {len(failed)} found something."
    if findings := [_object(f) for r in failed for f in _list(r.get("findings"))]:
        yield "\n".join(_finding(each) for each in findings)


def _commands(line: Line) -> Iterator[str]:
    yield from _checked(line)
    for name, output in _object(line.get("outputs")).items():
        yield f"What {to_markdown.code(str(name))} printed:\n\n{to_markdown.block(str(output))}"


def _ask(line: Line) -> Iterator[str]:
    call = _object(line.get("call"))
    yield f"## Asked to {to_markdown.words(str(call.get('purpose', '')), 40)} · {_time(line)}"
    yield f"About version {to_markdown.words(str(call.get('candidate', 0)), 10)}."
    for message in map(_object, _list(call.get("messages"))):
        role = to_markdown.words(str(message.get("role", "")), 20)
        words = str(message.get("content", ""))
        yield f"{role}:\n\n{to_markdown.block(words, most=_MOST_MESSAGE)}"
    yield f"task:\n\n{to_markdown.block(str(call.get('task', '')), most=_MOST_MESSAGE)}"


def _reply(line: Line) -> Iterator[str]:
    reply = _object(line.get("reply"))
    yield f"## Reply: {to_markdown.words(str(line.get('kind', '')), 40).lower()} · {_time(line)}"
    if cost := _cost(reply.get("cost")):
        yield cost
    for name in ("message", "detail", "reason"):
        if words := str(reply.get(name) or ""):
            yield to_markdown.words(words)
    if words := str(reply.get("text") or ""):
        yield to_markdown.block(words, most=_MOST_MESSAGE)


def _judged(line: Line) -> Iterator[str]:
    candidate = _object(line.get("candidate"))
    accepted = bool(candidate.get("accepted", True))
    state = "" if accepted else ", rejected"
    number = to_markdown.words(str(candidate.get("number", "")), 10)
    origin = to_markdown.words(str(candidate.get("origin", "")), 20)
    yield f"## Version {number} judged ({origin}{state}) · {_time(line)}"
    if reason := str(candidate.get("rejected_because") or ""):
        yield f"Rejected because: {to_markdown.words(reason)}"
    if verdicts := _object(candidate.get("verdicts")):
        yield _table(verdicts)
    if findings := [_object(each) for each in _list(candidate.get("findings"))]:
        yield "\n".join(_finding(each) for each in findings)
    notes = [to_markdown.words(str(each)) for each in _list(candidate.get("notes"))]
    if notes:
        yield "\n".join(f"- {note}" for note in notes)
    yield to_markdown.block(str(candidate.get("text", "")))


def _table(verdicts: Line) -> str:
    rows = ["| criterion | verdict | reason |", "|---|---|---|"]
    for name, judged in verdicts.items():
        said = _object(judged)
        verdict = to_markdown.words(str(said.get("verdict", "")), 20)
        reason = to_markdown.words(str(said.get("reason") or ""), 200)
        rows.append(f"| {to_markdown.cell(str(name))} | {verdict} | {reason} |")
    return "\n".join(rows)


def _finding(finding: Line) -> str:
    quote = str(finding.get("quote") or "")
    on = f" on {to_markdown.code(quote)}" if quote else ""
    disputed = " (disputed, not counted)" if finding.get("disputed") else ""
    name = label_of(str(finding.get("criterion", "")))
    problem = to_markdown.words(str(finding.get("problem", "")))
    return f"- {to_markdown.code(name)}{on}: {problem}{disputed}"


def _ended(line: Line) -> Iterator[str]:
    detail = str(line.get("detail") or "")
    shown = f" ({to_markdown.words(detail)})" if detail else ""
    yield f"## Ended · {_time(line)}"
    yield f"Stopped: {to_markdown.words(str(line.get('stop', '')), 40)}{shown}."
    if cost := _cost(line.get("cost")):
        yield cost
    yield f"The text that the run returns:\n\n{to_markdown.block(str(line.get('text', '')))}"


def _cost(given: Any) -> str:
    cost = _object(given)
    if not cost.get("calls"):
        return ""
    about = "~" if cost.get("estimated") else ""
    figures = [_figure(cost.get(name)) for name in ("calls", "input_tokens", "output_tokens")]
    return f"{figures[0]} calls, {about}{figures[1]} tokens in, {about}{figures[2]} out."


def _figure(value: Any) -> str:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return f"{value:,}" if whole else "0"


def _time(line: Line) -> str:
    value = line.get("ms")
    return f"{value / 1000:.2f} s" if isinstance(value, int | float) else "? s"


def _object(value: Any) -> Line:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


_PARTS: Mapping[str, Callable[[Line], Iterator[str]]] = {
    "began": _began,
    "checked": _checked,
    "commands": _commands,
    "ask": _ask,
    "reply": _reply,
    "judged": _judged,
    "ended": _ended,
}
