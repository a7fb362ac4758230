"""The packs that ship: sound, complete, their fixtures true, and fit for what the page says."""

from collections import Counter
from pathlib import PurePosixPath

import pytest

from self_refine.checks.registry import NotRun, run_checks
from self_refine.checks.subject import Subject
from self_refine.criteria.choose_criteria import Target, applies
from self_refine.criteria.criteria_file import Bad, Given, Good
from self_refine.criteria.finding.discover import shipped
from self_refine.criteria.fixtures import compare
from self_refine.text.spans import apply_edits
from support.checking import file_of

LIBRARY = shipped()
PACKS = {file.id: file for file in LIBRARY.files}

# What each pack asks and checks; a name in brackets is a check whose kind is still to come.
CONTENTS = {
    "commit": "summary-length summary-period second-line imperative left-over "
    "vague-summary why-missing several-changes retells-the-diff",
    "email": "too-long long-sentence stock-phrase stock-phrase-de stock-phrase-fr placeholder "
    "clear-request too-formal repeats-itself request-first",
    "plan": "headings dependencies step-size "
    "conflict missing-dependency unverified-step irreversible",
    "prose": "doubled-word wordy wordy-de wordy-fr filler filler-de filler-fr shouting "
    "long-sentence long-paragraph "
    "point-late unsupported-claim says-it-twice unclear-reference hidden-actor",
    "python": "tests ruff signature-kept leftovers "
    "unhandled-input test-cause broad-except name-says-effect",
    "readme": "placeholder image-words long-sentence "
    "purpose-late no-first-step unexplained-term unsupported-praise unmet-requirement",
    "record": "fields headings placeholder "
    "filled-in-name-only required-field fields-agree follow-up-owned",
    "review": "belittling too-long shouting no-request about-the-person no-reason weight-unclear",
    "sql": "every-row-changed ambiguous-column every-column scan-risk "
    "unintended-full-scan column-without-table fan-out null-trap same-result",
    "summary": "ratio numbers-from-source preamble "
    "deletable unsupported missing-main-point hedge-lost",
}


def test_the_packs_are_read_without_a_word():
    """Ten packs, no error, no warning, no hint."""
    assert () == LIBRARY.problems
    assert set(CONTENTS) == set(PACKS)
    assert all(file.shipped for file in LIBRARY.files)


@pytest.mark.parametrize("name", CONTENTS)
def test_what_each_pack_asks(name):
    """Checks first, then judged bullets; one of a kind to come says so."""
    shown = [
        f"[{criterion.id}]" if criterion.not_checked else criterion.id
        for criterion in PACKS[name].criteria
    ]

    assert CONTENTS[name].split() == [words.replace(f"{name}/", "") for words in shown]
    assert not [c for c in PACKS[name].checks if isinstance(c, NotRun)]


@pytest.mark.parametrize("name", CONTENTS)
def test_every_fixture_announces_what_its_checks_find(name):
    """The findings of checks on each example are exactly those that it announces."""
    announced = [fixture.announces for fixture in PACKS[name].fixtures]

    assert [] == [f"{p.line}: {p.message}" for p in compare(PACKS[name])]
    assert any(isinstance(a, Good) for a in announced)
    assert any(isinstance(a, Bad) for a in announced)


@pytest.mark.parametrize("name", CONTENTS)
def test_every_criterion_has_examples(name):
    """At least two that it must fault, and two that nothing may fault.

    An example is one text, so it cannot show what compares a text with its original.
    """
    file = PACKS[name]
    shown = Counter(
        each for f in file.fixtures if isinstance(f.announces, Bad) for each in f.announces.ids
    )
    wanted = {
        c.id.removeprefix(f"{name}/")
        for c in file.criteria
        if c.check != "keep" and not c.compare_original
    }

    assert set() == {each for each in wanted if shown[each] < 2}
    assert 2 <= sum(isinstance(fixture.announces, Good) for fixture in file.fixtures)


@pytest.mark.parametrize("name", CONTENTS)
def test_every_judged_bullet_says_what_to_quote_and_what_to_do(name):
    """A critic must quote, and a writer needs a direction."""
    for criterion in PACKS[name].criteria:
        if criterion.check is None:
            assert criterion.evidence, criterion.id
            assert criterion.fix, criterion.id
            assert criterion.question.endswith("?"), criterion.id


