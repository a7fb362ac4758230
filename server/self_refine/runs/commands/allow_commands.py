"""Which commands of a run are allowed: those that the user has said yes to, exactly as they are."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from self_refine.criteria.choose_criteria import Chosen
from self_refine.runs.commands.perform_commands import commands_of
from self_refine.runs.prepare import Selection
from self_refine.tools.command_runs import CommandRuns, Workplace
from self_refine.tools.trust.trust_store import Allowed, Changed, NotAsked, Trust, TrustStore
from self_refine.tools.trust.wanted import Wanted, wanted

AskTrust = Callable[[Wanted, Trust], Awaitable[bool]]
"""Asks the user whether a command may run; whoever keeps the answer does so itself."""

NOT_ALLOWED = (
    "not allowed on this machine: run `self-refine trust allow {id}` in a terminal of this "
    "workspace"
)
_CHANGED = "it has changed since it was allowed: run `self-refine trust allow {id}` in a terminal"


def everything_wanted(chosen: Chosen, root: Path) -> tuple[Wanted, ...]:
    """What the commands of criteria files want to run; reads the files that they name."""
    files = {criterion.id: file for file in chosen.files for criterion in file.criteria}
    return tuple(
        wanted(check, root.resolve(), file.label, file.path, file.digest)
        for check in commands_of(chosen.checks)
        if (file := files.get(check.criterion_id)) is not None
    )


def workplace(
    selection: Selection, root: Path, path: Path, *, byte_order_mark: bool = False
) -> Workplace | None:
    """Where commands find a selection; None where its file lies outside of the workspace."""
    if not path.is_relative_to(root):
        return None
    document, span = selection.document, selection.span
    return Workplace(
        root=root,
        path=path.relative_to(root).as_posix(),
        before=document[: span.start],
        original=selection.text,
        after=document[span.end :],
        byte_order_mark=byte_order_mark,
    )


async def nobody_to_ask(_: Wanted, __: Trust) -> bool:
    """For the prompt: who is not asked has not allowed it."""
    return False


async def allowed_commands(
    chosen: Chosen, place: Workplace | None, state: Path, ask: AskTrust = nobody_to_ask
) -> CommandRuns | None:
    """The commands of a run; None where there are none, or no place to run them.

    Args:
        chosen: the criteria of the run.
        place: what they judge.
        state: the user's own folder.
        ask: asks about each that is not allowed.
    """
    if place is None or not commands_of(chosen.checks):
        return None
    store = TrustStore(state)
    refused: dict[str, str] = {}
    for each in await asyncio.to_thread(everything_wanted, chosen, place.root):
        match await asyncio.to_thread(store.trust, each):
            case Allowed():
                continue
            case NotAsked() | Changed() as trust:
                if not await ask(each, trust):
                    words = _CHANGED if isinstance(trust, Changed) else NOT_ALLOWED
                    refused[each.check] = words.format(id=each.check)
    return CommandRuns(place=place, refused=refused)
