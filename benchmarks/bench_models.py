"""Measures a run against a model server: our own share of its time, and the first finding."""

import asyncio
import json
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from rows import Row, at_most

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from self_refine.criteria.applying import Target  # noqa: E402
from self_refine.criteria.choose_criteria import Chosen, choose  # noqa: E402
from self_refine.criteria.finding.discover import shipped  # noqa: E402
from self_refine.loop.requests import Answered, Call, Failed  # noqa: E402
from self_refine.loop.types import StopReason  # noqa: E402
from self_refine.models.base import Model, OnText  # noqa: E402
from self_refine.models.client_loading import imported  # noqa: E402
from self_refine.models.openai.openai_model import OpenAIModel  # noqa: E402
from self_refine.runs.driver import drive  # noqa: E402
from self_refine.runs.events import Event, Seen  # noqa: E402
from self_refine.runs.outgoing.clearance import Cleared  # noqa: E402
from self_refine.runs.prepare import RunOptions, Selection, prepare  # noqa: E402
from self_refine.runs.run_models import connected  # noqa: E402
from self_refine.runs.trace import open_trace  # noqa: E402
from self_refine.settings import Settings  # noqa: E402
from self_refine.text.spans import Span  # noqa: E402
from support.rule import Rule  # noqa: E402
from support.scripted import Scripted  # noqa: E402

EMAIL = ROOT / "examples" / "status-email.md"
TOKENS_A_SECOND = 100
_WHOLE = Target(language="markdown", path=None, covers_document=True)

FAULTS = {
    "email/clear-request": [
        ("It would be appreciated if somebody on your side could confirm the window",
         "Please confirm the window by Friday"),
    ],
    "email/repeats-itself": [
        ("which describes the window of four hours", "which has the details"),
    ],
    "email/too-formal": [
        ("is progressing in accordance with expectations", "is on track"),
        ("Please reach out should any questions arise", "Ask me"),
    ],
}  # fmt: skip


class Colleague(Rule):
    """A critic with something to say of three criteria, as long as a model's, and its writer."""

    def _judged(self, id_: str, text: str, flagged: bool) -> dict[str, Any]:  # noqa: ARG002, FBT001 - as `Rule` has it
        found = [pair for pair in FAULTS.get(id_, ()) if pair[0] in text]
        issues = [
            {
                "segment": 1,
                "quote": quote,
                "kind": "wrong",
                "problem": "A colleague would not write this, and the reader has to read it twice.",
                "instruction": f"Write {words!r} in its place, and leave the rest as it is.",
            }
            for quote, words in found
        ]
        evidence = "Looked at each sentence of the email for a place that the question is about."
        verdict = "fail" if issues else "pass"
        return {"id": id_, "evidence": evidence, "issues": issues, "verdict": verdict}

    def swapped(self, text: str) -> str:
        for quote, words in (pair for pairs in FAULTS.values() for pair in pairs):
            text = text.replace(quote, words)
        return text


class Watched:
    """A model that notes when its calls begin and end."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.name, self.host = model.name, model.host
        self.calls: list[tuple[str, float, float]] = []

    async def complete(self, call: Call, on_text: OnText, **options: Any) -> Answered | Failed:
        began = time.perf_counter()
        answer = await self._model.complete(call, on_text, **options)
        assert isinstance(answer, Answered), answer
        self.calls.append((call.purpose, began, time.perf_counter()))
        return answer

    async def close(self) -> None:
        await self._model.close()


def rows() -> list[Row]:
    """P9 and P11, each from one run on `examples/status-email.md`; the better of two."""
    with Scripted(rule=Colleague(), seconds_per_token=1 / TOKENS_A_SECOND) as server:
        runs = [asyncio.run(_run(server)) for _ in range(2)]
        bodies = [r.body for r in server.asked[: len(server.asked) // 2]]
        bare = sum(_bare(server.url, body) for body in bodies)
    wall = min(run[0] for run in runs)
    first, whole = min((run[1:] for run in runs), key=lambda pair: pair[0] / pair[1])
    share = at_most(
        "P9",
        "the whole run",
        max(0.0, wall - bare) * 1000,
        wall * 1000,
        0.02,
        note=f"what a run of {len(bodies)} calls takes beyond a bare client that asks the same",
    )
    return [share, at_most("P11", "the whole critique", first * 1000, whole * 1000, 0.3)]


async def _run(server: Scripted) -> tuple[float, float, float]:
    """Seconds of the run, from the first critique to its first finding, and to its end."""
    settings = Settings(base_url=server.url, trace=True)
    text = EMAIL.read_text("utf-8")
    chosen = choose(shipped(), shipped(), _WHOLE, ("email",))
    assert isinstance(chosen, Chosen)
    async with connected(settings, on_note=print) as pair:
        await asyncio.to_thread(imported, pair.writer._endpoint)  # noqa: SLF001 - as after a first run
        assert isinstance(pair.writer, OpenAIModel)
        model = Watched(pair.writer)
        seen: list[float] = []

        def hear(event: Event) -> None:
            if isinstance(event, Seen):
                seen.append(time.perf_counter())

        selection = Selection(
            document=text, span=Span(0, len(text)), language="markdown", path=EMAIL.name
        )
        with tempfile.TemporaryDirectory() as state:
            began = time.perf_counter()
            job = prepare(selection, chosen, settings, RunOptions(), has_model=True)
            job = replace(job, cleared=Cleared())
            trace = open_trace(Path(state), "bench")
            outcome = await drive(
                job,
                model,
                on_event=hear,
                trace=trace,
            )
            trace.close()
            took = time.perf_counter() - began
    assert outcome.stop is StopReason.APPROVED, (outcome.stop, outcome.detail)
    _, asked, answered = next(call for call in model.calls if call[0] == "critique")
    return took, seen[0] - asked, answered - asked


def _bare(url: str, body: Any) -> float:
    """Seconds that the same server takes for the same request, read to its end by nobody."""
    request = Request(
        f"{url}/chat/completions",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    began = time.perf_counter()
    with urlopen(request) as response:
        while response.read(65536):
            pass
    return time.perf_counter() - began
