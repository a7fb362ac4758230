"""Which criteria a run uses: `applies`, what is offered, what names mean, what is not checked."""

from pathlib import PurePosixPath

import pytest

from self_refine.checks.registry import run_checks
from self_refine.checks.subject import Subject
from self_refine.criteria.choose_criteria import Chosen, Refusal, Target, applies, choose, offers
from self_refine.criteria.finding.discover import Library
from self_refine.criteria.finding.globs import matches, unfit
from self_refine.criteria.input_texts import InputTexts
from self_refine.loop.types import Verdict
from support.checking import file_of

BODY = "## Criteria\n\n- **a**: Is it so?\n"


def team(name, lines="", body=BODY):
    return file_of(
        f"---\ncriteria: 1\nid: {name}\ntitle: {name.title()}\n{lines}---\n{body}",
        f"{name}.criteria.md",
    )


def library(*files):
    return Library(tuple(files), ())


def target(language="markdown", path="notes/a.md", *, whole=True):
    return Target(
        language=language, path=PurePosixPath(path) if path else None, covers_document=whole
    )


PACKS = library(
    team("prose", "applies: {languages: [markdown, plaintext]}\n"),
    team("code", "applies: {languages: [python]}\n"),
)


@pytest.mark.parametrize(
    ("lines", "language", "path", "expected"),
    [
        ("", "rust", "a.rs", True),
        ("", "rust", None, True),
        ("applies: {languages: [markdown, mail]}\n", "mail", "x", True),
        ("applies: {languages: [markdown, mail]}\n", "python", "x", False),
        ("applies: {paths: ['notes/**', '*.txt']}\n", "rust", "notes/b/a.rs", True),
        ("applies: {paths: ['notes/**', '*.txt']}\n", "rust", "src/a.rs", False),
        ("applies: {paths: ['notes/**']}\n", "rust", None, False),
        ("applies: {languages: [markdown], paths: ['notes/**']}\n", "markdown", "notes/a.md", True),
        ("applies: {languages: [markdown], paths: ['notes/**']}\n", "markdown", "src/a.md", False),
        ("applies: {languages: [markdown], paths: ['notes/**']}\n", "rust", "notes/a.md", False),
        ("applies: {languages: [markdown], paths: ['notes/**']}\n", "markdown", None, True),
        ("applies: {within: document}\n", "rust", "a.rs", True),
        ("applies: {languages: [md]}\n", "markdown", None, True),
        ("applies: {languages: [Python]}\n", "python", None, True),
        ("applies: {languages: [plaintext]}\n", "text", None, True),
        ("applies: {languages: [sh]}\n", "shellscript", None, True),
        ("applies: {languages: [typst]}\n", "typst", None, True),
    ],
)
def test_each_of_languages_and_paths_must_hold(lines, language, path, expected):
    """Any entry of a list will do; a text without a path is judged by its language alone."""
    assert expected is applies(team("t", lines), target(language, path))


@pytest.mark.parametrize(
    ("glob", "path", "expected"),
    [
        ("*.md", "a.md", True),
        ("*.md", "b/a.md", False),
        ("**/*.md", "a.md", True),
        ("**/*.md", "b/c/a.md", True),
        ("mail/**", "mail/a", True),
        ("mail/**", "mail/b/a", True),
        ("mail/**", "mail", False),
        ("mail/", "mail/b/a", True),
        ("**", "a/b", True),
        ("a/**/b", "a/b", True),
        ("a/**/b", "a/x/y/b", True),
        ("a/**/b", "a/x/y/c", False),
        ("a?.md", "ab.md", True),
        ("[ab].md", "b.md", True),
        ("[!ab].md", "b.md", False),
        ("A.md", "a.md", False),
        ("{mail,notes}/**/*.{md,txt}", "notes/a/b.txt", True),
        ("{mail,notes}/**/*.{md,txt}", "note/a.txt", False),
        ("{a/b,c}/d", "a/b/d", True),
        ("{,draft-}a.md", "a.md", True),
        ("[{]x[}]/[[]id]", "{x}/[id]", True),
        ("Reports, 2024/(old)*.md", "Reports, 2024/(old)a.md", True),
        ("/".join(["**", "a"] * 16), "/".join(["a"] * 40 + ["b"]), False),
    ],
)
def test_globs(glob, path, expected):
    """`*` stays inside one folder, `**` stands for any number of them, none too."""
    assert "" == unfit(glob)
    assert expected is matches(glob, path)


