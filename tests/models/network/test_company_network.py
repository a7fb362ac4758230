"""Through a company's network: proxies, its own authority, certificates; real sockets, real TLS.

Each case looks at the sentence that a user reads, and at who could have read the key.
"""

import base64
import logging
import socket
import socketserver
import threading
from dataclasses import replace

import pytest

from self_refine.loop.requests import Answered, FailureKind
from self_refine.models.endpoint_settings import BadSetting, endpoint_from
from self_refine.models.network import local_machine
from self_refine.models.network.references import NotThere, fetched
from self_refine.models.openai.openai_model import OpenAIModel
from self_refine.settings import Settings
from support.asking import CALL, KEY, QUICK, check_failed
from support.company import Authority, PlainSix, Proxy, Secured, SecuredSix
from support.scripted import Scripted

HOST = "models.corp.test"
PROXY_WORDS = ("proxy", "PROXY")


@pytest.fixture(autouse=True)
def _own_machine(monkeypatch):
    """Nothing of the environment or the machine that runs the tests."""
    monkeypatch.setattr(local_machine, "machine", lambda: "own")
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE",
                 "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "CURL_CA_BUNDLE"):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def public(tmp_path):
    return Authority(tmp_path)


@pytest.fixture
def company(tmp_path):
    return Authority(tmp_path, "Corp Inspection")


@pytest.fixture
def served(public):
    with Secured(context=public.context(HOST), key=KEY) as server:
        yield server


def made(environ=None, **settings):
    """The endpoint of these settings, as a run asks it."""
    environ = environ or {}
    given = {"base_url": f"https://{HOST}/v1", "model": "scripted-1", "api_key": KEY} | settings
    read = endpoint_from(Settings(**given), environ)
    assert not isinstance(read, BadSetting), read.message
    read = fetched(read, environ)
    return read if isinstance(read, NotThere) else replace(read, timing=QUICK)


async def asked(environ=None, **settings):
    """What a model at that endpoint answers."""
    endpoint = made(environ, **settings)
    assert not isinstance(endpoint, NotThere), endpoint.message
    model = OpenAIModel(endpoint, "scripted-1")
    try:
        return await model.complete(CALL, lambda words, form: None)
    finally:
        await model.close()


async def test_a_proxy_opens_the_way_and_sees_neither_key_nor_text(public, served):
    """CONNECT holds the name of the endpoint, and nothing of what goes there."""
    with Proxy({HOST: served.port}) as proxy:
        answer = await asked(proxy=proxy.url, ca_file=str(public.file))

    assert isinstance(answer, Answered), answer
    assert [f"CONNECT {HOST}:443 HTTP/1.1"] == [head.split("\r\n")[0] for head in proxy.asked]
    assert KEY not in proxy.asked[0]
    assert "authorization" not in proxy.asked[0].lower()
    assert served.asked[0].headers["authorization"] == f"Bearer {KEY}"


async def test_a_proxy_that_reads_along_is_refused_until_its_authority_is_named(
    public, company, served
):
    """Without `caFile` the handshake ends before a byte of the request; with it, all works."""
    reads = company.context(HOST)
    with Proxy({HOST: served.port}, reads_with=reads) as proxy:
        refused = await asked(proxy=proxy.url, ca_file=str(public.file))
        assert proxy.read == []
        answer = await asked(proxy=proxy.url, ca_file=str(company.file))

    check_failed(refused, FailureKind.UNREACHABLE, "an authority that is not trusted", "caFile",
                 "self-refine doctor")  # fmt: skip
    assert isinstance(answer, Answered), answer
    assert f"bearer {KEY}".lower() in b"".join(proxy.read).decode("latin-1").lower()
    assert len(served.asked) == 1


