"""Owns the plain loop, to compare with: critique, stop if nothing was found, rewrite it all, go on.

It is the loop as people write it first: prompts for two roles, every finding taken at its word, the
whole text written anew in each pass, no gate, the last version returned. It strips a fence, and
does not use a reply that was cut; otherwise it believes the model.
"""

import json
from typing import Any

from self_refine.loop.requests import Answered, Ask, Call, Loop, Message, Report
from self_refine.loop.task import Task
from self_refine.loop.types import Candidate, Cost, Outcome, StopReason

_CRITIC = "You are a strict critic. Judge the text by each criterion. Quote what is wrong."
_WRITER = "You are a careful writer. Revise the text so that the critique no longer applies."
_FORM = """\
Answer in JSON: {"criteria": [{"id", "evidence", "issues": [{"segment", "quote", "kind", "problem",
"instruction"}], "verdict": "pass" or "fail"}]}"""


def plain(task: Task) -> Loop:
    """Refine one text, in the steps of the real loop."""
    text, cost, candidates = task.text, Cost(), [_candidate(0, task.text)]
    stop = StopReason.LIMIT
    for pass_ in range(1, task.limits.passes + 1):
        (heard,) = yield (Ask(_critique(task, text, pass_)),)
        issues = _issues(heard)
        cost += heard.cost
        if not issues:
            stop = StopReason.APPROVED
            break
        (written,) = yield (Ask(_rewrite(task, text, issues, pass_)),)
        cost += written.cost
        text = _unfenced(written, text)
        candidates.append(_candidate(pass_, text))
        yield (Report(candidates[-1]),)
    return Outcome(
        text=text,
        stop=stop,
        detail="",
        best=len(candidates) - 1,
        candidates=tuple(candidates),
        criteria=task.criteria,
        cost=cost,
    )


def _candidate(number: int, text: str) -> Candidate:
    origin = "rewrite" if number else "original"
    parent = number - 1 if number else None
    return Candidate(number=number, text=text, parent=parent, origin=origin, pass_=number)


def _critique(task: Task, text: str, number: int) -> Call:
    questions = "\n".join(f"- {c.id}: {c.question}" for c in task.criteria)
    ids = [c.id for c in task.criteria]
    return Call(
        purpose="critique",
        messages=(Message("system", _CRITIC),),
        task=f"Criteria:\n{questions}\n\nText:\n{text}\n\n{_FORM}",
        schema={"properties": {"id": {"enum": ids}}},
        tag=f"critique-{number}",
        max_output_tokens=4096,
        focus=tuple(ids),
        candidate=number - 1,
    )


def _rewrite(task: Task, text: str, issues: list[dict[str, Any]], number: int) -> Call:
    critique = json.dumps(issues)
    fixes = "\n".join(f"- {c.id}: {c.question}" for c in task.criteria)
    words = f"Criteria:\n{fixes}\n\nText:\n{text}\n\nCritique:\n{critique}\n\nWrite the whole text."
    return Call(
        purpose="refine",
        messages=(Message("system", _WRITER),),
        task=words,
        tag=f"rewrite-{number}",
        max_output_tokens=8192,
        candidate=number - 1,
    )


def _issues(heard: Answered) -> list[dict[str, Any]]:
    """Every issue, at its word; a reply that is no JSON has none."""
    try:
        entries = json.loads(heard.text)["criteria"]
    except (ValueError, KeyError, TypeError):
        return []
    return [issue | {"id": entry["id"]} for entry in entries for issue in entry["issues"]]


def _unfenced(written: Answered, text: str) -> str:
    if written.finish != "stop":
        return text
    lines = written.text.strip("\n").split("\n")
    if len(lines) > 2 and lines[0].startswith("```") and lines[-1] == "```":
        lines = lines[1:-1]
    end = "\n" if text.endswith("\n") else ""
    return "\n".join(lines) + end
