"""Owns the messages beyond LSP, for clients that say at the start that they know them.

Mirrored by `client-vscode/src/protocol.ts`; both are described in `docs/protocol.md`, and a test
holds the three together.
"""

import asyncio
import itertools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from self_refine.editor import messages
from self_refine.editor.diagnostics.to_lsp import plain_range
from self_refine.editor.documents.criteria_cache import Snapshot
from self_refine.editor.documents.documents import Document
from self_refine.editor.requests import arguments
from self_refine.editor.requests.review_commands import open_document, run_of
from self_refine.editor.requests.run_views import View, inert_view, run_view
from self_refine.editor.requests.status_view import kind_of, status_view
from self_refine.editor.review.tracked_change import making
from self_refine.editor.rpc.outgoing_requests import ErrorReply, Ok, TimedOut
from self_refine.editor.runs.run import Waiting, pending
from self_refine.editor.session import ACT, Session
from self_refine.errors import ModelError, UsageError
from self_refine.text.foreign import Foreign, inert
from self_refine.text.spans import Span, apply_edits

if TYPE_CHECKING:  # models are imported with the first run
    from self_refine.criteria.criteria_file import CriteriaFile
    from self_refine.editor.server import SelfRefineServer
    from self_refine.models.base import Model
    from self_refine.models.editor_model import Denied, Finished, OnChunk, Question

RUN = "selfRefine/run"
PREVIEW = "selfRefine/preview"
OFFERS = "selfRefine/offers"
DOCTOR = "selfRefine/doctor"
STATUS = "selfRefine/status"
STATUS_CHANGED = "selfRefine/statusChanged"
UNIT = "selfRefine/unit"
LM_MODEL = "selfRefine/lmModel"
LM = "selfRefine/lm"

METHODS = (
    RUN,
    PREVIEW,
    OFFERS,
    DOCTOR,
    STATUS,
    STATUS_CHANGED,
    UNIT,
    ACT,
    LM_MODEL,
    LM,
)
"""Every message beyond LSP but `selfRefine/optionsChanged`, which `server.py` takes."""

_MODEL_SECONDS = 60.0
"""Longest wait for the editor to say which model it has: it may have to ask its user which."""
_STATUS_SECONDS = 5.0
"""Longest wait for the criteria to be read."""
_DOCTORS_RUN = "doctor"
"""Stands for the id of a run where the user tests the connection."""


def register(server: "SelfRefineServer", session: Session) -> None:
    """Wire the messages to a server that is being made."""
    telling = _Telling(server, session)
    lending = _Lending(server)
    session.hear_runs(telling.soon)
    session.editor_model = lending.model

    @server.feature(PREVIEW)
    def preview(params: Any) -> View | None:
        return _preview(session, params)

    @server.feature(OFFERS)
    async def offers(params: Any) -> list[View]:
        return await _offers(session, params)

    @server.feature(STATUS)
    async def status(params: Any) -> View:
        return await _status(server, session, params)

    @server.feature(UNIT)
    def unit(params: Any) -> View | None:
        return _unit(session, params)

    session.hear_status(lambda: _status_changed(server))

    @server.feature(DOCTOR)
    async def doctor(_: Any) -> View:
        return await _doctor(session)


class _Telling:
    """Tells the client of runs that have changed; several changes of one turn are one."""

    def __init__(self, server: "SelfRefineServer", session: Session) -> None:
        self._server, self._session = server, session
        self._due: set[str] = set()
        self._told: dict[str, View] = {}

    def soon(self, uri: str) -> None:
        """Something about the runs of a document has changed."""
        if self._server.extensions and uri not in self._due:
            self._due.add(uri)
            asyncio.get_running_loop().call_soon(self._tell, uri)

    def _tell(self, uri: str) -> None:
        self._due.discard(uri)
        for run in self._session.runs.of(uri):
            view = inert_view(run_view(self._session, run))
            if self._told.get(run.id) != view:
                self._told[run.id] = view
                self._server.client.tell(RUN, view)
        runs = self._session.runs
        for run_id in [each for each in self._told if runs.get(each) is None]:
            del self._told[run_id]


def _preview(session: Session, given: Any) -> View | None:
    run = run_of(session, arguments.one_run(given).run_id)
    document = session.documents.get(run.uri)
    if not isinstance(run, Waiting) or document is None:
        return None
    edits = making(each for each in pending(run) if not each.is_new)
    return {"after": apply_edits(document.text, edits)}


async def _offers(session: Session, given: Any) -> list[View]:
    """Every criteria file that a run may be started with."""
    asked = arguments.offers_arguments(given)
    document = open_document(session, asked.uri)
    snapshot = await session.criteria_cache.reload(document.path)
    return _offered(document, document.span(asked.range), snapshot)


def _offered(document: Document, span: Span, snapshot: Snapshot) -> list[View]:
    from self_refine.criteria.applying import applies  # noqa: PLC0415 - read with criteria
    from self_refine.editor.pages.explain import why_not  # noqa: PLC0415 - as above

    whole = span == Span(0, len(document.text))
    target = snapshot.target(document.path, document.language, whole=whole)
    own = {file.id for file in snapshot.team.files}
    packs = [file for file in snapshot.packs.files if file.id not in own]

    def view(file: "CriteriaFile") -> View:
        return {
            "title": file.title,
            "ids": [file.id],
            "applies": applies(file, target),
            "shipped": file.shipped,
            "description": file.description,
            "whyNot": "" if applies(file, target) else why_not(file),
        }

    return [inert_view(view(file)) for file in (*snapshot.team.files, *packs)]


