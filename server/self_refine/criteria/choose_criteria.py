"""Owns which criteria a run uses: what is offered for a text, and what ids that users name mean."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from itertools import chain
from pathlib import Path

from self_refine.checks.check import Common
from self_refine.checks.registry import WHOLE, Check, NotRun
from self_refine.criteria.applying import Offer, Target, applies, in_reach, not_replaced, offered
from self_refine.criteria.criteria_file import CriteriaFile, Library
from self_refine.criteria.finding.locations import SUFFIX
from self_refine.criteria.input_texts import (
    NO_INPUTS,
    GivenText,
    InputPlace,
    InputTexts,
    input_texts,
)
from self_refine.criteria.problems import Problem
from self_refine.loop.types import Criterion, Severity

_MOST_NAMED = 20
"""Files that a refusal lists: more would bury the sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """What a run judges by."""

    files: tuple[CriteriaFile, ...]
    criteria: tuple[Criterion, ...]
    checks: tuple[Check, ...]
    protect: tuple[str, ...]
    passes: int | None
    """The lowest that a file asks for."""
    digests: Mapping[str, str]
    """sha256 of each file by its label."""
    inputs: Mapping[str, str] = field(default_factory=dict)
    input_paths: tuple[Path, ...] = ()
    """Files whose texts are among the inputs."""
    missing_inputs: Mapping[str, str] = field(default_factory=dict)
    """Why an input that a file declares is not there, by its name."""
    brief: str = ""
    """What the files say that the texts are for, those of criteria that are judged."""


_LACKS: Mapping[str, str] = {
    "definition": "it judges definitions, and none stands at the selection",
    "comments": "it judges comments, and there is none in the selection",
}

NOTHING = Chosen(files=(), criteria=(), checks=(), protect=(), passes=None, digests={})
"""For a run that has the user's own words alone to go by."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is nothing to judge by: a sentence for the user."""

    message: str


def offers(library: Library, packs: Library, target: Target) -> tuple[Offer, ...]:
    """What fits a text: the team's files together, then each alone; the packs where none fits."""
    return offered(in_reach(library.files, target), packs.files, target)


def choose(
    library: Library,
    packs: Library,
    target: Target,
    ids: Sequence[str],
    inputs: InputTexts = NO_INPUTS,
) -> Chosen | Refusal:
    """The criteria of the files or single criteria named; of all team files that apply by default.

    A file that is named is used whatever its `applies` says; `inputs` are the texts at hand.
    """
    library = replace(library, files=in_reach(library.files, target))
    # One of the packs that ship may be installed with other options: the last one counts.
    others = not_replaced(library.files, (*packs.files, *library.installed))
    known = {file.id: file for file in (*library.files, *others)}
    if ids:
        wanted = _wanted(ids, known, (*library.problems, *packs.problems))
        return wanted if isinstance(wanted, Refusal) else _chosen(known, wanted, target, inputs)
    team = [file.id for file in library.files if applies(file, target)]
    if not team:
        return _nothing(library, packs, target)
    return _chosen(known, dict.fromkeys(team, ()), target, inputs)


def choose_with_inputs(  # noqa: PLR0913, PLR0917 - as `choose`, and where inputs are looked for
    library: Library,
    packs: Library,
    target: Target,
    ids: Sequence[str],
    place: InputPlace,
    given: Mapping[str, GivenText],
) -> Chosen | Refusal:
    """The same, with the texts of the inputs that the files declare; may read files.

    Args:
        library: the team's files.
        packs: those that ship.
        target: the text.
        ids: as `choose` takes them.
        place: what inputs are looked for in.
        given: texts that the user gives, by the name of the input.
    """
    chosen = choose(library, packs, target, ids)
    if isinstance(chosen, Refusal) or not any(file.inputs for file in chosen.files):
        return chosen
    return choose(library, packs, target, ids, input_texts(chosen.files, place, given))


Wanted = dict[str, tuple[str, ...]]
"""Ids of files, each with the full ids of the criteria asked for; () for all of them."""


def _wanted(
    ids: Sequence[str], known: Mapping[str, CriteriaFile], problems: tuple[Problem, ...]
) -> Wanted | Refusal:
    wanted: Wanted = {}
    for name in dict.fromkeys(ids):
        file_id = _file_of(name, known)
        file = known.get(file_id)
        if file is None or (name != file_id and name not in {c.id for c in file.criteria}):
            return _unknown(name, known, problems)
        whole = name == file_id or wanted.get(file_id) == ()
        wanted[file_id] = () if whole else (*wanted.get(file_id, ()), name)
    return wanted


def _file_of(name: str, known: Mapping[str, CriteriaFile]) -> str:
    """The id of the file that a name begins with; that of a pack's file has a `/` in it."""
    parts = name.split("/")
    begins = ("/".join(parts[:n]) for n in range(len(parts), 0, -1))
    return next((begin for begin in begins if begin in known), parts[0])


def _unknown(
    name: str, known: Mapping[str, CriteriaFile], problems: tuple[Problem, ...]
) -> Refusal:
    shown = repr(name[:80])
    broken = next((p for p in problems if _is_error_of(p, name.partition("/")[0])), None)
    if broken is not None:
        place = f"{broken.label}:{broken.line}:{broken.column}"
        return Refusal(f"The criteria {shown} cannot be used. {place}: {broken.message}")
    every = [*known, *(c.id for file in known.values() for c in file.criteria)]
    close = get_close_matches(name[:80], every, n=3, cutoff=0.5)
    close += [full for full in every if full.endswith(f"/{name}") and full not in close]
    listed = ", ".join(list(known)[:_MOST_NAMED]) + (" …" if len(known) > _MOST_NAMED else "")
    aid = f"Did you mean {_either(close)}?" if close else f"There are {listed}."
    path = " Criteria are named by id, not by path." if name.endswith(".md") else ""
    return Refusal(f"There are no criteria {shown}.{path} {aid}")


