"""Rules of other tools become proposals: what is taken, as what, and what is left out and why."""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from self_refine.criteria.importing.check_candidates import candidate
from self_refine.criteria.importing.commitlint import rules_of
from self_refine.criteria.importing.proposal import Proposal, ProposedCheck, quoted, render, sound
from self_refine.criteria.importing.rule_sources import propose, renamed, sources_in
from self_refine.criteria.importing.starter import starter
from support.checking import file_of, marked, reading, results_of


def put(root, name, text):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def made(root, name, text):
    """The one proposal of a file, as a criteria file that is known to be sound."""
    (proposal,) = propose(put(root, name, text), root)
    return proposal, file_of(render(proposal), f"{proposal.id}.criteria.md")


def questions(file):
    return {c.id.split("/")[1]: c for c in file.criteria if not c.check}


def found(file, text, language="markdown"):
    """`text` with what the checks of a file mark."""
    results = results_of(file.checks, text, language)
    return marked(text, [finding for result in results for finding in result.findings])


AGENTS = """\
# Working here

## Commands

- `make test` runs the tests

## Style

- Use active voice.
- Keep sentences below 5 words
- **Errors**: say what to do next
  - Not: internal errors
  - Why: users act on them
- Is there a function without a test?
- Commit often
"""


def test_markdown_rules_become_questions_and_checks(tmp_path):
    """A rule is asked for its breach; a question stays; where each comes from is said."""
    proposal, file = made(tmp_path, "AGENTS.md", AGENTS)
    asked = questions(file)

    assert ("agents", "Working here") == (file.id, file.title)
    assert ["use-active-voice", "errors", "is-there-a-function"] == list(asked)
    assert (
        "Is there a place that breaks this rule: “Use active voice.”?",
        "from AGENTS.md:9",
    ) == (asked["use-active-voice"].question, asked["use-active-voice"].why)
    assert ("internal errors",) == asked["errors"].exceptions
    assert "users act on them (from AGENTS.md:11)" == asked["errors"].why
    assert "Is there a function without a test?" == asked["is-there-a-function"].question
    assert "«One two three four five.» One two." == found(file, "One two three four five. One two.")
    assert [
        ("AGENTS.md:5", "it is a fact about the project"),
        ("AGENTS.md:15", "it tells how to work, and asks nothing of a text"),
    ] == [(left.where, left.why) for left in proposal.left]


@pytest.mark.parametrize(
    ("name", "text", "id_", "paths"),
    [
        ("pkg/a/AGENTS.md", "- Be kind\n", "agents", ("pkg/a/**",)),
        ("docs/CONTRIBUTING.md", "- Be kind\n", "contributing", ()),
        (".github/copilot-instructions.md", "- Be kind\n", "copilot", ()),
        (".github/instructions/py.instructions.md",
         "---\napplyTo: '**/*.py,**/*.pyi'\n---\n- Be kind\n", "py", ("**/*.py", "**/*.pyi")),
        (".cursor/rules/react.mdc",
         "---\nglobs: src/**/*.tsx\nalwaysApply: false\n---\n- Be kind\n", "react",
         ("src/**/*.tsx",)),
        (".cursor/rules/all.mdc",
         "---\nglobs: src/**\nalwaysApply: true\n---\n- Be kind\n", "all", ()),
        (".cursorrules", "- Be kind\n", "cursorrules", ()),
        (".github/pull_request_template.md", "## Checklist\n\n- [ ] I added tests\n",
         "pull-request", ()),
    ],
)  # fmt: skip
def test_each_kind_of_markdown_keeps_its_scope(tmp_path, name, text, id_, paths):
    """Globs of its front matter, else the folder of an AGENTS.md."""
    proposal, file = made(tmp_path, name, text)

    assert (id_, paths) == (file.id, file.applies.paths)
    assert 1 == proposal.taken


CODERABBIT = """\
language: en-US
reviews:
  profile: chill
  path_filters: ["!dist/**"]
  path_instructions:
    - path: "src/**/*.ts"
      instructions: |
        - No console output
        • Errors are typed
    - path: "docs/**"
      instructions: "Write in the present tense. Name the product in full."
    - path: "!gen/**"
      instructions: "Nothing."
"""


def test_coderabbit_gives_a_file_for_each_path(tmp_path):
    """Sentences and bullets are rules; what is about the tool is listed."""
    proposals = propose(put(tmp_path, ".coderabbit.yaml", CODERABBIT), tmp_path)
    one, two, rest = proposals

    assert [("src/**/*.ts",), ("docs/**",)] == [one.paths, two.paths]
    assert ["no-console-output", "errors-are-typed"] == [q.id for q in one.questions]
    assert 2 == len(two.questions)
    assert {"path '!gen/**'", "path_filters: !dist/**", "language", "profile"} == {
        left.what for left in rest.left
    }
    assert 0 == rest.taken


