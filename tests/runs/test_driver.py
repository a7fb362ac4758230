"""The driver: answers what a loop asks for, ends it when it must, and never raises."""

import asyncio
import threading
from dataclasses import replace

import pytest

from self_refine.loop.requests import (
    Answered,
    Ask,
    Call,
    Checked,
    Failed,
    FailureKind,
    Halted,
    Noted,
    Report,
    RunChecks,
)
from self_refine.loop.task import Limits, Task
from self_refine.loop.types import (
    Candidate,
    CheckResult,
    Cost,
    Criterion,
    Finding,
    Outcome,
    Severity,
    StopReason,
    Verdict,
)
from self_refine.runs.driver import Job, Stop, drive
from self_refine.runs.events import Began, Ended, JudgedEvent, Seen, Stage, Waiting
from self_refine.runs.outgoing.clearance import Cleared
from self_refine.text.spans import Span

TEXT = "We utilise words."
PLAIN = Criterion(id="a/plain", question="Is a word not plain?", severity=Severity.WARNING)
TASK = Task(text=TEXT, criteria=(PLAIN,), has_model=True, seed="0123456789abcdef")
FINDING = Finding(
    criterion="a/plain", severity=Severity.WARNING, span=Span(3, 10), quote="utilise", problem="No."
)
CRITIQUE = Call(
    purpose="critique", messages=(), task="", schema={}, tag="reply-3f9a1c22", max_output_tokens=9
)
REFINE = replace(CRITIQUE, purpose="refine", schema=None)
STREAMED = (
    '{"criteria": [{"id": "a/plain", "evidence": "a long word", "issues": [{"segment": 1, '
    '"quote": "utilise", "kind": "wrong", "problem": "Not plain.", "instruction": "Say use."}], '
    '"verdict": "fail"}]}'
)


class Model:
    """Answers every call at once, or never, or by breaking its promise."""

    name, host = "fake-1", "fake.test"

    def __init__(self, *answers, says="", waits=""):
        self.answers = list(answers)
        self.says, self.waits = says, waits
        self.calls = []
        self.asked = asyncio.Event()
        self.stopped = 0
        self.until = None

    async def complete(self, call, on_text, *, on_wait, until):
        self.calls.append(call)
        self.until = until
        if self.waits:
            on_wait(self.waits)
        for at in range(0, len(self.says), 7):
            on_text(self.says[at : at + 7], "json")
        self.asked.set()
        answer = self.answers.pop(0) if self.answers else "never"
        if answer == "never":
            try:
                await asyncio.Event().wait()
            finally:
                self.stopped += 1
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def close(self):
        pass


def answered(text="ok"):
    cost = Cost(calls=1, input_tokens=10, output_tokens=5, seconds=0.5)
    return Answered(text=text, form="json", finish="stop", cost=cost)


def loop_of(*steps):
    """A hand-made loop: yields these steps until something is not as it should be.

    Its outcome says how it ended; `seen` holds every reply that it was sent.
    """
    seen = []

    def technique(task):
        stop, detail = StopReason.APPROVED, ""
        for step in steps:
            replies = yield step
            seen.append(replies)
            for reply in replies:
                match reply:
                    case Halted(reason, why):
                        stop, detail = reason, why
                    case Failed(message=why):
                        stop, detail = StopReason.MODEL_FAILED, why
            if stop is not StopReason.APPROVED:
                break
        first = Candidate(number=0, text=task.text, parent=None, origin="original", pass_=0)
        return Outcome(
            text=task.text, stop=stop, detail=detail, best=0, candidates=(first,),
            criteria=task.criteria, cost=Cost(),
        )  # fmt: skip

    technique.seen = seen
    return technique


def job(task=TASK, **options):
    return Job(task=task, checks=(), cleared=Cleared(), **options)


async def run(technique, model=None, *, task=TASK, **options):
    """The outcome and the events of a run."""
    events = []
    outcome = await drive(job(task), model, technique=technique, on_event=events.append, **options)
    return outcome, events


def kinds(events):
    return [type(event).__name__ for event in events]


class Memory:
    """A trace that keeps what it is given."""

    def __init__(self):
        self.events = []

    def write(self, event, **values):
        self.events.append((event, values))

    def close(self):
        pass


JUDGED = Candidate(
    number=0, text=TEXT, parent=None, origin="original", pass_=0, findings=(FINDING,)
)