@pytest.mark.parametrize(
    ("glob", "advice"),
    [
        ("!mail/**", "`!` means nothing here"),
        ("[", "for the bracket write [[]"),
        ("[a/b]", "no `]` ends it"),
        ("[^a].md", "write [!a]"),
        ("@(a|b)/*.md", "write {a,b}"),
        ("{a,b", "do not nest"),
        ("a}", "do not nest"),
        ("{a,{b,c}}", "do not nest"),
        ("{{cookiecutter.name}}/*", "a comma between two"),
        ("{1..3}.md", "a comma between two"),
        ("mail/**, notes/**", "An entry is one glob"),
        (" a.md", "An entry is one glob"),
        ("{a,..}/b", "no `.` or `..`"),
        ("{a,b}" * 7, "at most 64 choices"),
    ],
)
def test_what_other_tools_read_in_a_glob_is_refused(glob, advice):
    """Taken literally it would fit no file, and the criteria would silently be used for none."""
    assert advice in unfit(glob)


def test_all_team_files_that_apply_come_first_then_each_alone():
    """Where several apply, each is offered alone too; packs are not offered beside them."""
    two = library(team("one"), team("two"), team("other", "applies: {languages: [rust]}\n"))

    assert [
        ("Self-refine selection", ("one", "two")),
        ("Self-refine selection: One", ("one",)),
        ("Self-refine selection: Two", ("two",)),
    ] == [(offer.label, offer.ids) for offer in offers(two, PACKS, target())]
    assert [("Self-refine selection", ("one",))] == [
        (offer.label, offer.ids) for offer in offers(library(team("one")), PACKS, target())
    ]


def test_packs_are_offered_where_no_team_file_applies():
    """Each shipped pack that fits, by its title; one that the team has itself is the team's."""
    none = library(team("other", "applies: {languages: [rust]}\n"))
    own = library(team("prose", "applies: {languages: [rust]}\n"))

    assert ["Self-refine selection: Prose"] == [o.label for o in offers(none, PACKS, target())]
    assert [] == [o.label for o in offers(own, PACKS, target())]


def test_a_pack_never_runs_unasked():
    """Without team files that apply and without a name there is a sentence, not a pack."""
    refusal = choose(library(), PACKS, target(), ())

    assert (
        Refusal(
            "The workspace has no criteria files, so none applies to notes/a.md. "
            "Name the pack that fits: --criteria prose."
        )
        == refusal
    )
    assert Refusal(
        "The one criteria file of the workspace is not for a text of the kind 'go'. "
        "Name any: --criteria other or --criteria prose or --criteria code."
    ) == choose(
        library(team("other", "applies: {languages: [rust]}\n")), PACKS, target("go", None), ()
    )


def chosen(files, ids=(), at=None, **others):
    got = choose(library(*files), PACKS, at or target(), ids, **others)
    assert isinstance(got, Chosen), got
    return got


TWO = "## Criteria\n\n- **a**: Is it so?\n- **b**: Is that so?\n"


def test_names_choose_files_and_single_criteria():
    """A file's id means all of it, a full id one criterion, whatever `applies` says."""
    files = [team("one", "applies: {languages: [rust]}\n", TWO), team("two")]

    assert ["two/a"] == [c.id for c in chosen(files).criteria]
    assert ["one/a", "one/b"] == [c.id for c in chosen(files, ["one"]).criteria]
    assert ["one/b"] == [c.id for c in chosen(files, ["one/b"]).criteria]
    assert ["one/a", "one/b"] == [c.id for c in chosen(files, ["one/b", "one"]).criteria]
    assert ["one/a", "one/b"] == [c.id for c in chosen(files, ["one/b", "one/a"]).criteria]
    assert ["code/a", "two/a"] == [c.id for c in chosen(files, ["code", "two", "code"]).criteria]


