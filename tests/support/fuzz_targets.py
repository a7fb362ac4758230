"""What is fuzzed: each target takes bytes and raises where something does not hold.

`criteria` reads them as a criteria file, `replies` as the words of a model, `frames` as what a
client sends. `make fuzz` looks for bytes that break one, guided by coverage; `test_corpora.py`
tries the kept corpora and changed copies of them in every run of the tests.
"""

import asyncio
import json
import logging
from functools import cache
from pathlib import Path

from pygls.protocol import default_converter

from self_refine.checks.registry import run_checks
from self_refine.checks.subject import Subject
from self_refine.criteria.reading.reader import read
from self_refine.editor.features import register
from self_refine.editor.rpc.transport import Reader
from self_refine.editor.server import SelfRefineServer
from self_refine.loop.critic.replies.json_reply import JsonReader
from self_refine.loop.critic.replies.reading_reply import ReadingReader
from self_refine.loop.critic.replies.tagged_reply import TaggedReader
from self_refine.loop.requests import Answered, Ask
from support.by_hand import COST, World, run

MOST = 4_096
"""Bytes of an input: what breaks at a length breaks at this one, and time goes into variety."""


def text_of(data):
    """Any text; what is no UTF-8 becomes halves of surrogate pairs, which editors do send."""
    return data.decode("utf-8", "surrogateescape")


def criteria(data):
    """Reading gives values and problems; problems stand in the file; its checks can be run."""
    text = text_of(data)
    path = Path("/team/criteria/fuzz.criteria.md")
    reading = read(text, path, "criteria/fuzz.criteria.md")
    lines = text.splitlines() or [""]
    for problem in reading.problems:
        assert not (problem.code == "CR200" and "cannot be read:" in problem.message), problem
        assert 1 <= problem.line <= problem.end_line, problem
        assert problem.end_line <= len(lines) + text.count("\r") + 2, problem
        assert problem.message.strip(), problem
    if reading.file is not None:
        checks = reading.file.checks
        subject = Subject(text=text[:2_000], original=text[:2_000], language="markdown")
        assert len(run_checks(checks, subject)) == len(checks)


TAG = "reply-0a1b2c3d"
TEXT = "We utilise it.\n\nKindly come to the meeting, as it was agreed on in May.\n"


def replies(data):
    """A reply is read alike in any pieces; a run that hears nothing else ends, and keeps words."""
    words = text_of(data)
    for make in (JsonReader, lambda: TaggedReader(TAG), lambda: ReadingReader(TAG)):
        for cut in (False, True):
            assert heard(make(), [words], cut=cut) == heard(make(), pieces(words), cut=cut)
    world = World(faults={"a/b": ("utilise",)}, critic=lambda _call, _text: words, writes=[words])
    world.answer = tagged(words)
    outcome = run(world, TEXT)
    assert outcome.text == outcome.chosen.text
    assert len(outcome.text) < 50 * len(TEXT) + 4 * MOST


def tagged(words):
    """Replies with the tag of each call where the input has that of the corpora."""

    def answer(request, _number):
        if not isinstance(request, Ask):
            return None
        tag = request.call.tag
        suffix = tag.rpartition("-")[2]
        said = words.replace("0a1b2c3d", suffix)
        form = "tagged" if request.call.purpose != "critique" or request.call.reading else "json"
        return Answered(text=said, form=form, finish="stop", cost=COST)

    return answer


def pieces(words):
    """As a stream brings them: one by one at first, then in growing chunks."""
    at, size = 0, 1
    while at < len(words):
        yield words[at : at + size]
        at += size
        size = size % 7 + 1


def heard(reader, parts, *, cut):
    issues = [issue for part in parts for issue in reader.feed(part)]
    return issues + reader.end(cut=cut), reader.entries


class Sink:
    """Takes what a server writes."""

    def __init__(self):
        self.answers = {}
        self.last = None

    def write(self, data, *, spare=False):
        """One whole message."""
        message = json.loads(data.partition(b"\r\n\r\n")[2])
        if "method" not in message:
            key = json.dumps(message["id"])
            self.answers.setdefault(key, []).append(message)
            if message["id"] == LAST and self.last is not None and not self.last.done():
                self.last.set_result(None)

    def close(self):
        """There is nothing to close."""


LAST = "the last request of the fuzzer"
INITIALIZE = {"processId": None, "rootUri": None, "capabilities": {}}


class Complaints(logging.Handler):
    """Keeps faults of ours: a handler that failed says so in the log alone."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.kept = []

    def emit(self, record):
        if record.exc_info:
            self.kept.append(self.format(record))


@cache
def loop():
    """One loop for all inputs, and a home with nothing in it."""
    logging.getLogger("pygls").setLevel(logging.CRITICAL + 1)
    logging.getLogger("self_refine").propagate = False
    return asyncio.new_event_loop()


@cache
def converter():
    """One for all servers: making it takes a second where coverage is counted."""
    return default_converter()


def frames(data):
    """Each request is answered once, none by a fault of ours, in whatever pieces bytes come."""
    loop().run_until_complete(conversation(data))


async def conversation(data):
    server, sink, complaints = SelfRefineServer(register), Sink(), Complaints()
    server.protocol._converter = converter()
    logger = logging.getLogger("self_refine")
    logger.addHandler(complaints)
    ended = []
    server.protocol.set_writer(sink)
    reader = Reader(server.protocol.receive, ended.append)
    sink.last = asyncio.get_running_loop().create_future()
    first = {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": INITIALIZE}
    try:
        asked = []
        if not data.startswith(b"\0"):
            asked.append(first)
            reader.data_received(framed(json.dumps(first).encode()))
        for body in data.split(b"\n"):
            # A line that begins with "!" goes in as it is, without a frame round it.
            reader.data_received(body[1:] if body[:1] == b"!" else framed(body))
            asked += request_of(body)
        last = {"jsonrpc": "2.0", "id": LAST, "method": "shutdown", "params": None}
        reader.data_received(framed(json.dumps(last).encode()))
        if not ended and not any(b"!" == body[:1] for body in data.split(b"\n")):
            async with asyncio.timeout(10):
                await sink.last
            check(asked, sink)
        assert not complaints.kept, complaints.kept
    finally:
        reader.eof_received()
        logger.removeHandler(complaints)
        await server.close()


def framed(body):
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def request_of(body):
    """The message where it is a request with an id that can be answered."""
    try:
        message = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return []
    ok = (
        isinstance(message, dict)
        and "method" in message
        and isinstance(message.get("id"), str | int)
    )
    return [message] if ok and not isinstance(message["id"], bool) else []


def check(asked, sink):
    for message in asked:
        answers = sink.answers.get(json.dumps(message["id"]), [])
        same = [m for m in asked if m["id"] == message["id"]]
        assert len(answers) == len(same), (message, answers)
        for answer in answers:
            assert answer.get("error", {}).get("code") != -32603, (message, answer)


TARGETS = {"criteria": criteria, "replies": replies, "frames": frames}