async def test_each_request_gets_its_reply_in_its_place():
    """A step of several is answered together, in order; all of it is told and traced."""
    technique = loop_of(
        (RunChecks(TEXT, 0),),
        (Ask(CRITIQUE), Ask(replace(CRITIQUE, tag="reply-00000000"))),
        (Report(JUDGED),),
        (Ask(REFINE),),
    )
    trace = Memory()
    model = Model(answered("first"), answered("second"), answered("third"))
    outcome, events = await run(technique, model, trace=trace)

    assert outcome.stop is StopReason.APPROVED
    assert technique.seen[0] == (Checked(()),)
    assert [reply.text for reply in technique.seen[1]] == ["first", "second"]
    assert technique.seen[2] == (Noted(),)
    assert events[0] == Began(
        host="fake.test", model="fake-1", judged=1, checked=0, estimate=events[0].estimate
    )
    assert events[0].about.startswith("about 2 calls, ~")
    assert events[-1] == Ended(outcome)
    assert kinds(events) == ["Began", "Stage", "Stage", "Stage", "JudgedEvent", "Stage", "Ended"]
    assert events[5].sentence == "pass 1 of 3 · rewrite · 1 finding · 30 tokens"
    assert [name for name, _ in trace.events] == [
        "began", "checked", "ask", "ask", "reply", "reply", "judged", "ask", "reply", "ended"
    ]  # fmt: skip


async def test_checks_are_told_what_they_look_at():
    """Checks see the whole text, the original, the language and the path."""
    seen = []

    class Spy:
        criterion_id, when = "a/spy", None

        def run(self, subject):
            seen.append(subject)
            return CheckResult(criterion="a/spy", verdict=Verdict.PASS)

    technique = loop_of((RunChecks("another text", 1),))
    work = Job(task=TASK, checks=(Spy(),), path="notes/a.md", inputs={"plan": "p"})
    await drive(work, None, technique=technique)

    (subject,) = seen
    assert (subject.text, subject.original, subject.path) == ("another text", TEXT, "notes/a.md")
    assert technique.seen[0][0].results[0].verdict is Verdict.PASS


async def test_critic_and_writer_may_be_two():
    """Critiques go to the critic, all else to the writer."""
    writer, critic = Model(answered()), Model(answered())
    await run(loop_of((Ask(CRITIQUE),), (Ask(REFINE),)), writer, critic=critic)

    assert [call.purpose for call in critic.calls] == ["critique"]
    assert [call.purpose for call in writer.calls] == ["refine"]


async def test_findings_are_seen_while_the_critique_streams():
    """A finding is told once it is complete, once, even where the reply starts over."""

    class TwiceModel(Model):
        async def complete(self, call, on_text, **options):
            on_text(STREAMED[:200], "json")
            on_text("", "json")
            return await super().complete(call, on_text, **options)

    model = TwiceModel(answered(STREAMED), says=STREAMED)
    _, events = await run(loop_of((Ask(CRITIQUE),)), model)

    (seen,) = [event for event in events if isinstance(event, Seen)]
    assert (seen.finding.quote, seen.finding.span) == ("utilise", Span(3, 10))
    assert seen.finding.severity is Severity.WARNING


async def test_a_model_may_speak_from_another_thread():
    """Whoever watches hears of its findings and waits on the run's own thread, in their order."""

    class FarModel(Model):
        async def complete(self, call, on_text, *, on_wait, until):
            def speak():
                on_wait("busy")
                on_text(STREAMED, "json")

            await asyncio.to_thread(speak)
            return await super().complete(call, on_text, on_wait=on_wait, until=until)

    heard = []
    await drive(
        job(),
        FarModel(answered(STREAMED)),
        on_event=lambda event: heard.append((type(event), threading.get_ident())),
        technique=loop_of((Ask(CRITIQUE),)),
    )

    kinds = [kind for kind, _ in heard]
    assert kinds == [Began, Stage, Waiting, Seen, Ended]
    assert {thread for _, thread in heard} == {threading.get_ident()}


async def test_waits_are_told():
    """What the model waits for reaches whoever watches; it knows when the run ends."""
    model = Model(answered(), waits="busy; trying again in 2 s")
    _, events = await run(loop_of((Ask(CRITIQUE),)), model)

    assert Waiting("busy; trying again in 2 s") in events
    now = asyncio.get_running_loop().time()
    assert now < model.until <= now + TASK.limits.seconds