def test_a_single_criterion_brings_the_check_that_it_asks_about():
    """`when: x failed` cannot be decided without x."""
    file = team(
        "one",
        "checks:\n  - {id: x, kind: regex, pattern: x}\n  - {id: y, kind: regex, pattern: y}\n",
        "## Criteria\n\n- **a**: Is it?\n  - when: x failed\n",
    )
    got = chosen([file], ["one/a"])

    assert ["one/x", "one/a"] == [criterion.id for criterion in got.criteria]
    assert ["one/x"] == [check.criterion_id for check in got.checks]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("prse", "There are no criteria 'prse'. Did you mean 'prose'"),
        ("one/c", "There are no criteria 'one/c'. Did you mean"),
        ("b", "There are no criteria 'b'. Did you mean 'one/b'?"),
        ("zzz", "There are no criteria 'zzz'. There are one, prose, code."),
        ("criteria/one.criteria.md", "Criteria are named by id, not by path."),
        ("x" * 500, "There are no criteria 'xxxx"),
    ],
)
def test_an_unknown_name_is_answered_with_known_ones(name, sentence):
    """What is near is offered; otherwise what there is."""
    refusal = choose(library(team("one", "", TWO)), PACKS, target(), [name])

    assert isinstance(refusal, Refusal)
    assert sentence in refusal.message
    assert len(refusal.message) < 300


def test_within_document_holds_where_the_selection_is_the_whole_text():
    """On a part, its checks and criteria are not checked, with the reason."""
    file = team(
        "one", "applies: {within: document}\nchecks:\n  - {id: x, kind: regex, pattern: x}\n"
    )
    reason = "it judges a whole document, and the selection is a part of one"

    assert ["", ""] == [c.not_checked for c in chosen([file]).criteria]
    part = chosen([file], at=target(whole=False))
    assert [reason, reason] == [c.not_checked for c in part.criteria]
    (result,) = run_checks(part.checks, Subject(text="x", original="x", language="markdown"))
    assert (Verdict.NOT_CHECKED, reason) == (result.verdict, result.reason)


def test_what_is_missing_is_the_reason():
    """An input that is not at hand, and what depends on it; a command is decided in the run."""
    file = team(
        "one",
        "inputs: {source: {from: 'file:x', required: true}, hint: {from: 'file:y'}}\n"
        "checks:\n  - {id: g, kind: command, run: [x], parse: exit}\n"
        "  - {id: r, kind: length, max_ratio: {of: source, value: 1}}\n",
        "## Criteria\n\n- **a**: Is it?\n  - when: g failed\n- **b**: Is it?\n  - uses: source\n"
        "- **c**: Is it?\n  - uses: hint\n- **d**: Is it?\n",
    )
    missing = "no input 'source': nobody has looked for it"

    assert {
        "one/g": "",
        "one/r": missing,
        "one/a": "",
        "one/b": missing,
        "one/c": "",
        "one/d": "",
    } == {c.id: c.not_checked for c in chosen([file]).criteria}
    given = {c.id: c for c in chosen([file], inputs=InputTexts(texts={"source": "words"})).criteria}
    assert ("", "", (("source", "words"),)) == (
        given["one/r"].not_checked,
        given["one/b"].not_checked,
        given["one/b"].uses,
    )


def test_what_files_ask_of_the_run_is_put_together():
    """The lowest number of passes, every `protect`, a hash for each file, checks first."""
    one = team("one", "loop: {passes: 2}\nprotect: ['a+', b]\n")
    two = team(
        "two", "loop: {passes: 4}\nprotect: [b]\nchecks:\n  - {id: x, kind: regex, pattern: x}\n"
    )
    got = chosen([one, two])

    assert (2, ("a+", "b")) == (got.passes, got.protect)
    assert ["two/x", "one/a", "two/a"] == [criterion.id for criterion in got.criteria]
    assert {one.label: one.digest, two.label: two.digest}.items() <= got.digests.items()
