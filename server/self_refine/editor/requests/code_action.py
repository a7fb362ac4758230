"""Owns code actions: what is offered for a selection, a finding, a change. No I/O, no model.

Whatever starts a run is a command, never an edit: an editor that applies an edit by itself, or
resolves an action before it shows it, would wait for a model.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from self_refine.criteria.finding.key_files import holds_keys
from self_refine.editor import messages
from self_refine.editor.diagnostics.to_lsp import plain_range
from self_refine.editor.documents.criteria_cache import Snapshot, is_criteria_file
from self_refine.editor.documents.documents import Document, Point
from self_refine.editor.documents.selection import digest_of, is_ours, over_limit
from self_refine.editor.requests.quick_fixes import QUICK_FIX, quick_fixes
from self_refine.editor.review.tracked_change import TrackedChange
from self_refine.editor.runs.run import Landed, Running, Waiting, is_working, pending
from self_refine.editor.session import Session
from self_refine.text.foreign import inert
from self_refine.text.spans import Span

if TYPE_CHECKING:
    from self_refine.criteria.applying import Offer
    from self_refine.text.segmenting.unit_at import Unit

REFINE = "refactor.rewrite.selfRefine"
CRITIQUE = "refactor.rewrite.selfRefine.critique"
REVIEW = "refactor.rewrite.selfRefine.review"

KINDS = (REFINE, CRITIQUE, REVIEW, QUICK_FIX)

Action = types.CodeAction | dict[str, Any]
"""In the protocol's type, or as it is sent."""

_MOST_ENTRIES = 7
"""Entries of ours in one menu: it is shared with the editor and with other servers."""
_MOST_OFFERS = 4
"""Choices of criteria that are listed; the rest is behind "with …"."""
_MOST_CHANGES = 1
"""Changes at a place that get actions of their own; with more, there are those for all."""
_PATIENCE = 3.0
"""Seconds that the very first request waits for the criteria to be read."""


async def code_actions(session: Session, params: types.CodeActionParams) -> list[Action]:
    """What can be done at a range; waits for the criteria the first time."""
    found = _at_hand(session, params)
    if not isinstance(found, Document):
        return found
    snapshot = await session.criteria_cache.get_within(found.path, _PATIENCE)
    # The text may have changed meanwhile: what is offered fits the one that is there now.
    asked = _asked(session, params)
    return [] if asked is None else _found(session, asked, snapshot)


def at_once(session: Session, params: types.CodeActionParams) -> list[Action] | None:
    """The same without waiting; None where the criteria have to be read first."""
    found = _at_hand(session, params)
    return None if isinstance(found, Document) else found


def _at_hand(session: Session, params: types.CodeActionParams) -> list[Action] | Document:
    """What can be done, or the document whose criteria have to be read first."""
    asked = _asked(session, params)
    if asked is None:
        return []
    snapshot = (
        session.criteria_cache.peek_and_refresh(asked.document.path) if asked.starts else None
    )
    return asked.document if asked.starts and snapshot is None else _found(session, asked, snapshot)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request as it is understood."""

    document: Document
    span: Span
    words: str
    """What is selected; of a long text it is copied once."""
    start: Point
    """Of the span, in the client's units."""
    end: Point
    wanted: "_Wanted"
    diagnostics: Sequence[types.Diagnostic]
    starts: bool
    """Whether actions that start a run are among what is asked for."""
    unit: "Unit | None" = None
    """What is offered where nothing is selected: the paragraph or definition at the cursor."""


def _asked(session: Session, params: types.CodeActionParams) -> _Asked | None:
    document = session.documents.get(params.text_document.uri)
    if document is None or not is_ours(document.uri) or holds_keys(document.path):
        return None
    wanted = _Wanted(params.context)
    span, start, end = document.settled(params.range)
    starts = session.trusted and wanted.takes_unasked(REFINE)
    starts = starts and not is_criteria_file(document.path)
    unit = None
    if starts and span.is_empty:
        # Unasked, nothing is offered for a cursor: it stands somewhere at all times.
        unit = None if wanted.automatic else _unit_at(document, span)
        starts = unit is not None
    words = (unit.span if unit is not None else span).of(document.text) if starts else ""
    starts = starts and not words.isspace()
    return _Asked(
        document, span, words, start, end, wanted, params.context.diagnostics, starts, unit
    )


