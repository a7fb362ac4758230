"""Owns the editor's own model: a call, as an editor that lends its model can be asked it.

Knows no protocol. Whoever talks to the editor gives an `Ask`; what comes back is checked here,
since an editor may send a chunk late, twice, or for a reply that is over.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, assert_never

from self_refine.loop.requests import Answered, Call, Failed, FailureKind
from self_refine.models import token_estimates
from self_refine.models.base import Form, OnText, OnWait, unheard
from self_refine.models.faults import FaultError, Filtered, Garbled, Late, Refusal, TooBig
from self_refine.models.openai.deadlines import Deadlines
from self_refine.models.openai.endpoint import Caps, Timing
from self_refine.models.openai.reply_reader import Usage, readable
from self_refine.models.openai.request_body import clean
from self_refine.text.foreign import Foreign

_log = logging.getLogger(__name__)

HOST = "your editor"
UNNAMED = "its own model"


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What the editor is asked. Editors know no system role: it is one message of the user."""

    text: str
    schema: Mapping[str, Any] | None
    """JSON Schema of the reply, None where it is tagged text."""
    most_output: int
    """Tokens."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The editor's model has said its last."""

    finish: str
    """`stop` or `length`; `filtered` and `refused` where nothing is to be had."""
    model: str = ""
    """As the editor names it."""


Code = Literal["NoPermissions", "Blocked", "NotFound", "NoSchema", "Cancelled", "Failed"]


@dataclass(frozen=True, slots=True)
class Denied:
    """The editor did not let us, or could not."""

    code: Code
    """`vscode.LanguageModelError`'s; `NoSchema`: ask again without; `Cancelled`: by the user."""
    message: Foreign = Foreign("")  # noqa: RUF009 - it never changes
    """In the editor's words, for the log; it may hold the user's text, so it is never shown."""


OnChunk = Callable[[int, str], None]
"""Hears a chunk's number, from 0, and its words."""

Ask = Callable[[Question, OnChunk], Awaitable[Finished | Denied]]
"""Asks the editor; cancelling the awaiting task tells the editor to stop (`$/cancelRequest`)."""


class _Hearing:
    """The chunks of one reply, in order, each once, none after the end, within bounds."""

    def __init__(self, caps: Caps, patience: Deadlines, on_text: Callable[[str], None]) -> None:
        self._caps, self._patience, self._on_text = caps, patience, on_text
        self._next = 0
        self._size = 0
        self._pieces: list[str] = []
        self._over = False
        self.too_big = asyncio.Event()

    @property
    def text(self) -> str:
        """All that was heard."""
        return "".join(self._pieces)

    def chunk(self, number: int, words: str) -> None:
        """Take in one chunk; one that came already, or too late, is nothing."""
        if self._over or number < self._next or not words:
            return
        self._next = number + 1
        self._size += len(words.encode("utf-8", "replace"))
        if self._size > self._caps.body or number > self._caps.chunks:
            self._over = True
            self.too_big.set()
            return
        self._pieces.append(words)
        self._patience.word()
        self._on_text(words)

    def end(self) -> None:
        """Nothing more is heard."""
        self._over = True


