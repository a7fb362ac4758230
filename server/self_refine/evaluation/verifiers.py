"""What decides whether a model did its work: our own checks, which the model never sees."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from self_refine.checks.check import Check, Common
from self_refine.checks.kind_spec import Fault, KindSpec, WordList
from self_refine.checks.registry import KINDS, run_checks
from self_refine.checks.subject import Subject
from self_refine.criteria.reading.problem_collector import ProblemCollector
from self_refine.criteria.reading.schema_validation import table_values
from self_refine.criteria.reading.yaml_nodes import read_yaml
from self_refine.evaluation.parsers import PARSERS
from self_refine.loop.types import Severity, Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Verifier:
    """Decides one criterion on one text."""

    criterion: str
    """Full id."""
    passes: Callable[[Subject], bool | None]
    """None: it cannot be decided here."""


@dataclass(frozen=True, slots=True)
class BadVerifier:
    """Why there is no such verifier: a sentence."""

    message: str


def read_verifier(criterion: str, values: Mapping[str, Any]) -> Verifier | BadVerifier:
    """A verifier as an item writes it: `kind`, and the keys that this kind of check takes."""
    kind = values.get("kind")
    given = {key: value for key, value in values.items() if key not in ("criterion", "kind")}
    parser = _parser(kind, given)
    if parser is not None:
        return Verifier(criterion=criterion, passes=lambda subject: parser(subject.text))
    spec = KINDS.get(kind) if isinstance(kind, str) else None
    if spec is None or kind == "command":  # nobody has allowed one
        names = [name for name in KINDS if name != "command"] + list(PARSERS)
        return BadVerifier(f"there is no kind {kind!r}; there are {', '.join(sorted(names))}.")
    match _checked(spec, given, criterion):
        case str(problem):
            return BadVerifier(problem)
        case check:
            return Verifier(criterion=criterion, passes=lambda subject: _passes(check, subject))


def _parser(kind: object, given: Mapping[str, Any]) -> Callable[[str], bool | None] | None:
    """What `python`, `python parses` and the like mean; `sql` with keys is a check of its own."""
    if not isinstance(kind, str) or given:
        return None
    name = kind.replace("_", " ").replace("-", " ").removesuffix(" parses").strip()
    return PARSERS.get(name)


def _checked(spec: KindSpec, given: Mapping[str, Any], criterion: str) -> Check | str:
    """The check, or the first thing that is wrong with its keys."""
    # JSON is YAML, and the reader of criteria files knows what each key may hold.
    source = json.dumps(given, ensure_ascii=False)
    problems = ProblemCollector(source, Path("verifier"), "verifier")
    node = read_yaml(source, 0, problems)
    values = table_values(node, spec.keys, spec.required, problems) if node else None
    if values is None:
        return problems.problems[0].message if problems.problems else "it has no keys."
    # A verifier looks at code, links and comments too: what is there is there.
    common = Common(
        id=criterion, severity=Severity.ERROR, message=spec.message, scopes=("everything",)
    )
    built = spec.build(common, values, _no_file)
    return built.message if isinstance(built, Fault) else built


def _no_file(name: str) -> WordList | str:
    return f"an item cannot name the file {name!r}: write the words out."


def _passes(check: Check, subject: Subject) -> bool | None:
    (result,) = run_checks((check,), subject)
    if result.verdict is Verdict.NOT_CHECKED:
        return None
    return result.verdict is not Verdict.FAIL
