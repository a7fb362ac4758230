"""Owns the sentences that users of an editor read: what happened, where, and what to do next."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from self_refine.criteria.choose_criteria import Chosen
    from self_refine.editor.review.change import Change
    from self_refine.loop.types import Criterion, Outcome

_NAME = re.compile(r"\{[a-z_]+\}")

EMPTY = (
    "Nothing is selected. Select the text to refine, then choose the action again; or refine with "
    "an instruction that says what to write here."
)
STALE = "The text has changed since this action was offered. Choose it again."
UNTRUSTED = (
    "This workspace is not trusted, so nothing is refined and nothing is sent. Trust the workspace "
    "in your editor, then try again."
)
DEFECT = (
    "Self-refine met a defect of its own; the text is as it was. The server's log names the place."
)
INSTRUCTION_ALONE = "Until then only the instruction is judged."
READING = "reading the criteria"
CHANGED_BEFORE = "The selected text was changed before the run began. Choose it again."
QUEUED = "waits for another run to end"


STILL_WORKING = "The run is still working. Wait for it, or cancel it."
NOTHING_LEFT = "Nothing of this run is left to review: it was kept, reverted or discarded."
NOTHING_TO_REVERT = "There is nothing to revert: the changed words were edited since."
NOTHING_TO_ACCEPT = "There is nothing to accept: the words that it changes were edited since."


def not_changed(reason: str) -> str:
    """An edit did not reach the text."""
    return f"The text was not changed: {reason}. Try again."


def not_open(uri: str) -> str:
    """A result of a document that the editor has closed."""
    return f"{_name(uri)} is not open, so nothing was changed. Open it, then try again."


def not_reverted(count: int) -> str:
    """All were to be reverted, but some hold words that the user has typed since."""
    return f"{_changes(count).capitalize()} not reverted: the words were edited since."


def busy(stage: str) -> str:
    """Another run works on some of these words."""
    where = f" ({stage})" if stage else ""
    return (
        f"A run is already working on this text{where}. Wait for it, or choose "
        '"Cancel self-refine", then try again.'
    )


def scheme(uri: str) -> str:
    """A document that is no text of the user's own."""
    return (
        f"Self-refine works on files, untitled texts and notebook cells, not on "
        f"{uri.partition(':')[0][:30]!r} documents. Copy the text into a new one."
    )


def nothing_applies(fitting: Sequence[str]) -> str:
    """No file of the team is for this text."""
    if fitting:
        named = " or ".join(f'"Self-refine selection: {title}"' for title in fitting)
        return (
            f"No criteria file of this workspace is for this text. Choose {named}, or add "
            "criteria/NAME.criteria.md."
        )
    return (
        "No criteria are for this text. Add criteria/NAME.criteria.md to the workspace: a Markdown "
        'list of questions whose "yes" is a fault, such as "- Is there a term that a new colleague '
        'would not know?".'
    )


def first_use(host: str, model: str, chosen: "Chosen", most_calls: int, size: int) -> str:
    """What goes where, before it goes for the first time; short, as Neovim has one line for it."""
    files = ", ".join(f"{label} ({digest[:8]})" for label, digest in chosen.digests.items())
    beside = f", with {files}" if files else ""
    return (
        f"First use of {model} at {host}: {size:,} bytes and the text around them go there"
        f"{beside}, in up to {most_calls} calls."
    )


def waits(why: str, count: int) -> str:
    """A result that is not in the text."""
    return (
        f"The refined text waits ({_changes(count)}): {why}. Its code actions show the "
        "difference, take it, or discard it."
    )


def waits_closed(uri: str, count: int) -> str:
    """The document of a result that waits was closed, and may be renamed or gone."""
    return (
        f"The refined text of {_name(uri)} waits ({_changes(count)}) until it is opened again, "
        "under this name or another."
    )


def waits_elsewhere(old: str, new: str) -> str:
    """The document of a result that waits has another name."""
    return (
        f"The refined text of {_name(old)} waits in {_name(new)}. Its code actions show the "
        "difference, take it, or discard it."
    )


def waits_in_view(why: str, count: int) -> str:
    """The same, beside the difference that the client has opened."""
    return f"The refined text waits ({_changes(count)}): {why}."


def summary(outcome: "Outcome", changes: "Sequence[Change]") -> str:
    """One line about an ended run."""
    resolved = sum(len(change.answers) for change in changes)
    still_open = sum(f.severity.gates and not f.disputed for f in outcome.chosen.findings)
    parts = [_changes(len(changes))] if changes else ["no change"]
    if resolved:
        parts.append(f"{resolved} resolved")
    if still_open:
        parts.append(f"{still_open} still open")
    return f"{' · '.join(parts)} · stopped: {stopped(outcome)}"


def page_at(path: Path) -> str:
    """A page that the editor cannot open by itself."""
    return f"Open {path} to read it; the file goes when the server ends."


def asks(criterion: "Criterion") -> str:
    """What a criterion asks; of a check, its message without the words that it is to name."""
    return criterion.question if criterion.check is None else unnamed(criterion.question)


def unnamed(message: str) -> str:
    """The message of a check, without the words that it is to name."""
    return _NAME.sub("…", message)


def judged(outcome: "Outcome") -> str:
    """One line about an ended critique; how it stopped is said only where it is not whole."""
    count = len(outcome.chosen.findings)
    found = f"{count} finding{'' if count == 1 else 's'}"
    whole = outcome.stop.value in ("approved", "checks only", "limit")
    return found if whole else f"{found} · stopped: {stopped(outcome)}"


def stopped(outcome: "Outcome") -> str:
    """Such as "approved" or "budget (20 calls)"."""
    detail = f" ({outcome.detail})" if outcome.detail else ""
    return f"{outcome.stop.value}{detail}"


def needs_model(notes: Sequence[str]) -> str:
    """Only a model can judge by an instruction; `notes` are sentences about why there is none."""
    words = (
        "An instruction without criteria needs a model. Name an endpoint (baseUrl) or set a key, "
        "then try again."
    )
    return " ".join([words, *notes])


def unchecked(count: int) -> str:
    """No model is there to judge."""
    noun = "criterion" if count == 1 else "criteria"
    return (
        f"Self-refine: no model configured: {count} judged {noun} not checked. "
        "Name an endpoint (baseUrl) or set a key to have them judged."
    )


def _name(uri: str) -> str:
    """The name of a file as users know it."""
    return unquote(uri.rpartition("/")[2])[:80]


def _changes(count: int) -> str:
    return "1 change" if count == 1 else f"{count} changes"
