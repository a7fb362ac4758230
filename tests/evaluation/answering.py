"""Owns a model that answers from a list, and items for it."""

import asyncio
import json

from self_refine.evaluation.arms import technique
from self_refine.evaluation.items import read_item
from self_refine.loop.requests import Answered, Failed
from self_refine.loop.task import Task
from self_refine.loop.types import Cost
from self_refine.runs.driver import Job, drive
from self_refine.runs.outgoing.clearance import Cleared


class FakeModel:
    """Gives its replies in order; the last one again where there are no more."""

    host = "127.0.0.1"

    def __init__(self, *replies, finish="stop", name="fake"):
        self.replies, self.finish, self.name, self.asked = list(replies), finish, name, []

    async def complete(self, call, on_text, **_):
        self.asked.append("".join(m.content for m in call.messages) + call.task)
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, Failed):
            return reply
        cost = Cost(calls=1, input_tokens=len(self.asked[-1]) // 4, output_tokens=len(reply) // 4)
        return Answered(text=reply, form="tagged", finish=self.finish, cost=cost)

    async def close(self):
        pass


def item(id_="one", draft="Hello Ann, send it.", **more):
    values = {
        "id": id_,
        "draft": draft,
        "brief": "A short note.",
        "criteria": [
            {"id": "by-when", "question": "Does it say by when?", "fix": "Say: by Friday."},
            {"id": "name", "question": "Is the reader greeted by name?"},
        ],
        "verifiers": [
            {"criterion": "by-when", "kind": "regex", "pattern": "Friday", "require": True},
            {"criterion": "name", "kind": "regex", "pattern": "Ann", "require": True},
        ],
        "faults": [{"start": 18, "end": 18}] if len(draft) >= 18 else [],
        "must_keep": [words for words in ("Ann", "send") if words in draft],
    }
    return read_item(json.dumps(values | more))


def run(arm, model, **changed):
    """The outcome of one arm on one item."""
    one = item(**changed)
    task = Task(text=one.draft, criteria=one.criteria, has_model=True, seed="0" * 32)

    async def driven():
        job = Job(task=task, checks=(), cleared=Cleared())
        return await drive(job, model, technique=technique(arm, one))

    return asyncio.run(driven())
