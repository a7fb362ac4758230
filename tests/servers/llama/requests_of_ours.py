"""Our requests to llama.cpp's own server: schemas, streams, its cache, its limits, its ends.

The model is of random weights: what it writes is nonsense, within what a schema allows.
"""

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import time
import urllib.request
from dataclasses import replace

import pytest
from tiny_model import model as tiny_model

from self_refine.loop.requests import Answered, FailureKind
from self_refine.loop.types import StopReason
from self_refine.models.openai.openai_model import OpenAIModel
from support.asking import CALL, REWRITE, check_failed, endpoint
from support.command import Session
from support.lsp_client import LspClient

SECONDS = 30
STOPS = {reason.value for reason in StopReason}


class Llama:
    """A server with one model; `get` reads what it tells of itself."""

    def __init__(self, file, *more):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/v1"
        own = ("--host", "127.0.0.1", "--port", str(self.port), "--alias", "tiny", "-t", "1")
        command = (os.environ["LLAMA_SERVER"], "-m", str(file), *own, "--jinja", "--slots", *more)
        # Its log goes to a file: a pipe that nobody reads would stop it.
        self.log = file.with_suffix(".log").open("wb")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log)

    def get(self, path):
        """The JSON at a path; raises OSError where nobody answers, or not with success."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
            return json.load(answer)

    def is_ready(self):
        """Whether its model is loaded."""
        with contextlib.suppress(OSError):
            return self.get("/health")["status"] == "ok"
        return False

    def is_idle(self):
        """Whether it works on nothing."""
        return not any(slot["is_processing"] for slot in self.get("/slots"))

    def close(self):
        """End it, and wait until it has."""
        self.process.kill()
        self.process.wait()
        self.log.close()


def until(what, holds):
    """Ask again and again: another process has nothing else that could be waited on."""
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline, f"not within {SECONDS} s: {what}"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    """Starts servers; all end with the module."""
    started = []

    def start(*more, endless=False):
        file = tmp_path_factory.mktemp("llama") / "tiny.gguf"
        file.write_bytes(tiny_model(endless=endless))
        started.append(Llama(file, *more))
        until("llama-server is ready", started[-1].is_ready)
        return started[-1]

    yield start
    for each in started:
        each.close()


@pytest.fixture(scope="module")
def llama(start):
    return start("-c", "32768", "-np", "1")


@pytest.fixture(scope="module")
def endless(start):
    return start("-c", "32768", "-np", "1", endless=True)


@pytest.fixture
def session(tmp_path):
    for name in ("work", "home"):
        (tmp_path / name).mkdir()
    return Session(tmp_path / "work", tmp_path / "home")


async def asked(served, call, hear=lambda *_: None):
    model = OpenAIModel(endpoint(served.url, model="tiny"), "tiny")
    try:
        return await model.complete(call, hear)
    finally:
        await model.close()


def traced(session, *, newest=False):
    """The records of the one run that a desk has seen, or of the last one."""
    found = (session.home / "state").rglob("*.jsonl")
    traces = sorted(found, key=lambda path: path.stat().st_mtime_ns)
    assert newest or len(traces) == 1
    trace = traces[-1]
    return [json.loads(line) for line in trace.read_text(encoding="utf-8").splitlines()]


def test_doctor_finds_the_only_model_and_sees_that_it_keeps_to_a_schema(session, llama):
    ran = session.run(command="doctor", OPENAI_BASE_URL=llama.url)

    assert 0 == ran.code, ran.err
    assert f"model: tiny at 127.0.0.1:{llama.port}, from baseUrl; the only model" in ran.out
    assert "it kept to a JSON schema" in ran.out


def test_a_run_ends_with_a_text_that_nothing_is_lost_of(session, llama):
    """A critic that talks nonsense is unreliable at worst; the fixes of checks are kept."""
    ran = session.run("mail.md", "--json", OPENAI_BASE_URL=llama.url)

    assert ran.code in {0, 1}, ran.err
    assert "tiny" == ran.json["model"]
    assert ran.json["stop_reason"] in STOPS
    assert (
        "Hello Ann,\n\nTo ship on time, we utilise the old plan.\n\nBest,\nBo\n"
        == (ran.json["text"])
    )
    assert 0 < ran.json["cost"]["cached_tokens"] < ran.json["cost"]["input_tokens"]


async def test_a_critique_is_json_that_its_schema_allows(llama):
    """Streamed piece by piece; what came whole is what was heard."""
    heard = []
    answer = await asked(llama, CALL, lambda words, form: heard.append((words, form)))

    assert isinstance(answer, Answered), answer
    assert ("json", "stop") == (answer.form, answer.finish)
    assert answer.text == "".join(words for words, _ in heard)
    assert {"json"} == {form for _, form in heard}
    ids = [entry.get("id") for entry in json.loads(answer.text).get("criteria", [])]
    assert set(ids) <= {"a/plain", "a/short", None}


async def test_a_call_about_the_same_version_is_in_its_cache_up_to_the_task(llama):
    """What `docs/loop.md` promises of prefixes, by the count of a real server."""
    first = await asked(llama, CALL)
    again = await asked(llama, replace(CALL, task="Another task altogether."))

    assert first.cost.input_tokens > 0
    shared = len("".join(message.content for message in CALL.messages))
    # A character is a token of this model; the roles of the template come on top.
    assert again.cost.cached_tokens >= shared
    assert again.cost.cached_tokens < again.cost.input_tokens


def test_every_later_call_of_a_run_finds_its_beginning_in_the_cache(session, llama):
    """The system's words and the criteria at the least; measured, call by call."""
    session.run("mail.md", OPENAI_BASE_URL=llama.url)
    calls = [r["call"] for r in traced(session) if r["event"] == "ask"]
    costs = [r["reply"]["cost"] for r in traced(session) if r["event"] == "reply"]

    assert len(calls) == len(costs) > 1
    for call, cost in zip(calls[1:], costs[1:], strict=True):
        assert cost["cached_tokens"] >= len(call["messages"][0]["content"])