async def test_a_variable_that_names_an_authority_is_mentioned(public, served, monkeypatch):
    """Other programs have it already: the value is what belongs into `caFile`."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/corp.pem")
    with Proxy({HOST: served.port}) as proxy:
        answer = await asked(proxy=proxy.url)

    check_failed(answer, FailureKind.UNREACHABLE, "(REQUESTS_CA_BUNDLE names one: /etc/corp.pem)")


@pytest.mark.parametrize(
    ("status", "parts"),
    [
        (403, ("does not let you through", "HTTP 403", f"allow {HOST}:443", "noProxy")),
        (502, ("found no way", "HTTP 502", "spelled right", "noProxy")),
    ],
)
async def test_a_proxy_that_refuses(served, status, parts):
    """Who refused, why, and who can help; the key went nowhere."""
    with Proxy({HOST: served.port}, status=status) as proxy:
        answer = await asked(proxy=proxy.url)

    check_failed(answer, FailureKind.UNREACHABLE, proxy.address, "setting proxy", *parts)
    assert KEY not in "".join(proxy.asked)
    assert served.requests == []


async def test_a_proxy_that_asks_for_a_password(public, served, caplog):
    """407 without one, 407 with a wrong one, and through with the right one."""
    caplog.set_level(logging.DEBUG)
    login = f"basic {base64.b64encode(b'ann:s3cr3t-word').decode()}".lower()
    with Proxy({HOST: served.port}, login=login) as proxy:
        none = await asked(proxy=proxy.url)
        wrong = await asked(proxy=f"http://ann:wr0ng-word@{proxy.address}")
        environ = {"CORP_PROXY": f"http://ann:s3cr3t-word@{proxy.address}"}
        right = await asked(environ, proxy="env:CORP_PROXY", ca_file=str(public.file))

    check_failed(none, FailureKind.UNREACHABLE, "wants a login (HTTP 407)", "keyring:NAME", "Px")
    check_failed(wrong, FailureKind.UNREACHABLE, "did not accept the login (HTTP 407)")
    assert isinstance(right, Answered), right
    assert "proxy-authorization" not in served.asked[0].headers
    for secret in ("s3cr3t", "wr0ng"):
        assert secret not in caplog.text + wrong.message
        assert secret not in repr(made({}, proxy=f"http://ann:{secret}@proxy:1"))


async def test_a_proxy_that_is_not_there(closed_port):
    """The proxy is named, not the endpoint, and how to do without it."""
    answer = await asked(proxy=f"127.0.0.1:{closed_port}")

    check_failed(answer, FailureKind.UNREACHABLE,
                 f"Cannot reach the proxy 127.0.0.1:{closed_port} (the setting proxy)",
                 "the connection was refused", "noProxy")  # fmt: skip


@pytest.fixture
def closed_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


async def test_the_environments_proxy_is_used_where_the_user_says_so(public, served, monkeypatch):
    """`proxy = "env"`; NO_PROXY and `noProxy` hold; without the setting it is only mentioned."""
    with Proxy({HOST: served.port}) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        answer = await asked(proxy="env", ca_file=str(public.file))
        assert len(proxy.asked) == 1
        without = await asked()
        monkeypatch.setenv("NO_PROXY", ".corp.test")
        spared = await asked(proxy="env")

    assert isinstance(answer, Answered), answer
    check_failed(without, FailureKind.UNREACHABLE, "its name is not known",
                 "HTTPS_PROXY names a proxy, which is not used",
                 'to use it, set proxy = "env"')  # fmt: skip
    check_failed(spared, FailureKind.UNREACHABLE, f"Cannot reach {HOST}: its name is not known")
    assert len(proxy.asked) == 1


async def test_s7_a_server_on_this_machine_is_never_asked_through_a_proxy():
    """Nor one that is asked without TLS: the proxy would read the key."""
    with Scripted() as local, Proxy() as proxy:
        answer = await asked(base_url=local.url, proxy=proxy.url)
        plain = made(base_url="http://10.0.0.5:8000/v1", allow_http=("10.0.0.5:8000",),
                     proxy=proxy.url)  # fmt: skip

    assert isinstance(answer, Answered), answer
    assert (None, []) == (plain.route, proxy.asked)


async def test_s6_a_redirect_through_a_proxy_is_not_followed(public, company):
    """The proxy is asked for the endpoint alone; the other host hears nothing."""
    away = {"status": 307, "headers": {"Location": "https://evil.test/v1/chat/completions"}}
    with (
        Secured(away, context=public.context(HOST)) as served,
        Secured(context=public.context("evil.test")) as evil,
        Proxy({HOST: served.port, "evil.test": evil.port}) as proxy,
    ):
        answer = await asked(proxy=proxy.url, ca_file=str(public.file))

    check_failed(answer, FailureKind.OTHER, "redirected to evil.test", "nothing was sent there")
    assert 1 == len(proxy.asked)
    assert evil.requests == []


@pytest.mark.parametrize(
    ("name", "expired", "parts"),
    [
        (HOST, True, ("its certificate has expired", "clock of this machine")),
        ("other.test", False, ("its certificate is for another host",)),
    ],
)
async def test_a_certificate_that_is_not_valid(public, name, expired, parts):
    """What is wrong with it, in words; nothing is sent."""
    with (
        Secured(context=public.context(name, expired=expired)) as served,
        Proxy({HOST: served.port}) as proxy,
    ):
        answer = await asked(proxy=proxy.url, ca_file=str(public.file))

    check_failed(answer, FailureKind.UNREACHABLE, f"Cannot reach {HOST}", *parts)
    assert served.requests == []


async def test_a_certificate_of_this_machine(public, company, served, tmp_path):
    """A server that wants one says so; the file of the setting serves, one without a key not."""
    wants = public.context(HOST, wants=company)
    with Secured(context=wants) as strict, Proxy({HOST: strict.port}) as proxy:
        common = {"proxy": proxy.url, "ca_file": str(public.file)}
        without = await asked(**common)
        shown = company.certificate(tmp_path)
        answer = await asked(**common, client_certificate=(str(shown),))
        no_key = await asked(**common, client_certificate=(str(company.file),))

    check_failed(without, FailureKind.UNREACHABLE, "it wants a certificate of this machine",
                 "clientCertificate")  # fmt: skip
    assert isinstance(answer, Answered), answer
    check_failed(no_key, FailureKind.OTHER, "clientCertificate names", "in PEM form")


async def test_ipv6(public):
    """`[::1]`, with TLS and without."""
    with PlainSix() as plain, SecuredSix(context=public.context("::1")) as secured:
        answers = [
            await asked(base_url=plain.url),
            await asked(base_url=secured.url, ca_file=str(public.file)),
        ]

    assert all(isinstance(answer, Answered) for answer in answers), answers


async def test_only_the_authorities_of_the_file(public, company, served):
    """`caSystem = false` with a file is that file alone; the default trusts the system's too."""
    with Proxy({HOST: served.port}) as proxy:
        common = {"proxy": proxy.url, "ca_system": False}
        answer = await asked(**common, ca_file=str(public.file))
        other = await asked(**common, ca_file=str(company.file))

    assert isinstance(answer, Answered), answer
    check_failed(other, FailureKind.UNREACHABLE, "an authority that is not trusted")


