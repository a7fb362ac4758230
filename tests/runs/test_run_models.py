"""Which models a run has: the user's, else the editor's, else none."""

import socket

import pytest

from self_refine.errors import ModelError, UsageError
from self_refine.models.editor_model import EditorModel
from self_refine.models.openai import server_state
from self_refine.models.worker_loop import WorkerLoop, WorkerModel
from self_refine.runs import run_models
from self_refine.runs.run_models import Pair, connected
from self_refine.settings import Settings
from support.rule import Rule
from support.scripted import Scripted


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch):
    server_state.forget()

    async def nobody():
        return ()

    # What runs on the usual ports of this machine is none of the tests' business.
    monkeypatch.setattr(run_models, "offers", nobody)


@pytest.fixture
def server():
    with Scripted(rule=Rule(), key="sk-right") as served:
        yield served


async def names(settings, **options):
    """The models of a run, by name, and the notes."""
    notes = []
    async with connected(settings, on_note=notes.append, **options) as pair:
        named = tuple(m and m.name for m in (pair.writer, pair.critic))
    return named, notes


async def test_a_model_that_is_named_is_not_looked_up(server):
    """Nothing is sent before the first call."""
    found = await names(Settings(base_url=server.url, model="big", api_key="sk-right"))

    assert found == (("big", None), [])
    assert server.requests == []


async def test_the_only_model_of_a_server_is_taken(server):
    """Without a name, the one that it lists."""
    settings = Settings(base_url=server.url, api_key="sk-right")
    assert await names(settings) == (("scripted-1", None), [])


async def test_another_model_may_judge(server):
    """`criticModel` at the same server; the same name is no other model."""
    one = Settings(base_url=server.url, model="big", critic_model="small")
    same = Settings(base_url=server.url, model="big", critic_model="big")

    assert (await names(one))[0] == ("big", "small")
    assert (await names(same))[0] == ("big", None)


async def test_models_work_on_the_thread_that_they_are_given(server):
    """They are looked up, asked and closed there; the models are the same."""
    worker_loop = WorkerLoop()
    settings = Settings(base_url=server.url, api_key="sk-right", critic_model="small")
    assert await names(settings, worker_loop=worker_loop) == (("scripted-1", "small"), [])
    with pytest.raises(UsageError, match="unencrypted"):
        await names(Settings(base_url="http://evil.test/v1"), worker_loop=worker_loop)
    with pytest.raises(ModelError, match="Wrong key"):
        await names(Settings(base_url=server.url, api_key="sk-wrong"), worker_loop=worker_loop)
    async with connected(settings, on_note=lambda _: None, worker_loop=worker_loop) as pair:
        assert {type(pair.writer), type(pair.critic)} == {WorkerModel}
    await worker_loop.close()


async def test_several_models_and_no_name_are_a_setting_to_mend(server):
    """The sentence lists them, and where to name one."""
    server.models = ["a", "b"]
    with pytest.raises(UsageError, match=r"lists 2 models: a, b\. Name one in OPENAI_MODEL"):
        await names(Settings(base_url=server.url, api_key="sk-right"))

    server.models = []
    with pytest.raises(UsageError, match="lists no model"):
        await names(Settings(base_url=server.url, api_key="sk-right"))


async def test_a_wrong_key_shows_before_the_run(server):
    """Where the server is asked for its models: a model that failed, not a setting."""
    with pytest.raises(ModelError, match="Wrong key"):
        await names(Settings(base_url=server.url, api_key="sk-wrong"))


async def test_a_server_that_is_not_there(server):
    """The same for one that cannot be reached."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(ModelError, match="Is the server running"):
        await names(Settings(base_url=f"http://127.0.0.1:{port}/v1"))


async def test_an_address_that_is_not_safe_is_a_setting():
    """Before anything is sent."""
    with pytest.raises(UsageError, match="unencrypted"):
        await names(Settings(base_url="http://evil.test/v1"))


async def test_nobody_is_asked_where_nothing_is_set(monkeypatch):
    """No model, and what runs on this machine is offered in a sentence, never used."""

    class Found:
        sentence = "llama.cpp answers at 127.0.0.1:8080; to use it set …"

    async def somebody():
        return (Found,)

    monkeypatch.setattr(run_models, "offers", somebody)
    assert await names(Settings()) == ((None, None), [Found.sentence])


async def test_the_editors_model_answers_where_the_user_named_none(server):
    """It comes after the user's own settings, and before nobody."""

    async def ask(_question, _on_chunk):
        raise AssertionError

    lent = EditorModel(ask, name="lent")
    assert await names(Settings(), editor=lent) == (("lent", None), [])
    settings = Settings(base_url=server.url, model="big")
    assert await names(settings, editor=lent) == (("big", None), [])


def test_a_pair_has_no_critic_unless_one_is_named():
    """The writer judges then."""
    assert Pair(None) == Pair(None, None)