VALE = {
    "Wordy.yml": "extends: substitution\nmessage: \"Use '%s' instead of '%s'.\"\nlevel: error\n"
    "ignorecase: true\nswap:\n  utilize: use\n  (?:in order to|so as to): to\n"
    "  leverag(?:e|ing): apply\n",
    "Very.yml": "extends: existence\nmessage: \"Remove '%s'.\"\nlink: https://example.org/very\n"
    "tokens:\n  - very\n  - quite \\w+\n",
    "Ahead.yml": "extends: existence\nmessage: No '%s'.\ntokens: ['a(?=b)']\n",
    "Case.yml": "extends: capitalization\nmessage: \"'%s' is in title case.\"\nmatch: $sentence\n",
    "Long.yml": "extends: occurrence\nmessage: Too long.\nscope: sentence\nmax: 4\n"
    "token: '\\b(\\w+)\\b'\n",
    "Rep.yml": "extends: repetition\nmessage: \"'%s' is repeated.\"\n",
    "Sum.yml": "extends: metric\nmessage: x\nformula: y\n",
}


def test_a_vale_style_becomes_checks(tmp_path):
    """Words and patterns; what RE2 or this format has not is listed, never lost."""
    for name, text in VALE.items():
        put(tmp_path, f"styles/Acme/{name}", text)
    (proposal,) = propose(tmp_path / "styles" / "Acme", tmp_path)
    file = file_of(render(proposal))
    text = "We utilize it in order to be very quite good leveraging."

    assert "vale-acme" == proposal.id
    assert ["ahead", "rep", "sum"] == sorted(left.where.lower() for left in proposal.left)
    assert "look-around" in next(left.why for left in proposal.left if left.where == "Ahead")
    assert {"very", "very-pattern", "long", "wordy-3", "wordy"} == {c.id for c in proposal.checks}
    short = file_of(render(Proposal(id="x", title="x", source="x", checks=tuple(
        c for c in proposal.checks if c.id != "long"))))  # fmt: skip
    assert "We «utilize» it «in order to» be «very» «quite good» «leveraging»." == found(
        short, text
    )
    assert "Is there a heading that breaks this rule: “'…' is in title case.”?" == (
        questions(file)["case"].question
    )
    assert "«One two three four five.»" == found(file, "One two three four five.")
    assert {"error", "info"} == {c.severity for c in proposal.checks}


def test_prh_becomes_a_list_of_words_and_patterns(tmp_path):
    """Rules about capitals alone are left out with the reason."""
    proposal, file = made(
        tmp_path,
        "prh.yml",
        "version: 1\nrules:\n  - expected: GitHub\n    pattern: /github/i\n"
        "  - expected: JavaScript\n    patterns: [Java Script]\n"
        "  - expected: $1する\n    pattern: /(設定)を行う/\n",
    )

    assert "«Java Script» «設定を行う»。" == found(file, "Java Script 設定を行う。")
    assert ["GitHub"] == [left.what for left in proposal.left]


COMMITLINT = """\
module.exports = {
  extends: ['@commitlint/config-conventional'],
  rules: {
    'header-max-length': [2, 'always', 30],
    "scope-enum": [1, "always", ["api", "ui"]], // ours
    'type-case': [0],
  },
};
"""


@pytest.mark.parametrize(
    ("message", "fails"),
    [
        ("feat(api): add paging\n\nUsers ask.\n", set()),
        ("feat(api): add paging for all of the lists\n", {"header-max-length"}),
        ("feat(db): add paging\n", {"scope-enum"}),
        ("feature: add paging\n", {"type-enum"}),
        ("feat: Add paging\n", {"subject-case"}),
        ("feat: add paging.\n", {"subject-full-stop"}),
        ("add paging\n", {"type-empty", "subject-empty", "type-enum", "scope-enum"}),
        ("feat: add paging\nUsers ask.\n", {"body-leading-blank"}),
        (f"feat: add paging\n\n{'x' * 101}\n", {"body-max-line-length"}),
    ],
)
def test_commitlint_rules_judge_commit_messages(tmp_path, message, fails):
    """JavaScript is read as text, and the conventional rules are known."""
    _, file = made(tmp_path, "commitlint.config.js", COMMITLINT)
    results = results_of(file.checks, message, "git-commit")

    assert ("git-commit",) == file.applies.languages
    assert fails == {r.criterion.split("/")[1] for r in results if r.verdict.value == "fail"}


def test_commitlint_as_json_and_yaml():
    """The same rules in any form; what is computed is not seen."""
    rules = {"rules": {"subject-empty": [2, "never"]}}

    assert rules["rules"] == rules_of(json.dumps(rules))
    assert {} == rules_of("module.exports = {rules: {'a-b': limit()}}")


