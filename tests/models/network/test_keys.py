"""Where a key is kept, and where it and the user's headers may go (H7, S1): real sockets."""

import logging
import os
import sys
import types
from pathlib import Path

import pytest

from self_refine.models.choose_model import resolve
from self_refine.models.endpoint_settings import BadSetting, NoModel, critic_endpoint, endpoint_from
from self_refine.models.network.references import NotThere, fetched
from self_refine.models.openai.endpoint import Endpoint
from self_refine.models.presets import PRESETS, preset_at
from self_refine.runs.run_models import connected
from self_refine.settings import KEYS, Settings
from self_refine.sources import load
from support.asking import CALL, KEY
from support.scripted import Scripted

CORP, EVIL = "https://corp.example/v1", "https://evil.test/v1"
PRINTS = [sys.executable, "-c", f"print('{KEY}')"]


def whole(environ=None, config=None, options=None, tmp_path=None):
    """The endpoint as it is asked, from these sources; or the sentence that says why not."""
    path = Path("no-such-folder/config.toml")
    if config is not None:
        path = tmp_path / "config.toml"
        path.write_text(config, encoding="utf-8")
    loaded = load(environ=environ or {}, config=path, options=options)
    assert loaded.problems == ()
    made = endpoint_from(loaded.settings, environ or {})
    return fetched(made, environ or {}) if isinstance(made, Endpoint) else made


@pytest.fixture
def keyring(monkeypatch):
    """A keyring of the system, with one entry of ours."""
    entries = {("self-refine", "work"): f" {KEY}\n"}
    fake = types.ModuleType("keyring")
    fake.get_password = lambda service, name: entries.get((service, name))
    monkeypatch.setitem(sys.modules, "keyring", fake)
    return fake


@pytest.mark.usefixtures("keyring")
@pytest.mark.parametrize(
    "options",
    [{"keyFrom": "env:CORP_KEY"}, {"keyFrom": "keyring:work"}, {"keyCommand": PRINTS}],
    ids=["variable", "keyring", "command"],
)
def test_a_key_is_fetched_from_where_it_is_kept(options):
    """For the endpoint beside it; before OPENAI_API_KEY, which is for another."""
    environ = {"CORP_KEY": KEY, "OPENAI_API_KEY": "sk-of-openai"}
    made = whole(environ, options=options | {"baseUrl": CORP})

    assert KEY == made.key
    assert KEY not in repr(made)


@pytest.mark.parametrize(
    "given", ['keyFrom = "env:CORP_KEY"', f"keyCommand = {PRINTS!r}"], ids=["from", "command"]
)
@pytest.mark.parametrize(
    ("beside", "variable", "goes"),
    [
        (f'baseUrl = "{CORP}"', None, True),
        (f'baseUrl = "{CORP}"', f"{CORP}/", True),
        (f'baseUrl = "{CORP}"', EVIL, False),
        ('provider = "groq"', EVIL, False),
        ('provider = "azure"', EVIL, False),
        ("", EVIL, False),  # named beside nothing: it is OpenAI's
        ("", None, True),
        (f'baseUrl = "{CORP}"', "http://127.0.0.1:9999/v1", False),
    ],
)
def test_h07_a_kept_key_goes_to_the_endpoint_beside_it(tmp_path, given, beside, variable, goes):
    """Another source that names another endpoint does not lead it away."""
    environ = {"CORP_KEY": KEY} | ({"OPENAI_BASE_URL": variable} if variable else {})
    made = whole(environ, f"{given}\n{beside}\n", tmp_path=tmp_path)

    assert isinstance(made, Endpoint), made
    assert (KEY if goes else None) == made.key
    assert goes or "write keyFrom beside the baseUrl" in made.key_withheld


@pytest.mark.parametrize(
    ("beside", "variable", "goes"),
    [(f'baseUrl = "{CORP}"', None, True), (f'baseUrl = "{CORP}"', EVIL, False), ("", EVIL, False)],
)
def test_h07_headers_go_to_the_endpoint_beside_them(tmp_path, beside, variable, goes):
    """They may hold a secret: an endpoint that they were not set for is not asked."""
    environ = {"TOKEN": KEY} | ({"OPENAI_BASE_URL": variable} if variable else {})
    config = f'{beside}\nextraHeaders = {{ "X-Token" = "env:TOKEN" }}\n'
    made = whole(environ, config, tmp_path=tmp_path)

    if goes:
        assert {"X-Token": KEY} == made.secrets.headers
    else:
        assert isinstance(made, BadSetting)
        assert "nothing is sent there" in made.message
    assert KEY not in repr(made)


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"keyFrom": "env:NOT_SET"}, "the variable NOT_SET, which is not set"),
        ({"keyFrom": "sk-itself"}, "must be env:NAME or keyring:NAME"),
        ({"keyFrom": "keyring:other"}, "keyring set self-refine other"),
        ({"keyCommand": ["no-such-program-here"]}, "'no-such-program-here' was not found"),
        ({"keyCommand": [sys.executable, "-c", "raise SystemExit(3)"]}, "ended with 3"),
        ({"keyCommand": [sys.executable, "-c", "pass"]}, "printed nothing"),
        ({"keyCommand": [sys.executable, "-c", "print('two words')"]}, "characters that no key"),
        ({"extraHeaders": {"Host": "evil.test"}}, "cannot set Host"),
        ({"extraHeaders": {"X-A": "one\r\nX-B: two"}}, "no header has"),
        ({"extraHeaders": {"X A": "one"}}, "no name of a header"),
        ({"extraHeaders": {"X-A": "env:NOT_SET"}}, "extraHeaders.X-A names the variable"),
    ],
)
@pytest.mark.usefixtures("keyring")
def test_what_cannot_be_fetched_is_said(options, part):
    """Which setting, what is wrong, what next; no value that may be a secret."""
    made = whole(options={"baseUrl": CORP} | options)

    assert isinstance(made, NotThere), made
    assert part in made.message
    assert "sk-itself" not in made.message
    assert "two words" not in made.message


