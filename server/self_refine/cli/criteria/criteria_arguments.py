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
    import_ = commands.add_parser(
        "import", help="propose criteria files from rules for other tools: AGENTS.md, Vale, …"
    )
    import_.add_argument(
        "sources", nargs="*", metavar="SOURCE", help="files or Vale styles; lists those found here"
    )
    import_.add_argument(
        "--out", metavar="DIR", help="write new files there instead of printing them"
    )
    import_.set_defaults(run=_import)
    new = commands.add_parser("new", help="begin a criteria file in criteria/")
    new.add_argument("name", metavar="NAME", help="such as release-notes")
    new.add_argument("--for", dest="example", metavar="FILE", help="a text of the kind it is for")
    new.set_defaults(run=_new)


def _show(arguments: "argparse.Namespace") -> int:
    from self_refine.cli.criteria import show_criteria  # noqa: PLC0415 - `serve` does without

    return show_criteria.run(arguments.file, arguments.language, as_json=arguments.json)


def _check(arguments: "argparse.Namespace") -> int:
    from self_refine.cli.criteria import check_criteria  # noqa: PLC0415 - as above

    return check_criteria.run(arguments.paths, hints=arguments.hints, as_json=arguments.json)


def _import(arguments: "argparse.Namespace") -> int:
    from self_refine.cli.criteria import import_criteria  # noqa: PLC0415 - as above

    return import_criteria.run(arguments.sources, arguments.out)


def _new(arguments: "argparse.Namespace") -> int:
    from self_refine.cli.criteria import import_criteria  # noqa: PLC0415 - as above

    return import_criteria.new(arguments.name, arguments.example)