def _unit_at(document: Document, span: Span) -> "Unit | None":
    from self_refine.text.segmenting.unit_at import unit_at  # noqa: PLC0415 - see the top

    return unit_at(document.text, span.start, document.language)


def _found(session: Session, asked: _Asked, snapshot: Snapshot | None) -> list[Action]:
    wanted, span = asked.wanted, asked.span
    starts = [*_starts(session, asked, snapshot)] if asked.starts else []
    # Who selects words wants a run on them; at a cursor, what stands there comes first.
    at_cursor = asked.unit is not None
    actions: list[Action] = [] if at_cursor else starts
    if wanted.takes(REVIEW) and not (span.is_empty and wanted.automatic):
        actions += _about_runs(session, asked.document, span)
    if wanted.takes(QUICK_FIX):
        actions += quick_fixes(
            session, asked.document, span, asked.diagnostics, most=_MOST_ENTRIES - len(actions)
        )
    return [*actions, *(starts if at_cursor else ())][:_MOST_ENTRIES]


class _Wanted:
    """Which kinds of action a client asks for."""

    def __init__(self, context: types.CodeActionContext) -> None:
        self._only = [str(getattr(kind, "value", kind)) for kind in context.only or ()]
        self.automatic = context.trigger_kind is types.CodeActionTriggerKind.Automatic

    def takes(self, kind: str) -> bool:
        """Whether a kind, or one above it, is asked for."""
        return not self._only or any(
            kind == only or kind.startswith(f"{only}.") or only == "" for only in self._only
        )

    def takes_unasked(self, kind: str) -> bool:
        """The same; the kinds below it count too."""
        return self.takes(kind) or any(only.startswith(f"{kind}.") for only in self._only)


def _starts(session: Session, asked: _Asked, snapshot: Snapshot | None) -> Iterator[Action]:
    """The actions that start a run on a selection."""
    document, wanted = asked.document, asked.wanted
    span = asked.span if asked.unit is None else asked.unit.span
    running = session.runs.running_on(document.uri, span)
    if running is not None:
        return
    offers = _offers(document, span, snapshot)
    if not offers:
        if session.capabilities.code_action_disabled and wanted.takes(REFINE):
            why = messages.nothing_applies(())
            selected = _selected(asked, why)
            yield _starting(session, "Self-refine selection", REFINE, "refine", selected, why)
        return
    disabled = over_limit(asked.words, session.settings)
    selected = _selected(asked, disabled)
    for offer in offers[:_MOST_OFFERS]:
        arguments = _by(selected, offer.ids)
        if wanted.takes(REFINE):
            title = _named(asked, offer.label)
            yield _starting(session, title, REFINE, "refine", arguments, disabled)
    if len(offers) > _MOST_OFFERS and wanted.takes(REFINE):
        yield _starting(session, "Self-refine selection with …", REFINE, "refineWith", selected,
                        disabled)  # fmt: skip
    if wanted.takes(CRITIQUE):
        # By what the team's files say, else by what the first pack does.
        arguments = _by(selected, offers[0].ids)
        title = _named(asked, "Critique selection")
        yield _starting(session, title, CRITIQUE, "critique", arguments, disabled)


def _named(asked: _Asked, title: str) -> str:
    """The title of an action, with what it is about where nothing is selected."""
    return title if asked.unit is None else title.replace("selection", asked.unit.name, 1)


def _selected(asked: _Asked, disabled: str | None) -> dict[str, Any]:
    """What the commands are told of the selection; one that may not run is not hashed: it is long.

    Where it runs all the same, the command refuses it for the same reason.
    """
    range_: dict[str, Any] = {"start": asked.start._asdict(), "end": asked.end._asdict()}
    if asked.unit is not None:
        range_ = plain_range(asked.document.range(asked.unit.span))
    place = {"uri": asked.document.uri, "range": range_}
    if disabled is not None:
        return place
    return {**place, "textHash": digest_of(asked.words)}


