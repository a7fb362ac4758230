"""The chain of the doctor: each link as it is, and the first that is broken with its mend."""

from dataclasses import replace

import pytest

from self_refine.models.client_loading import connect
from self_refine.models.endpoint_settings import endpoint_from
from self_refine.models.network import chain, local_machine
from self_refine.models.network.certificate_names import names_in
from self_refine.models.network.chain import walk
from self_refine.models.network.references import fetched
from self_refine.settings import Settings
from support.asking import KEY, QUICK
from support.company import Authority, Proxy, Secured
from support.scripted import Scripted

HOST = "models.corp.test"


@pytest.fixture(autouse=True)
def _own_machine(monkeypatch):
    monkeypatch.setattr(local_machine, "machine", lambda: "own")


async def links(**settings):
    """The links of these settings, by name, and the one that is broken."""
    given = {"base_url": f"https://{HOST}/v1", "model": "scripted-1", "api_key": KEY} | settings
    endpoint = replace(fetched(endpoint_from(Settings(**given), {}), {}), timing=QUICK)
    client = await connect(endpoint)
    try:
        found = [link async for link in walk(endpoint, client)]
    finally:
        await client.close()
    assert not any(KEY in link.said for link in found)
    assert not any(link.broken for link in found[:-1])
    return {link.name: link.said for link in found}, found[-1] if found[-1].broken else None


async def test_every_link_of_a_company_network(tmp_path):
    """Proxy, TLS with whose certificate, HTTP, key, the model and how much it reads."""
    corp = Authority(tmp_path, "Corp Inspection")
    listed = {"raw": '{"data": [{"id": "scripted-1", "max_model_len": 32768}, {"id": "b"}]}',
              "type": "application/json"}  # fmt: skip
    with (
        Secured(context=corp.context(HOST), lists=[listed], key=KEY) as served,
        Proxy({HOST: served.port}) as proxy,
    ):
        found, broken = await links(proxy=proxy.url, ca_file=str(corp.file))

    assert broken is None
    assert ["tcp", "proxy", "tls", "http", "key", "models"] == list(found)
    assert f"opened a way to {HOST}:443" in found["proxy"]
    assert "TLSv1.3, a certificate of" in found["tls"]
    assert "from Corp Inspection, valid until" in found["tls"]
    assert "accepted" == found["key"]
    assert "2 listed; scripted-1 is one of them, reads up to 32,768 tokens" == found["models"]
    assert all(KEY not in head for head in proxy.asked)


async def test_whose_certificate_was_not_accepted(tmp_path):
    """Looked at without sending anything; the sentence does not send its reader to where he is."""
    corp = Authority(tmp_path, "Corp Inspection")
    with Secured(context=corp.context(HOST)) as served, Proxy({HOST: served.port}) as proxy:
        found, broken = await links(proxy=proxy.url)

    assert "tls" == broken.name
    assert "caFile" in broken.said
    assert "It showed a certificate of" in broken.said
    assert "from Corp Inspection" in broken.said
    assert "doctor" not in broken.said
    assert ["tcp", "proxy", "tls"] == list(found)
    assert served.requests == []


async def test_a_proxy_that_wants_a_login_says_which():
    """The kinds that it offers decide what helps."""
    with Proxy({HOST: 1}, login="basic x") as proxy:
        _, broken = await links(proxy=proxy.url)

    assert "proxy" == broken.name
    assert "wants a login (HTTP 407)" in broken.said
    assert broken.said.endswith("It offers: Basic.")


@pytest.mark.parametrize(
    ("options", "settings", "name", "part"),
    [
        ({"key": "sk-right"}, {}, "key", "Wrong key"),
        ({"key": "sk-right"}, {"api_key": None}, "key", "No key"),
        ({"lists": [{"raw": "<html>", "type": "text/html"}]}, {}, "http", "Bad answer"),
        ({"lists": [{"status": 307, "headers": {"Location": "http://127.0.0.9:1/"}}]}, {},
         "http", "redirected to 127.0.0.9"),
    ],
)  # fmt: skip
async def test_the_first_broken_link_of_a_server_on_this_machine(options, settings, name, part):
    """What a run would say, and where on the way it is."""
    with Scripted(**options) as served:
        found, broken = await links(base_url=served.url, **settings)

    assert (name, True) == (broken.name, part in broken.said)
    assert "tcp" in found


async def test_nobody_listens_and_no_such_name():
    """The link of the connection, the link of the name."""
    _, refused = await links(base_url="http://127.0.0.1:1/v1")
    _, unknown = await links()

    assert ("tcp", "name") == (refused.name, unknown.name)
    assert "Is the server running?" in refused.said


async def test_a_list_without_the_model_is_no_broken_link():
    """Some servers list other names than they take: said, with what is listed."""
    with Scripted(models=("a", "b")) as served:
        found, broken = await links(base_url=served.url)
    with Scripted(lists=[{"status": 404}]) as served:
        none, also = await links(base_url=served.url)

    assert (None, None) == (broken, also)
    assert "2 listed, such as a, b; scripted-1 is not among them" == found["models"]
    assert "it lists none (HTTP 404)" == none["models"]


@pytest.mark.parametrize(
    ("kind", "part"),
    [("ssh", "ssh -R {port}:127.0.0.1:{port}"), ("container", "host.docker.internal:{port}"),
     ("codespace", "gh codespace ssh -- -N -R {port}:127.0.0.1:{port}"), ("wsl", "mirrored")],
)  # fmt: skip
async def test_which_machine_localhost_is(monkeypatch, kind, part):
    """In a remote window: always in the chain, and with the way out where nothing listens."""
    monkeypatch.setattr(local_machine, "machine", lambda: kind)
    with Scripted() as served:
        there, _ = await links(base_url=served.url)
    found, broken = await links(base_url=served.url)

    assert there["where"].startswith(f"127.0.0.1:{served.port} is the ")
    assert found["where"] == there["where"]
    assert part.format(port=served.port) in broken.said


@pytest.mark.parametrize(
    ("environ", "kind"),
    [({"CODESPACES": "true"}, "codespace"), ({"REMOTE_CONTAINERS": "true"}, "container"),
     ({"WSL_DISTRO_NAME": "Debian"}, "wsl"), ({"SSH_CONNECTION": "a b"}, "ssh"), ({}, "own")],
)  # fmt: skip
def test_what_kind_of_machine_this_is(monkeypatch, tmp_path, environ, kind):
    """By what the tools that make remote machines leave behind."""
    monkeypatch.undo()
    monkeypatch.setattr(local_machine, "_DOCKER", tmp_path / "none")
    monkeypatch.setattr(local_machine, "_PODMAN", tmp_path / "none")

    assert kind == local_machine.machine(environ)


@pytest.mark.parametrize(
    "der", [b"", b"\x30", b"\x30\x80", b"\x30\x03\x30\x01\x02", b"\xff" * 40, b"\x30\x84" * 9]
)
def test_what_is_no_certificate(der):
    """Bytes of a stranger: no names, no exception."""
    assert names_in(der) is None


def test_names_of_models_are_bounded():
    """A list of a hostile server is cut, and a length that is no number is left out."""
    assert chain._context({"meta": {"n_ctx_train": 4096}}) == 4096
    assert chain._context({"max_model_len": "many", "meta": 3}) is None