async def test_a_wish_to_stop_ends_a_call_under_way():
    """The call is given up, its sibling's answer is kept, the loop hears `Halted` and returns."""
    model, stop = Model(answered("kept"), "never"), Stop()
    technique = loop_of((Ask(CRITIQUE), Ask(CRITIQUE)))
    work = asyncio.create_task(run(technique, model, stop=stop))
    while len(model.calls) < 2:
        await model.asked.wait()
        await asyncio.sleep(0)
    stop.cancel("enough")
    outcome, events = await work

    reason = StopReason.CANCELLED
    assert (outcome.stop, outcome.detail) == (reason, "enough")
    assert technique.seen[0][0].text == "kept"
    assert technique.seen[0][1] == Halted(reason, "enough")
    assert model.stopped == 1
    assert isinstance(events[-1], Ended)


async def test_the_first_wish_counts():
    """A second reason, such as the shutdown after a cancel, changes nothing."""
    stop = Stop()
    stop.cancel("you cancelled it")
    stop.cancel("the server is shutting down")
    outcome, _ = await run(loop_of((Ask(CRITIQUE),)), Model(), stop=stop)

    assert (outcome.stop, outcome.detail) == (StopReason.CANCELLED, "you cancelled it")


async def test_nothing_is_asked_after_the_wish():
    """What costs nothing is still done: a judgement that is in is told."""
    stop = Stop()
    technique = loop_of((RunChecks(TEXT, 0),), (Report(JUDGED),), (Ask(CRITIQUE),))

    def hear(event):
        events.append(event)
        if isinstance(event, Stage):
            stop.cancel()

    events, model = [], Model(answered())
    outcome = await drive(job(), model, technique=technique, on_event=hear, stop=stop)

    assert outcome.stop is StopReason.CANCELLED
    assert model.calls == []
    assert technique.seen[-1][0] in {Halted(StopReason.CANCELLED), Noted()}


async def test_a_judgement_is_told_though_the_run_is_to_end():
    """`Report` is answered even after the wish; only what costs is refused."""
    stop = Stop()
    stop.cancel()
    technique = loop_of((Report(JUDGED),), (Ask(CRITIQUE),))
    _, events = await run(technique, Model(answered()), stop=stop)

    assert JudgedEvent(JUDGED) in events
    assert technique.seen == [(Noted(),), (Halted(StopReason.CANCELLED),)]


async def test_time_that_is_used_up_ends_the_run():
    """The wall clock is a budget like any other, named in the detail."""
    task = replace(TASK, limits=Limits(seconds=0.05))
    model = Model()
    outcome, _ = await run(loop_of((Ask(CRITIQUE),)), model, task=task)

    assert (outcome.stop, outcome.detail) == (StopReason.BUDGET, "0.05 seconds")
    assert model.stopped == 1


async def test_a_failed_call_is_a_reply():
    """The loop hears it and decides."""
    failure = Failed(kind=FailureKind.UNREACHABLE, message="Cannot reach fake.test.")
    outcome, _ = await run(loop_of((Ask(CRITIQUE),)), Model(failure))

    assert (outcome.stop, outcome.detail) == (StopReason.MODEL_FAILED, "Cannot reach fake.test.")


async def test_a_model_that_breaks_its_promise_is_a_failure(caplog):
    """An exception of a model costs the call, not the run, and its words are not logged."""
    outcome, _ = await run(loop_of((Ask(CRITIQUE),)), Model(ValueError(TEXT)))

    assert outcome.stop is StopReason.MODEL_FAILED
    assert "ValueError" in outcome.detail
    assert "ValueError at test_driver.py" in caplog.text
    assert "utilise" not in caplog.text


async def test_a_call_without_a_model_is_a_failure():
    """A loop that asks nobody is answered so."""
    outcome, _ = await run(loop_of((Ask(CRITIQUE),)))

    assert (outcome.stop, outcome.detail) == (
        StopReason.MODEL_FAILED, "No model is configured.",
    )  # fmt: skip


async def test_who_watches_cannot_break_a_run(caplog):
    """A listener that raises is logged, without its words."""

    def hear(_):
        raise RuntimeError(TEXT)

    outcome = await drive(job(), None, technique=loop_of((RunChecks(TEXT, 0),)), on_event=hear)

    assert outcome.stop is StopReason.APPROVED
    assert "RuntimeError at test_driver.py" in caplog.text
    assert "utilise" not in caplog.text


