"""What leaves this machine, and for whom: one origin, one key, no proxy, nothing from elsewhere."""

import http.server
import logging
import os
import threading

import pytest

from self_refine.loop.requests import Answered, FailureKind
from self_refine.models import client_loading
from self_refine.models.choose_model import BadSetting, NoModel, endpoint_from
from self_refine.models.openai.endpoint import Address, BadAddress, address
from self_refine.settings import Settings
from support.asking import KEY, TEXT, ask, check_failed

SENT = {"host", "content-type", "content-length", "accept", "accept-encoding", "user-agent",
        "authorization", "connection"}  # fmt: skip


@pytest.fixture
def bystander():
    """A server that counts who comes: a proxy, the target of a redirect."""
    seen = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            seen.append(self.path)
            self.send_error(500)

        do_GET = do_CONNECT = do_POST  # noqa: N815 - names of http.server

        def log_message(self, *_):
            pass

    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=httpd.serve_forever, args=(0.02,), daemon=True).start()
    httpd.seen = seen
    httpd.url = f"http://127.0.0.1:{httpd.server_address[1]}"
    yield httpd
    httpd.shutdown()
    httpd.server_close()


async def test_s4_only_our_key_goes_out(server, monkeypatch):
    """Variables of the client library add no header, no organisation, and replace no key."""
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer x\nX-Evil: 1")
    for name in ("OPENAI_ORG_ID", "OPENAI_ORGANIZATION", "OPENAI_PROJECT_ID", "OPENAI_ADMIN_KEY"):
        monkeypatch.setenv(name, "elsewhere")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-environment")
    client_loading._keep_to_itself()
    served = server()
    answer, _ = await ask(served, key=KEY)

    assert isinstance(answer, Answered)
    headers = served.asked[0].headers
    assert headers["authorization"] == f"Bearer {KEY}"
    assert set(headers) <= SENT
    assert headers["accept-encoding"] == "identity"
    assert "OPENAI_CUSTOM_HEADERS" not in os.environ
    assert os.environ["OPENAI_API_KEY"] == "sk-of-the-environment", "the settings read it again"


async def test_without_a_key_none_is_sent(server):
    """A server on this machine wants none, and is given none."""
    served = server()
    await ask(served)

    assert "authorization" not in served.asked[0].headers


@pytest.mark.parametrize("code", [301, 302, 307, 308])
async def test_s6_a_redirect_is_not_followed(server, bystander, code):
    """The prompt and the key stay with the endpoint that the user named."""
    headers = {"Location": f"{bystander.url}/v1/chat/completions"}
    served = server({"status": code, "headers": headers, "times": 3})
    answer, _ = await ask(served, key=KEY)

    check_failed(answer, FailureKind.OTHER, "redirected to 127.0.0.1", "nothing was sent there")
    assert bystander.seen == []
    assert len(served.asked) == 1


async def test_a_redirect_to_nonsense_is_a_redirect(server):
    """What stands in Location is shown only where it is a plain host."""
    served = server({"status": 307, "headers": {"Location": "http://[\x1b[31m/"}})
    answer, _ = await ask(served)

    check_failed(answer, FailureKind.OTHER, "redirected elsewhere")


