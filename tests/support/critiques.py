"""Owns critiques for tests: entries as a model would write them, in both forms."""

import json

from self_refine.loop.requests import Answered
from self_refine.loop.types import Cost, Criterion, Severity

TAG = "reply-00aa11bb"

FORMAL = Criterion(id="email/too-formal", question="Is it too formal?", severity=Severity.WARNING)
REQUEST = Criterion(
    id="email/clear-request",
    question="Is the request clear?",
    severity=Severity.ERROR,
    absence=True,
)
FIRST = Criterion(
    id="email/request-first", question="Does the request come late?", severity=Severity.INFO
)

TEXT = "Dear Sir,\n\nKindly send the report. Please do it soon.\n"


def issue(quote, *, segment=1, kind="wrong", problem="Not plain.", instruction="Mend it."):
    """One issue."""
    return {
        "segment": segment,
        "quote": quote,
        "kind": kind,
        "problem": problem,
        "instruction": instruction,
    }


def entry(id_, verdict, *issues, evidence="looked"):
    """What is said of one criterion."""
    return {"id": id_, "evidence": evidence, "issues": list(issues), "verdict": verdict}


def as_json(*entries):
    """The reply in JSON."""
    return json.dumps({"criteria": list(entries)}, ensure_ascii=False)


def as_lines(*entries, tag=TAG):
    """The reply in tags."""
    lines = [f"<{tag}>"]
    for each in entries:
        lines += [f"[{each['id']}]", f"evidence: {each['evidence']}"]
        for one in each["issues"]:
            lines.append(f"issue: {one['segment']} {one['kind']}")
            words = " ".join(one["quote"].split("\n"))
            lines += [f"quote: {words}", f"problem: {one['problem']}"]
            lines.append(f"instruction: {one['instruction']}")
        lines.append(f"verdict: {each['verdict']}")
    return "\n".join([*lines, f"</{tag}>"])


def as_reading(*entries, tag=TAG):
    """The reply of one reading; an issue's `fix` or `needs` may be missing."""
    name = tag.replace("reply", "fix")
    lines = [f"<{tag}>"]
    for each in entries:
        lines.append(f"[{each['id']}] {each['verdict']}")
        for one in each["issues"]:
            lines += [f"issue: {one['segment']} {one['kind']}", f"quote: {one['quote']}"]
            lines.append(f"problem: {one['problem']}")
            lines += [f"needs: {one['needs']}"] if "needs" in one else []
            lines += [f"<{name}>", one["fix"], f"</{name}>"] if "fix" in one else []
    return "\n".join([*lines, f"</{tag}>"])


def answered(text, form="json", finish="stop"):
    """A whole reply, as the loop is sent it."""
    return Answered(text=text, form=form, finish=finish, cost=Cost(calls=1))