def test_without_the_package_of_the_keyring(monkeypatch):
    """It is optional: the sentence says what to install."""
    monkeypatch.setitem(sys.modules, "keyring", None)
    made = whole(options={"baseUrl": CORP, "keyFrom": "keyring:work"})

    assert "pip install keyring" in made.message


def test_a_command_runs_outside_of_the_workspace(tmp_path, monkeypatch):
    """A program in the folder of the repository is not found, and none is run there."""
    planted = tmp_path / "corp-key"
    planted.write_text(f"#!/bin/sh\necho {KEY}\n", encoding="utf-8")
    planted.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", os.pathsep.join([".", "", os.environ["PATH"]]))
    found = whole(options={"baseUrl": CORP, "keyCommand": ["corp-key"]})
    where = [sys.executable, "-c", "import os; print(os.getcwd())"]

    assert isinstance(found, NotThere)
    assert whole(options={"baseUrl": CORP, "keyCommand": where}).key == str(Path.home())


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_names_its_endpoint_and_its_variable(name):
    """Its key goes there, and OPENAI_API_KEY to no other than OpenAI."""
    preset = PRESETS[name]
    environ = {"OPENAI_API_KEY": "sk-of-openai"}
    if preset.variable:
        environ[preset.variable] = KEY
    options = {"provider": name}
    if preset.base_url is None:
        assert "has an address: write it in baseUrl" in whole(environ, options=options).message
        options["baseUrl"] = "https://mine.openai.azure.com/openai/v1"
    made = whole(environ, options=options)
    without = whole({"OPENAI_API_KEY": "sk-of-openai"}, options=options)

    assert isinstance(made, Endpoint), made
    if preset.variable:
        assert (KEY, None) == (made.key, without.key)
        assert f"set {preset.variable}" in without.key_withheld
    elif name == "openai":
        assert "sk-of-openai" == made.key
    else:
        assert made.address.loopback
        assert (None, None) == (made.key, without.key)


@pytest.mark.parametrize(
    ("options", "variable", "host"),
    [
        ({"provider": "groq"}, EVIL, "api.groq.com"),  # the later source names the endpoint
        ({"baseUrl": CORP}, EVIL, "corp.example"),
        ({}, EVIL, "evil.test"),
    ],
)
def test_a_preset_and_a_url_of_two_sources_are_not_mixed(tmp_path, options, variable, host):
    """Whichever came last; nothing of the other's is sent there."""
    environ = {"OPENAI_BASE_URL": variable, "MISTRAL_API_KEY": KEY}
    made = whole(environ, 'provider = "mistral"\n', options, tmp_path)

    assert (host, None) == (made.address.host, made.key)


def test_the_variable_of_a_provider_goes_to_its_own_host_alone():
    """A URL that is the provider's is known as its own; one beside a preset must be https."""
    environ = {"GROQ_API_KEY": KEY}
    known = whole(environ, options={"baseUrl": "https://api.groq.com/openai/v1"})
    local = whole(environ, options={"provider": "groq", "baseUrl": "http://127.0.0.1:9/v1"})

    assert (KEY, None) == (known.key, local.key)
    assert preset_at("api.groq.com.evil.test", "https://api.groq.com.evil.test/v1") is None
    assert preset_at("evil-openai.azure.com.test", "https://x/v1") is None


async def test_headers_and_query_reach_the_endpoint_and_no_log(caplog):
    """As gateways and Azure's deployments want them."""
    caplog.set_level(logging.DEBUG)
    with Scripted() as served:
        options = {
            "baseUrl": served.url, "model": "scripted-1", "apiKey": KEY, "apiKeyFor": served.url,
            "extraHeaders": {"X-Team": "docs", "X-Token": "env:TOKEN"},
            "extraQuery": {"api-version": "2024-10-21"},
        }  # fmt: skip
        model = await resolve(whole({"TOKEN": "tok-77"}, options=options))
        await model.complete(CALL, lambda words, form: None)
        await model.close()
        (request,) = served.requests

    assert ("docs", "tok-77") == (request.headers["x-team"], request.headers["x-token"])
    assert request.path == "/v1/chat/completions?api-version=2024-10-21"
    assert "tok-77" not in caplog.text


