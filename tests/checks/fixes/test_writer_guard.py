"""What a rewrite may not break beside its words: syntax, tabs, quotes, list marks, hard breaks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from self_refine.checks.fixes.writer_guard import Around, guarded
from self_refine.text.line_marks import with_line_marks

NOTHING = Around()


def look(before, after, language, around=NOTHING):
    found = guarded(before, after, language, around)
    return found.text, found.held


@pytest.mark.parametrize(
    ("language", "before", "after", "held"),
    [
        ("python", "x = f(a)\n", "x = f(a\n", "Python: line 1"),
        ("json", '{"a": 1}', '{"a": 1,}', "JSON: line 1"),
        ("yaml", "a: 1\nb: 2\n", "a: 1\n b: 2\n", "YAML: line 2"),
        ("toml", "a = 1\n", "a = \n", "TOML"),
        ("sql", "SELECT a FROM t WHERE b = 1", "SELECT a FROM WHERE b = = 1", "SQL"),
        ("javascript", "let a = f(b);\n", "let a = f(b;\n", "JavaScript"),
        ("ts", "let a: number = 1;\n", "let a: number = ;\n", "TypeScript"),
        ("go", "package a\n\nfunc f() {}\n", "package a\n\nfunc f() {\n", "Go"),
        ("rust", "fn f() {}\n", "fn f() {\n", "Rust"),
        ("sh", "if a; then b; fi\n", "if a; then b;\n", "shell"),
    ],
)
def test_code_that_no_longer_parses_is_held(language, before, after, held):
    """With the language and, where it is known, the line."""
    (why,) = look(before, after, language)[1]

    assert why.startswith("it no longer parses as ")
    assert held in why


def test_code_that_did_not_parse_before_is_not_held():
    """A selection may be half of a statement, and a document may be in the middle of a change."""
    assert () == look("else:\n    x\n", "else:\n    y(\n", "python")[1]


def test_the_document_round_the_selection_is_parsed_with_it():
    """By itself this selection is no Python; in its place it is, and must stay so."""
    around = Around("if a:\n    pass\n", "\nb = 1\n")
    assert () == look("else:\n    x = 1\n", "else:\n    y = 1\n", "python", around)[1]
    assert look("else:\n    x = 1\n", "else:\n    y = (1\n", "python", around)[1]


def test_typographic_quotes_in_code_become_straight_where_that_mends_it():
    """A model that writes English well puts them into programs, too."""
    before = 'def f(a):\n    # The thing fails.\n    return f"{a}"\n'
    after = "def f(a):\n    # Login fails.\n    return f\u201d{a}\u201d\n"

    text, held = look(before, after, "python")
    assert before.replace("The thing", "Login") == text
    assert () == held


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        (
            "makefile",
            "all:\n\t@echo The thing\n\t@echo b\n",
            "all:\n    @echo Login\n    @echo b\n",
        ),
        (
            "python",
            "\tif x:\n\t\t# The thing fails\n\t\tprint(x)\n",
            "\tif x:\n\t    # Login fails\n\t    print(x)\n",
        ),
        ("markdown", "* The thing\n* b\n", "- Login\n- b\n"),
        ("markdown", "+ The thing\n  + b\n", "- Login\n  - b\n"),
        ("plaintext", "\tThe thing\n", "    Login\n"),
    ],
)
def test_marks_beside_the_words_stay(language, before, after):
    """Tabs, the marks of a list, the blanks at the end of a line that make a break."""
    text, held = look(before, after, language)

    assert before.replace("The thing", "Login") == text
    assert () == held


def test_a_hard_break_stays_where_the_line_ends_as_before():
    """Two blanks at the end of a line break it, and nobody sees them."""
    assert "We use it.  \nNow.\n" == with_line_marks(
        "We utilize it.  \nNow.\n", "We use it.\nNow.\n"
    )


def test_a_line_that_moves_deeper_keeps_its_new_indent():
    """A program may need another structure; only its kind of indent is not the writer's."""
    before, after = "if a:\n    b()\n", "if a:\n    if c:\n        b()\n"
    assert after == with_line_marks(before, after)


@given(st.text(alphabet="ab \t*-\n\u201c", max_size=60))
def test_the_same_text_stays_itself(text):
    """And whatever the two texts are, words are neither lost nor added."""
    assert text == with_line_marks(text, text)


@given(
    st.text(alphabet="ab \t*-\n", max_size=60),
    st.text(alphabet="ab \t*-\n", max_size=60),
)
def test_words_are_never_touched(old, new):
    """Only what stands before and behind the words of a line is put back."""
    assert new.replace("*", "").replace("-", "").split() == (
        with_line_marks(old, new).replace("*", "").replace("-", "").split()
    )
