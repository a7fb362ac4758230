"""Owns the command line's grammar and exit codes: `self-refine refine`, `serve`, `doctor`."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from self_refine import __version__
from self_refine.cli.criteria.criteria_arguments import add_criteria
from self_refine.cli.packs.pack_arguments import add_packs
from self_refine.cli.target import STDIN
from self_refine.errors import ModelError, UsageError, where
from self_refine.text.foreign import inert

if TYPE_CHECKING:
    import argparse

_EPILOG = """\
exit codes:
  0    clean, or findings below error level
  1    an error-level finding is left
  2    the file, the range, the criteria or an option cannot be used
  3    the configured model failed, or not all was judged: out of budget, or no
       readable critique; the file is as it was
  70   a fault of self-refine itself
  130  cancelled
"""

FAULT = 70
"""The exit code that says so: sysexits' EX_SOFTWARE."""


def entry() -> int:
    """Run the command that `sys.argv` names and return its exit code."""
    return main(sys.argv[1:])


def main(argv: Sequence[str]) -> int:
    """Run one command; what cannot be done as asked is a sentence on stderr and exit code 2."""
    if list(argv) == ["serve"]:
        # An editor waits for this one.
        return _serve()
    arguments = _parser().parse_args([_no_option(word) for word in argv])
    _speak_utf8()
    try:
        _must_print()
        code: int = arguments.run(arguments)
    except ModelError as error:
        _complain(error)
        return 3
    except UsageError as error:
        _complain(error)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read the report has seen enough; Python would complain once more at exit.
        sys.stderr.close()
        return 0
    except Exception as error:  # noqa: BLE001 - the last boundary
        # A traceback would quote the user's text, and its exit code would read as a finding.
        sys.stderr.write(
            f"self-refine: a fault of self-refine itself ({where(error)}); nothing was written. "
            "Please report it.\n"
        )
        return FAULT
    return code


def _complain(error: UsageError) -> None:
    """Say it; a stranger's file name in it must not write on the user's screen."""
    sys.stderr.write(f"self-refine: {inert(str(error), 4_000)}\n")


def _must_print() -> None:
    if sys.stdout is None:
        raise UsageError("Standard output is closed, so the result would be lost; open it.")


def _no_option(word: str) -> str:
    """`-:3-7`, a range of standard input, written so that argparse takes it for no option."""
    return STDIN + word[1:] if word.startswith("-:") else word