@pytest.mark.parametrize(
    ("language", "path", "fitting"),
    [
        ("markdown", "notes/a.md", "email prose summary"),
        ("plaintext", "a.txt", "email prose summary"),
        ("mail", "a.eml", "email"),
        ("git-commit", ".git/COMMIT_EDITMSG", "commit"),
        ("gitcommit", None, "commit"),
        ("markdown", "docs/README.md", "email prose readme summary"),
        ("markdown", "reviews/12.md", "email prose review summary"),
        ("python", "tools/a.py", "python"),
        ("sql", "a.sql", "sql"),
        ("markdown", "records/2026/a.md", "email prose record summary"),
        ("markdown", "plans/a.md", "email plan prose summary"),
        ("markdown", "PLAN.md", "email plan prose summary"),
        ("markdown", None, "email prose summary"),
        ("rust", "a.rs", ""),
    ],
)
def test_which_packs_fit(language, path, fitting):
    """A fresh user has an action in every Markdown, plain text, Python and SQL file."""
    target = Target(
        language=language, path=PurePosixPath(path) if path else None, covers_document=False
    )

    assert fitting.split() == sorted(n for n, file in PACKS.items() if applies(file, target))


def test_the_packs_of_first_use_are_not_restricted():
    """email and python give no paths and no within; prose fits any Markdown or plain text."""
    for name in ("email", "python", "prose"):
        rules = PACKS[name].applies
        assert ((), "selection") == (rules.paths, rules.within)


def test_a_fixture_that_announces_wrongly_is_a_problem():
    """The comparison itself: what is found and not announced, what is announced and not found."""
    source = (
        "---\ncriteria: 1\nid: team\ninputs: {source: {from: 'file:x'}}\nchecks:\n"
        "  - {id: todo, kind: regex, pattern: TODO}\n"
        "  - {id: size, kind: length, max_ratio: {of: source, value: 0.5}}\n"
        "  - {id: later, kind: command, run: [a], parse: exit}\n"
        "---\n## Criteria\n\n- **a**: Is it?\n\n## Examples\n\n"
        "```text good\nTODO\n```\n\n```text bad=todo,a\nnothing\n```\n\n"
        "```text bad=later,todo\nTODO it\n```\n\n```text input=source\none two three four\n```\n\n"
        "```text good\none two three\n```\n"
    )

    assert [
        (16, "The check 'todo' finds a fault in this fixture, which does not announce it."),
        (20, "This fixture announces 'todo', and the check finds no such fault in it."),
        (32, "The check 'size' finds a fault in this fixture, which does not announce it."),
    ] == [(p.line, p.message) for p in compare(file_of(source))]


def test_given_fixtures_are_not_judged():
    """The text of an input is an aid, not an example."""
    assert any(isinstance(f.announces, Given) for f in PACKS["summary"].fixtures)


@pytest.mark.parametrize(
    ("pack", "text", "expected"),
    [
        ("prose", "Is it done?! Yes!! It is ?? or !! now.", "Is it done? Yes! It is ?? or !! now."),
        ("prose", "It is, basically, fine. Basically, it is.", "It is, basically, fine. It is."),
        ("prose", "The the man chose plan A a week ago.", "The man chose plan A a week ago."),
        ("prose", "Prior to launch we make use of it.", "Before launch we use it."),
        ("prose", "The majority of her work stays.", "The majority of her work stays."),
        ("email", "Kindly send it. He kindly agreed.", "Please send it. He kindly agreed."),
        ("email", "Please find attached the plan.", "Attached is the plan."),
        ("email", "Hi Ana,\nKindly send it.", "Hi Ana,\nPlease send it."),
        ("email", "If it is late, do not hesitate to call.", "If it is late, please call."),
        ("email", "They do not hesitate to call.", "They do not hesitate to call."),
        (
            "email",
            "Sehr geehrte Frau Roth, anbei finden Sie die Rechnung für den Monat Mai.",
            "Sehr geehrte Frau Roth, anbei ist die Rechnung für den Monat Mai.",
        ),
        (
            "email",
            "Bonjour Madame, veuillez trouver ci-joint le document demandé la semaine dernière.",
            "Bonjour Madame, voici le document demandé la semaine dernière.",
        ),
    ],
)  # fmt: skip
def test_what_the_packs_write_by_themselves_is_right(pack, text, expected):
    """What grammar decides is named and left as it stands."""
    results = run_checks(PACKS[pack].checks, Subject(text=text, original=text, language="markdown"))
    fixes = [f.fix for result in results for f in result.findings if f.fix]

    assert expected == apply_edits(text, fixes)
