"""`self-refine trust`: what may run here, asked of a person at a terminal and of nobody else."""

import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from self_refine.checks.kinds.command import CommandCheck
from self_refine.cli.output.terminal import answered_yes, write_line
from self_refine.criteria.finding.discover import shipped
from self_refine.criteria.finding.locations import workspace_root
from self_refine.errors import UsageError
from self_refine.runs.check_process import CheckProcess
from self_refine.settings import state_path
from self_refine.tools.trust.trust_store import Allowed, Changed, TrustStore
from self_refine.tools.trust.wanted import Wanted, described, differences, wanted

if TYPE_CHECKING:
    import argparse

_NO_TERMINAL = (
    "Only a person at a terminal can say what may run: standard input and output have to be one, "
    "not a pipe. Run it yourself in a terminal of this workspace."
)


def add_trust(parser: "argparse.ArgumentParser") -> None:
    """Its grammar."""
    parser.add_argument("action", nargs="?", choices=["list", "allow", "revoke"], default="list",
        help="list what criteria files want to run, allow it, take it back")  # fmt: skip
    parser.add_argument("checks", metavar="ID", nargs="*", help="checks such as team/tests; none "
        "means each of this workspace")  # fmt: skip
    parser.set_defaults(run=_run)


def _run(arguments: "argparse.Namespace") -> int:
    if not (_is_terminal(sys.stdin) and _is_terminal(sys.stdout)):
        raise UsageError(_NO_TERMINAL)
    root = workspace_root(Path.cwd()).resolve()
    named = arguments.checks
    store = TrustStore(state_path())
    try:
        match arguments.action:
            case "allow":
                return _allow(store, _chosen(_all_wanted(root, packs=bool(named)), named))
            case "revoke":
                return _revoke(store, root, named)
            case _:
                return _list(store, _all_wanted(root, packs=False))
    except OSError as error:
        raise UsageError(f"What you allow cannot be kept: {error.strerror}.") from None


def _is_terminal(stream: object) -> bool:
    isatty = getattr(stream, "isatty", None)
    return bool(isatty and isatty())


def _all_wanted(root: Path, *, packs: bool) -> list[Wanted]:
    """What the criteria files of a workspace want to run; with `packs` also those that ship."""
    with closing(CheckProcess()) as process:
        library = process.team(root)
    more = (*library.installed, *shipped().files) if packs else ()
    return [
        wanted(check, root, file.label, file.path, file.digest)
        for file in (*library.files, *more)
        for check in file.checks
        if isinstance(check, CommandCheck)
    ]


def _chosen(offered: list[Wanted], ids: Sequence[str]) -> list[Wanted]:
    known = {each.check for each in offered}
    unknown = [name for name in ids if name not in known]
    if unknown:
        listed = ", ".join(sorted(known)) or "none"
        raise UsageError(f"No criteria file has a command {unknown[0]!r}. There are: {listed}.")
    return [each for each in offered if not ids or each.check in ids]


def _list(store: TrustStore, offered: list[Wanted]) -> int:
    for each in offered:
        match store.trust(each):
            case Allowed():
                state = "allowed"
            case Changed():
                state = "changed since it was allowed"
            case _:
                state = "not allowed"
        write_line(f"{each.check}: {state} · {' '.join(each.argv)}")
    if not offered:
        write_line("No criteria file of this workspace has a check of kind `command`.")
    return 0


def _allow(store: TrustStore, asked: list[Wanted]) -> int:
    for each in asked:
        trust = store.trust(each)
        if isinstance(trust, Allowed):
            write_line(f"{each.check}: allowed already.")
            continue
        for line in described(each):
            write_line(line)
        if isinstance(trust, Changed):
            write_line("It was allowed, and has changed:")
            for line in differences(trust.was, each):
                write_line(f"  {line}")
        if answered_yes(f"Allow {each.check} on this machine?"):
            store.allow(each)
            write_line(f"{each.check}: allowed.")
        else:
            write_line(f"{each.check}: not allowed.")
    return 0


def _revoke(store: TrustStore, root: Path, ids: Sequence[str]) -> int:
    kept = [each for each in store.all() if each.workspace == str(root)]
    for each in _chosen(kept, ids):
        store.revoke(each)
        write_line(f"{each.check}: no longer allowed.")
    return 0
