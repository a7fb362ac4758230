"""The `sections` check: the headings that a Markdown text must have."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from self_refine.checks.check import Base, Check, Common
from self_refine.checks.key_schema import Flag, Texts
from self_refine.checks.kind_spec import Fault, KindSpec, Reader, Values
from self_refine.checks.markup.markdown.markdown_outline import plain_title
from self_refine.checks.subject import Subject
from self_refine.loop.types import CheckResult, Finding, Kind
from self_refine.text.spans import Span

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class SectionsCheck(Base):
    """Judges by the headings of the text."""

    required: tuple[str, ...]
    non_empty: bool

    def run(self, subject: Subject) -> CheckResult:
        """Report each section that is missing, or empty where that counts."""
        return self.result(tuple(self._found(subject)))

    def _found(self, subject: Subject) -> Iterator[Finding]:
        for name in self.required:
            wanted = plain_title(name)
            same = [s for s in subject.outline if plain_title(s.title) == wanted]
            if not same:
                end = Span(len(subject.text), len(subject.text))
                names = {"name": name, "state": "missing"}
                yield self.finding(subject, end, names, kind=Kind.MISSING)
            elif self.non_empty and not any(_says(s.body.of(subject.text)) for s in same):
                names = {"name": name, "state": "empty"}
                yield self.finding(subject, same[0].heading, names)


def _says(body: str) -> bool:
    """Whether a reader finds anything there; a comment left from a template is nothing."""
    return bool(_COMMENT.sub("", body).strip())


def _build(common: Common, values: Values, _: Reader) -> Check | Fault:
    return SectionsCheck(
        common=common,
        required=tuple(values["require"]),
        non_empty=values.get("non_empty", False),
    )


SPEC = KindSpec(
    keys={"require": Texts(), "non_empty": Flag()},
    required=("require",),
    names=frozenset({"name", "state"}),
    message="Section '{name}' is {state}.",
    build=_build,
)