class EditorModel:
    """The model that an editor lends; one call at a time, since editors answer one at a time."""

    def __init__(
        self, ask: Ask, *, name: str = "", timing: Timing | None = None, caps: Caps | None = None
    ) -> None:
        self._ask = ask
        self._name = name
        self._timing = timing or Timing()
        self._caps = caps or Caps()
        self._takes_schema = True
        self._turn = asyncio.Lock()

    @property
    def name(self) -> str:
        """As the editor names it, once it has."""
        return self._name or UNNAMED

    @property
    def host(self) -> str:
        """Who is sent the text: the editor, which sends it on as its own settings say."""
        return HOST

    async def complete(
        self,
        call: Call,
        on_text: OnText,
        *,
        on_wait: OnWait = unheard,
        until: float | None = None,
    ) -> Answered | Failed:
        """Answer `call`; see `Model.complete`. A "no" stands: nothing is tried again."""
        del on_wait, until
        async with self._turn:
            form: Form = "json" if call.schema is not None and self._takes_schema else "tagged"
            answer = await self._answer(call, form, on_text)
            if isinstance(answer, Denied) and answer.code == "NoSchema" and form == "json":
                self._takes_schema = False
                on_text("", "tagged")
                answer = await self._answer(call, "tagged", on_text)
            return self._denied(answer) if isinstance(answer, Denied) else answer

    async def close(self) -> None:
        """Nothing is held."""

    async def _answer(self, call: Call, form: Form, on_text: OnText) -> Answered | Failed | Denied:
        question = _question(call, form)
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            async with Deadlines(self._timing) as patience:
                hearing = _Hearing(self._caps, patience, lambda words: on_text(words, form))
                ended = await self._asked(question, hearing)
            if isinstance(ended, Denied):
                return ended
            self._name = _plain(ended.model) or self._name
            text = _text(ended, hearing.text, form, call.tag)
        except FaultError as error:
            return self._failed(error)
        return Answered(
            text=text,
            form=form,
            finish="length" if ended.finish == "length" else "stop",
            cost=token_estimates.cost(question.text, hearing.text, Usage(), clock() - began),
        )

    async def _asked(self, question: Question, hearing: _Hearing) -> Finished | Denied:
        """Ask, and stop asking once more was heard than a reply may hold."""
        asking = asyncio.ensure_future(self._ask(question, hearing.chunk))
        watching = asyncio.ensure_future(hearing.too_big.wait())
        try:
            await asyncio.wait({asking, watching}, return_when=asyncio.FIRST_COMPLETED)
            ended = None if hearing.too_big.is_set() else asking.result()
        except Exception as error:  # noqa: BLE001 - whatever stands between us and an editor
            _log.warning("The editor's model could not be asked: %s", type(error).__name__)
            return Denied("Failed")
        finally:
            hearing.end()
            asking.cancel()
            watching.cancel()
            await asyncio.gather(asking, watching, return_exceptions=True)
        if ended is None:
            raise FaultError(TooBig(f"{self._caps.body:,} bytes"))
        return ended

    def _denied(self, denied: Denied) -> Failed:
        kind, message = _told(denied.code, self.name)
        return Failed(kind=kind, message=message)

    def _failed(self, error: FaultError) -> Failed:
        match error.fault:
            case Late(waited_for, setting, seconds):
                return Failed(
                    kind=FailureKind.TIMEOUT,
                    message=f"The editor's model did not send {waited_for} within {seconds:g} s. "
                    f"Try again, or allow more with the setting {setting}.",
                )
            case Filtered():
                kind, what = FailureKind.FILTERED, "withheld its reply (content filter)"
            case Refusal():
                kind, what = FailureKind.REFUSED, "declined to answer"
            case TooBig(limit):
                kind, what = FailureKind.BAD_ANSWER, f"went over {limit} and was stopped"
            case _:
                kind, what = FailureKind.BAD_ANSWER, "gave an answer that is none"
        message = (
            f"The editor's model ({self.name}) {what}; your text is unchanged. "
            "Try again, or choose another model in your editor."
        )
        return Failed(kind=kind, message=message)


def _question(call: Call, form: Form) -> Question:
    task = call.task if form == "json" or call.schema is None else call.plain_task or call.task
    *earlier, last = [message.content for message in call.messages] or [""]
    text = "\n\n".join([*earlier, last + task])
    schema = call.schema if form == "json" else None
    return Question(text=clean(text), schema=schema, most_output=call.max_output_tokens)


def _text(ended: Finished, heard: str, form: Form, tag: str) -> str:
    """The reply's text.

    Raises:
        FaultError: it did not end as a reply does.
    """
    match ended.finish:
        case "stop" | "length":
            text = readable(heard, "", form, tag)
        case "filtered":
            raise FaultError(Filtered())
        case "refused":
            raise FaultError(Refusal())
        case _:
            raise FaultError(Garbled("it ended for a reason that nobody knows"))
    if not text.strip() and ended.finish == "stop":
        raise FaultError(Garbled("it is empty"))
    return text


def _told(code: Code, name: str) -> tuple[FailureKind, str]:
    match code:
        case "NoPermissions":
            return FailureKind.AUTHORISATION, (
                f"Your editor did not allow self-refine to use {name}. Start the run again and "
                "allow it, or set OPENAI_BASE_URL or OPENAI_API_KEY to use another model."
            )
        case "Blocked":
            return FailureKind.RATE_LIMIT, (
                f"Your editor blocks {name} for now: its quota is used up, or it is not yours to "
                "use. Try again later, or choose another model in your editor."
            )
        case "NotFound":
            return FailureKind.OTHER, (
                f"Your editor no longer has {name}. Choose another model in your editor, or set "
                "OPENAI_BASE_URL or OPENAI_API_KEY to use one of your own."
            )
        case "Cancelled":
            return FailureKind.OTHER, "The call was cancelled in your editor. Start the run again."
        case "NoSchema" | "Failed":
            return FailureKind.OTHER, (
                f"Your editor could not ask {name}. Look at its log, then try again."
            )
        case _:
            assert_never(code)


def _plain(name: str) -> str:
    return "".join(c for c in name if c.isprintable())[:80].strip()