def _offers(document: Document, span: Span, snapshot: Snapshot | None) -> "tuple[Offer, ...]":
    from self_refine.criteria.applying import LABEL, Offer  # noqa: PLC0415 - see the top

    if snapshot is None:
        return (Offer("all that apply", (), LABEL),)
    whole = span == Span(0, document.size)
    found = snapshot.offered(document.path, document.language, whole=whole)
    if not found or found[0].label != LABEL:
        return found
    # The first stands for all that apply at the time of the run: they are read again then.
    return (Offer(found[0].title, (), LABEL), *found[1:])


def _by(selected: Mapping[str, Any], ids: Sequence[str]) -> dict[str, Any]:
    """The arguments of a run by these criteria."""
    return {**selected, "criteria": list(ids)} if ids else {**selected}


def _about_runs(session: Session, document: Document, span: Span) -> Iterator[Action]:
    """Cancel what runs here, review what has come of it."""
    for run in session.runs.of(document.uri):
        if is_working(run) and run.region.touches(span):
            stage = f" ({run.stage})" if isinstance(run, Running) and run.stage else ""
            yield _command(f"Cancel self-refine{stage}", REVIEW, "cancel", {"runId": run.id})
        elif isinstance(run, Waiting) or (isinstance(run, Landed) and pending(run)):
            yield from _review(run, document, span)


def _review(run: Waiting | Landed, document: Document, span: Span) -> Iterator[Action]:
    at_hand = pending(run)
    here = [each for each in at_hand if each.span is not None and each.span.touches(span)]
    for change in here if len(here) <= _MOST_CHANGES else ():
        yield from _of_change(run, change, document.uri)
    if not (here or run.region.touches(span)):
        return
    whole: dict[str, Any] = {"runId": run.id}
    if isinstance(run, Waiting):
        if any(not each.is_new for each in at_hand):
            yield _command("Accept the refined text", REVIEW, "accept", whole)
        about: dict[str, Any] = {"uri": document.uri, "runId": run.id}
        yield _command("Show the difference", REVIEW, "explain", about)
        yield _command("Discard the refined text", REVIEW, "revert", whole)
    elif len(at_hand) > 1:
        yield _command("Keep all changes", REVIEW, "accept", whole)
        yield _command("Revert all changes", REVIEW, "revert", whole)
    yield _command("Show the trace of this run", REVIEW, "showTrace", whole)


def _of_change(run: Waiting | Landed, change: TrackedChange, uri: str) -> Iterator[Action]:
    one = {"runId": run.id, "hunk": change.change.number}
    count = f"{change.change.number + 1} of {len(run.result.changes)}"
    words = messages.change_title(change.change)
    if change.is_new:
        yield _command(f"Keep change {count}: {words}", REVIEW, "accept", one)
        yield _command(f"Revert this change ({count}): {words}", REVIEW, "revert", one)
    else:
        yield _command(f"Accept change {count}: {words}", REVIEW, "accept", one)
    yield _command(f"Why change {count}?", REVIEW, "explain", {"uri": uri, **one})


def _starting(  # noqa: PLR0913, PLR0917 - the parts of an action
    session: Session,
    title: str,
    kind: str,
    command: str,
    arguments: dict[str, Any],
    disabled: str | None,
) -> Action:
    """An action that asks a model, with what the client knows of such."""
    action = _command(title, kind, command, arguments)
    if session.capabilities.code_action_tags:
        action["tags"] = [types.CodeActionTag.LlmGenerated.value]
    if disabled and session.capabilities.code_action_disabled:
        # To others the command says the same when it is called.
        action["disabled"] = {"reason": inert(disabled)}
    return action


def _command(title: str, kind: str, command: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """A code action as it is sent: the editor asks for them at every move of the cursor."""
    title = inert(title)
    return {
        "title": title,
        "kind": kind,
        "command": {
            "title": title,
            "command": f"selfRefine.{command}",
            "arguments": [arguments],
        },
    }
