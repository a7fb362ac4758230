"""From a selection to a job: context, indent, limits; too long is said with both figures."""

import pytest

from self_refine.criteria.choose_criteria import Chosen
from self_refine.runs.driver import Job
from self_refine.runs.prepare import RunOptions, Selection, TooLong, estimate_tokens, prepare
from self_refine.settings import Settings
from self_refine.text.spans import Span


def chosen(passes=None, protect=(), inputs=None):
    return Chosen(files=(), criteria=(), checks=(), protect=protect, passes=passes, digests={},
                  inputs=inputs or {})  # fmt: skip


def prepared(document, words, *, settings=None, wish=None, of=None, language="markdown"):
    """The job for the first place of `words` in the document."""
    at = document.index(words)
    selection = Selection(
        document=document, span=Span(at, at + len(words)), language=language, path="notes/a.md"
    )
    return prepare(
        selection, of or chosen(), settings or Settings(), wish or RunOptions(), has_model=True
    )


def test_a_job_holds_the_words_and_what_stands_around_them():
    """Whole lines of context on each side, read-only."""
    job = prepared("before\nthe words\nafter\n", "the words")

    assert (job.task.text, job.task.before, job.task.after) == (
        "the words",
        "before\n",
        "\nafter\n",
    )
    assert (job.task.language, job.path) == ("markdown", "notes/a.md")


def test_long_context_is_cut_at_a_line():
    """About a paragraph; never half a line at its far end."""
    line = "x" * 99 + "\n"
    job = prepared(line * 30 + "the words" + line * 30, "the words")

    assert len(job.task.before) == 1100
    assert job.task.before == line * 11
    assert len(job.task.after) <= 1200
    assert job.task.after.endswith("\n")


@pytest.mark.parametrize(
    ("document", "indent"),
    [("    the words", "    "), ("\tthe words", "\t"), ("a the words", ""), ("the words", "")],
)
def test_the_indent_of_the_first_line_is_known(document, indent):
    """White space before the selection, where nothing else stands there."""
    assert prepared(document, "the words").task.first_line_indent == indent


@pytest.mark.parametrize(
    ("own", "of_the_file", "passes"), [(3, None, 3), (3, 1, 1), (3, 9, 3), (1, 2, 1)]
)
def test_a_criteria_file_lowers_the_passes_alone(own, of_the_file, passes):
    """The user's limit is the most."""
    job = prepared("words", "words", settings=Settings(passes=own), of=chosen(of_the_file))
    assert job.task.limits.passes == passes


def test_limits_and_wishes_are_the_users():
    """Calls, tokens, seconds, mode; the instruction without the blanks around it."""
    settings = Settings(max_calls=7, max_tokens=900, max_seconds=5.0, mode="thorough")
    wish = RunOptions(instruction=" shorter \n", critique_only=True)
    task = prepared("words", "words", settings=settings, wish=wish).task

    limits = task.limits
    assert (limits.calls, limits.tokens, limits.seconds) == (7, 900, 5.0)
    assert (task.mode, task.instruction, task.critique_only) == ("thorough", "shorter", True)


def test_what_is_protected_and_given_reaches_the_run():
    """Stretches that the file's patterns match; the texts that criteria compare with."""
    of = chosen(protect=(r"\{\w+\}",), inputs={"plan": "the plan"})
    job = prepared("Dear {name}, {name} and {date}", "Dear {name}, {name} and {date}", of=of)

    assert job.task.protect == ("{name}", "{date}")
    assert job.inputs == {"plan": "the plan"}


def test_each_run_has_a_seed_of_its_own():
    """Delimiters cannot be guessed."""
    seeds = {prepared("words", "words").task.seed for _ in range(50)}
    assert len(seeds) == 50
    assert all(len(seed) == 32 for seed in seeds)


def test_too_long_names_both_figures():
    """UTF-8 bytes / 4, rounded up; the limit itself still goes."""
    text = "\u00e9" * 20  # 40 bytes
    settings = Settings(max_selection_tokens=9)
    refused = prepared(text, text, settings=settings)

    assert isinstance(refused, TooLong)
    assert refused.message == (
        "The selection is ~10 tokens; the limit is 9. Select less of the text, "
        "or raise maxSelectionTokens in your settings."
    )
    assert isinstance(prepared(text, text, settings=Settings(max_selection_tokens=10)), Job)


def test_an_estimate_takes_any_text():
    """Halves of surrogate pairs too."""
    assert [estimate_tokens(t) for t in ("", "a", "abcde", "\ud800")] == [0, 1, 2, 1]
