"""The command line of `check` and `baseline`."""

import argparse
from pathlib import Path
from typing import Any


def add_check(parser: argparse.ArgumentParser) -> None:
    """The options of `check`."""
    _add_scope(parser)
    add = parser.add_argument
    add("--filter", choices=["added", "context", "file", "all"], help="which findings count: on "
        "added lines (with --diff-base), within 3 lines, in changed files, everywhere")  # fmt: skip
    add("--format", metavar="F[=FILE]", action="append", default=[], dest="formats", help="text, "
        "json, jsonl, sarif, rdjsonl, github, gitlab, junit, checkstyle, markdown; "
        "may be repeated")  # fmt: skip
    add("--baseline", metavar="FILE", type=Path, help="findings in it do not count")
    add("--strict-baseline", action="store_true", help="entries that nothing matches are exit 1")
    add("--fail-level", choices=["error", "warning", "info", "never"], default="error",
        help="exit 1 from this severity on (error)")  # fmt: skip
    add("--on-incomplete", choices=["fail", "warn"], default="fail", help="exit 3 where the model "
        "did not judge all (fail)")  # fmt: skip
    add(
        "--plan",
        action="store_true",
        help="say which files, criteria, calls and tokens; ask nobody",
    )
    parser.set_defaults(run=_check)


def add_baseline(parser: argparse.ArgumentParser) -> None:
    """The options of `baseline`."""
    add = parser.add_argument
    add("action", choices=["write", "prune"], help="write: what is found now; prune: take out what "
        "is found no longer")  # fmt: skip
    add("file", metavar="FILE", type=Path)
    add("--accept-new", action="store_true", help="add findings that the baseline does not hold")
    _add_scope(parser)
    parser.set_defaults(run=_baseline)


def _add_scope(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("paths", metavar="PATH", nargs="*", help="files and folders (the current folder)")
    add("--diff-base", metavar="REF", help="judge what changed since HEAD parted from REF")
    add("--criteria", metavar="ID", action="append", default=[], help="criteria files or criteria; "
        "may be repeated (all that apply)")  # fmt: skip
    add("--criteria-from", metavar="REF", help="take the criteria files from that commit")
    add("--deterministic", action="store_true", help="checks alone; no model is asked")
    add("--max-tokens", metavar="N", type=int, help="stop asking the model after N tokens")
    add("--no-cache", action="store_true", help="ask again what earlier runs decided of the same "
        "text, criteria and model")  # fmt: skip
    add("--jobs", metavar="N", type=int, default=4, help="files that the model judges at once (4)")
    add(
        "--send-anyway",
        action="store_true",
        help="send also what seems to hold secrets; it is named",
    )


def _given(arguments: argparse.Namespace) -> dict[str, Any]:
    return {
        "paths": tuple(arguments.paths),
        "diff_base": arguments.diff_base,
        "criteria": tuple(arguments.criteria),
        "criteria_from": arguments.criteria_from,
        "deterministic": arguments.deterministic,
        "max_tokens": arguments.max_tokens,
        "jobs": arguments.jobs,
        "no_cache": arguments.no_cache,
        "send_anyway": arguments.send_anyway,
    }


def _check(arguments: argparse.Namespace) -> int:
    from self_refine.cli.commands import check_command  # noqa: PLC0415 - `refine` needs none of it
    from self_refine.cli.commands.check_scene import CheckArguments  # noqa: PLC0415 - as above

    return check_command.run(
        CheckArguments(
            **_given(arguments),
            filter=arguments.filter,
            formats=tuple(arguments.formats),
            baseline=arguments.baseline,
            strict_baseline=arguments.strict_baseline,
            fail_level=arguments.fail_level,
            on_incomplete=arguments.on_incomplete,
            plan=arguments.plan,
        )
    )


def _baseline(arguments: argparse.Namespace) -> int:
    from self_refine.cli.commands import check_command  # noqa: PLC0415 - as above
    from self_refine.cli.commands.check_scene import CheckArguments  # noqa: PLC0415 - as above

    given = CheckArguments(**_given(arguments))
    return check_command.run_baseline(
        arguments.action, arguments.file, given, accept_new=arguments.accept_new
    )
