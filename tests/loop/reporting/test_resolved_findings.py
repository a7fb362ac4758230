"""What people see of a run: its passes, what each fixed, and which findings each change answers."""

from hypothesis import given, settings
from hypothesis import strategies as st

from self_refine.loop.critic.version_changes import followed, hunks
from self_refine.loop.reporting.pass_report import passes
from self_refine.loop.reporting.resolved_findings import hunk_answers
from self_refine.text.diffing.edits import minimal_edits
from self_refine.text.spans import Edit, Span, apply_edits
from support.by_hand import World, run

LONG = (
    "The murky part comes first, and it is long enough to stand alone.\n\n"
    "A second paragraph says nothing wrong at all, and stays as it is.\n\n"
    "The rude part comes last, and it is long enough to stand alone too.\n"
)


def world():
    """Two faults; the writer mends one in each pass."""
    first = LONG.replace("murky", "clear")
    return World(
        faults={"t/murky": ("murky",), "t/rude": ("rude",)},
        writes=[first, first.replace("rude", "kind")],
    )


def test_passes_say_in_which_version_a_finding_was_gone():
    """`passes[0]` judges the text as given."""
    outcome = run(world(), LONG)
    fixed = [
        [(f.quote, gone) for f, gone in zip(view.candidate.findings, view.fixed_in, strict=True)]
        for view in passes(outcome)
    ]

    assert [[("murky", 1), ("rude", 2)], [("rude", 2)], []] == fixed


def test_a_finding_that_stays_is_open():
    outcome = run(world(), LONG, limits=[("passes", 1)])

    assert [1, None] == list(passes(outcome)[0].fixed_in)


def test_each_change_knows_the_findings_that_it_answers():
    """Known from the versions: a change of pass 2 answers what that pass set out to fix."""
    outcome = run(world(), LONG)
    answers = [
        (a.old.of(LONG), a.new.of(outcome.text), [f.quote for f in a.findings], a.pass_)
        for a in hunk_answers(outcome)
    ]

    assert [("murky", "clear", ["murky"], 1), ("rude", "kind", ["rude"], 2)] == answers


def test_a_fix_of_a_check_is_answered_too():
    outcome = run(World(checks={"t/plain": {"utilise": "use"}}), "We utilise it.", has_model=False)

    assert [["utilise"]] == [[f.quote for f in a.findings] for a in hunk_answers(outcome)]


def test_a_text_that_stays_has_no_changes():
    assert () == hunk_answers(run(World(faults={"t/a": ()}), LONG))


texts = st.text(st.sampled_from("ab \n\r\u00e9\U0001f600.,"), max_size=60)


@given(texts, texts)
@settings(max_examples=300)
def test_hunks_take_the_old_text_to_the_new(old, new):
    """The stretches of the new text are those that the edits put there."""
    found = list(hunks(old, new))

    assert new == apply_edits(old, [edit for edit, _ in found])
    assert [edit.text for edit, _ in found] == [span.of(new) for _, span in found]


@given(texts, st.data())
@settings(max_examples=300)
def test_what_no_edit_touches_is_found_again(old, data):
    """A stretch between edits stands in the new text, word for word."""
    new = data.draw(texts)
    edits = minimal_edits(old, new)
    start = data.draw(st.integers(0, len(old)))
    span = Span(start, data.draw(st.integers(start, len(old))))
    if any(edit.span.touches(span) for edit in edits):
        place = followed(span, edits)
        assert 0 <= place.start <= place.end <= len(new)
    else:
        assert followed(span, edits).of(new) == span.of(old)


def test_a_stretch_grows_with_what_replaces_a_part_of_it():
    edits = (Edit(Span(4, 7), "twenty"),)

    assert Span(0, 16) == followed(Span(0, 13), edits)
    assert Span(4, 10) == followed(Span(5, 6), edits)
    assert Span(11, 16) == followed(Span(8, 13), edits)
