"""H7: a key goes to the origin that it was given for, and to no other."""

from pathlib import Path

import pytest

from self_refine.models.choose_model import BadSetting, NoModel, endpoint_from
from self_refine.models.openai.endpoint import Endpoint
from self_refine.settings import Settings
from self_refine.sources import load
from support.command import Session
from support.editing import editing
from support.rule import Rule
from support.scripted import Scripted

NOWHERE = Path("no-such-folder/config.toml")
ENV, STORED = "sk-of-the-environment", "sk-stored-in-an-editor"
LOCAL, OTHER = "http://127.0.0.1:11434/v1", "http://127.0.0.1:9999/v1"
CORP, EVIL, OPENAI = "https://corp.example/v1", "https://evil.test/v1", "https://api.openai.com/v1"


def endpoint(tmp_path, *, variable=None, config=None, options=None, key=ENV):
    """The endpoint of these sources."""
    path = tmp_path / "config.toml"
    path.write_text(f'baseUrl = "{config}"\n' if config else "", encoding="utf-8")
    environ = {"OPENAI_API_KEY": key} if key else {}
    if variable is not None:
        environ["OPENAI_BASE_URL"] = variable
    return endpoint_from(load(environ=environ, config=path, options=options).settings)


@pytest.mark.parametrize(
    ("variable", "config", "option", "goes"),
    [
        (None, None, None, True),  # to OpenAI
        (OPENAI, None, None, True),
        (CORP, None, None, True),
        (None, CORP, None, True),
        (None, None, CORP, True),
        (LOCAL, None, None, True),
        (LOCAL.replace("127.0.0.1", "localhost"), None, None, True),
        (None, LOCAL, None, False),
        (None, None, LOCAL, False),
        (OPENAI, LOCAL, LOCAL, False),
        (LOCAL, None, OTHER, False),  # another port is another server
        (LOCAL, None, LOCAL.replace("127.0.0.1", "localhost"), False),
        (LOCAL, None, f"{LOCAL}/chat/completions", True),
        (None, None, "https://127.0.0.1/v1", False),
        ("https://127.0.0.1/v1", None, None, True),
        (LOCAL, CORP, None, True),
    ],
)
def test_h07_the_environments_key(tmp_path, variable, config, option, goes):
    """To OpenAI, to an https endpoint that the user names, to loopback where its variable does."""
    options = {"baseUrl": option} if option else None
    made = endpoint(tmp_path, variable=variable, config=config, options=options)

    assert isinstance(made, Endpoint)
    assert (ENV if goes else None) == made.key
    assert goes == (made.key_withheld == "")
    assert goes or f"set OPENAI_BASE_URL={made.address.base_url}" in made.key_withheld


@pytest.mark.parametrize(
    ("stored_for", "base_url", "goes"),
    [
        (CORP, CORP, True),
        (CORP, f"{CORP}/", True),
        (CORP, EVIL, False),
        (CORP, LOCAL, False),
        (OPENAI, CORP, False),
        (LOCAL, LOCAL, True),
        (LOCAL, OTHER, False),
        (None, CORP, True),  # both by one hand, as in the options of Neovim
        (OPENAI, None, True),
        (None, None, True),
        ("no address", CORP, False),
        (7, CORP, True),
    ],
)
def test_h07_a_stored_key(tmp_path, stored_for, base_url, goes):
    """To the origin that it was stored for, whatever `baseUrl` becomes."""
    options = {"apiKey": STORED, "baseUrl": base_url, "apiKeyFor": stored_for}
    given = {name: value for name, value in options.items() if value is not None}
    made = endpoint(tmp_path, options=given, key=None)

    assert isinstance(made, Endpoint)
    assert (STORED if goes else None) == made.key
    assert goes or "The stored key belongs to" in made.key_withheld
    assert STORED not in repr(made)


def test_h07_a_stored_key_does_not_follow_the_environment(tmp_path):
    """It was stored without an endpoint, so for OpenAI's; a variable names another one."""
    made = endpoint(tmp_path, variable=EVIL, options={"apiKey": STORED})

    assert isinstance(made, Endpoint)
    assert (None, "evil.test") == (made.key, made.address.host)


