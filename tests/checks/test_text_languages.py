"""Which natural language a check is for, and where it looks."""

import pytest

from self_refine.checks.search.natural_languages import spoken
from self_refine.loop.types import Severity, Verdict
from support.checking import made, marked, plain, reading, result_of

ENGLISH = "We meet each week, and each of us says what has changed in the part that is hers or his."
FRENCH = (
    "Nous avons décidé de changer toutes les parties du service pour les clients de la société."
)
GERMAN = "Wir haben beschlossen, alle Teile des Dienstes für die Kunden der Gesellschaft zu ändern."


@pytest.mark.parametrize(
    ("words", "language"),
    [(ENGLISH, "en"), (FRENCH, "fr"), (GERMAN, "de"), ("We utilize it.", ""), ("Je to to.", "")],
)
def test_a_language_is_told_where_it_is_sure(words, language):
    """Not of fewer than 40 letters: those follow the document."""
    assert language == spoken(words)


def test_a_paragraph_in_another_language_is_left_out():
    """A short one follows the document."""
    check = made("words", forbid=["utilize"], text_languages=("en",))
    text = f"{ENGLISH} We «utilize» it.\n\n{FRENCH} « utilize » utilize.\n\nWe «utilize» it.\n"
    words = plain(text.replace("« utilize » ", ""))
    text = text.replace("« utilize » ", "")

    assert text == marked(words, result_of(check, words).findings)


def test_a_text_in_another_language_is_not_passed_unseen():
    """The check does not apply, and says why."""
    check = made("words", forbid=["utilize"], text_languages=("en",))
    result = result_of(check, FRENCH)

    assert Verdict.NOT_APPLICABLE is result.verdict
    assert "the text is in French; this check is for English" == result.reason


def test_a_check_without_languages_looks_at_all():
    """Nobody said that it is for one."""
    assert 1 == len(result_of(made("words", forbid=["service"]), FRENCH).findings)


FILE = """\
---
criteria: 1
text_languages: [en]
checks:
  - {id: w, kind: words, forbid: ["colour|color", "in \\\\w+ to", "fine"]}
  - {id: x, kind: regex, in: code, pattern: TODO}
  - {id: y, kind: words, forbid: [x], text_languages: english}
---
## Criteria
"""


def test_slips_in_lists_and_languages_are_named():
    """Alternatives and patterns get a warning that quotes them; a language is two letters."""
    problems = reading(FILE).problems
    said = {(p.code, p.severity): p.message for p in problems if p.severity is not Severity.HINT}

    assert "'english' is no code of a natural language" in said["CR204", Severity.ERROR]
    warnings = [p.message for p in problems if p.code == "CR218"]
    assert 2 == len(warnings)
    assert "'colour|color' is looked for as it stands, with the '|'" in warnings[0]
    assert "'in \\\\w+ to' is looked for as it stands" in warnings[1]


@pytest.mark.parametrize(
    ("scopes", "expected"),
    [
        ((), "# «a»\n\n«a» `a` [«a»](a) <!-- a -->\n\n> a\n"),
        (("everything",), "# «a»\n\n«a» `«a»` [«a»](«a») <!-- «a» -->\n\n> «a»\n"),
        (("code",), "# a\n\na `«a»` [a](a) <!-- a -->\n\n> a\n"),
        (("headings",), "# «a»\n\na `a` [a](a) <!-- a -->\n\n> a\n"),
        (("links", "comments"), "# a\n\na `a` [a](«a») <!-- «a» -->\n\n> a\n"),
        (("quotes",), "# a\n\na `a` [a](a) <!-- a -->\n\n> «a»\n"),
    ],
)
def test_in_says_where_a_check_looks(scopes, expected):
    """One value or several."""
    words = plain(expected)
    found = result_of(made("regex", pattern=r"\ba\b", scopes=scopes), words).findings

    assert expected == marked(words, found)


def test_a_file_for_code_looks_at_everything():
    """And one without `applies` at the comments of code alone."""
    words = "a = 'a'  # a\n"
    code = result_of(made("regex", pattern=r"\ba\b", for_code=True), words, language="python")
    prose = result_of(made("regex", pattern=r"\ba\b"), words, language="python")

    assert 3 == len(code.findings)
    assert "a = 'a'  # «a»\n" == marked(words, prose.findings)