def _speak_utf8() -> None:
    """Write UTF-8 whatever the platform prefers: reports quote the user's own words."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _parser() -> "argparse.ArgumentParser":
    import argparse  # noqa: PLC0415 - `serve` does without

    parser = argparse.ArgumentParser(
        prog="self-refine",
        description="Judge a text against your own criteria and refine it until they are met.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=_EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"self-refine {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_refine(commands.add_parser("refine", help="judge a text and refine it"))
    from self_refine.cli.check_arguments import add_baseline, add_check  # noqa: PLC0415 - as above

    add_check(commands.add_parser("check", help="judge many files, as CI does; change nothing"))
    add_baseline(commands.add_parser("baseline", help="keep or prune a list of known findings"))
    _add_generate(commands.add_parser("generate", help="write a text by a brief, and refine it"))
    serve = commands.add_parser("serve", help="be a language server on standard input and output")
    serve.set_defaults(run=_serve)
    add_packs(commands.add_parser("packs", help="share criteria: add, update and vendor packs"))
    add_criteria(commands.add_parser("criteria", help="show, check and import criteria files"))
    doctor = commands.add_parser("doctor", help="say which model would answer, and test it")
    doctor.set_defaults(run=_doctor)
    from self_refine.cli.trust_command import add_trust  # noqa: PLC0415 - as above

    add_trust(commands.add_parser("trust", help="allow the commands of criteria files to run"))
    _add_eval(commands.add_parser("eval", help="measure the loop on texts with known faults"))
    return parser


def _add_refine(parser: "argparse.ArgumentParser") -> None:
    add = parser.add_argument
    add("files", metavar="FILE[:RANGE]", nargs="+", help="a file, FILE:L, FILE:L1-L2, "
        "FILE:L1:C1-L2:C2 (from 1, end column exclusive), a pattern such as 'docs/**/*.md', or - "
        "for standard input; several are refined one by one")  # fmt: skip
    add("--criteria", metavar="ID", action="append", default=[], help="a criteria file or one "
        "criterion (email, email/too-formal); may be repeated")  # fmt: skip
    add("--instruction", metavar="TEXT", default="", help="what you want, in your own words")
    add("--brief", metavar="TEXT", default="", help="what the text is for: context, no criterion")
    _add_input(parser)
    add("--send-anyway", action="store_true", help="send also what seems to hold secrets, or what "
        "git or neverSend leaves out; it is named")  # fmt: skip
    add("--passes", metavar="N", type=int, help="most rewrites (3)")
    add("--mode", choices=["normal", "thorough"], help="thorough: one call for each criterion")
    add("--language", metavar="ID", help="the kind of text, such as markdown or python")
    output = add_output = parser.add_mutually_exclusive_group()
    for name, help_ in (
        ("diff", "print the diff alone"),
        ("write", "write the result into FILE"),
        ("json", "print one JSON object for each file"),
    ):
        add_output.add_argument(
            f"--{name}", dest="output", action="store_const", const=name, help=help_
        )
    output.set_defaults(output="report")
    parser.set_defaults(run=_refine)


def _add_input(parser: "argparse.ArgumentParser") -> None:
    parser.add_argument("--input", metavar="NAME=FILE", dest="inputs", action="append", default=[],
        help="the text of an input that the criteria declare; may be repeated")  # fmt: skip


def _add_generate(parser: "argparse.ArgumentParser") -> None:
    add = parser.add_argument
    add("--brief", metavar="TEXT", required=True, help="what to write, for whom, with which facts")
    add("--criteria", metavar="ID", action="append", default=[], help="a criteria file or one "
        "criterion that the text has to meet; may be repeated")  # fmt: skip
    add("--language", metavar="ID", help="the kind of text, such as python (markdown)")
    add("--passes", metavar="N", type=int, help="most rewrites (3)")
    _add_input(parser)
    add("--send-anyway", action="store_true", help="send also what seems to hold secrets")
    add("--json", dest="output", action="store_const", const="json", default="text",
        help="print one JSON object")  # fmt: skip
    parser.set_defaults(run=_refine, files=[], instruction="", mode=None)


def _refine(arguments: "argparse.Namespace") -> int:
    # `serve` must not wait for rich.
    from self_refine.cli.commands import refine, refine_files  # noqa: PLC0415

    given = {"passes": arguments.passes, "mode": arguments.mode}
    wanted = refine.Arguments(
        criteria=tuple(arguments.criteria),
        instruction=arguments.instruction,
        brief=arguments.brief,
        language=arguments.language,
        output=arguments.output,
        send_anyway=arguments.send_anyway,
        inputs=tuple(arguments.inputs),
        settings={name: value for name, value in given.items() if value is not None},
    )
    return refine_files.run(arguments.files, wanted) if arguments.files else refine.generate(wanted)


def _add_eval(parser: "argparse.ArgumentParser") -> None:
    add = parser.add_argument
    add("files", metavar="FILE.jsonl", nargs="+", help="items: text, criteria, verifiers")
    add("--arms", metavar="NAMES", default="draft,rewrite,plain,ours", help="what is compared, of "
        "draft, rewrite, plain, ours (all of them)")  # fmt: skip
    add("--limit", metavar="N", type=int, help="the first N items alone")
    add("--out", metavar="DIR", default="eval-results", help="where results are kept; what is "
        "there already is not run again (eval-results)")  # fmt: skip
    parser.set_defaults(run=_evaluate)


def _evaluate(arguments: "argparse.Namespace") -> int:
    from pathlib import Path  # noqa: PLC0415 - `serve` does without

    from self_refine.cli.commands import evaluate  # noqa: PLC0415 - as above

    return evaluate.run(
        evaluate.Arguments(
            files=tuple(map(Path, arguments.files)),
            arms=tuple(name.strip() for name in arguments.arms.split(",") if name.strip()),
            limit=arguments.limit,
            out=Path(arguments.out),
        )
    )


def _serve(_: "argparse.Namespace | None" = None) -> int:
    from self_refine.editor.serve import serve  # noqa: PLC0415 - `refine` needs no server

    return serve()


def _doctor(_: "argparse.Namespace") -> int:
    from self_refine.cli.commands.doctor import run  # noqa: PLC0415 - as above

    return run()
