"""The `subset` check: what a text says must stand in its source."""

import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from self_refine.checks.facts.numbers import missing_numbers
from self_refine.loop.types import Verdict
from support.checking import build, made, marked, plain, result_of
from support.growth import grows_too_fast

ROOT = Path(__file__).parents[3]
SOURCE = """Revenue rose from $1,234,567 to 1.5 million in Q3 2026 (12.5 %), said Ana Müller of the
Federal Aviation Office. The pilot ran on 2026-08-01 from 9:20 pm in twenty-one stores; half of them
failed. Version v3.11.2 of GitHub Actions, COVID-19. 3k users, 1.000 items, 1,482,350 calls.
"We always ship on Friday – mostly," she said. See https://www.example.com/a?utm_source=x#top and
(https://example.org/b_(c)). One dozen eggs, zweiundvierzig Tage, ٣٥ pages, 5 lakh."""
EVERY = ("numbers", "names", "urls", "quotes")


def check(items, shown, *problems, source=SOURCE, **keys):
    """The check marks what `shown` marks."""
    text = plain(shown)
    result = result_of(
        made("subset", of="source", items=items, **keys), text, inputs={"source": source}
    )
    assert marked(text, result.findings) == shown, result
    if problems:
        assert list(problems) == [finding.problem for finding in result.findings]


@pytest.mark.parametrize(
    "written",
    [
        *("1,234,567", "1.234.567", "1 234 567", "1\u202f234\u202f567", "1'234'567", "1234567"),
        *("12,34,567", "1.5 million", "1,5 Mio.", "1.5M", "1500000", "1 500 000", "12,5 %"),
        *("1 August 2026", "01.08.2026", "8/1/2026", "21:20", "9:20 p.m.", "21 stores", "50 %"),
        *("v3.11.2", "Q3", "COVID-19", "3000 users", "3k", "1000 items", "12 eggs", "42 days"),
        *("35 pages", "500000", "\uff13\uff15 pages", "3 k", "the 1st", "1.5 Millionen"),
    ],
)
def test_one_figure_may_be_written_in_many_ways(written):
    """Groups, decimals, dates, times, words, multiples, other digits."""
    check("numbers", f"It was {written} then.")


@pytest.mark.parametrize(
    "shown",
    [
        *("«1,234,568»", "«1.4 million»", "«13» %", "«22» stores", "«Q4»", "«v3.11.3»"),
        *("«COVID-20»", "«6»kg", "«7,000» users", "2026-08-«17»", "«1.48 million» calls"),
    ],
)
def test_a_changed_figure_is_found(shown):
    """With the words that multiply it, and as a whole word where it has letters."""
    check("numbers", f"It was {shown} then 😀.")


def test_the_message_names_the_figure_and_the_input():
    """Of the words of the source it says nothing here."""
    check("numbers", "It was «77».", "'77' is not in the source.")
    check("numbers", "It was «77».", "77: source", message="{match}: {of}{nearest}")


def test_what_is_no_figure_of_the_text_is_not_asked():
    """Numbers of lists and headings, marks of footnotes, addresses, code, comments."""
    check(
        "numbers",
        "# 77 ways\n\n1. It\n2. Item «78»\n\nNote[^79] `80` [81] https://x.yz/82 <!-- 83 -->\n\n"
        "```\n84\n```\n\n[a](b/85)\n",
    )


def test_patterns_say_what_is_not_asked():
    """As the team writes them, in RE2."""
    check("numbers", "In 2031, «7» of 2032.", ignore=[r"\b20\d\d\b"])
    fault = build("subset", of="source", items="numbers", ignore=["a", "(?=b)"])
    assert ("ignore", "CR206", (1,)) == (fault.key, fault.code, fault.at)


def test_a_number_may_stand_for_one_that_rounds_to_it():
    """At the precision that it shows, where the team allows it."""
    check("numbers", "About 1.48 million, not «1.49 million».", round=True)
    check("numbers", "About 1,482,000 or 1,480,000.", round=True)
    check("numbers", "About «1.48 million».")
    assert "round" == build("subset", of="source", items="urls", round=True).key


def test_the_text_itself_is_a_source_of_itself():
    """No figure, name, address or quotation of our pages is missing from its own page."""
    for page in sorted((ROOT / "docs").glob("*.md"))[:12]:
        text = page.read_text(encoding="utf-8")
        for items in EVERY:
            it = made("subset", of="source", items=items)
            assert () == result_of(it, text, inputs={"source": text}).findings


