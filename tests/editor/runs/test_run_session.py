"""State follows the text: any sequence of keep, revert, undo, redo, typing and new runs.

The model is a text of gaps and slots: each slot belongs to one change and holds its old words, its
new ones, or something else. What stands in it is all that its state may depend on.
"""

from dataclasses import dataclass, field

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from self_refine.editor.review.change import Part, change_of
from self_refine.editor.review.tracked_change import undoing
from self_refine.editor.runs.run import Landed, Order, Result, pending, states
from self_refine.editor.runs.run_session import RunSession, steps
from self_refine.text.spans import Edit, Span, apply_edits

WORDS = (("utilise", "use"), ("", "very "), ("kindly ", ""), ("commence", "begin"), ("a", "aa"),
         ("the the", "the"), ("use", "utilise"))  # fmt: skip
GAPS = (" the plan. ", " now, and then. ", "\n\n", " \U0001f600 a a. ", ". The the use. ")


@dataclass
class Model:
    """An editor with a document of gaps and slots, and the runs on it."""

    gaps: list[str]
    changes: list[tuple[str, str]]
    slots: list[str]
    kept: set[int] = field(default_factory=set)
    sessions: list[tuple[RunSession, list[int]]] = field(default_factory=list)
    """Each run with the slots of its changes."""
    past: list[tuple[list[str], list[str]]] = field(default_factory=list)
    future: list[tuple[list[str], list[str]]] = field(default_factory=list)

    @property
    def text(self):
        parts = [p for pair in zip(self.gaps, [*self.slots, ""], strict=True) for p in pair]
        return "".join(parts)

    def run(self):
        """A run that changes every slot with old words; it lands."""
        meant = [n for n, (old, _) in enumerate(self.changes) if self.slots[n] == old]
        if not meant:
            return
        before = self.text
        session = RunSession(Order(id=f"{len(self.sessions)}", uri="u", kind="refine", title="t"),
                             before, Span(0, len(before)))  # fmt: skip
        for old, _ in self.sessions:
            old.retire(Span(0, len(before)))
        after = [self.changes[n][1] if n in meant else s for n, s in enumerate(self.slots)]
        parts = list(self.parts(meant, after))
        result_text = Model(self.gaps, self.changes, after).text
        found = tuple(change_of(i, (p,), before, result_text) for i, p in enumerate(parts))
        self.sessions.append((session, meant))
        edits = tuple(Edit(p.old, p.after) for p in parts)
        self.edited(after, edits)
        session.land(Result(outcome=None, chosen=None, changes=found), self.text, 0)

    def parts(self, meant, after):
        old_at = new_at = 0
        for n, gap in enumerate(self.gaps[:-1]):
            old_at, new_at = old_at + len(gap), new_at + len(gap)
            old, new = self.slots[n], after[n]
            if n in meant:
                yield Part(old=Span(old_at, old_at + len(old)), before=old, after=new,
                           new=Span(new_at, new_at + len(new)))  # fmt: skip
            old_at, new_at = old_at + len(old), new_at + len(new)

    def edited(self, slots, edits, gaps=None):
        """The document is another one, by these edits of ours or the user's."""
        self.past.append((self.gaps, self.slots))
        self.future.clear()
        self.become(gaps or self.gaps, slots, edits)

    def become(self, gaps, slots, edits):
        before = self.text
        self.gaps, self.slots = list(gaps), list(slots)
        taken = steps(sorted(edits, reverse=True), before)
        assert apply_edits(before, edits) == self.text
        for session, _ in self.sessions:
            session.document_changed(taken, before, self.text)
        self.kept -= {n for n, (old, _) in enumerate(self.changes) if self.slots[n] == old}

    def undo(self, come, go):
        """Undo or redo, sent as editors do: one replacement of all that differs."""
        if come:
            before = self.text
            go.append((self.gaps, self.slots))
            gaps, slots = come.pop()
            after = Model(gaps, self.changes, slots).text
            self.become(gaps, slots, (Edit(Span(0, len(before)), after),))

    def act(self, numbers, *, revert):
        """Keep or revert the changes of some slots, as the commands do."""
        for session, own in self.sessions:
            run = session.run
            if not isinstance(run, Landed):
                continue
            meant = [c for c in run.changes if own[c.change.number] in numbers and c.is_new
                     and c.span is not None and c.decision != "retired"]  # fmt: skip
            if not revert:
                standing = [c for c in meant if c in pending(run)]
                session.keep({c.change.number for c in standing})
                self.kept |= {own[c.change.number] for c in standing}
            elif meant:
                edits = undoing(meant)
                slots = list(self.slots)
                for each in meant:
                    slots[own[each.change.number]] = each.change.before
                self.edited(slots, edits)
                first = min(edit.span.start for edit in edits)
                last = max(edit.span.end for edit in edits)
                by = sum(len(e.text) - (e.span.end - e.span.start) for e in edits)
                session.arrived([c.change for c in meant], edits, Span(first, last + by), self.text)

    def type(self, n, text, *, inside):
        """Type into a gap, or into the words of a slot."""
        if inside and len(self.slots[n]) > 1:
            at = sum(map(len, self.gaps[: n + 1])) + sum(map(len, self.slots[:n])) + 1
            slots = list(self.slots)
            slots[n] = slots[n][:1] + text + slots[n][1:]
            self.edited(slots, (Edit(Span(at, at), text),))
        elif not inside:
            at = sum(map(len, self.gaps[:n])) + sum(map(len, self.slots[:n])) + 1
            gaps = list(self.gaps)
            gaps[n] = gaps[n][:1] + text + gaps[n][1:]
            self.edited(self.slots, (Edit(Span(at, at), text),), gaps)

    def check(self):
        """What every run says of its changes is what stands in their slots."""
        waits = []
        for session, own in self.sessions:
            run = session.run
            if not isinstance(run, Landed):
                continue
            for tracked, state in zip(run.changes, states(run), strict=True):
                n = own[tracked.change.number]
                old, new = self.changes[n]
                expected = {new: "new", old: "reverted"}.get(self.slots[n], "edited")
                assert expected == ("new" if state in ("landed", "kept") else state), (n, state)
                if tracked.span is not None:
                    assert tracked.span.of(self.text) == self.slots[n]
            waits += [own[c.change.number] for c in pending(run)]
        assert len(waits) == len(set(waits)), "a change is offered once, whatever runs there were"
        landed = {n for n, (_, new) in enumerate(self.changes) if self.slots[n] == new}
        assert set(waits) == landed - self.kept