def _is_error_of(problem: Problem, file_id: str) -> bool:
    stem = problem.path.name.lower().removesuffix(SUFFIX)
    return problem.severity is Severity.ERROR and stem == file_id


def _nothing(library: Library, packs: Library, target: Target) -> Refusal:
    what = f"{target.path}" if target.path else f"a text of the kind {target.language!r}"
    fitting = [
        file.id for file in not_replaced(library.files, packs.files) if applies(file, target)
    ]
    named = fitting or [
        file.id for file in (*library.files, *not_replaced(library.files, packs.files))
    ]
    those = "the pack that fits" if len(fitting) == 1 else "one that fits" if fitting else "any"
    options = " or ".join(f"--criteria {name}" for name in named)
    match len(library.files):
        case 0 if broken := {p.path for p in library.problems if p.severity is Severity.ERROR}:
            found = f"{_broken(len(broken))}, so none applies to {what}."
        case 0:
            found = f"The workspace has no criteria files, so none applies to {what}."
        case 1:
            found = f"The one criteria file of the workspace is not for {what}."
        case count:
            found = f"None of the {count} criteria files of the workspace is for {what}."
    return Refusal(f"{found} Name {those}: {options}.")


def _broken(count: int) -> str:
    if count == 1:
        return "The one criteria file of the workspace has errors"
    return f"All {count} criteria files of the workspace have errors"


def _either(names: Sequence[str]) -> str:
    return " or ".join(repr(name) for name in names)


def _chosen(
    known: Mapping[str, CriteriaFile], wanted: Wanted, target: Target, inputs: InputTexts
) -> Chosen:
    chosen = tuple(known[file_id] for file_id in wanted)
    criteria: list[Criterion] = []
    checks: list[Check] = []
    for file in chosen:
        decided = _decided(file, _with_checks(file, wanted[file.id]), target, inputs)
        criteria += decided
        reasons = {c.id: c.not_checked for c in decided}
        checks += (
            _held(check, reasons[check.criterion_id])
            for check in file.checks
            if check.criterion_id in reasons
        )
    return Chosen(
        files=chosen,
        criteria=tuple(c for c in criteria if c.check) + tuple(c for c in criteria if not c.check),
        checks=tuple(checks),
        protect=tuple(dict.fromkeys(chain.from_iterable(file.protect for file in chosen))),
        passes=min((file.passes for file in chosen if file.passes), default=None),
        digests={file.label: file.digest for file in chosen},
        inputs=inputs.texts,
        input_paths=inputs.paths,
        missing_inputs=inputs.missing,
        brief="\n".join(dict.fromkeys(file.brief for file in chosen if file.brief)),
    )


def _with_checks(file: CriteriaFile, asked: tuple[str, ...]) -> tuple[Criterion, ...]:
    """The criteria asked for, with the checks whose results decide whether they are asked."""
    if not asked:
        return file.criteria
    ids = set(asked)
    for criterion in reversed(file.criteria):
        if criterion.id in ids and criterion.when is not None:
            ids.add(criterion.when.check)
    return tuple(criterion for criterion in file.criteria if criterion.id in ids)


def _decided(
    file: CriteriaFile,
    criteria: tuple[Criterion, ...],
    target: Target,
    inputs: InputTexts,
) -> tuple[Criterion, ...]:
    """Say of each criterion whether something known now keeps it from being checked."""
    reasons: dict[str, str] = {}
    decided: list[Criterion] = []
    for criterion in criteria:
        reason = next(_reasons(file, criterion, target, inputs, reasons), "")
        reasons[criterion.id] = reason
        needed = () if criterion.check else file.needs.get(criterion.id, ())
        uses = tuple((name, inputs.texts[name]) for name in needed if name in inputs.texts)
        decided.append(replace(criterion, not_checked=reason, uses=uses))
    return tuple(decided)


def _reasons(
    file: CriteriaFile,
    criterion: Criterion,
    target: Target,
    inputs: InputTexts,
    earlier: Mapping[str, str],
) -> Iterator[str]:
    if file.applies.within == "document" and not target.covers_document:
        yield "it judges a whole document, and the selection is a part of one"
    if criterion.check in WHOLE and not target.covers_document:
        yield f"a {criterion.check} judges a whole document, and the selection is a part of one"
    if file.applies.within in target.lacks:
        yield _LACKS[file.applies.within]
    if criterion.not_checked:
        yield criterion.not_checked
    for name, given in file.inputs.items():
        needed = given.required and name in file.needs.get(criterion.id, ())
        if needed and name not in inputs.texts:
            yield f"no input {name!r}: {inputs.missing.get(name, 'nobody has looked for it')}"
    if criterion.when is not None and earlier.get(criterion.when.check):
        yield f"{criterion.when.check} was not checked: {earlier[criterion.when.check]}"


def _held(check: Check, reason: str) -> Check:
    if not reason or isinstance(check, NotRun):
        return check
    common = Common(id=check.criterion_id, severity=check.severity, message="", when=check.when)
    return NotRun(common=common, reason=reason)
