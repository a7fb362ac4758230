"""Landing: whether an edit has arrived is read from the text, whatever the editor says."""

from hypothesis import given, settings
from hypothesis import strategies as st

from self_refine.editor.runs.pending_edit import (
    RESENDS,
    Applied,
    Rejected,
    Retry,
    Unconfirmed,
    arrival,
    begin,
    follow,
    resolve,
)
from self_refine.text.spans import Edit, Span, apply_edits


def check(reply, text, expect, *, version=2, sent=1, before="one two three"):
    """Send `two` -> `2` as version 1 and judge what is in the text afterwards."""
    pending_edit = begin(before, 1, [Edit(Span(4, 7), "2")])
    if text != before:
        lead = next(
            i for i, (a, b) in enumerate(zip(before + "\0", text + "\1", strict=False)) if a != b
        )
        tail = 0
        while tail < min(len(text), len(before)) - lead and text[-1 - tail] == before[-1 - tail]:
            tail += 1
        pending_edit = follow(
            pending_edit, Edit(Span(lead, len(before) - tail), text[lead : len(text) - tail])
        )
    assert resolve(pending_edit, text, version, reply, "read-only", sent) == expect


def test_an_edit_that_is_in_the_text_has_landed_whatever_was_answered():
    for reply in ("applied", "refused", "silent"):
        check(reply, "one 2 three", Applied(Span(4, 5)))


def test_applied_without_a_change_so_far_is_unconfirmed():
    """`applied: true` with the text as it was, at the version that was sent: nobody knows yet."""
    check("applied", "one two three", Unconfirmed(), version=1)


def test_an_edit_that_has_come_in_part_is_unconfirmed():
    """Neovim sends the last of several edits at once, and the others with the next key."""
    text = "one two three"
    edits = [Edit(Span(0, 3), "1"), Edit(Span(8, 13), "3")]
    pending_edit = follow(begin(text, 1, edits), Edit(Span(8, 13), "3"))
    assert resolve(pending_edit, "one two 3", 2, "applied", "", 1) == Unconfirmed()
    assert resolve(pending_edit, "one two x", 2, "applied", "", 1) == Rejected(
        "the text was changed while the edit was on its way"
    )


def test_dropped_because_the_text_had_moved_on_is_sent_again_three_times():
    for reply in ("applied", "refused"):
        for sent in range(1, RESENDS + 1):
            check(reply, "one! two three", Retry(), sent=sent)
    check(
        "refused",
        "one! two three",
        Rejected("the editor refused the edit: read-only"),
        sent=RESENDS + 1,
    )


def test_typing_in_the_words_ends_it():
    check(
        "refused",
        "one twoo three",
        Retry(),  # at their edge: the words themselves are whole
    )
    check("refused", "one to three", Rejected("the text was changed while the edit was on its way"))


def test_an_editor_that_does_not_answer_is_not_asked_again():
    check("silent", "one two three", Rejected("the editor did not answer"), version=1)


words = st.text("ab\n\u00e9\U0001f600", max_size=12)


@given(st.data())
@settings(max_examples=300)
def test_typing_elsewhere_never_hides_an_arrival(data):
    """Edits that arrive between any typing before and after them are found where they are."""
    text = data.draw(words) + "<" + data.draw(words) + ">" + data.draw(words)
    start, end = text.index("<") + 1, text.rindex(">")
    edits = [Edit(Span(start, end), data.draw(st.text("xyz", min_size=1, max_size=5)))]
    pending_edit = begin(text, 1, edits)
    arrive_at = data.draw(st.integers(0, 4))
    for step in range(6):
        if step == arrive_at:
            edit = Edit(pending_edit.region, edits[0].text)
        else:
            left = data.draw(st.booleans())
            limits = (0, text.index("<")) if left else (text.rindex(">") + 1, len(text))
            a = data.draw(st.integers(*limits))
            b = data.draw(st.integers(a, limits[1]))
            edit = Edit(Span(a, b), data.draw(words))
        text, pending_edit = apply_edits(text, [edit]), follow(pending_edit, edit)
        at = arrival(pending_edit, text)
        if step >= arrive_at:
            assert at is not None
            assert at.of(text) == edits[0].text
        else:
            assert at is None