@st.composite
def models(draw):
    count = draw(st.integers(1, 4))
    changes = draw(st.lists(st.sampled_from(WORDS), min_size=count, max_size=count))
    gaps = draw(st.lists(st.sampled_from(GAPS), min_size=count + 1, max_size=count + 1))
    return Model(gaps, changes, [old for old, _ in changes])


ACTIONS = ("keep", "revert", "keep all", "revert all", "undo", "redo", "type", "type inside", "run")


@given(models(), st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(0, 3)), max_size=12))
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_state_follows_the_text(model, actions):
    """After each step every change is kept, reverted, landed or edited by what stands there."""
    model.run()
    model.check()
    for action, number in actions:
        n = number % len(model.changes)
        everything = set(range(len(model.changes)))
        match action:
            case "keep" | "revert":
                model.act({n}, revert=action == "revert")
            case "keep all" | "revert all":
                model.act(everything, revert=action == "revert all")
            case "undo":
                model.undo(model.past, model.future)
            case "redo":
                model.undo(model.future, model.past)
            case "type" | "type inside":
                model.type(n, "x", inside=action == "type inside")
            case "run":
                model.run()
        model.check()


@given(models())
def test_revert_undo_revert_all_gives_back_the_original_bytes(model):
    """The sequence that left a text that nobody wrote."""
    original = model.text
    model.run()
    model.act({0}, revert=True)
    model.undo(model.past, model.future)
    model.act(set(range(len(model.changes))), revert=True)
    assert model.text == original
    model.check()
