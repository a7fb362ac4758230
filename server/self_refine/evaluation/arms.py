"""What a loop is measured against: one rewrite, and the loop as it was published.

Their prompts are those of a busy engineer, at most 80 tokens beside the data: an arm with long
prompts would be an easy one to beat. All arms are driven, counted and stopped in the same way.
"""

import re
from collections.abc import Callable, Generator
from typing import Literal

from self_refine.evaluation.items import Item
from self_refine.loop.engine import refine
from self_refine.loop.requests import (
    Answered,
    Ask,
    Call,
    Failed,
    Halted,
    Loop,
    Message,
    Replies,
    Reply,
    Step,
)
from self_refine.loop.task import Task
from self_refine.loop.types import Candidate, Cost, Outcome, StopReason

Arm = Literal["draft", "rewrite", "plain", "ours", "naive"]
ARMS: tuple[Arm, ...] = ("draft", "rewrite", "plain", "ours")
"""Those that are compared where nobody names some; `naive` tests that `rewrite` is a good one."""
ALL_ARMS: tuple[Arm, ...] = (*ARMS, "naive")

NAIVE = "Improve this text: {criteria}\n\n{text}"
REWRITE = """\
Rewrite the text so that it meets all criteria. Change nothing else. Reply with the text alone.
{brief}
Criteria:
{criteria}

Text:
{text}"""
CRITIQUE = """\
Critique the text by each criterion: quote what is wrong and say how to mend it. \
If it meets all criteria, reply APPROVED and nothing else.
{brief}
Criteria:
{criteria}

Text:
{text}"""
REVISE = """\
Revise the text so that the critique no longer applies. Change nothing else. \
Reply with the text alone.
{brief}
Criteria:
{criteria}

Text:
{text}

Critique:
{critique}"""

_REPLY = 4_096
"""Most tokens of a critique."""
_THOUGHTS = re.compile(r"\s*<(think|thinking)>.*?</\1>\s*", re.DOTALL)
_FENCE = re.compile(r"\s*```[\w-]*[ \t]*\n(.*?)\n?\s*```\s*", re.DOTALL)
_APPROVED = re.compile(r"\W*APPROVED\W*", re.IGNORECASE)


def technique(arm: Arm, item: Item) -> Callable[[Task], Loop]:
    """The loop of an arm."""
    match arm:
        case "ours":
            return refine
        case "draft":
            return _draft
        case "naive":
            return lambda task: _single(task, item, NAIVE)
        case "rewrite":
            return lambda task: _single(task, item, REWRITE)
        case "plain":
            return lambda task: _plain(task, item)


def _draft(task: Task) -> Loop:
    """Nothing is done: what the others begin with."""
    yield ()
    return _outcome(task, task.text, StopReason.NO_CHANGE, Cost())


def _single(task: Task, item: Item, prompt: str) -> Loop:
    """One call: criteria and text in, text out."""
    try:
        reply = yield from _asked(_prompt(prompt, item, task.text), 1, _room(task.text))
    except _EndedError as ended:
        return _outcome(task, task.text, ended.stop, ended.cost, ended.detail)
    text = _as_text(reply, task.text)
    stop = StopReason.NO_CHANGE if text == task.text else StopReason.LIMIT
    return _outcome(task, text, stop, reply.cost)


def _plain(task: Task, item: Item) -> Loop:
    """Critique in free prose, and the whole text anew, until the critic approves (Madaan 2023)."""
    text, cost, stop, detail = task.text, Cost(), StopReason.LIMIT, ""
    try:
        for number in range(1, task.limits.passes + 1):
            heard = yield from _asked(_prompt(CRITIQUE, item, text), 2 * number - 1, _REPLY)
            cost += heard.cost
            if _APPROVED.fullmatch(_said(heard)):
                stop = StopReason.APPROVED
                break
            words = _prompt(REVISE, item, text, critique=_said(heard))
            written = yield from _asked(words, 2 * number, _room(text))
            cost += written.cost
            text = _as_text(written, text)
    except _EndedError as ended:
        stop, detail, cost = ended.stop, ended.detail, cost + ended.cost
    return _outcome(task, text, stop, cost, detail)


class _EndedError(Exception):
    """The run ends before its time; caught in the loop that asked."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.stop, self.detail, self.cost = StopReason.MODEL_FAILED, "", Cost()
        match reply:
            case Halted(reason, detail, cost):
                self.stop, self.detail, self.cost = reason, detail, cost
            case Failed(message=message, cost=cost):
                self.detail, self.cost = message, cost
            case _:
                pass


def _asked(words: str, number: int, room: int) -> Generator[Step, Replies, Answered]:
    call = Call(
        purpose="generate",
        messages=(Message("user", ""),),
        task=words,
        tag=f"reply-{number}",
        max_output_tokens=room,
    )
    (reply,) = yield (Ask(call),)
    if not isinstance(reply, Answered):
        raise _EndedError(reply)
    return reply


def _prompt(prompt: str, item: Item, text: str, critique: str = "") -> str:
    """A prompt with its data; what is put in is not looked at again."""
    given = {
        "brief": f"\nBrief: {item.brief}\n" if item.brief else "",
        "criteria": "\n".join(_listed(item)),
        "text": text,
        "critique": critique,
    }
    return re.sub(r"\{(\w+)\}", lambda found: given[found[1]], prompt)


def _listed(item: Item) -> list[str]:
    return [f"- {c.question}" + (f" ({c.fix})" if c.fix else "") for c in item.criteria]


def _room(text: str) -> int:
    """Most tokens of a rewrite: twice the text and some more, for models that think aloud too."""
    return 2_048 + len(text.encode("utf-8", "surrogatepass")) // 2


def _said(reply: Answered) -> str:
    """A reply without the thoughts that some models put before it."""
    thought = _THOUGHTS.match(reply.text)
    return reply.text[thought.end() :] if thought else reply.text


def _as_text(reply: Answered, draft: str) -> str:
    """The rewritten text: unfenced where the draft was, its end as the draft's; never a cut one."""
    if reply.finish != "stop":
        return draft
    words = _said(reply)
    fenced = _FENCE.fullmatch(words)
    if fenced and not _FENCE.fullmatch(draft):
        words = fenced[1]
    head = draft[: len(draft) - len(draft.lstrip())]
    tail = draft[len(draft.rstrip()) :]
    return head + words.strip() + tail


def _outcome(task: Task, text: str, stop: StopReason, cost: Cost, detail: str = "") -> Outcome:
    first = Candidate(number=0, text=task.text, parent=None, origin="original", pass_=0)
    last = Candidate(number=1, text=text, parent=0, origin="rewrite", pass_=1)
    return Outcome(
        text=text,
        stop=stop,
        detail=detail,
        best=1,
        candidates=(first, last),
        criteria=task.criteria,
        cost=cost,
    )
