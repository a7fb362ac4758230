"""The hunk filter: what a finding is near to stays changed, everything else keeps its bytes."""

from hypothesis import given
from hypothesis import strategies as st

from self_refine.loop.types import Kind
from self_refine.loop.writer.hunk_filter import filtered, strays, without_hunks
from self_refine.text.spans import Span
from support.writing import on

OLD = "Ann came in. Bob went out. Cat sat down. Dan got up. Eve lay low. Fay ran off.\n"


def check(expected, new, *todo, old=OLD, language="plaintext"):
    assert filtered(old, new, todo, language) == expected
    assert strays(old, new, todo, language) == (expected != new)


def changed(*pairs, old=OLD):
    """The text with some words replaced."""
    for words, by in pairs:
        assert old.count(words) == 1
        old = old.replace(words, by)
    return old


def test_a_change_on_the_finding_or_beside_it_stays_and_no_other():
    """Segment 3 is flagged: 2, 3 and 4 may change."""
    new = changed(
        ("came", "fell"), ("went", "rode"), ("sat", "lay"), ("got", "sat"), ("Eve lay", "Eve is")
    )
    want = changed(("went", "rode"), ("sat", "lay"), ("got", "sat"))
    check(want, new, on(OLD, "sat down"))


def test_a_rewritten_neighbour_far_away_is_taken_back_though_no_word_is_left():
    new = changed(("Cat sat down.", "The cat sat."), ("Fay ran off.", "Nobody was seen again."))
    check(changed(("Cat sat down.", "The cat sat.")), new, on(OLD, "sat down"))


def test_a_new_segment_stays_only_beside_a_finding():
    new = changed(("Cat sat", "Cat woke. Cat sat"), ("Fay ran off.", "Fay ran off. All left."))
    check(changed(("Cat sat", "Cat woke. Cat sat")), new, on(OLD, "sat down"))
    missing = on(OLD, "ran off.", kind=Kind.MISSING)
    check(changed(("off.", "off. All left.")), new, missing)


def test_a_segment_that_is_gone_comes_back_unless_a_finding_is_near():
    new = changed(("Cat sat down. ", ""), (" Fay ran off.", ""))
    check(changed(("Cat sat down. ", "")), new, on(OLD, "Dan got"))
    check(changed((" Fay ran off.", "")), new, on(OLD, "ran off"))


def test_bytes_that_a_model_levels_out_come_back():
    """No-break spaces, composed accents, and the line ends between paragraphs."""
    old = "A cafe\u0301 here.\r\n\r\nTwo\u00a0km off. It is murky.\r\n"
    new = "A caf\u00e9 here.\n\nTwo km off. It is clear.\r\n"
    want = "A cafe\u0301 here.\r\n\r\nTwo km off. It is clear.\r\n"
    check(want, new, on(old, "murky"), old=old)


CODE = "x = 1\ny = 2\n\nprint(x)\na = 3\nb = 4\nprint(y)\nc = 5\n"


def test_in_code_a_rename_stays_wherever_the_name_is_used():
    """One that was not asked for does not."""
    new = "size = 1\ny = 2\n\nprint(size)\na = 3\nb = 40\nprint(y)\nsea = 5\n"
    want = "size = 1\ny = 2\n\nprint(size)\na = 3\nb = 4\nprint(y)\nc = 5\n"
    check(want, new, on(CODE, "x = 1"), old=CODE, language="python")


def test_in_code_a_shared_number_is_no_shared_name():
    new = CODE.replace("x = 1", "x = 9").replace("c = 5", "c = 9")
    check(CODE.replace("x = 1", "x = 9"), new, on(CODE, "x = 1"), old=CODE, language="python")


def test_a_new_segment_behind_the_neighbour_of_a_finding_stays():
    """It stands beside what may change."""
    new = changed(("Dan got up.", "Dan got up. Gil woke."))
    check(new, new, on(OLD, "sat down"))


def test_in_code_an_import_stays_that_the_changed_line_needs():
    new = "import re\n" + CODE.replace("c = 5", "c = re.escape(b)").replace("a = 3", "a = 9")
    want = "import re\n" + CODE.replace("c = 5", "c = re.escape(b)")
    check(want, new, on(CODE, "c = 5"), old=CODE, language="python")


def test_hunks_that_broke_something_are_taken_back_alone():
    new = changed(("came", "fell"), ("sat down", "is murky"), ("ran", "drove"))
    start = new.index("murky")
    want = changed(("came", "fell"), ("ran", "drove"))
    assert without_hunks(OLD, new, (Span(start, start + 5),)) == want


def test_a_place_where_something_broke_takes_back_what_was_removed_there():
    new = changed(("Cat sat down. ", ""), ("came", "fell"))
    place = new.index(" Dan")
    assert without_hunks(OLD, new, (Span(place, place),)) == changed(("came", "fell"))


def test_what_no_hunk_touches_takes_nothing_back():
    new = changed(("came", "fell"))
    start = new.index("ran")
    assert without_hunks(OLD, new, (Span(start, start + 3),)) == new


WORDS = st.lists(
    st.sampled_from(["a", "b.", "C d.", "e f\n", "\n", "\r\n", " ", "- g\n", "# H\n", "i, j. "]),
    max_size=14,
).map("".join)
LANGUAGES = st.sampled_from(["markdown", "python"])


@given(WORDS, WORDS, LANGUAGES)
def test_without_findings_nothing_changes_and_with_one_on_everything_all_does(old, new, language):
    assert filtered(old, new, (), language) == old
    if old:
        everything = on(f"{old}\0", f"{old}\0")
        assert filtered(old, new, (everything,), language) == new


FATES = st.lists(st.sampled_from(["kept", "kept", "changed", "gone", "joined"]), max_size=9)


@given(FATES, st.integers(0, 8), st.sampled_from([" ", "\r\n\r\n", "\n"]))
def test_far_from_a_finding_every_byte_comes_back(fates, number, gap):
    """Before the segment ahead of the finding, and after the one behind it."""
    words = [f"Word{n} is\u00a0here{n}." for n in range(len(fates))]
    made = {"kept": "{}{}", "changed": "Now {}{}", "gone": "", "joined": "{} And so on.{}"}
    old = "".join(f"{w}{gap}" for w in words)
    new = "".join(made[fate].format(w, gap) for w, fate in zip(words, fates, strict=True))
    if number >= len(words):
        return
    got = filtered(old, new, (on(old, words[number]),), "plaintext")
    far = [w for n, w in enumerate(words) if abs(n - number) > 1]
    ahead = [w for w in far if old.index(w) < old.index(words[number])]
    assert got.startswith(gap.join(ahead))
    assert got.endswith("".join(f"{w}{gap}" for w in far[len(ahead) :]))
    near = {n: fate for n, fate in enumerate(fates) if abs(n - number) <= 1}
    assert got.count("Now ") == sum(fate == "changed" for fate in near.values())


@given(WORDS, WORDS, LANGUAGES)
def test_taking_back_every_hunk_gives_the_old_text_and_none_the_new(old, new, language):
    assert without_hunks(old, new, (Span(0, len(new)),), language) == old
    assert without_hunks(old, new, (), language) == new
