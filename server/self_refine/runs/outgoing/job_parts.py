"""Clears a job: names every text that a call of it may hold, and puts them through the gate."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from self_refine.loop.task import Task
from self_refine.loop.types import Criterion
from self_refine.runs.driver import Job
from self_refine.runs.outgoing.clearance import NotSent
from self_refine.runs.outgoing.send_gate import Ask, Part, Question, Sending, may_send
from self_refine.settings import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class Destination:
    """Where a job's texts come from, and where they would go."""

    path: Path | None
    """Of the document; None where it has no file."""
    root: Path | None
    """The workspace folder that holds it, if any."""
    host: str


async def clear(job: Job, to: Destination, settings: Settings, ask: Ask) -> Job | NotSent:
    """The job as the driver takes it, once its texts may be sent; or why they may not."""
    match await may_send(sending_of(job, path=to.path, root=to.root, host=to.host), settings, ask):
        case NotSent() as refused:
            return refused
        case cleared:
            return replace(job, cleared=cleared)


async def nobody(_: Question) -> bool:
    """Who answers where there is nobody to ask."""
    return False


def sending_of(job: Job, *, path: Path | None, root: Path | None, host: str) -> Sending:
    """Everything that a run of this job would send.

    Args:
        job: as it will be driven.
        path: of the document, None without a file.
        root: its workspace folder, if any.
        host: where it would go.
    """
    parts = (*_of_document(job), *_of_user(job.task), *_of_criteria(job))
    return Sending(
        parts=tuple(p for p in parts if p.text),
        path=path,
        root=root,
        host=host,
        inputs=job.input_paths,
    )


def _of_document(job: Job) -> Iterator[Part]:
    task, line = job.task, job.first_line
    before = line - task.before.count("\n")
    after = line + task.text.count("\n")
    yield Part(name="the selection", text=task.text, first_line=line)
    yield Part(name="the text above the selection", text=task.before, first_line=max(1, before))
    yield Part(name="the text below the selection", text=task.after, first_line=after)
    if job.path:
        yield Part(name="the path of the file", text=job.path)


def _of_user(task: Task) -> Iterator[Part]:
    yield Part(name="the instruction", text=task.instruction)
    yield Part(name="the brief", text=task.brief)


def _of_criteria(job: Job) -> Iterator[Part]:
    for criterion in job.task.criteria:
        words = "\n".join(_words(criterion))
        yield Part(name=f"the criterion {criterion.id}", text=words)
        for name, text in criterion.uses:
            yield Part(name=f"the input {name}", text=text)
    for name, text in job.inputs.items():
        yield Part(name=f"the input {name}", text=text)


def _words(criterion: Criterion) -> Iterator[str]:
    yield from (criterion.question, criterion.fix, criterion.evidence, criterion.why)
    yield from criterion.exceptions