STEPS = ((RunChecks(TEXT, 0),), (Ask(CRITIQUE), Ask(CRITIQUE)), (Report(JUDGED),), (Ask(REFINE),))


@pytest.mark.parametrize("at", range(40))
async def test_a_wish_at_any_await_ends_the_run_with_its_outcome(at):
    """Whenever it comes, there is an outcome, one end, and no task left."""
    stop, events = Stop(), []
    before = asyncio.all_tasks()
    model = Model(*(answered() for _ in range(3)))
    work = asyncio.create_task(
        drive(job(), model, technique=loop_of(*STEPS), on_event=events.append, stop=stop)
    )
    for _ in range(at):
        await asyncio.sleep(0)
    stop.cancel()
    outcome = await work

    assert outcome.stop in {StopReason.CANCELLED, StopReason.APPROVED}
    assert kinds(events).count("Ended") == 1
    assert asyncio.all_tasks() == before


@pytest.mark.parametrize("at", range(40))
async def test_a_cancelled_task_leaves_nothing_running(at):
    """Where the awaiting task itself is cancelled, everything under it ends first."""
    before = asyncio.all_tasks()
    work = asyncio.create_task(drive(job(), Model(), technique=loop_of(*STEPS)))
    for _ in range(at):
        await asyncio.sleep(0)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work

    assert asyncio.all_tasks() == before


def test_the_sentence_of_a_stage():
    """Pass, stage, findings and tokens, "~" where they are estimated."""
    stage = Stage(
        stage="critique", pass_=2, passes=3, findings=3,
        cost=Cost(input_tokens=4000, output_tokens=120, estimated=True),
    )  # fmt: skip
    assert stage.sentence == "pass 2 of 3 · critique · 3 findings · ~4.1k tokens"


class Slow:
    """A check that does not answer before it is told to."""

    criterion_id, when = "a/slow", None

    def __init__(self):
        self.began, self.may_end = threading.Event(), threading.Event()

    def run(self, _subject):
        self.began.set()
        self.may_end.wait(20)
        return CheckResult(criterion="a/slow", verdict=Verdict.PASS)


async def test_a_wish_to_stop_does_not_wait_for_a_check():
    """The loop hears `Halted` in its place; what the check says later is nobody's."""
    check, stop = Slow(), Stop()
    technique = loop_of((RunChecks(TEXT, 0),))
    work = Job(task=TASK, checks=(check,))
    running = asyncio.create_task(drive(work, None, technique=technique, stop=stop))
    await asyncio.to_thread(check.began.wait, 20)
    stop.cancel("enough")
    outcome = await running
    check.may_end.set()

    assert (outcome.stop, outcome.detail) == (StopReason.CANCELLED, "enough")
    assert technique.seen == [(Halted(StopReason.CANCELLED, "enough"),)]


KINDS = {
    "checked": (RunChecks(TEXT, 0), None, Checked(())),
    "answered": (Ask(REFINE), answered("new words"), answered("new words")),
    "failed": (
        Ask(REFINE),
        Failed(kind=FailureKind.REFUSED, message="It refused."),
        Failed(kind=FailureKind.REFUSED, message="It refused."),
    ),
    "noted": (Report(JUDGED), None, Noted()),
}


@pytest.mark.parametrize("kind", KINDS)
async def test_each_kind_of_reply_reaches_the_loop_as_it_is(kind):
    """Of its request, and only once."""
    request, answer, reply = KINDS[kind]
    technique = loop_of((request,))
    await run(technique, Model(answer))

    assert technique.seen == [(reply,)]


async def test_a_step_of_nothing_is_answered_with_nothing():
    """A loop may look at the world between two steps."""
    technique = loop_of((), (Report(JUDGED),))
    await run(technique)

    assert technique.seen == [(), (Noted(),)]


async def test_a_draft_is_written_by_the_writer():
    """A separate critic judges and does nothing else."""
    writer, critic = Model(answered()), Model()
    await run(loop_of((Ask(replace(REFINE, purpose="generate")),)), writer, critic=critic)

    assert ["generate"] == [call.purpose for call in writer.calls]
    assert [] == critic.calls
