"""Inputs: where each text is found, what the user gives, and why one is not there."""

import pytest

from self_refine.criteria.applying import Target
from self_refine.criteria.choose_criteria import choose_with_inputs
from self_refine.criteria.criteria_file import Library
from self_refine.criteria.input_texts import GivenText, InputPlace, input_texts
from self_refine.text.spans import Span
from support.checking import CLOSE, OPEN, file_of, marked_problems, plain, reading


def one(origin, name="source"):
    """A file that declares one input, and needs it."""
    return file_of(
        f"---\ncriteria: 1\nid: team\ninputs:\n  {name}: {{from: '{origin}', required: true}}\n"
        f"---\n- **a**: Is it?\n  - uses: {name}\n"
    )


def found(origin, text, root=None, given=(), **others):
    """The input's text, or the reason; the selection stands in marks."""
    start = text.find(OPEN)
    words = plain(text)
    span = Span(start, text.find(CLOSE) - 1) if start >= 0 else Span(0, len(words))
    place = InputPlace(document=words, span=span, root=root)
    got = input_texts([one(origin, **others)], place, dict(given))
    return got.texts.get("source") or got.missing["source"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "<!-- self-refine-begin source -->\nOne.\n\nTwo.\n<!--self-refine-end source-->\n«Sum»",
            "One.\n\nTwo.",
        ),
        ("# self-refine-begin source\r\nOne.\r\n# self-refine-end source\r\n«Sum»", "One."),
        ("«Sum»\n-- self-refine-begin source\nTo the end 🎉\n", "To the end 🎉"),
        (
            "// self-refine-begin source\nA\n// self-refine-end source\n«S»\n"  # noqa: ISC004
            "// self-refine-begin source\nB\n// self-refine-end source\n",
            "A\nB",
        ),
        (
            "<!-- self-refine-begin other -->\nO\n<!-- self-refine-end other -->\n"  # noqa: ISC004
            "<!-- self-refine-begin source -->\nS\n<!-- self-refine-end source -->\n«x»",
            "S",
        ),
    ],
)
def test_a_marker_is_two_lines_in_any_comment(text, expected):
    """What stands between them, in every place where they stand; without an end, to the end."""
    assert expected == found("marker:source", text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("«Words»", "no text stands between `self-refine-begin source`"),
        ("Say self-refine-begin source here.\n«Words»", "no text stands between"),
        (
            "<!-- self-refine-begin source -->\n«Words»\n<!-- self-refine-end source -->",
            "the selection stands between the marks of source",
        ),
    ],
)
def test_why_a_marker_gives_nothing(text, reason):
    """No such lines, or the selection is the very part."""
    assert found("marker:source", text).startswith(reason)
    assert "--input source=FILE" in found("marker:source", "«Words»")


@pytest.mark.parametrize(
    ("origin", "text", "expected"),
    [
        ("selection-before:", "# A\n\nOne.\n\nTwo.\n\n«Sum»", "# A\n\nOne.\n\nTwo."),
        ("selection-before:paragraph", "One.\n\nTwo\nlines.\n\n«Sum»", "Two\nlines."),
        ("selection-before:paragraph", "One.\r\n\r\nTwo.\r\n\r\n«Sum»", "Two."),
        ("selection-before:section", "# A\n\na\n\n## B\n\nb\n\n«Sum»", "## B\n\nb"),
        ("selection-before:section", "a\n\n«Sum»", "a"),
        ("selection-before:", "\n\n«Sum»", "nothing stands above the selection"),
    ],
)
def test_what_stands_above_the_selection(origin, text, expected):
    """All of it, or the part that is nearest."""
    assert expected == found(origin, text)


def test_a_file_of_the_workspace(tmp_path):
    """Relative to the workspace folder, wherever the criteria file lies; a BOM is no word."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.md").write_text("\ufeffOne.", encoding="utf-8")

    assert found("file:notes/a.md", "x", tmp_path) == "One."
    assert found("file:notes/a.md", "x").startswith("there is no workspace folder in which")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("none.md", "it cannot be read: no such file"),
        (".env", "it is hidden"),
        ("link.md", "it lies outside the workspace"),
        ("id_rsa", "it is there to hold secrets"),
        ("folder", "it is no regular file"),
        ("latin.md", "byte 0xE9 here is not UTF-8"),
        ("large.md", "it is larger than 64 kB"),
    ],
)
def test_a_file_is_contained_as_criteria_are(tmp_path, name, reason):
    """Nothing hidden, outside, secret, special or large; the reason names the file."""
    root = tmp_path / "work"
    (root / "folder").mkdir(parents=True)
    (tmp_path / "outside.md").write_text("x")
    (root / "link.md").symlink_to(tmp_path / "outside.md")
    for each in (".env", "id_rsa"):
        (root / each).write_text("KEY=1")
    (root / "latin.md").write_bytes(b"caf\xe9")
    (root / "large.md").write_text("x" * 70_000)

    assert found(f"file:{name}", "x", root).startswith(f"{name}: {reason}")


@pytest.mark.parametrize(
    ("origin", "message"),
    [
        ("elsewhere:x", "An input comes from marker:…, file:…, ask:…, selection-before:…."),
        ("file:/etc/passwd", "A file is named relative to the workspace folder"),
        ("file:../x", "A file is named relative to the workspace folder"),
        ("file:a\\b", "A file is named relative to the workspace folder"),
        ("file:https://example.com/a", "A file is named relative to the workspace folder"),
        ("file:", "A file is named relative to the workspace folder"),
        ("selection-before:page", "`selection-before:` takes section, paragraph, or nothing"),
    ],
)
def test_an_origin_that_is_none_is_a_problem_at_its_place(origin, message):
    """Said when the file is read, not at a run."""
    source = f"---\ncriteria: 1\ninputs:\n  source: {{from: '«{origin}»'}}\n---\n- **a**: Is it?\n"
    got = reading(plain(source))

    assert [message] == [p.message[: len(message)] for p in got.problems]
    assert f"«'{origin}'»" in marked_problems(plain(source), got.problems)


def test_what_the_user_gives_comes_first(tmp_path):
    """Whatever the file says, and with the path, for the gate."""
    place = InputPlace(document="x", span=Span(0, 1), root=None)
    given = {"source": GivenText("mine", tmp_path / "a.md")}
    got = input_texts([one("ask:source")], place, given)

    assert ({"source": "mine"}, (tmp_path / "a.md",), {}) == (got.texts, got.paths, got.missing)
    assert "give it with --input source=FILE" in found("ask:source", "x")


def test_two_files_that_mean_different_texts_by_one_name():
    """Neither is taken for the other."""
    place = InputPlace(document="x", span=Span(0, 1), root=None)
    got = input_texts([one("marker:source"), one("selection-before:")], place, {})

    assert got.missing["source"].startswith("two criteria files take it from elsewhere")


def test_criteria_get_their_inputs_and_the_reason_where_there_is_none():
    """`uses` holds the text; a required input that is missing leaves the criterion unchecked."""
    library, target = (
        Library((one("selection-before:"),), ()),
        Target(language="markdown", path=None, covers_document=False),
    )
    words = "Above.\n\nHere."
    for start, uses, reason in (
        (8, (("source", "Above."),), ""),
        (0, (), "no input 'source': nothing stands above the selection"),
    ):
        place = InputPlace(document=words, span=Span(start, len(words)), root=None)
        chosen = choose_with_inputs(library, Library((), ()), target, (), place, {})
        assert (uses, reason) == (chosen.criteria[0].uses, chosen.criteria[0].not_checked)