def test_the_next_run_finds_the_criteria_in_the_cache(session, llama):
    """Another text, the same criteria: what stands before the text has been read before."""
    session.run("mail.md", OPENAI_BASE_URL=llama.url)
    session.put("other.md", "Hello Bo,\n\nWe utilise another plan.\n")
    session.run("other.md", OPENAI_BASE_URL=llama.url)

    records = traced(session, newest=True)
    first = next(r["call"] for r in records if r["event"] == "ask")
    cost = next(r["reply"]["cost"] for r in records if r["event"] == "reply")
    system, user = (message["content"] for message in first["messages"])
    criteria, end, _ = user.partition("\n</criteria-")
    assert end
    assert cost["cached_tokens"] >= len(system + criteria)


async def test_a_reply_that_runs_into_its_limit_says_so(endless):
    answer = await asked(endless, replace(REWRITE, max_output_tokens=200))

    assert isinstance(answer, Answered), answer
    assert "length" == answer.finish
    assert 200 == answer.cost.output_tokens


async def test_a_cancel_is_seen_by_the_server_at_once(endless):
    """Its slot is free again, though the reply had thousands of words to go."""
    model, words = OpenAIModel(endpoint(endless.url, model="tiny"), "tiny"), asyncio.Event()
    long = replace(REWRITE, max_output_tokens=16_000)
    call = asyncio.create_task(model.complete(long, lambda *_: words.set()))
    await words.wait()
    assert not await asyncio.to_thread(endless.is_idle)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call

    await asyncio.to_thread(until, "the slot is free", endless.is_idle)
    await model.close()


async def test_a_text_that_is_too_long_for_the_model_is_a_sentence(start):
    """The server's refusal, in our words: what, where, what next."""
    small = start("-c", "512", "-np", "1")
    answer = await asked(small, replace(CALL, task="word " * 400))

    check_failed(answer, FailureKind.TOO_LONG, "127.0.0.1", "tiny")


async def test_a_server_that_dies_in_the_middle_is_a_sentence(start):
    """Cut off while it spoke, gone when it is tried again."""
    mortal = start("-c", "32768", "-np", "1", endless=True)
    model = OpenAIModel(endpoint(mortal.url, model="tiny"), "tiny")
    long = replace(REWRITE, max_output_tokens=16_000)
    answer = await model.complete(long, lambda *_: mortal.process.kill())
    await model.close()

    assert answer.kind in {FailureKind.UNREACHABLE, FailureKind.OTHER}, answer
    check_failed(answer, answer.kind, "127.0.0.1")


def test_a_critique_in_an_editor_ends_and_changes_nothing(session, llama):
    """The language server itself, over its pipes, with the real model server behind it."""
    env = session.environment(OPENAI_BASE_URL=llama.url)
    uri = (session.folder / "mail.md").as_uri()
    with LspClient.start(env=env) as client:
        client.initialize(folders=[session.folder])
        text = session.read().decode()
        client.open(uri, text)
        client.command("critique", {"uri": uri, "range": client.range(uri, 0, len(text))})
        client.wait(lambda: "end" in {value["kind"] for value in client.progress()})

        assert text == client.text(uri)
        assert [] == client.sent("workspace/applyEdit")
        assert 0 == client.leave()
