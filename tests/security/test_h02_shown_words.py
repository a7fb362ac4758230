"""Hole 2: links and escapes of others reached people in messages, questions, progress and logs."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from self_refine.editor.background_tasks import BackgroundTasks
from self_refine.editor.rpc.capabilities import Capabilities
from self_refine.editor.rpc.client import Client
from self_refine.editor.rpc.outgoing_requests import Ok
from self_refine.editor.runs.run_progress import Progress
from self_refine.text.foreign import MOST, inert
from self_refine.text.invisible import invisible

HOSTILE = (
    "[open](command:workbench.action.terminal.sendSequence?x) \x1b[31mred\x1b]0;title\x07 "
    "\u202eevil\u2066 zero\u200bwidth [a]: https://evil.test " + "x" * 5_000
)


def check(words):
    assert "](" not in words
    assert invisible(words) == ()
    assert "\x1b" not in words
    assert len(words) <= MOST


class Link:
    """Keeps what would be sent."""

    def __init__(self):
        self.sent = []

    def notify(self, method, params=None):
        self.sent.append((method, params))

    async def ask_client(self, method, params, _seconds):
        self.sent.append((method, params))
        return Ok(None)


@pytest.fixture
def link():
    return Link()


@pytest.fixture
def client(link):
    return Client(link, lambda: Capabilities(progress=True), BackgroundTasks())


@pytest.mark.parametrize("way", ["show", "log", "ask", "choose"])
def test_h02_every_message_of_the_client_is_inert(client, link, way):
    """Whatever stands in a sentence: the filter is where all of them go out."""
    match way:
        case "ask":
            asyncio.run(client.ask(HOSTILE, yes="y", no="n"))
        case "choose":
            asyncio.run(client.choose(HOSTILE, ["a"]))
        case _:
            getattr(client, way)(HOSTILE)
    [(_, params)] = link.sent
    check(params.message)


def test_h02_progress_is_inert(client, link):
    """The name of a model that an endpoint lists goes there."""

    async def shown():
        progress = Progress(client, "t")
        await progress.begin(HOSTILE, HOSTILE)
        progress.report(f"pass 1 {HOSTILE}")
        progress.end(f"{HOSTILE} ")

    asyncio.run(shown())
    values = [params.value for method, params in link.sent if method == "$/progress"]
    assert len(values) == 3
    for value in values:
        check(value.message)
    check(values[0].title)


@given(st.text())
def test_h02_any_words_become_inert(words):
    check(inert(words))


@given(st.text(alphabet=st.characters(categories=("L", "N", "P", "Zs"), max_codepoint=0x24F)))
def test_h02_ordinary_words_stay_as_they_are(words):
    """But for what begins a link."""
    if "](" not in words and len(words) <= MOST and "\xad" not in words:
        assert inert(words) == words