def test_most_changes_of_long_figures_are_found():
    """What docs/checks.md says of it: nearly all with three digits, few with one."""
    chance = random.Random(1)
    found = {1: [], 2: [], 3: []}
    for page in sorted((ROOT / "docs").glob("*.md")):
        source = page.read_text(encoding="utf-8")
        for digits in re.findall(r"(?<![\w.,])[1-9]\d*(?![\w.,%])", source)[:60]:
            at = chance.randrange(len(digits))
            other = str((int(digits[at]) + chance.randrange(1, 9)) % 9 + 1)
            changed = digits[:at] + other + digits[at + 1 :]
            if changed != digits:
                seen = any(missing_numbers(f"There were {changed} of them.", source))
                found[min(3, len(digits))].append(seen)
    shares = {length: sum(seen) / len(seen) for length, seen in found.items()}
    assert shares[3] > 0.9
    assert 0.5 < shares[2] < 1
    assert shares[1] < 0.5


@pytest.mark.parametrize(
    ("shown", "keys"),
    [
        ("Today Ana Mueller and the FAO met «Bob Smith».", {}),
        ("Bob came. Bob left. (Bob) – Bob and «Zed» said:\nBob.", {}),
        ("On Monday the French [They] used GitHub and «GitLab».", {}),
        ("We saw Ana's notes and the «Widget»'s.", {}),
        ("In the Federal Office, by Müller, 😀 «Zoë»", {}),
        ("Der Hund sah das Haus von «Peter Meier».", {"language": "de"}),
    ],
)
def test_names_are_asked_where_a_capital_means_something(shown, keys):
    """Not where a sentence begins; accents and possessives do not count; German has nouns."""
    check("names", shown, **keys)


def test_a_script_without_capitals_has_no_names_to_ask():
    """It says so."""
    result = result_of(
        made("subset", of="source", items="names"), "東京で会った。", inputs={"source": SOURCE}
    )
    assert Verdict.NOT_APPLICABLE is result.verdict
    assert result.reason.startswith("the text is in a script without capitals")


@pytest.mark.parametrize(
    "shown",
    [
        "See www.example.com/a. And (https://example.org/b_(c)).",
        "See http://EXAMPLE.com/a/ and https://example.com/a?ref=y#z!",
        "See «https://example.org/c», [here](«http://evil.example/1»).",
        "`https://in.code/x` is no address.",
    ],
)
def test_addresses_are_compared_by_where_they_lead(shown):
    """Scheme, `www.`, fragment, last slash and tracking do not count."""
    check("urls", shown)


@pytest.mark.parametrize(
    ("shown", "problems"),
    [
        ('He said "we always ship on friday".', ()),
        ("„We always … on Friday — mostly“ and “we always [never] ship”", ()),
        ('It is "ship it", as "they say" here.', ()),
        (
            "“«We never ship on Friday»”",
            (
                (
                    "'We never ship on Friday' is not in the source; "
                    "nearest: 'We always ship on Friday'."
                ),
            ),
        ),
    ],
)
def test_quotations_are_compared_by_their_words(shown, problems):
    """Marks, dashes, white space, capitals and omissions do not count; the nearest is named."""
    check("quotes", shown, *problems)


def test_without_its_input_it_is_not_checked():
    """With the name of what is missing."""
    result = result_of(made("subset", of="source", items="numbers"), "7")
    assert (Verdict.NOT_CHECKED, "no input 'source'") == (result.verdict, result.reason)


@given(
    text=st.text(st.sampled_from("Aa1٣.,:'’- \n\"“”«»„[]()/%kM\x1f\u202f😀½²"), max_size=40),
    source=st.text(st.sampled_from('Aa1٣., \n"“'), max_size=20),
)
def test_it_never_raises_and_finds_nothing_in_the_same_text(text, source):
    """Whatever stands there; each finding quotes the text."""
    for items in EVERY:
        it = made("subset", of="source", items=items)
        for finding in result_of(it, text, inputs={"source": source}).findings:
            assert finding.quote == finding.span.of(text) != ""
        assert () == result_of(it, text, inputs={"source": text}).findings


PIECES = (
    "1",
    "1.",
    "1,",
    "1 ",
    "a1",
    "1a",
    "A",
    "Aa ",
    "A.",
    "A-",
    "“",
    '"a a a ',
    "„a",
    "«",
    "[",
    "https://a",
    "www.",
    ")",
    "`",
    "- ",
    "one ",
    "hundred and ",
    "1'",
    "…a",
)


@pytest.mark.parametrize("items", EVERY)
def test_it_is_linear(items):
    """Whatever is repeated, in the text or in the source."""
    it = made("subset", of="source", items=items)
    slow = [
        piece
        for piece in PIECES
        if grows_too_fast(
            lambda text: result_of(it, text, inputs={"source": text}),
            lambda n, p=piece: p * (n // len(p)),
        )
        or grows_too_fast(
            lambda text: result_of(it, text, inputs={"source": "b"}),
            lambda n, p=piece: p * (n // len(p)),
        )
    ]
    assert [] == slow
