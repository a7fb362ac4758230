"""Owns the step from a selection, its criteria and the user's settings to a job for the driver."""

import secrets
from dataclasses import dataclass

from self_refine.checks.fixes.writer_guard import Around
from self_refine.criteria.choose_criteria import Chosen
from self_refine.loop.task import Limits, Task
from self_refine.runs.checkers import HERE, Checker
from self_refine.runs.driver import Job
from self_refine.runs.grow_selection import without_comments
from self_refine.settings import Settings
from self_refine.text.languages import is_prose
from self_refine.text.spans import Span

_CONTEXT = 1_200
"""Most code points of context on each side: about 300 tokens, a paragraph or a function."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """A part of a document, as an editor or the prompt names it."""

    document: str
    span: Span
    language: str
    path: str
    """Relative to the workspace where there is one; "" without a path."""

    @property
    def text(self) -> str:
        """The selected words."""
        return self.span.of(self.document)


@dataclass(frozen=True, kw_only=True, slots=True)
class RunOptions:
    """What the user asked for beyond the selection."""

    instruction: str = ""
    brief: str = ""
    """What the text is for, beside what the criteria files say."""
    critique_only: bool = False
    draft: bool = False
    """The selection is a task: generate its text, then refine that."""


@dataclass(frozen=True, slots=True)
class TooLong:
    """The selection is over the limit; the message names both."""

    message: str


def estimate_tokens(text: str) -> int:
    """UTF-8 bytes / 4, rounded up: shown with "~"."""
    # A long text is not copied to be counted.
    size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
    return -(-size // 4)


def too_long(text: str, settings: Settings) -> TooLong | None:
    """Whether the selection is over `maxSelectionTokens`."""
    count, limit = estimate_tokens(text), settings.max_selection_tokens
    if count <= limit:
        return None
    return TooLong(
        f"The selection is ~{count:,} tokens; the limit is {limit:,}. Select less of the text, "
        "or raise maxSelectionTokens in your settings."
    )


def _input_too_long(chosen: Chosen, settings: Settings) -> TooLong | None:
    """Whether an input that a model would be given is over the limit."""
    sent = {name: text for criterion in chosen.criteria for name, text in criterion.uses}
    limit = settings.max_selection_tokens
    long = next((name for name, text in sent.items() if estimate_tokens(text) > limit), None)
    if long is None:
        return None
    return TooLong(
        f"The input {long!r} is ~{estimate_tokens(sent[long]):,} tokens; the limit is {limit:,}. "
        "Give a shorter one, or raise maxSelectionTokens in your settings."
    )


def prepare(  # noqa: PLR0913 - the parts of a run, each named by its caller
    selection: Selection,
    chosen: Chosen,
    settings: Settings,
    wish: RunOptions,
    *,
    has_model: bool,
    checker: Checker = HERE,
) -> Job | TooLong:
    """The job of one run, or why there can be none; blocks where patterns protect a stretch."""
    if has_model and (
        long := too_long(selection.text, settings) or _input_too_long(chosen, settings)
    ):
        return long
    task = Task(
        text=selection.text,
        criteria=chosen.criteria,
        instruction=wish.instruction.strip(),
        brief="\n".join(filter(None, (chosen.brief, wish.brief.strip()))),
        before=_context_before(selection),
        after=_context_after(selection),
        language=selection.language,
        has_model=has_model,
        mode=settings.mode,
        remembers=settings.cache,
        draft=wish.draft,
        critique_only=wish.critique_only,
        protect=(*checker.protected(chosen.protect, selection.text), *_code(chosen, selection)),
        first_line_indent=_indent(selection),
        seed=secrets.token_hex(16),
        limits=limits_of(settings, chosen),
    )
    return Job(
        task=task,
        checks=chosen.checks,
        path=selection.path,
        inputs=dict(chosen.inputs),
        input_paths=chosen.input_paths,
        checker=checker,
        around=_around(selection),
        first_line=1 + selection.document.count("\n", 0, selection.span.start),
    )


def _code(chosen: Chosen, selection: Selection) -> tuple[str, ...]:
    """What no rewrite may change where all criteria are about comments alone: the rest."""
    if not chosen.files or any(file.applies.within != "comments" for file in chosen.files):
        return ()
    return without_comments(selection.text, selection.language)


def limits_of(settings: Settings, chosen: Chosen) -> Limits:
    """The user's limits; criteria files may lower the passes, never raise them."""
    return Limits(
        passes=min(settings.passes, chosen.passes or settings.passes),
        calls=settings.max_calls,
        tokens=settings.max_tokens,
        seconds=settings.max_seconds,
        output_tokens=settings.max_output_tokens,
    )


def _context_before(selection: Selection) -> str:
    start = selection.span.start
    text = selection.document[max(0, start - _CONTEXT) : start]
    return text if start <= _CONTEXT else text[text.find("\n") + 1 :]


def _context_after(selection: Selection) -> str:
    end = selection.span.end
    text = selection.document[end : end + _CONTEXT]
    return text if end + _CONTEXT >= len(selection.document) else text[: text.rfind("\n") + 1]


def _around(selection: Selection) -> Around:
    """The rest of the document, where it is parsed with the selection."""
    if is_prose(selection.language):
        return Around()
    document, span = selection.document, selection.span
    return Around(document[: span.start], document[span.end :])


def _indent(selection: Selection) -> str:
    """White space between the start of the line and the selection; "" where words stand there."""
    start = selection.span.start
    line = selection.document[selection.document.rfind("\n", 0, start) + 1 : start]
    return line if not line.strip() else ""
