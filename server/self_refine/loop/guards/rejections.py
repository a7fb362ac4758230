"""Owns why a rewritten text is refused, whatever a critic would say of it: code decides."""

import re
from collections import Counter
from collections.abc import Sequence

from self_refine.loop.guards.protected import protected_change
from self_refine.loop.task import Task
from self_refine.loop.types import INSTRUCTION, Finding, Kind
from self_refine.loop.writer.whitespace_frame import core_of
from self_refine.text.invisible import invisible
from self_refine.text.segmenting.segments import is_prose

_LEAST, _MOST = 0.3, 3.0
"""Bounds of the new length, as multiples of the old."""
_SLACK = 80
"""Code points, about a sentence, that even the shortest text may gain."""
_ASKED_MOST, _ASKED_SLACK = 10.0, 2_000
"""The same where a finding asks for more: still no text of fifty times the length."""

# A row of dots is taken whole: a model that repeats them must not make each a beginning.
_DOTS = r"(?:(?<!\.)\.{3,}+|\u2026)"
_REST = r"(?:rest|remainder|remaining|everything else)"
_OTHERS = rf"(?:{_REST}|existing|previous|other|same|unmodified)"
_SAME = (
    r"(?:unchanged|unmodified|omitted|truncated|snipped|no changes?|as (?:before|above|is)|same)"
)
_BRACKET = (
    rf"[\[({{<]\s*(?:{_DOTS}|[^\[\](){{}}<>\n]{{0,60}}\b{_SAME}\b[^\[\](){{}}<>\n]{{0,40}})"
    r"\s*[\])}>]"
)
"""[unchanged], (rest omitted), <same as before>"""
_COMMENT = rf"(?:{_DOTS}|[^\n]{{0,40}}\b{_OTHERS}\b[^\n]{{0,60}}\b{_SAME}\b)"
"""Behind the sign of a comment: ... existing code ..., the rest is unchanged"""
_ELISION = (
    # a line: ... the rest ...; The rest stays the same.
    rf"^[^\w\n]{{0,40}}_?{_DOTS}[^\n]{{0,30}}\b{_REST}\b[^\n]*$",
    rf"^[^\w\n]{{0,40}}_?(?:the )?{_REST}\b[^\n]{{0,60}}\b{_SAME}[^\w\n]{{0,40}}$",
    rf"^[ \t]*(?:#|//|--|/\*|<!--|;;|%)\s*{_COMMENT}",
)
_ELISION_IN_PROSE = (_BRACKET,)
_ELISION_IN_CODE = (rf"^[ \t]*{_BRACKET}[ \t]*$", rf"(?:#|//|--|/\*|<!--)\s*{_COMMENT}")


def _compiled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(p, re.IGNORECASE | re.MULTILINE) for p in patterns)


_PROSE = _compiled(*_ELISION, *_ELISION_IN_PROSE)
_CODE = _compiled(*_ELISION, *_ELISION_IN_CODE)
_DOTS_ALONE = re.compile(rf"^[ \t>*-]*{_DOTS}[ \t]*$", re.MULTILINE)
_DOTS_AT_THE_END = re.compile(rf"{_DOTS}\s*+\Z")
_PYTHON_BODY = re.compile(rf":[ \t]*+(?:#[^\n]{0, 200}+)?\r?\n[ \t]*{_DOTS}[ \t]*$", re.MULTILINE)