async def test_s7_no_proxy_sees_the_key(server, bystander, monkeypatch):
    """HTTP_PROXY and its relatives are not used, and never for this machine."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, bystander.url)
    served = server()
    answer, _ = await ask(served, key=KEY)

    assert isinstance(answer, Answered)
    assert bystander.seen == []


@pytest.mark.parametrize(
    "echo",
    [KEY, KEY[:9] + "…" + KEY[-4:], TEXT, TEXT.upper(), "  ".join(TEXT)],
    ids=["key", "key shortened", "text", "text in capitals", "text spaced"],
)
async def test_what_a_server_echoes_is_not_repeated(server, echo, caplog):
    """A refusal may hold the key and the text; neither is shown, nor logged at any level."""
    caplog.set_level(logging.DEBUG)
    body = {"error": {"message": f"Incorrect: {echo}"}}
    served = server({"status": 400, "body": body})
    answer, _ = await ask(served, key=KEY)

    check_failed(answer, FailureKind.OTHER, "HTTP 400")
    assert "Incorrect" not in answer.message
    for secret in (KEY, "Zanzibar"):
        assert secret not in caplog.text


async def test_words_of_the_server_are_plain(server):
    """Control characters and markup of an error body never reach the user."""
    served = server({"status": 400, "body": {"error": {"message": "a\x1b[31mred\n\u202eword"}}})
    answer, _ = await ask(served)

    check_failed(answer, FailureKind.OTHER)
    assert answer.message.isprintable()


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("Http://user:pw@host/v1?x=y#z", "user name or password"),
        ("https://user@host/v1", "user name or password"),
        ("https://host/v1?key=1", "without ? or #"),
        ("https://host/v1#x", "without ? or #"),
        ("http://host.test/v1", "unencrypted"),
        ("http://192.168.0.7:8080/v1", "unencrypted"),
        ("http://127.0.0.1.evil.test/v1", "unencrypted"),
        ("http://localhost.evil.test/v1", "unencrypted"),
        ("ftp://host/v1", "must begin with"),
        ("file:///etc/passwd", "must begin with"),
        (
            "host/v1",
            "must begin with https:// or http:// and name a host, such as https://host/v1.",
        ),
        ("127.0.0.1:8080/v1", "such as http://127.0.0.1:8080/v1."),
        ("me:secret@host", "and name a host."),
        ("https://", "must begin with"),
        ("https://host:99999/v1", "no URL"),
        ("https://[::1/v1", "no URL"),
        ("https://ho st/v1", "characters"),
        ("https://h\u00f6st/v1", "characters"),
        ("https://host/v1\r\nX-Evil: 1", "characters"),
    ],
)
def test_s21_an_address_that_is_not_safe_is_refused(url, part):
    """The sentence says why, and repeats no secret."""
    read = address(url)

    assert isinstance(read, BadAddress), read
    assert part in read.message
    assert "pw" not in read.message


@pytest.mark.parametrize(
    ("url", "base", "host", "loopback"),
    [
        ("https://api.test/v1/", "https://api.test/v1", "api.test", False),
        (" https://api.test/v1/chat/completions ", "https://api.test/v1", "api.test", False),
        ("https://API.test:443/v1", "https://api.test/v1", "api.test", False),
        ("http://localhost:11434/v1", "http://localhost:11434/v1", "localhost:11434", True),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1", "[::1]:8080", True),
        ("http://127.8.9.1/v1", "http://127.8.9.1/v1", "127.8.9.1", True),
    ],
)
def test_an_address_as_people_write_it(url, base, host, loopback):
    """Slashes, ports and the path of the one call are put right."""
    read = address(url)

    assert isinstance(read, Address), read
    assert (read.base_url, read.host, read.loopback) == (base, host, loopback)


@pytest.mark.parametrize("key", ["sk a", "sk\n", "sk-\u00e9", "sk\x7f"])
def test_a_key_that_cannot_be_one_is_refused(key):
    """Before anything is sent, and without showing it."""
    read = endpoint_from(Settings(api_key=key))

    assert isinstance(read, BadSetting)
    assert "OPENAI_API_KEY" in read.message
    assert key not in read.message


def test_nothing_set_is_no_model():
    """Neither key nor address: nobody is asked, OpenAI least of all."""
    assert endpoint_from(Settings()) == NoModel("no model configured")
    assert "neither a key" in endpoint_from(Settings(model="m")).reason
    assert endpoint_from(Settings(api_key=KEY)).address.host == "api.openai.com"
    assert KEY not in repr(endpoint_from(Settings(api_key=KEY)))
