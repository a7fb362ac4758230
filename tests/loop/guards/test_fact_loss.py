"""What a rewrite may not lose: facts of every sort, unless a finding is about them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from self_refine.loop.guards.fact_loss import lost
from self_refine.loop.types import Finding, Kind, Severity
from self_refine.text.spans import Span

TEXT = (
    "Anna Berg will send 42 copies of the plan to Lyon by Friday, 3 May. Write to "
    "ops@example.com or see https://example.com/a. She said \u201cno later than noon\u201d about "
    "`make all`.\n\n- Rooms are booked for everyone\n- Lunch comes at 12:30\n"
)


def on(words, *, text=TEXT, kind=Kind.WRONG, problem="No."):
    start = text.index(words)
    return Finding(
        criterion="t/a",
        severity=Severity.WARNING,
        span=Span(start, start + len(words)),
        quote=words,
        kind=kind,
        problem=problem,
    )


def check(new, *expected, findings=(), text=TEXT, language="markdown"):
    assert expected == lost(text, new, language, findings)


@pytest.mark.parametrize(
    ("words", "put", "told"),
    [
        ("42", "some", 'the number "42"'),
        ("Friday", "then", 'the date "Friday"'),
        ("Lyon", "there", 'the name "Lyon"'),
        ("Berg ", "", 'the name "Berg"'),
        ("ops@example.com", "us", 'the address "ops@example.com"'),
        ("https://example.com/a", "the page", 'the link "https://example.com/a"'),
        ("no later than noon", "soon", 'the quotation "\u201cno later than noon\u201d"'),
        ("`make all`", "it", 'the code "make all"'),
        ("12:30", "noon", 'the number "12:30"'),
        ("\n- Rooms are booked for everyone", "", 'the item "Rooms are booked for everyone"'),
    ],
)
def test_a_fact_that_is_gone_is_told(words, put, told):
    check(TEXT.replace(words, put), told)


@pytest.mark.parametrize(
    "new",
    [
        TEXT.replace("will send", "sends"),
        TEXT.replace("42 copies of the plan", "the plan, 42 copies of it,"),
        TEXT.replace("\u201c", '"').replace("\u201d", '"'),
        TEXT.replace("- Lunch comes at 12:30\n", "- At 12:30 lunch comes\n"),
        TEXT + "And 7 more.",
    ],
)
def test_what_is_said_otherwise_is_not_lost(new):
    check(new)


def test_a_number_is_the_same_with_other_separators():
    check("We have 1200 units.", text="We have 1,200 units.")
    check("We have 12 units.", 'the number "1,200"', text="We have 1,200 units.")


def test_numbers_of_list_items_are_no_facts():
    check("1. Go on then\n2. Stop it now\n", text="3. Go on then\n4. Stop it now\n")


def test_what_a_finding_quotes_may_go():
    """The fact itself, or a few words with it; not the whole sentence that it stands in."""
    new = TEXT.replace("Friday, 3 May", "then")
    sentence = TEXT[: TEXT.index(" Write")]

    check(new, findings=(on("by Friday, 3 May"),))
    check(new, 'the date "Friday"', 'the number "3"', 'the name "May"', findings=(on(sentence),))


SECRET = "Choose a long password. A good example is letmein-2024, as all of us know. Keep it.\n"
SENTENCE = "A good example is letmein-2024, as all of us know."


def test_a_quote_may_be_deleted_with_its_facts():
    """A fix that deletes all that the finding quotes, and nothing else, does what was asked."""
    found = on(SENTENCE, text=SECRET)

    check(SECRET.replace(SENTENCE + " ", ""), findings=[found], text=SECRET)


@pytest.mark.parametrize("put", ["A good example is any word.", "as all of us know."])
def test_facts_of_a_long_quote_are_kept_where_some_of_it_is(put):
    """A quote of a whole sentence is no leave to rewrite it without its number."""
    found = on(SENTENCE, text=SECRET)

    check(SECRET.replace(SENTENCE, put), 'the number "2024"', findings=[found], text=SECRET)


def test_what_a_finding_asks_to_remove_may_go():
    sentence = "Write to ops@example.com or see https://example.com/a."
    new = TEXT.replace(sentence + " ", "")

    check(new, findings=(on(sentence, kind=Kind.EXTRA),))
    check(TEXT.replace("42 ", ""), findings=(on("copies", problem="Do not say 42 here."),))


def test_where_every_noun_has_a_capital_none_is_a_name():
    """German: a noun said otherwise is nothing lost; a number is, and two names in a row."""
    text = "Der Bericht von Anna Berg nennt 12 Fehler im Plan und die Frist der Abteilung."
    check(text.replace("Frist", "letzte Zeit"), text=text)
    check(text.replace("12", "viele"), 'the number "12"', text=text)
    check(text.replace("Anna Berg", "ihr"), 'the name "Anna Berg"', text=text)


def test_code_keeps_its_numbers_strings_and_links():
    code = 'LIMIT = 86400\nurl = "https://example.com"\nname = "main loop"\n'
    check(code.replace("86400", "DAY"), 'the number "86400"', text=code, language="python")
    check(code.replace("main loop", "loop"), 'the string "main loop"', text=code, language="python")
    check(code.replace("LIMIT", "MOST"), text=code, language="python")


@given(st.text(alphabet=st.sampled_from('aB1 .,-\n"`@/:\u201c\u201d\u00e9'), max_size=80))
def test_nothing_is_lost_where_nothing_changes(text):
    assert () == lost(text, text, "markdown", ())
    assert () == lost(text, text, "python", ())