@pytest.mark.parametrize(
    ("content", "part"), [(None, "No such file"), ("no certificate", "no certificate in PEM form")]
)
async def test_an_authority_that_cannot_be_read(tmp_path, content, part):
    """The setting, the file, and what is wrong with it."""
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    answer = await asked(ca_file=str(path))

    check_failed(answer, FailureKind.OTHER, f"caFile names {path}", part)


class NotEncrypted(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.recv(4096)
        self.request.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


async def test_https_to_a_server_without_encryption():
    """The usual mistake with a server of one's own."""
    with socketserver.TCPServer(("127.0.0.1", 0), NotEncrypted) as plain:
        threading.Thread(target=plain.handle_request, daemon=True).start()
        port = plain.server_address[1]
        answer = await asked(base_url=f"https://127.0.0.1:{port}/v1")

    check_failed(answer, FailureKind.UNREACHABLE, "it does not speak https",
                 f"Write http://127.0.0.1:{port} in baseUrl")  # fmt: skip


@pytest.mark.parametrize("allowed", ["models.lan:{port}", "MODELS.lan:{port}"])
async def test_a_host_that_may_be_asked_without_encryption(monkeypatch, allowed):
    """Named with its port, said to be unencrypted wherever it is named; H7 holds for the key."""
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo",
        lambda host, *rest, **more: real("127.0.0.1" if host in {"models.lan", b"models.lan"}
                                         else host, *rest, **more),
    )  # fmt: skip
    with Scripted() as server:
        url = f"http://models.lan:{server.port}/v1"
        endpoint = made(base_url=url, allow_http=(allowed.format(port=server.port),))
        model = OpenAIModel(endpoint, "scripted-1")
        answer = await model.complete(CALL, lambda words, form: None)
        await model.close()
        refused = endpoint_from(Settings(base_url=url, allow_http=("models.lan:1", "models.lan")))

    assert isinstance(answer, Answered), answer
    assert f"models.lan:{server.port} (unencrypted)" == model.host
    assert isinstance(refused, BadSetting)
    assert f'allowHttp = ["models.lan:{server.port}"]' in refused.message


@pytest.mark.parametrize(
    ("proxy", "part"),
    [("socks5://host:1080", "SOCKS"), ("ftp://host", "no address"), ("http://", "no address"),
     ("http://ho st:1", "characters"), ("http://h:99999999", "no address"),
     ("env:NOT_THERE", "variable NOT_THERE, which is not set")],
)  # fmt: skip
def test_a_proxy_that_cannot_be_meant(proxy, part):
    """A sentence, before anything is sent."""
    read = made(proxy=proxy)

    assert isinstance(read, NotThere)
    assert part in read.message
