"""The grammar of `self-refine packs …`."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def add_packs(parser: "argparse.ArgumentParser") -> None:
    """Add the commands about packs."""
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    add = commands.add_parser("add", help="take packs into self-refine.toml and the lock")
    add.add_argument(
        "packs",
        nargs="+",
        metavar="PACK",
        help="./folder, git+https://host/repo@COMMIT#dir=folder, or pack:NAME (installed)",
    )
    add.set_defaults(run=_add)
    for name, run, help_ in (
        ("update", _update, "fetch packs again; say what changes for each criterion"),
        ("vendor", _vendor, "copy packs into the workspace"),
    ):
        command = commands.add_parser(name, help=help_)
        command.add_argument("packs", nargs="*", metavar="NAME", help="all of them by default")
        command.set_defaults(run=run)


def _add(arguments: "argparse.Namespace") -> int:
    from self_refine.cli.packs import pack_commands  # noqa: PLC0415 - `serve` does without

    return pack_commands.add(arguments.packs)


def _update(arguments: "argparse.Namespace") -> int:
    from self_refine.cli.packs import pack_commands  # noqa: PLC0415 - as above

    return pack_commands.update(arguments.packs)


def _vendor(arguments: "argparse.Namespace") -> int:
    from self_refine.cli.packs import pack_commands  # noqa: PLC0415 - as above

    return pack_commands.vendor(arguments.packs)
