"""Owns the writer's calls and what is made of its replies: another text, or a reason why not.

The order of attempts is the engine's: edits applied exactly and once, or uniformly re-indented;
one repair that shows the failing block beside the real lines; the whole text; then it gives up.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from self_refine.loop.guards.echoes import copied, repeated
from self_refine.loop.guards.fact_loss import lost
from self_refine.loop.guards.needs_review import BROAD, held
from self_refine.loop.guards.rejections import foreign, misfit, rejection
from self_refine.loop.prompt import tags
from self_refine.loop.prompt.numbered import numbered
from self_refine.loop.prompt.prompt import Prompt
from self_refine.loop.requests import Answered, Call
from self_refine.loop.task import Task
from self_refine.loop.types import Criterion, Finding
from self_refine.loop.writer.apply import EditTarget, block_edits, segment_edits
from self_refine.loop.writer.edit_formats import (
    Form,
    Malformed,
    form_for,
    read_blocks,
    read_segments,
    tokens_of,
)
from self_refine.loop.writer.hunk_filter import filtered, strays
from self_refine.loop.writer.prompts import generate_order, refine_order, repair_order
from self_refine.loop.writer.reply_block import Unusable, block_of, is_fenced, without_fence
from self_refine.loop.writer.whitespace_frame import WhitespaceFrame, body_of, frame_of, text_of
from self_refine.text.segmenting.segments import is_prose
from self_refine.text.spans import apply_edits

__all__ = [
    "Form",
    "Rewrite",
    "Unusable",
    "filtered",
    "form_for",
    "generate_call",
    "read_generated",
    "read_rewrite",
    "refine_call",
    "writer_repair",
]

_COOL, _HOT = 0.3, 1.0
_SPARE = 2048
"""Tokens above those of the text: for the form, for growth, for models that think aloud first."""
_DRAFT = 4096
"""Tokens of a text that is still to be written."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rewrite:
    """A reply that can be used."""

    text: str
    """The whole new text; the same as before where the writer changed nothing."""
    notes: tuple[str, ...] = ()
    """Remarks for the trace and the report."""
    held: tuple[str, ...] = ()
    """Why a person should look before it lands."""
    lost: tuple[str, ...] = ()
    """Facts that it no longer has, though the writer was told to keep them."""
    unfiltered: str = ""
    """A whole rewrite before the hunk filter, where that took something back; else ""."""


def refine_call(  # noqa: PLR0913, PLR0917 - the parts of a call, each named by its caller
    prompt: Prompt,
    text: str,
    number: int,
    todo: tuple[Finding, ...],
    criteria: Mapping[str, Criterion],
    form: Form,
    tag: str,
    *,
    broke: tuple[Finding, ...] = (),
    hotter: bool = False,
) -> Call:
    """Ask for a rewrite of candidate `number` in which `todo` is resolved.

    Args:
        prompt: of the run.
        text: the candidate's.
        number: the candidate's.
        todo: what to resolve, gravest first.
        criteria: by id; what has no criterion is the user's own wish.
        form: of the reply.
        tag: of the reply.
        broke: what a refused rewrite of the same candidate brought in.
        hotter: the last reply was the same text again.
    """
    order = refine_order(prompt, text, todo, criteria, form, tag, broke, again=hotter)
    return _call(prompt, text, number, todo, form, tag, order, _HOT if hotter else _COOL)


def writer_repair(  # noqa: PLR0913, PLR0917
    prompt: Prompt,
    text: str,
    number: int,
    todo: tuple[Finding, ...],
    criteria: Mapping[str, Criterion],
    form: Form,
    tag: str,
    problem: str,
) -> Call:
    """Ask again after a reply that could not be used; `problem` is the reason of `Unusable`."""
    order = refine_order(prompt, text, todo, criteria, form, tag)
    order = repair_order(prompt, text, order, problem)
    return _call(prompt, text, number, todo, form, tag, order, _COOL)


def generate_call(prompt: Prompt, task: Task, tag: str) -> Call:
    """Ask for the text that the selection, or the instruction, describes."""
    return Call(
        purpose="generate",
        messages=prompt.messages(task.text),
        task=prompt.task(task.text, generate_order(prompt, task, tag)),
        tag=tag,
        max_output_tokens=_DRAFT,
        temperature=_COOL,
    )


def _call(  # noqa: PLR0913, PLR0917
    prompt: Prompt,
    text: str,
    number: int,
    todo: Sequence[Finding],
    form: Form,
    tag: str,
    order: str,
    temperature: float,
) -> Call:
    factor = 2 if form == "whole" else 1
    return Call(
        purpose="refine",
        messages=prompt.messages(text),
        task=prompt.task(text, order),
        tag=tag,
        max_output_tokens=factor * tokens_of(text) + _SPARE,
        temperature=temperature,
        focus=tuple(dict.fromkeys(f.criterion for f in todo)),
        candidate=number,
        todo=tuple(todo),
    )


