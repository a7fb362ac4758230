# ruff: noqa: E501 - words beside what they are to be
"""Long lists of words find what short ones find."""

from hypothesis import example, given
from hypothesis import strategies as st

from self_refine.checks.kind_spec import WordList
from self_refine.checks.search.phrase_index import phrase_index
from self_refine.checks.search.phrases import found_phrases
from support.checking import made, result_of

FEW = (
    "kindly", "in order to", "e-mail", ".NET", "C++", "don't", "利用", "することができる", "node.js",
)  # fmt: skip
MANY = (*FEW, *(f"zz{n}q" for n in range(500)))
WORDS = st.sampled_from(
    [*FEW, "mail", "in order", "to", "x", "-", ".", "(", "\n", "’", "a_b", "のを"]
)


def words_of(spans, text):
    return [span.of(text) for span in spans]


def test_a_long_list_finds_words_phrases_and_names():
    """Whole words only, over a line end, in scripts without blanks, either apostrophe."""
    text = "Kindly use E-mail, .NET\nand C++ in\n  order to\u00a0go. Don’t unkindly 利用することができる."
    expected = [
        "Kindly",
        "E-mail",
        ".NET",
        "C++",
        "in\n  order to",
        "Don’t",
        "利用",
        "することができる",
    ]

    assert expected == words_of(phrase_index(MANY).found_in(text), text)


@example([("kindly", ""), ("’", ""), ("利用", "")])
@example([("利用", ""), ("’", ""), ("kindly", "")])
@example([("C++", ""), (".NET", "")])
@example([("kindly", ""), ("-", ""), ("-", ""), ("kindly", "")])
@given(st.lists(st.tuples(WORDS, st.sampled_from(["", " ", "  "])), max_size=12))
def test_both_ways_of_searching_find_the_same(parts):
    """An expression for a short list, an index for a long one."""
    text = "".join(word + gap for word, gap in parts)
    short = words_of(found_phrases(FEW, text), text)

    assert short == words_of(found_phrases(MANY, text), text)


def test_a_list_of_a_hundred_thousand_entries_works():
    """From a file, one a line, with comments."""
    entries = "\n".join(("# ours", *(f"word{n} thing{n}" for n in range(100_000))))
    check = made("words", file="list.txt", read_file=lambda _: WordList(entries))
    found = result_of(check, "It is Word7 thing7, and word99999\nthing99999; not word5 thing6.")

    assert ["Word7 thing7", "word99999\nthing99999"] == [f.quote for f in found.findings]


def test_case_counts_where_it_is_asked_for():
    """May is a month, may is a wish."""
    index = phrase_index(("May", *MANY), match_case=True)
    assert ["May"] == words_of(index.found_in("May may"), "May may")
