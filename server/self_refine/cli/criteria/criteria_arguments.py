"""The grammar of `self-refine criteria …`."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def add_criteria(parser: "argparse.ArgumentParser") -> None:
    """Add the commands about criteria files."""
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    show = commands.add_parser(
        "show",
        help="say what each bullet of a criteria file became, or which files apply to a text",
    )
    show.add_argument(
        "file",
        nargs="?",
        metavar="FILE[:LINE]",
        help="a criteria file, or a text; without it, the files of the workspace",
    )
    show.add_argument("--language", metavar="ID", help="the kind of text, such as markdown")
    show.add_argument("--json", action="store_true", help="print one JSON object")
    show.set_defaults(run=_show)
    check = commands.add_parser("check", help="print what is wrong with criteria files")
    check.add_argument(
        "paths", nargs="*", metavar="PATH", help="criteria files or folders; the workspace's"
    )
    check.add_argument("--hints", action="store_true", help="print hints too")
    check.add_argument("--json", action="store_true", help="print one JSON object")
    check.set_defaults(run=_check)


def _show(arguments: "argparse.Namespace") -> int:
    from self_refine.cli.criteria import show_criteria  # noqa: PLC0415 - `serve` does without

    return show_criteria.run(arguments.file, arguments.language, as_json=arguments.json)


def _check(arguments: "argparse.Namespace") -> int:
    from self_refine.cli.criteria import check_criteria  # noqa: PLC0415 - as above

    return check_criteria.run(arguments.paths, hints=arguments.hints, as_json=arguments.json)
