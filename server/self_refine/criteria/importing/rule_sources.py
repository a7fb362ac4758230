"""Which files of a workspace hold rules for other tools, and what each becomes."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from self_refine.criteria.finding.safe_files import Refused, read_contained
from self_refine.criteria.importing.coderabbit import import_coderabbit
from self_refine.criteria.importing.commitlint import import_commitlint, rules_of
from self_refine.criteria.importing.markdown_rules import import_markdown
from self_refine.criteria.importing.prh import import_prh
from self_refine.criteria.importing.proposal import (
    Left,
    Proposal,
    ProposedCheck,
    ProposedQuestion,
    free,
    slug_of,
    sound,
)
from self_refine.criteria.importing.textlint import import_textlint
from self_refine.criteria.importing.vale import Taken, import_vale
from self_refine.criteria.reading.problem_collector import ProblemCollector
from self_refine.criteria.reading.reader import read
from self_refine.criteria.reading.yaml_nodes import Items, Node, Pairs, Scalar, read_yaml

KNOWN = (
    "AGENTS.md", "CLAUDE.md", "GEMINI.md", ".cursorrules", ".windsurfrules", ".clinerules",
    ".cursor/rules/*.mdc", ".cursor/rules/**/*.mdc", ".windsurf/rules/*.md", ".clinerules/*.md",
    ".github/copilot-instructions.md", ".github/instructions/**/*.instructions.md",
    ".github/pull_request_template.md", ".github/PULL_REQUEST_TEMPLATE.md",
    ".github/PULL_REQUEST_TEMPLATE/*.md", "CONTRIBUTING.md", ".github/CONTRIBUTING.md",
    ".coderabbit.yaml", ".coderabbit.yml", "prh.yml", "prh.yaml", ".textlintrc", ".textlintrc.json",
    ".commitlintrc", ".commitlintrc.json", ".commitlintrc.yml", ".commitlintrc.yaml",
    "commitlint.config.js", "commitlint.config.cjs", "commitlint.config.mjs",
    "commitlint.config.ts", "styles/*/*.yml", ".vale/styles/*/*.yml",
)  # fmt: skip
"""Where such files lie in a workspace."""
_MOST_SOURCES = 300


def sources_in(root: Path) -> tuple[Path, ...]:
    """The files of a workspace that can be imported, in the order of their names."""
    found = {path for glob in KNOWN for path in root.glob(glob) if path.is_file()}
    return tuple(sorted(found))[:_MOST_SOURCES]


def propose(path: Path, root: Path) -> tuple[Proposal, ...]:
    """The criteria files that one file, or the styles in one folder, could become.

    Args:
        path: a file, or a folder of a Vale style.
        root: the workspace; `path` may lie outside it.
    """
    label = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    if path.is_dir():
        return (sound(_style(path, label)),)
    got = read_contained(path, path.parent)
    if isinstance(got, Refused):
        left = (Left(label, "", got.message),)
        return (Proposal(id=_name(path), title=path.name, source=label, left=left),)
    text = got.text.removeprefix("\ufeff")
    return tuple(sound(each) for each in _made(path, label, text))


def _made(path: Path, label: str, text: str) -> Iterator[Proposal]:
    name = path.name.lower()
    if "commitlint" in name:
        yield _of("commits", "Commit messages", label, import_commitlint(_commit_rules(text, path)),
                  languages=("git-commit",))  # fmt: skip
    elif name.startswith(".coderabbit"):
        yield from import_coderabbit(_mapping(text, path), label)
    elif name.startswith(".textlintrc"):
        yield _of("textlint", "textlint", label, import_textlint(_mapping(text, path)))
    elif name.endswith((".yml", ".yaml")):
        config = _mapping(text, path)
        if "extends" in config:
            yield _of(_name(path), path.stem, label, import_vale(config, path.stem))
        else:
            yield _of(_name(path), "Spelling", label, import_prh(config, _name(path)))
    else:
        reading = read(text, path.with_suffix(".criteria.md"), label)
        yield import_markdown(reading, label, _name(path))


def _style(folder: Path, label: str) -> Proposal:
    """The rules of a Vale style in one file."""
    taken: list[Taken] = []
    for path in sorted(folder.glob("*.yml")):
        got = read_contained(path, folder)
        if isinstance(got, Refused):
            taken.append(Left(path.name, "", got.message))
        else:
            taken += import_vale(_mapping(got.text, path), path.stem)
    return _of(f"vale-{slug_of(folder.name)}", folder.name, label, taken)


def _of(
    name: str,
    title: str,
    source: str,
    taken: "Iterator[Taken] | list[Taken]",
    languages: tuple[str, ...] = (),
) -> Proposal:
    every = tuple(taken)
    return Proposal(
        id=name,
        title=title,
        source=source,
        languages=languages,
        checks=tuple(each for each in every if isinstance(each, ProposedCheck)),
        questions=tuple(each for each in every if isinstance(each, ProposedQuestion)),
        left=tuple(each for each in every if isinstance(each, Left)),
    )


def _commit_rules(text: str, path: Path) -> dict[str, list[Any]]:
    if path.suffix in (".yml", ".yaml"):
        return rules_of(json.dumps(_mapping(text, path)))
    return rules_of(text)


def _mapping(text: str, path: Path) -> Mapping[str, Any]:
    """A YAML or JSON mapping; {} for anything else. JSON is YAML but for its tabs."""
    try:
        value = json.loads(text)
    except ValueError:
        node = read_yaml(text, 0, ProblemCollector(text, path, path.name))
        value = _typed(node) if node is not None else {}
    return value if isinstance(value, Mapping) else {}


def _typed(node: Node) -> Any:
    """The value of a node, numbers and truth values as such."""
    match node:
        case Items(_, items):
            return [_typed(item) for item in items]
        case Pairs(_, pairs):
            return {key.value: _typed(value) for key, value in pairs}
        case Scalar(_, value, "int") if value.lstrip("-").isdecimal():
            return int(value)
        case Scalar(_, value, "bool"):
            return value.lower() in ("true", "yes", "on")
        case Scalar(_, _, "null"):
            return None
        case Scalar(_, value):
            return value


_NAMES: Mapping[str, Callable[[Path], str]] = {
    "copilot-instructions": lambda _: "copilot",
    "pull_request_template": lambda _: "pull-request",
}


def _name(path: Path) -> str:
    """The id of a proposal, from the file's name without what names the tool."""
    stem = path.name.lower().lstrip(".").split(".")[0]
    return _NAMES[stem](path) if stem in _NAMES else slug_of(stem) or "imported"


def renamed(proposals: tuple[Proposal, ...]) -> tuple[Proposal, ...]:
    """The same with different ids."""
    taken: set[str] = set()
    made: list[Proposal] = []
    for proposal in proposals:
        name = free(proposal.id, taken)
        taken.add(name)
        made.append(replace(proposal, id=name))
    return tuple(made)
