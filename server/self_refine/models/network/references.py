"""Fetches what the settings only name: keys and headers from variables, the keyring, a command.

All of it blocks, some of it asks the user to unlock something: never on an event loop.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from self_refine.models.network.reach import Proxy
from self_refine.models.network.routes import (
    ENVIRONMENT,
    BadProxy,
    environment_proxies,
    route_to,
)
from self_refine.models.openai.endpoint import Endpoint, key_problem

SERVICE = "self-refine"
"""Under which the system's keyring keeps our entries."""
_COMMAND_SECONDS = 60.0
"""A password manager may have to ask its user first."""
_MOST = 20_000
"""Bytes of a key; tokens of some gateways take thousands."""
_NOT_OURS = {
    "host", "connection", "content-length", "content-type", "transfer-encoding", "accept",
    "accept-encoding", "user-agent", "upgrade", "te", "trailer", "proxy-authorization",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NotThere:
    """Something that was named could not be fetched; the sentence says what, and repeats none."""

    message: str


class _Missing(Exception):  # noqa: N818 - becomes a `NotThere`
    pass


def fetched(endpoint: Endpoint, environ: Mapping[str, str] = os.environ) -> Endpoint | NotThere:
    """The endpoint with its key, headers, query parameters and proxy in the place of references."""
    named = endpoint.secrets
    try:
        key = _key(endpoint, environ)
        headers = {n: _header(n, v, environ) for n, v in named.headers.items()}
        query = {n: _value(f"extraQuery.{n}", v, environ) for n, v in named.query.items()}
        proxy = _proxy(named.proxy, environ)
    except _Missing as missing:
        return NotThere(str(missing))
    found = environment_proxies() if proxy == ENVIRONMENT else {}
    match route_to(endpoint.address, proxy, named.no_proxy, found):
        case BadProxy(message):
            return NotThere(message)
        case Proxy() | None as route:
            secrets = replace(named, headers=headers, query=query)
            return replace(endpoint, key=key, secrets=secrets, route=route)


def _key(endpoint: Endpoint, environ: Mapping[str, str]) -> str | None:
    named = endpoint.secrets
    if named.key_from:
        key = _value("keyFrom", named.key_from, environ, must=True)
    elif named.key_command:
        key = _printed(named.key_command)
    else:
        return endpoint.key
    if problem := key_problem(key):
        raise _Missing(problem)
    return key


def _header(name: str, value: str, environ: Mapping[str, str]) -> str:
    if not name.isascii() or not all(c.isalnum() or c in "-_" for c in name) or not name:
        raise _Missing(f"extraHeaders.{name!r} is no name of a header.")
    if name.lower() in _NOT_OURS:
        raise _Missing(f"extraHeaders cannot set {name}: it belongs to the connection.")
    text = _value(f"extraHeaders.{name}", value, environ)
    if not text.isascii() or not text.isprintable():
        raise _Missing(f"extraHeaders.{name} holds characters that no header has.")
    return text


def _proxy(value: str | None, environ: Mapping[str, str]) -> str | None:
    if value is None or value == ENVIRONMENT:
        return value
    return _value("proxy", value, environ)


def _value(setting: str, value: str, environ: Mapping[str, str], *, must: bool = False) -> str:
    """What a value stands for: itself, or what `env:NAME` or `keyring:NAME` names.

    Raises:
        _Missing: nothing is there, or a reference `must` stand here.
    """
    kind, colon, name = value.partition(":")
    match kind if colon else "":
        case "env":
            if found := environ.get(name, "").strip():
                return found
            raise _Missing(
                f"{setting} names the variable {name}, which is not set where self-refine runs."
            )
        case "keyring":
            return _from_keyring(setting, name)
    if must:  # the value may be the key itself: not repeated
        raise _Missing(
            f"{setting} must be env:NAME or keyring:NAME; a key itself does not belong there."
        )
    return value


def _from_keyring(setting: str, name: str) -> str:
    try:
        import keyring  # noqa: PLC0415 - optional, and slow to import
    except ImportError:
        raise _Missing(
            f"{setting} names the system's keyring, for which the package keyring is not "
            "installed. Install it beside self-refine: pip install keyring."
        ) from None
    try:
        found: str | None = keyring.get_password(SERVICE, name)
    except Exception as error:  # noqa: BLE001 - each system's store raises its own
        raise _Missing(
            f"{setting}: the system's keyring cannot be read ({type(error).__name__}). "
            "Is it unlocked?"
        ) from None
    if not found:
        raise _Missing(
            f"{setting}: the system's keyring has no entry {name!r} of {SERVICE}. "
            f"Store it with: keyring set {SERVICE} {name}."
        )
    return found.strip()


_LATELY = 60.0
"""Seconds for which what a command printed is used: some ask their user each time."""
_known: dict[tuple[str, ...], tuple[float, str]] = {}


def _printed(command: tuple[str, ...]) -> str:
    """The first line that a command prints, or has printed just now."""
    when, line = _known.get(command, (float("-inf"), ""))
    if time.monotonic() - when < _LATELY:
        return line
    line = _run(command)
    _known.clear()
    _known[command] = (time.monotonic(), line)
    return line


def _run(command: tuple[str, ...]) -> str:
    """The first line that a command prints; no shell, nothing of the workspace."""
    program = shutil.which(command[0])
    if program is None or not Path(program).is_absolute():
        raise _Missing(
            f"keyCommand: the program {command[0]!r} was not found. "
            "Write its full path, and each argument as an entry of its own."
        )
    try:
        done = subprocess.run(  # noqa: S603 - the user's own setting, which no workspace can make
            [program, *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it may repeat the key
            cwd=Path.home(),
            timeout=_COMMAND_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _Missing(
            f"keyCommand: {command[0]!r} printed no key within {_COMMAND_SECONDS:g} s."
        ) from None
    except OSError as error:
        raise _Missing(f"keyCommand: {command[0]!r} cannot be run: {error.strerror}.") from None
    line = done.stdout[:_MOST].decode("utf-8", "replace").strip().partition("\n")[0].strip()
    if done.returncode != 0 or not line:
        what = f"ended with {done.returncode}" if done.returncode else "printed nothing"
        raise _Missing(
            f"keyCommand: {command[0]!r} {what}. Run it in a terminal to see what it says."
        )
    return line