async def _status(server: "SelfRefineServer", session: Session, given: Any) -> View:
    """What stands between the user and a run."""
    document = open_document(session, arguments.document(given))
    snapshot = await session.criteria_cache.get_within(document.path, _STATUS_SECONDS)
    kind = kind_of(
        document,
        snapshot,
        session.settings,
        trusted=session.trusted,
        lends_model=server.lends_model,
    )
    return status_view(kind)


def _status_changed(server: "SelfRefineServer") -> None:
    if server.extensions:
        server.client.tell(STATUS_CHANGED, None)


def _unit(session: Session, given: Any) -> View | None:
    """The paragraph or definition round a cursor; a selection is what it is."""
    asked = arguments.offers_arguments(given)
    document = open_document(session, asked.uri)
    span = document.span(asked.range)
    if not span.is_empty:
        return {"range": plain_range(document.range(span)), "name": "selection"}
    from self_refine.text.segmenting.unit_at import unit_at  # noqa: PLC0415 - not at start

    unit = unit_at(document.text, span.start, document.language)
    if unit is None:
        return None
    return {"range": plain_range(document.range(unit.span)), "name": inert(unit.name)}


async def _doctor(session: Session) -> View:
    """Which model would answer, and whether it does."""
    if not session.trusted:
        return {"ok": False, "lines": [messages.UNTRUSTED]}
    probe = await asyncio.to_thread(_import_probe)
    lines: list[str] = []
    try:
        health = await probe.examine(
            session.settings,
            lines.append,
            await session.editor_model(_DOCTORS_RUN),
            session.worker_loop,
        )
    except (ModelError, UsageError) as error:
        return inert_view({"ok": False, "lines": [str(error)]})
    # The client shows the first line, and the others where asked: what failed, or who answers.
    named = [at for at, line in enumerate(lines) if line.startswith("model: ")]
    first = named[0] if health != "failed" and named else len(lines) - 1
    lines.insert(0, lines.pop(first))
    return inert_view({"ok": health != "failed", "lines": lines})


def _import_probe() -> Any:
    from self_refine.runs import probe  # noqa: PLC0415 - brings the client library

    return probe


class _Lending:
    """The client's own model, as the model of a run."""

    def __init__(self, server: "SelfRefineServer") -> None:
        self._server = server
        self._numbers = itertools.count(1)

    async def model(self, run_id: str) -> "Model | None":
        """The model that the client lends to a run; None where the user's settings name another.

        Args:
            run_id: the run; the client answers only for those that its user has started.
        """
        server = self._server
        if not (server.extensions and server.lends_model and server.trusted):
            return None
        from self_refine.models.choose_model import NoModel, endpoint_from  # noqa: PLC0415 - see the top
        from self_refine.models.editor_model import EditorModel  # noqa: PLC0415
        from self_refine.models.openai.endpoint import Timing  # noqa: PLC0415

        settings = server.settings
        if not isinstance(endpoint_from(settings), NoModel):
            return None
        name = await self._name()
        if name is None:
            return None

        async def ask(question: "Question", on_chunk: "OnChunk") -> "Finished | Denied":
            return await self._ask(run_id, question, on_chunk)

        timing = Timing(
            first_byte=settings.first_byte_seconds or 60.0,
            idle=settings.idle_seconds,
            total=settings.max_seconds,
        )
        return EditorModel(ask, name=name, timing=timing)

    async def _name(self) -> str | None:
        answer = await self._server.protocol.ask_client(LM_MODEL, None, _MODEL_SECONDS)
        match answer:
            case Ok({"name": str(name)}):
                return name
            case _:
                return None

    async def _ask(
        self, run_id: str, question: "Question", on_chunk: "OnChunk"
    ) -> "Finished | Denied":
        token = f"self-refine-lm/{next(self._numbers)}"
        params = {
            "runId": run_id,
            "messages": [{"role": "user", "content": question.text}],
            "schema": question.schema,
            "maxOutputTokens": question.most_output,
            "token": token,
        }

        def hear(value: Any) -> None:
            # What is no chunk is nothing.
            match value:
                case {"number": int(number), "text": str(text)}:
                    on_chunk(number, text)
                case _:
                    pass

        return _read(await self._server.client.stream(LM, params, token, hear))


def _read(answer: Ok | ErrorReply | TimedOut) -> "Finished | Denied":
    """The client's answer; whatever cannot be read is a failure."""
    from self_refine.models.editor_model import Denied, Finished  # noqa: PLC0415 - see the top

    result = answer.result if isinstance(answer, Ok) else None
    if not isinstance(result, Mapping):
        return Denied("Failed", answer.message if isinstance(answer, ErrorReply) else Foreign(""))
    if result.get("finish") != "denied":
        return Finished(str(result.get("finish")), str(result.get("model") or ""))
    message = Foreign(str(result.get("message") or ""))
    match result.get("code"):
        case ("NoPermissions" | "Blocked" | "NotFound" | "NoSchema" | "Cancelled") as code:
            return Denied(code, message)
        case _:
            return Denied("Failed", message)
