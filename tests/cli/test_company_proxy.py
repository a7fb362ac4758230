"""An employee's first run through a company's proxy: what is printed, written and sent."""

import base64
import json
import sys

import pytest

from support.company import Authority, Proxy, Secured
from support.rule import Rule

HOST = "models.corp.test"
KEY, PASSWORD, TOKEN = "sk-corp-7f3Kq2mZ", "pr0xy-Wx81", "tok-Gw55x"


@pytest.fixture
def network(session, tmp_path):
    """A proxy with a login that reads along, the server behind it, and settings for both."""
    public, corp = Authority(tmp_path), Authority(tmp_path, "Corp Inspection")
    login = f"basic {base64.b64encode(f'ann:{PASSWORD}'.encode()).decode()}".lower()
    rule = Rule({"utilise": "use"}, criterion="mail/long-word")
    with (
        Secured(context=public.context(HOST), key=KEY, rule=rule) as served,
        Proxy({HOST: served.port}, login=login, reads_with=corp.context(HOST)) as proxy,
    ):
        settings = {
            "baseUrl": f"https://{HOST}/v1", "model": "scripted-1", "proxy": "env:CORP_PROXY",
            "caFile": str(corp.file),
            "keyCommand": [sys.executable, "-c", f"print({KEY!r})"],
        }  # fmt: skip
        lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
        lines.append('extraHeaders = { "X-Token" = "env:CORP_TOKEN" }')
        session.put("../home/config/self-refine/config.toml", "\n".join(lines) + "\n")
        proxy.login_url = f"http://ann:{PASSWORD}@{proxy.address}"
        yield served, proxy


@pytest.mark.parametrize("command", ["refine", "doctor"])
def test_h07_s18_through_the_proxy_and_no_secret_stays_anywhere(session, network, command):
    """It works, and neither output nor any file of ours holds key, password or token."""
    served, proxy = network
    arguments = ("mail.md",) if command == "refine" else ()
    ran = session.run(*arguments, command=command, CORP_PROXY=proxy.login_url, CORP_TOKEN=TOKEN,
                      SELF_REFINE_LOG="debug")  # fmt: skip

    assert ran.code == 0, ran.err + ran.out
    assert {f"Bearer {KEY}"} == {r.headers["authorization"] for r in served.requests}
    assert {TOKEN} == {r.headers["x-token"] for r in served.requests}
    assert all(KEY not in head and TOKEN not in head for head in proxy.asked)
    ours = [p for p in (session.home / "state").rglob("*") if p.is_file()]
    ours += [p for p in (session.home / "cache").rglob("*") if p.is_file()]
    assert ours or command == "doctor"
    written = b"".join(p.read_bytes() for p in ours).decode("utf-8", "replace")
    for secret in (KEY, PASSWORD, TOKEN):
        assert secret not in ran.out + ran.err + written


def test_each_thing_that_is_not_set_is_said(session, network):
    """The variable of the proxy, the login, the authority: one sentence each, no secret."""
    served, proxy = network
    missing = session.run("mail.md", CORP_TOKEN=TOKEN)
    wrong = session.run("mail.md", CORP_TOKEN=TOKEN, CORP_PROXY=f"http://ann:no@{proxy.address}")

    assert "proxy names the variable CORP_PROXY, which is not set" in missing.err
    assert "did not accept the login (HTTP 407)" in wrong.err
    assert served.requests == []
    assert TOKEN not in missing.err + wrong.err
