"""Owns the sentences that users of an editor read: what happened, where, and what to do next."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from self_refine.text.invisible import plain

if TYPE_CHECKING:
    from self_refine.criteria.choose_criteria import Chosen
    from self_refine.editor.review.change import Change
    from self_refine.loop.types import Criterion, Outcome

_MOST_TITLE = 40
"""Code points of either side of a change in a menu."""
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
UNTRUSTED_CHECKS = (
    "This workspace is not trusted: its criteria files are not read and live checks are off. Trust "
    "the workspace in your editor to have them."
)
DEFECT = (
    "Self-refine met a defect of its own; the text is as it was. The server's log names the place."
)
INSTRUCTION_ALONE = "Until then only the instruction is judged."
READING = "reading the criteria"
CHANGED_BEFORE = "The selected text was changed before the run began. Choose it again."
QUEUED = "waits for another run to end"


WHICH_CRITERIA = "By which criteria is the text to be refined?"
NO_INPUT = "None of these"
KEEP, REVERT, WHY = "Keep", "Revert", "Why?"
"""What is done with a change."""
ACCEPT, DISCARD, SHOW_DIFFERENCE = "Accept", "Discard", "Show the difference"
"""What is done with a result that waits."""
KEEP_ALL, REVERT_ALL = "Keep all", "Revert all"
NOTHING_IN_DOCUMENT = "No change in this document is left to review."
STILL_WORKING = "The run is still working. Wait for it, or cancel it."
NOTHING_LEFT = "Nothing of this run is left to review: it was kept, reverted or discarded."
NOTHING_TO_REVERT = "There is nothing to revert: the changed words were edited since."
NOTHING_TO_ACCEPT = "There is nothing to accept: the words that it changes were edited since."


def not_changed(reason: str) -> str:
    """An edit did not reach the text."""
    return f"The text was not changed: {reason}. Try again."


def criteria_file(uri: str) -> str:
    """A criteria file asks the questions; it is not judged by them."""
    return (
        f"{file_name(uri)} is a criteria file, so it is not refined as prose. What is wrong in it "
        "stands in the Problems list."
    )


def not_open(uri: str) -> str:
    """A result of a document that the editor has closed."""
    return f"{file_name(uri)} is not open, so nothing was changed. Open it, then try again."


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


def waits(why: str, count: int, can_accept: int) -> str:
    """A result that is not in the text; `can_accept` of its changes still have their words."""
    if can_accept:
        how = "Its code actions show the difference, accept it, or discard it."
    else:
        how = (
            "You have edited the words of every change. "
            "Its code actions show the difference, or discard it."
        )
    return f"The refined text waits ({_changes(count)}): {why}. {how}"


def waits_short(count: int) -> str:
    """The last words of the progress of a run whose result waits."""
    return (
        f"The refined text waits ({_changes(count)}) · its code actions show, accept or discard it"
    )


def waits_closed(uri: str, count: int) -> str:
    """The document of a result that waits was closed, and may be renamed or gone."""
    return (
        f"The refined text of {file_name(uri)} waits ({_changes(count)}) until it is opened again, "
        "under this name or another."
    )


def waits_elsewhere(old: str, new: str) -> str:
    """The document of a result that waits has another name."""
    return (
        f"The refined text of {file_name(old)} waits in {file_name(new)}. Its code actions show "
        "the difference, accept it, or discard it."
    )


def waits_in_view(why: str, count: int) -> str:
    """The same, beside the difference that the client has opened."""
    return f"The refined text waits ({_changes(count)}): {why}."


def change_title(change: "Change") -> str:
    """The words of a change, short enough for a menu."""
    old, new = plain(change.before, _MOST_TITLE), plain(change.after, _MOST_TITLE)
    if not old.strip():
        return f"add \u201c{new.strip()}\u201d"
    if not new.strip():
        return f"remove \u201c{old.strip()}\u201d"
    return f"\u201c{old}\u201d \u2192 \u201c{new}\u201d"


def which_change(count: int) -> str:
    """Several changes stand in one line."""
    return f"{_changes(count)} in this line. Which one?"


def lens_title(changes: "Sequence[Change]") -> str:
    """What stands above a line with changes."""
    if len(changes) == 1:
        return f"Self-refine: {change_title(changes[0])}"
    return f"Self-refine: {_changes(len(changes))} in this line"


def waits_lens(count: int) -> str:
    """What stands above a text whose result waits; `count` of its changes can be accepted."""
    if not count:
        return "Self-refine: the refined text waits"
    return f"Self-refine: {_changes(count)} {'waits' if count == 1 else 'wait'}"


def progress_title(kind: str, uri: str, line: int) -> str:
    """What the progress of a run is called; `line` counts from 0."""
    return f"{kind} {file_name(uri)}:{line + 1}"


def summary(outcome: "Outcome", changes: int, resolved: int, still_open: int) -> str:
    """One line about an ended run, from its counts."""
    parts = [_changes(changes)] if changes else ["no change"]
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


_PLAIN_STOPS = {
    "no change": "no further improvement",
    "no progress": "no further improvement",
    "oscillation": "no further improvement: two versions alternate",
    "conflict": "two criteria contradict each other here",
    "checks only": "checks only: no model configured",
    "limit": "the limit of rewrites was reached",
    "budget": "the budget is spent",
    "critic unreliable": "the model's judgement could not be used",
    "refine failed": "no rewrite could be used",
}


def stopped(outcome: "Outcome") -> str:
    """Such as "approved" or "the budget is spent (20 calls)"."""
    detail = f" ({outcome.detail})" if outcome.detail else ""
    return f"{_PLAIN_STOPS.get(outcome.stop.value, outcome.stop.value)}{detail}"


STILL_RUNNING = "The run is at work."
NOT_JUDGED = "nobody judged it"
NOTHING_DONE = {
    "cancelled": "The run was cancelled; the text is as it was.",
    "failed": "Self-refine met a defect of its own; the text is as it was.",
    "refused": "Nothing was done.",
}


def sentence(words: str) -> str:
    """A clause as a sentence."""
    words = words.strip()
    return f"{words[:1].upper()}{words[1:]}{'' if words.endswith(('.', '!', '?')) else '.'}"


def model_failed(detail: str) -> str:
    """The model gave no answer that could be used."""
    return f"The model failed: {detail}".rstrip(". ") + "."


def left_open(count: int, outcome: "Outcome") -> str:
    """Findings are left in the text."""
    noun, verb = ("finding", "is") if count == 1 else ("findings", "are")
    why = "" if outcome.stop.value in ("approved", "checks only") else f": {stopped(outcome)}"
    return f"{count} {noun} {verb} left{why}."


def not_all_checked(count: int) -> str:
    """Nothing fails, as far as anybody looked."""
    noun, verb = ("criterion", "was") if count == 1 else ("criteria", "were")
    return f"Nothing fails that was checked; {count} {noun} {verb} not checked."


def approved(unchecked: int) -> str:
    """Every criterion that counts is met."""
    if unchecked:
        verb = "was" if unchecked == 1 else "were"
        return f"No criterion fails; {unchecked} {verb} not checked."
    return "No criterion fails."


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


def file_name(uri: str) -> str:
    """The name of a file as users know it."""
    return plain(unquote(uri.rpartition("/")[2]), 80)


def _changes(count: int) -> str:
    return "1 change" if count == 1 else f"{count} changes"


def which_input(name: str) -> str:
    """Ask which text an input is."""
    return f"Which open document is the input '{name}'? Criteria of this run need it."


def no_text_for_input(name: str) -> str:
    """Say how an input can be given."""
    return (
        f"Criteria of this run need the input '{name}', so they are not checked. Open its text in "
        "the editor and run again to choose it."
    )
