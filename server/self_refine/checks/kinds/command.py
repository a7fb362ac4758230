"""The `command` check: a test suite, a linter or a formatter of the team judges the text.

What the file says is read here; nothing is run here. Commands run in a started run alone, once the
user has allowed them: `tools/` runs them, and the loop asks for them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from self_refine.checks.check import Base, Check, Common
from self_refine.checks.key_schema import Flag, Number, Text, Texts
from self_refine.checks.kind_spec import Fault, KindSpec, Reader, Values
from self_refine.checks.search.patterns import BadPattern, compile_pattern
from self_refine.checks.subject import Subject
from self_refine.loop.types import CheckResult

Parse = Literal["sarif", "rdjson", "rdjsonl", "junit", "json", "exit"]

_LONGEST = 600
_SECRET_ENDS = ("_KEY", "_TOKEN", "_SECRET", "_PASSWORD", "_CREDENTIALS")
_SECRET_BEGINS = ("AWS_", "OPENAI_", "ANTHROPIC_", "GH_", "GITHUB_", "SELF_REFINE_")
NOT_HERE = "commands run only in a run that you start"


@dataclass(frozen=True, kw_only=True, slots=True)
class CommandCheck(Base):
    """What the criteria file says of one command."""

    run_: tuple[str, ...]
    """Program and arguments as written, with placeholders."""
    parse: Parse
    stdin: Literal["", "document", "selection"] = ""
    seconds: float = 60
    pattern: str = ""
    """With `parse: exit`: finds places in what is printed."""
    env: tuple[str, ...] = ()
    network: bool = False
    links: tuple[str, ...] = ()
    """Folders that a scratch copy links instead of copying."""

    def run(self, subject: Subject) -> CheckResult:  # noqa: ARG002 - the interface of every check
        """Say that this is not the place."""
        return self.not_checked(NOT_HERE)


def is_secret(name: str) -> bool:
    """Whether a variable is one of those that hold keys: no command gets it."""
    upper = name.upper()
    return upper.endswith(_SECRET_ENDS) or upper.startswith(_SECRET_BEGINS)


def _build(common: Common, values: Values, _: Reader) -> Check | Fault:
    if fault := next(_faults(values), None):
        return fault
    return CommandCheck(
        common=common,
        run_=tuple(values["run"]),
        parse=values["parse"],
        stdin=values.get("stdin", ""),
        seconds=values.get("timeout", 60),
        pattern=values.get("pattern", ""),
        env=tuple(values.get("env", ())),
        network=values.get("network", False),
        links=tuple(values.get("links", ())),
    )


def _faults(values: Values) -> Iterator[Fault]:
    if values.get("timeout", 60) > _LONGEST:
        yield Fault("timeout", f"A command may take {_LONGEST} seconds at the most.")
    if "pattern" in values:
        if values["parse"] != "exit":
            yield Fault("pattern", "`pattern` is for `parse: exit`; the other formats say where.")
        pattern = compile_pattern(values["pattern"], multiline=True)
        if isinstance(pattern, BadPattern):
            yield Fault("pattern", pattern.message, "CR206" if pattern.python_only else "CR205")
    for name in values.get("env", ()):
        if is_secret(name):
            yield Fault("env", f"{name} may hold a key, and no command gets it.", "CR202")
    for word in values["run"]:
        if "{related_tests}" in word and word != "{related_tests}":
            yield Fault("run", "`{related_tests}` stands for several words: let it stand alone.")
    if any(link.startswith("/") or ".." in link.split("/") for link in values.get("links", ())):
        yield Fault("links", "`links` names folders inside the workspace.")


SPEC = KindSpec(
    keys={
        "run": Texts(),
        "parse": Text(one_of=get_args(Parse)),
        "stdin": Text(one_of=("document", "selection")),
        "timeout": Number(),
        "pattern": Text(),
        "env": Texts(),
        "network": Flag(),
        "links": Texts(),
    },
    required=("run", "parse"),
    names=frozenset({"test", "detail", "rule", "match", "path"}),
    message="",
    build=_build,
)