def test_textlint_takes_what_a_check_decides(tmp_path):
    """Rules that are programs are listed."""
    config = {"rules": {"sentence-length": {"max": 12}, "no-todo": True, "ja-space": True,
                        "prh": {"rulePaths": ["prh.yml"]}, "max-comma": False}}  # fmt: skip
    proposal, file = made(tmp_path, ".textlintrc.json", json.dumps(config))

    assert "«TODO» here. «This one is long.»" == found(file, "TODO here. This one is long.")
    assert ["ja-space", "prh"] == sorted(left.where for left in proposal.left)


@pytest.mark.parametrize(
    ("rule", "kind", "values"),
    [
        (
            "Sentences have at most 25 words.",
            "length",
            {"of": "sentence", "unit": "words", "max": 25},
        ),
        (
            "Keep paragraphs to 4 sentences",
            "length",
            {"of": "paragraph", "unit": "sentences", "max": 4},
        ),
        ("Lines are no longer than 80 characters", "regex", {"pattern": "(?m)^.{81,}$"}),
        ("Never leave a TODO in the text", "regex", {"pattern": r"\bTODO\b"}),
        ("No exclamation marks.", "regex", {"pattern": "!"}),
    ],
)  # fmt: skip
def test_what_a_program_can_decide_is_a_check(rule, kind, values):
    """Exact, free and the same each time."""
    check = candidate(rule, "x", "from y")

    assert (kind, values) == (check.kind, check.values)
    assert 1 == sound(Proposal(id="x", title="x", source="x", checks=(check,))).taken


@pytest.mark.parametrize(
    "rule",
    ["Use active voice.", "Functions below 40 lines", "Is a sentence longer than 25 words?",
     "Commit subjects have at most 50 characters", "No jargon"],
)  # fmt: skip
def test_other_rules_are_left_to_the_critic(rule):
    """Only where the words leave no doubt."""
    assert candidate(rule, "x", "") is None


def test_sources_of_a_workspace_are_found(tmp_path):
    """Where other tools look for them; nothing is read of what they do not read."""
    for name in ("AGENTS.md", ".cursor/rules/a.mdc", ".github/instructions/x.instructions.md",
                 "docs/notes.md", "node_modules/AGENTS.md", "styles/Acme/a.yml"):  # fmt: skip
        put(tmp_path, name, "- Be kind\n")

    found = [path.relative_to(tmp_path).as_posix() for path in sources_in(tmp_path)]
    assert [".cursor/rules/a.mdc", ".github/instructions/x.instructions.md", "AGENTS.md",
            "styles/Acme/a.yml"] == found  # fmt: skip


def test_ids_of_several_proposals_differ():
    """Two AGENTS.md are two files."""
    twice = (Proposal(id="agents", title="a", source="a"),) * 2

    assert ["agents", "agents-2"] == [proposal.id for proposal in renamed(twice)]


def test_a_source_that_cannot_be_read_says_so(tmp_path):
    """No exception for bytes that are no text, nor for YAML that is none."""
    path = tmp_path / "AGENTS.md"
    path.write_bytes(b"\xff")
    (bytes_,) = propose(path, tmp_path)
    (broken,) = propose(put(tmp_path, "a.yml", "extends: [\n"), tmp_path)

    assert "is not UTF-8" in bytes_.left[0].why
    assert 0 == broken.taken


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60))
def test_any_string_survives_as_yaml(text):
    """Patterns keep their backslashes."""
    assert text == yaml.safe_load(f"a: {quoted(text)}")["a"]


_WORDS = st.text(st.sampled_from("ab '\"\\:#-[]{}%*&!|>\u00e9\u3042"), min_size=1, max_size=12)


@given(forbid=st.lists(_WORDS, min_size=1, max_size=5), pattern=_WORDS, title=_WORDS)
def test_what_is_proposed_can_be_read(forbid, pattern, title):
    """Whatever the source holds, a proposal is a sound file, and says what it could not take."""
    checks = (
        ProposedCheck(id="a b", kind="words", values={"forbid": tuple(forbid)}),
        ProposedCheck(id="a b", kind="regex", values={"pattern": pattern}),
    )
    proposal = sound(Proposal(id="x", title=title, source="s", checks=checks))

    assert 2 == len(proposal.checks) + len(proposal.left)
    if proposal.checks and title.strip():
        assert reading(render(proposal)).file is not None


@pytest.mark.parametrize("language", ["", "markdown", "python", "git-commit"])
def test_a_new_file_is_sound(language):
    """And for the texts that it was begun for."""
    file = file_of(starter("Release notes", language, ("docs/**/*.md",) if language else ()))

    assert ("release-notes", "Release notes") == (file.id, file.title)
    assert (language,) * bool(language) == file.applies.languages
    assert 2 == len(file.criteria)