def read_rewrite(  # noqa: PLR0913, PLR0917 - the reply and all that it is measured by
    answered: Answered,
    tag: str,
    form: Form,
    text: str,
    task: Task,
    todo: Sequence[Finding],
    *,
    told: bool = False,
) -> Rewrite | Unusable:
    """What the reply makes of `text`, all of it or nothing.

    A rewrite that loses facts is refused; where the writer was `told` which, and they are gone
    again, it is for a person to decide.
    """
    block = block_of(answered, tag)
    if isinstance(block, Unusable):
        return block
    target = EditTarget(text, _frame(text, task), task.language)
    new = _applied(_words(block, target, task), form, target)
    if isinstance(new, Malformed):
        return Unusable(new.reason, repairable=True)
    if new == text:
        return Rewrite(text=text)
    if form == "whole":
        made = _narrowed(text, new, task, todo)
    elif why := _refused(text, new, task, todo):
        made = Unusable(why, repairable=True)
    else:
        broad = (BROAD,) if strays(text, new, todo, task.language) else ()
        made = Rewrite(text=new, held=(*broad, *review_reasons(new, text, task)))
    return made if isinstance(made, Unusable) else _with_losses(text, made, task, todo, told=told)


def _with_losses(
    text: str, made: Rewrite, task: Task, todo: Sequence[Finding], *, told: bool
) -> Rewrite | Unusable:
    gone = lost(text, made.text, task.language, todo)
    if not gone:
        return made
    why = f"it loses {', '.join(gone)}"
    if not told:
        return Unusable(f"{why}, which no finding asks for", repairable=True, lost=gone)
    return replace(made, lost=gone, held=(*made.held, why))


def _refused(old: str, new: str, task: Task, todo: Sequence[Finding]) -> str:
    """Why `new` may not replace `old`, as a clause; "" where it may."""
    return (
        rejection(old, new, task, todo)
        or repeated(old, new, task.language)
        or copied(old, new, todo)
    )


def read_generated(answered: Answered, tag: str, task: Task) -> Rewrite | Unusable:
    """The text that the reply holds, in the place of the selection."""
    block = block_of(answered, tag)
    if isinstance(block, Unusable):
        return block
    target = EditTarget(task.text, _frame(task.text, task), task.language)
    words = _words(block, target, task)
    new = text_of(target.frame, words, task.text) if words.strip() else ""
    if why := foreign(task.text, new, task.language):
        return Unusable(why, repairable=True)
    return Rewrite(text=new, held=review_reasons(new, task.text, task))


def _frame(text: str, task: Task) -> WhitespaceFrame:
    return frame_of(text, task.first_line_indent, around=task.before + task.after)


def _words(block: str, target: EditTarget, task: Task) -> str:
    """The writer's words: no fence round them unless the text has some, no segment marks."""
    body = body_of(target.frame, target.text)
    words = block if is_fenced(body) else without_fence(block)
    if is_prose(target.language):
        shown = numbered(target.text, target.language, task.first_line_indent).marked
        words = _closed_up(words, shown, re.escape(tags.mark(0, body)))
    return tags.strip_marks(words, body)


def _closed_up(words: str, shown: str, mark_0: str) -> str:
    """Without the blanks that some models write behind a mark where `shown` has none."""
    marks = mark_0.replace("0", "[0-9]{1,9}")
    own = set(re.findall(rf"({marks})[ \t]", shown))
    return re.sub(rf"({marks})[ \t]+", lambda m: m[0] if m[1] in own else m[1], words)


def _applied(words: str, form: Form, target: EditTarget) -> str | Malformed:
    match form:
        case "whole":
            return text_of(target.frame, words, target.text) if words.strip() else ""
        case "segments":
            hunks = read_segments(words)
            edits = hunks if isinstance(hunks, Malformed) else segment_edits(target, hunks)
        case "blocks":
            blocks = read_blocks(words)
            edits = blocks if isinstance(blocks, Malformed) else block_edits(target, blocks)
    return edits if isinstance(edits, Malformed) else apply_edits(target.text, edits)


def _narrowed(text: str, new: str, task: Task, todo: Sequence[Finding]) -> Rewrite | Unusable:
    """A whole rewrite after the hunk filter.

    What the filter takes back cannot harm: a link that was lost far from every finding is there
    again. Words left out, or a text of another length, are no edits that could be sorted out.
    """
    narrow = filtered(text, new, todo, task.language)
    if why := misfit(text, new, task, todo) or _refused(text, narrow, task, todo):
        return Unusable(why, repairable=True)
    if narrow == new:
        return Rewrite(text=new, held=review_reasons(new, text, task))
    usable = not _refused(text, new, task, todo)
    return Rewrite(
        text=narrow,
        notes=("changes away from every finding were taken back",),
        held=review_reasons(narrow, text, task),
        unfiltered=new if usable else "",
    )


def review_reasons(new: str, text: str, task: Task) -> tuple[str, ...]:
    """Why a person should look at what was made of `text`: what neither they nor the text said."""
    return held(new, (text, task.text, task.instruction, task.brief), task.language)