_OURS = re.compile(
    r"</?(?:reply|fix|candidate|criteria|brief|instruction|context|before|after|original|input"
    r"|reported|problem)-[0-9a-f]{8,}>|<\|[a-z_]{2,30}\|>|</?(?:task|fix|reply)>"
    r"|^[ \t]*(?:assistant|system|user)[ \t]*:[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_FORM = re.compile(
    r"^[ \t]*(?:@@ *(?:[0-9]+(?: *-[ \d]+)?|FIRST-LAST) *(?:@@)?|<{5,9} ?SEARCH|>{5,9} ?REPLACE"
    r"|the whole (?:text, revised|new text of that (?:segment|line))"
    r"|new text of segments? (?:\d|FIRST).*)[ \t]*$",
    re.MULTILINE,
)
"""What belongs to the form of another reply, or to the form as it was shown."""
_TALK = re.compile(
    r"\A\W*(?:(?:sure|certainly|of course|okay|ok)\b[^\n:]{0,20})?"
    r"here(?:'s|\u2019s| is| are)\b[^\n:]{0,20}"
    r"\b(?:revised|rewritten|corrected|updated|edited|improved|new|final)\b[^\n:]{0,60}:\s*?(?:\n|\Z)",
    re.IGNORECASE,
)


def rejection(old: str, new: str, task: Task, todo: Sequence[Finding]) -> str:
    """Why `new` may not replace `old`, as a clause; "" where it may.

    Args:
        old: the candidate.
        new: what the writer made of it.
        task: of the run.
        todo: the findings that the writer was given; what they ask for is allowed.
    """
    return misfit(old, new, task, todo) or protected_change(old, new, task, todo)


def misfit(old: str, new: str, task: Task, todo: Sequence[Finding]) -> str:
    """Why `new` is no version of `old` at all, as a clause; "" where it may be one."""
    return foreign(old, new, task.language) or _length(old, new, task, todo)


def foreign(old: str, new: str, language: str) -> str:
    """What no text may gain, as a clause; "" for nothing of the kind."""
    if not new.strip():
        return "it leaves no text"
    if _more(_OURS, old, new):
        return "it holds tags of the conversation"
    if _more(_FORM, old, new):
        return "it holds marks of a reply in another form"
    if _more(_TALK, old, new):
        return "it begins with words about the text"
    if elision := _elision(old, new, language):
        return elision
    if gained := _hidden(new) - _hidden(old):
        names = ", ".join(f"U+{ord(c):04X}" for c in sorted(gained)[:5])
        return f"it adds characters that nobody can see ({names})"
    return ""


def _more(pattern: re.Pattern[str], old: str, new: str) -> bool:
    return len(pattern.findall(new)) > len(pattern.findall(old))


def _hidden(text: str) -> Counter[str]:
    return Counter("".join(span.of(text) for span in invisible(text)))


def _elision(old: str, new: str, language: str) -> str:
    """Words left out in `new` with a remark that they stay."""
    why = "it leaves words out instead of writing them"
    if any(_more(pattern, old, new) for pattern in (_PROSE if is_prose(language) else _CODE)):
        return why
    alone = [len(_DOTS_ALONE.findall(t)) for t in (old, new)]
    if language == "python":  # `...` is the whole body of a stub
        alone = [n - len(_PYTHON_BODY.findall(t)) for n, t in zip(alone, (old, new), strict=True)]
    if alone[1] > alone[0]:
        return why
    return why if is_prose(language) and _more(_DOTS_AT_THE_END, old, new) else ""


def _length(old: str, new: str, task: Task, todo: Sequence[Finding]) -> str:
    """Whether the length says that this is another text; measured without white space around."""
    was, now = (span.end - span.start for span in (core_of(old), core_of(new)))
    shorter, longer = _asks(task, todo)
    most = _ASKED_MOST * was + _ASKED_SLACK if longer else _MOST * was + _SLACK
    if now > most:
        return f"it is {now:,} characters long, the text was {was:,}"
    if now < _LEAST * was and not shorter:
        return f"it is only {now:,} characters long, the text was {was:,}"
    return ""


def _asks(task: Task, todo: Sequence[Finding]) -> tuple[bool, bool]:
    """Whether a finding asks for a much shorter text, and whether one asks for a longer one."""
    counts = {c.id for c in task.criteria if c.check in ("length", "readability")}
    either = any(f.criterion in counts or f.criterion == INSTRUCTION for f in todo)
    shorter = any(f.kind is Kind.EXTRA for f in todo)
    longer = any(f.kind is Kind.MISSING for f in todo)
    return either or shorter, either or longer
