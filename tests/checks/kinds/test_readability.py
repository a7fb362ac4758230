"""The `readability` check: its formulas, what it counts, and that it never gates."""

import pytest

from self_refine.checks.kind_spec import Fault
from self_refine.checks.readability.reading_scores import LANGUAGES, METRICS, counted, score
from self_refine.checks.readability.reading_scores import words_of as words
from self_refine.checks.readability.syllables import syllables
from self_refine.loop.types import Severity, Verdict
from support.checking import build, made, reading, result_of
from support.growth import grows_too_fast

CAT = "The cat sat on the mat."
PLATYPUS = "The Australian platypus is seemingly a hybrid of a mammal and reptilian creature."
EASY = "The cat sat on the mat and saw a bird. "
HARD = (
    "Notwithstanding considerable organisational uncertainty, interdepartmental communication "
    "necessitates comprehensive documentation of administrative responsibilities. "
)


def of(metric, text, language="en"):
    return score(metric, counted(words(text), 1, language), language)


def test_the_formulas_give_the_figures_of_the_literature():
    """116.1 and 24.4 are known for these sentences."""
    assert 116.1 == round(of("flesch", CAT), 1)
    assert 24.4 == round(of("flesch", PLATYPUS), 1)
    assert -1.4 == round(of("grade", CAT), 1)
    assert 2.4 == round(of("fog", CAT), 1)
    assert 6.0 == round(of("lix", CAT), 1)
    assert -5.1 == round(of("ari", CAT), 1)
    assert 89 + (300 - 10 * 17) / 6 == of("gulpease", CAT)


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        ("table", "en", 2),
        ("walked", "en", 1),
        ("wanted", "en", 2),
        ("houses", "en", 2),
        ("rhythm", "en", 1),
        ("nation", "en", 2),
        ("well-known", "en", 2),
        ("Verantwortung", "de", 4),
        ("Häuser", "de", 2),
        ("Theater", "de", 3),
        ("ciudad", "es", 2),
        ("país", "es", 2),
        ("poeta", "es", 3),
        ("responsabilidad", "es", 6),
        ("maison", "fr", 2),
        ("grande", "fr", 1),
        ("été", "fr", 2),
    ],
)
def test_syllables(word, language, expected):
    """By rules alone: no dictionary is fetched."""
    assert expected == syllables(word, language)


def test_a_hard_text_is_a_finding_on_a_hard_sentence():
    """The message shows the number; the sentence is the first of the three hardest."""
    text = EASY * 8 + "\n\n" + HARD + EASY * 6 + HARD
    result = result_of(made("readability", metric="flesch", min=80, language="en"), text)

    (finding,) = result.findings
    assert HARD.strip() == finding.quote
    assert finding.problem.startswith("Its flesch score is ")
    assert finding.problem.endswith(", and at least 80 is asked for: it reads harder than that.")
    assert (
        Verdict.PASS
        is result_of(made("readability", metric="flesch", min=20, language="en"), text).verdict
    )


def test_a_text_may_be_too_easy():
    """`max` of a metric that rises with ease, `min` of one that falls."""
    for metric, bound in (("flesch", {"max": 90}), ("grade", {"min": 12})):
        (finding,) = result_of(
            made("readability", metric=metric, language="en", **bound), EASY * 20
        ).findings
        assert "it reads easier than that" in finding.problem


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_tells_hard_from_easy(metric):
    """In a language that it is for."""
    language = (LANGUAGES[metric] or ("en",))[0]
    easier = of(metric, EASY, language) - of(metric, HARD, language)
    assert (easier > 0) == (metric in {"flesch", "gulpease"})


@pytest.mark.parametrize(
    ("text", "keys", "reason"),
    [
        (EASY * 4, {}, "40 words; a score needs 100"),
        ("```\n" + EASY * 20 + "\n```\n", {}, "0 words; a score needs 100"),
        ("| a |\n|---|\n" + f"| {EASY} |\n" * 20, {}, "0 words; a score needs 100"),
        (f"# {EASY}\n\n" * 20, {}, "0 words; a score needs 100"),
        (f"- [{EASY}](x)\n" * 20, {}, "0 words; a score needs 100"),
        (f"{EASY}\n\n" * 20, {"of": "paragraph"}, "10 words; a score needs 100"),
        (EASY * 20, {"of": "section:Goal"}, "there is no section 'Goal'"),
    ],
)
def test_what_has_no_score_is_not_applicable(text, keys, reason):
    """Too short, or no prose at all."""
    result = result_of(made("readability", metric="lix", max=1, **keys), text)

    assert (Verdict.NOT_APPLICABLE, reason) == (result.verdict, result.reason)


def test_sections_and_paragraphs_have_scores_of_their_own():
    """Only the part that is meant counts."""
    text = f"# A\n\n{EASY * 12}\n\n# B\n\n{HARD * 12}\n"
    assert not result_of(made("readability", metric="lix", max=30, of="section:a"), text).findings
    assert result_of(made("readability", metric="lix", max=30, of="section:B"), text).findings
    (finding,) = result_of(made("readability", metric="lix", max=30, of="paragraph"), text).findings
    assert finding.span.start > text.index("# B")


def test_a_metric_of_another_language_is_not_applicable():
    """Where the text is surely in another one."""
    german = "Der Hund läuft durch den Garten und sucht seinen Ball unter dem alten Baum. " * 12
    result = result_of(made("readability", metric="grade", max=1), german)

    if result.verdict is not Verdict.FAIL:  # where CLD2 has no wheel, no language is sure
        assert "grade is for English; the text is in German" == result.reason


def test_wrong_keys_are_faults():
    """With what to write."""
    assert "CR207" == build("readability", metric="lix").code
    assert isinstance(build("readability", metric="lix", min=5, max=3), Fault)
    assert isinstance(build("readability", metric="lix", min=5, of="words"), Fault)
    fault = build("readability", metric="grade", max=5, language="de")
    assert "grade is for en; `lix` takes any language." == fault.message


def test_a_score_is_never_an_error():
    """Neither by its own severity, which is warned of, nor by the file's."""
    for line in ("severity: error\n", ""):
        own = ", severity: error" if not line else ""
        got = reading(
            f"---\ncriteria: 1\n{line}checks:\n"
            f"  - {{id: a, kind: readability, metric: lix, max: 30{own}}}\n---\n"
        )
        (check,) = got.file.checks
        assert Severity.WARNING is check.severity is got.file.criteria[0].severity
        assert (["CR218"] if own else []) == [problem.code for problem in got.problems]


def test_it_is_linear():
    """Whatever is repeated."""
    it = made("readability", metric="flesch", min=99, language="en")
    for piece in ("a ", "a. ", "- a\n", "aeiou", "ia", "a-", "a'", "es ", "[", "[a](b)\n"):
        assert not grows_too_fast(
            lambda text: result_of(it, text), lambda n, p=piece: p * (n // len(p))
        ), piece