async def test_what_a_server_echoes_of_a_header_is_not_repeated():
    """The secret of a header is guarded as the key is."""
    echo = {"status": 400, "body": {"error": {"message": "bad token tok-77-long"}}}
    with Scripted([echo]) as served:
        options = {"baseUrl": served.url, "model": "m", "extraHeaders": {"X-Token": "tok-77-long"}}
        model = await resolve(whole(options=options))
        answer = await model.complete(CALL, lambda words, form: None)
        await model.close()

    assert "HTTP 400" in answer.message
    assert "tok-77" not in answer.message


@pytest.mark.parametrize(
    ("key", "header"), [("abc123", "api-key"), ("eyJhbGciOi.e30.c2ln", "authorization")]
)
async def test_azure_takes_keys_and_tokens_each_in_its_header(key, header):
    """Keys of the portal in `api-key`, tokens of the sign-in as everywhere."""
    options = {"provider": "azure", "baseUrl": "https://me.openai.azure.com/openai/v1"}
    made = whole({"AZURE_OPENAI_API_KEY": key}, options=options)
    from self_refine.models.openai.guarded_transport import GuardedTransport  # noqa: PLC0415

    transport = GuardedTransport(made)
    headers = transport._headers(__import__("httpx2").Headers())
    await transport.aclose()

    assert key in headers[header]
    assert 1 == sum(key in value for value in headers.values())


@pytest.fixture
def two():
    with Scripted(models=("writer",)) as writer, Scripted(models=("judge",), key=KEY) as critic:
        yield writer, critic


async def test_two_models_at_two_endpoints(two, monkeypatch):
    """Each hears its own key alone; who names no key for the other is told what to set."""
    writer, critic = two
    monkeypatch.setenv("JUDGE_KEY", KEY)
    settings = Settings(
        base_url=writer.url, model="writer", api_key="sk-of-the-writer",
        critic_model="judge", critic_base_url=critic.url, critic_key_from="env:JUDGE_KEY",
    )  # fmt: skip
    async with connected(settings, on_note=lambda _: None) as pair:
        await pair.writer.complete(CALL, lambda words, form: None)
        await pair.critic.complete(CALL, lambda words, form: None)

    assert {"Bearer sk-of-the-writer"} == {r.headers["authorization"] for r in writer.asked}
    assert {f"Bearer {KEY}"} == {r.headers["authorization"] for r in critic.asked}


@pytest.mark.parametrize(
    ("writer", "critic", "environ", "key_from"),
    [
        (CORP, f"{CORP}/other", {}, None),  # one origin: the writer's key
        (CORP, EVIL, {"OPENAI_API_KEY": KEY}, None),
        (CORP, "groq", {"GROQ_API_KEY": "g"}, "env:GROQ_API_KEY"),
        (CORP, "openai", {"OPENAI_API_KEY": "o"}, "env:OPENAI_API_KEY"),
        (CORP, "ollama", {"OPENAI_API_KEY": "o"}, None),
    ],
)
def test_h07_the_critics_key(writer, critic, environ, key_from):
    """Nothing that was set for the writer's endpoint goes to another origin."""
    settings = Settings(base_url=writer, model="w", api_key=KEY, critic_model="c",
                        critic_base_url=critic, extra_headers={"X-T": "t"})  # fmt: skip
    first = endpoint_from(settings, {})
    other = critic_endpoint(settings, first, environ)
    same = other.address.origin == first.address.origin

    assert (KEY if same else None) == other.key
    assert ({"X-T": "t"} if same else {}) == other.secrets.headers
    assert key_from == other.secrets.key_from


@pytest.mark.parametrize(
    ("critic", "model", "part"),
    [(CORP, None, "criticModel names no model"), ("azure", "c", "write its URL"),
     ("http://10.0.0.5/v1", "c", "criticBaseUrl would send your text")],
)  # fmt: skip
def test_a_critic_that_cannot_be_meant(critic, model, part):
    """The setting is named as the user wrote it."""
    settings = Settings(base_url=CORP, critic_base_url=critic, critic_model=model)
    made = critic_endpoint(settings, endpoint_from(settings, {}))

    assert isinstance(made, BadSetting)
    assert part in made.message


def test_s1_all_of_it_is_the_users():
    """No setting of this page may come from a workspace (`test_settings_scope` tries each)."""
    ours = {"provider", "criticBaseUrl", "keyFrom", "criticKeyFrom", "keyCommand", "extraHeaders",
            "extraQuery", "proxy", "noProxy", "caFile", "caSystem", "clientCertificate",
            "allowHttp"}  # fmt: skip

    assert {"user"} == {key.scope for key in KEYS if key.name in ours}
    assert ours <= {key.name for key in KEYS}


def test_nobody_is_asked_where_only_network_settings_stand():
    """A proxy alone names no model."""
    assert isinstance(whole(options={"proxy": "http://proxy:1"}), NoModel)