def test_h07_no_text_goes_to_openai_for_want_of_the_keys_own_endpoint(tmp_path):
    """The key is for a server that is no longer set: said, and nothing is asked."""
    made = endpoint(tmp_path, options={"apiKey": STORED, "apiKeyFor": CORP}, key=None)

    assert isinstance(made, BadSetting)
    assert "The stored key belongs to corp.example" in made.message


@pytest.mark.parametrize("empty", ["", " ", "\t"])
def test_h07_an_empty_variable_is_an_error(tmp_path, empty):
    """It does not mean OpenAI; a setting that names an endpoint still wins."""
    made = endpoint(tmp_path, variable=empty)
    named = endpoint(tmp_path, variable=empty, options={"baseUrl": CORP})
    without = endpoint(tmp_path, variable=empty, key=None)

    assert isinstance(made, BadSetting)
    assert made.message.startswith("OPENAI_BASE_URL is set, but empty. Unset it")
    assert made == without
    assert isinstance(named, Endpoint)
    assert "corp.example" == named.address.host


def test_h07_nobody_answers_where_nothing_is_set(tmp_path):
    """As before."""
    assert isinstance(endpoint(tmp_path, key=None), NoModel)
    assert isinstance(endpoint_from(Settings()), NoModel)


@pytest.fixture
def session(tmp_path):
    folder, home = tmp_path / "work", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    return Session(folder, home)


def test_h07_the_prompt_with_an_empty_variable(session):
    """Exit code 2 and what to do."""
    ran = session.run("mail.md", OPENAI_API_KEY=ENV, OPENAI_BASE_URL="")

    assert 2 == ran.code
    assert "OPENAI_BASE_URL is set, but empty" in ran.err


@pytest.mark.parametrize("named", [True, False])
def test_h07_the_prompt_and_a_server_on_this_machine(session, named):
    """Whoever holds the port of a setting gets no key; the server that the variable names does."""
    with Scripted(rule=Rule({"utilise": "use"}, criterion="mail/long-word")) as server:
        session.put("../home/config/self-refine/config.toml", f'baseUrl = "{server.url}"\n')
        variables = {"OPENAI_BASE_URL": server.url} if named else {}
        ran = session.run("mail.md", OPENAI_API_KEY=ENV, **variables)
        sent = {request.headers.get("authorization") for request in server.requests}

    assert 0 == ran.code, ran.err
    assert {f"Bearer {ENV}" if named else None} == sent


def test_h07_a_server_that_wants_the_key_says_what_to_set(session):
    """The sentence of a refusal names the reason, not the key that is there."""
    with Scripted(key="sk-right") as server:
        session.put("../home/config/self-refine/config.toml", f'baseUrl = "{server.url}"\n')
        ran = session.run("mail.md", OPENAI_API_KEY=ENV)

    assert f"set OPENAI_BASE_URL={server.url}" in ran.err
    assert ENV not in ran.err


@pytest.mark.parametrize("trusted", [True, False])
def test_h07_the_editors_key_stays_behind_when_the_endpoint_changes(tmp_path, trusted):
    """Stored for one server, the settings name another: it hears no key."""
    # Without the cache, the second run asks again and does not take the verdicts of the first.
    ours = {"extensions": True, "apiKey": STORED, "cache": False}
    with editing(tmp_path, options=ours | {"apiKeyFor": CORP, "trusted": trusted}) as at:
        at.open("memo.md", "We utilise it.\n")
        if trusted:
            at.run()
            assert at.model.asked
        else:
            assert at.client.command("refine", at.arguments()) is None
            assert not at.model.requests
        assert not [r for r in at.model.requests if "authorization" in r.headers]
        options = ours | {"apiKeyFor": at.model.url, "trusted": True}
        at.client.notify("selfRefine/optionsChanged", options)
        at.run(command="critique")
        assert f"Bearer {STORED}" == at.model.asked[-1].headers["authorization"]
