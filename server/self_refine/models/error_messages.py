"""Owns what people are told when a model could not answer: which host, what happened, what next.

What a server says may echo the key and the text that it was sent, so its words are repeated only
where they share nothing with either.
"""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, assert_never

from self_refine.loop.requests import Failed, FailureKind
from self_refine.loop.types import Cost
from self_refine.models.faults import (
    BadFile,
    Cut,
    Fault,
    Filtered,
    Garbled,
    Late,
    NoConnection,
    ProxyRefused,
    Redirected,
    Refusal,
    Resting,
    Status,
    TooBig,
    Truncated,
)
from self_refine.models.network.reach_messages import refused_by_proxy, unreachable
from self_refine.models.openai.abilities import says_too_long
from self_refine.models.openai.endpoint import Endpoint
from self_refine.text.foreign import Foreign

Told = tuple[FailureKind, str]


def failed(  # noqa: PLR0913 - the parts of one sentence, each named
    fault: Fault,
    endpoint: Endpoint,
    *,
    model: str = "",
    sent: str = "",
    listed: Sequence[Foreign] | None = None,
    cost: Cost | None = None,
) -> Failed:
    """The failure that a run reports.

    Args:
        fault: what went wrong.
        endpoint: where.
        model: which model was asked.
        sent: all text of the request, never to be repeated.
        listed: the models that the server lists, None where nobody asked it.
        cost: what was spent on it nevertheless.
    """
    kind, message = _told(fault, endpoint, model, sent, listed)
    return Failed(kind=kind, message=message, cost=cost or Cost())


def _told(
    fault: Fault, endpoint: Endpoint, model: str, sent: str, listed: Sequence[Foreign] | None
) -> Told:
    host = endpoint.address.host
    match fault:
        case NoConnection() | ProxyRefused() | BadFile():
            return _no_way(fault, endpoint)
        case Status():
            return _refused(fault, endpoint, model, sent, listed)
        case Redirected(to):
            where = f"to {to}" if to else "elsewhere"
            return FailureKind.OTHER, (
                f"The endpoint {host} redirected {where}; nothing was sent there. "
                "If you trust it, set baseUrl to it yourself."
            )
        case Late(waited_for, setting, seconds):
            return FailureKind.TIMEOUT, (
                f"{host} did not send {waited_for} within {seconds:g} s. Try again, "
                f"or allow more with the setting {setting}."
            )
        case Cut():
            return FailureKind.CUT, (
                f"The reply of {host} broke off before its end, and so did a second try. "
                "Nothing of it is used; try again later."
            )
        case TooBig(what):
            return FailureKind.BAD_ANSWER, (
                f"The reply of {host} went over {what} and was stopped. "
                "Nothing of it is used; try another model."
            )
        case Garbled():
            return FailureKind.BAD_ANSWER, _garbled(fault, endpoint)
        case Filtered():
            return FailureKind.FILTERED, (
                f"The content filter of {host} withheld the reply; your text is unchanged. "
                "Select another part of the text, or use another model."
            )
        case Refusal():
            return FailureKind.REFUSED, (
                f"The model {model} at {host} declined to answer; your text is unchanged. "
                "Select another part of the text, or use another model."
            )
        case Truncated(read, asked):
            return FailureKind.TRUNCATED_PROMPT, (
                f"{host} read only {read:,} of ~{asked:,} tokens: the context of {model} is "
                "shorter than the prompt, so its answer is not used. Give it a longer context "
                "(Ollama: OLLAMA_CONTEXT_LENGTH), or select less of the text."
            )
        case Resting(seconds, because):
            return FailureKind.UNREACHABLE, (
                f"{host} failed several times in a row ({because}), so it is left alone for "
                f"{max(1, round(seconds))} s. Try again then."
            )
        case _:
            assert_never(fault)


def _no_way(fault: NoConnection | ProxyRefused | BadFile, endpoint: Endpoint) -> Told:
    match fault:
        case NoConnection(trouble):
            return FailureKind.UNREACHABLE, unreachable(trouble, endpoint)
        case ProxyRefused(code):
            return FailureKind.UNREACHABLE, refused_by_proxy(code, endpoint)
        case BadFile(setting, path, why):
            return FailureKind.OTHER, f"{setting} names {path}, which cannot be used: {why}."


def _garbled(fault: Garbled, endpoint: Endpoint) -> str:
    hint = _did_you_forget(endpoint) if fault.html else ""
    hint = hint or "Is baseUrl the address of an OpenAI-compatible server?"
    return f"Bad answer from {endpoint.address.host}: {fault.what}. {hint}"


def _did_you_forget(endpoint: Endpoint) -> str:
    base = endpoint.address.base_url
    if re.search(r"/v\d|/openai|/api/", base):
        return ""
    return f"Did you forget /v1? baseUrl is {base}."


_FILTER = re.compile("content_filter|ResponsibleAIPolicyViolation|content management policy")
"""How Azure says in a refusal that its filter withheld the prompt or the reply."""


def _refused(
    status: Status, endpoint: Endpoint, model: str, sent: str, listed: Sequence[Foreign] | None
) -> Told:
    host, code = endpoint.address.host, status.code
    if code == 400 and _FILTER.search(status.text.raw):
        return _told(Filtered(), endpoint, model, sent, listed)
    said = _quotable(status.text.raw, sent, endpoint.confidential)
    if says_too_long(status):
        return FailureKind.TOO_LONG, (
            f"The prompt is longer than {model} at {host} can read{said}. "
            "Select less of the text, or use a model with a longer context."
        )
    match code:
        case 401 if endpoint.key:
            return FailureKind.AUTHORISATION, (
                f"Wrong key: {host} did not accept the API key (HTTP 401). "
                f"Set {endpoint.key_variable} to a key of this server."
            )
        case 401:
            return FailureKind.AUTHORISATION, (
                f"No key: {host} wants an API key (HTTP 401). "
                f"{endpoint.key_withheld or f'Set {endpoint.key_variable}.'}"
            )
        case 402:
            return FailureKind.AUTHORISATION, (
                f"{host} wants payment (HTTP 402): the account has no credits left{said}. "
                "Add credits there, or use another server."
            )
        case 403:
            return FailureKind.AUTHORISATION, (
                f"{host} does not let this key use {model} (HTTP 403){said}. "
                "Ask for access, or name another model."
            )
        case 404:
            return FailureKind.OTHER, _not_found(endpoint, model, listed)
        case 429:
            return FailureKind.RATE_LIMIT, _rate_limited(status, host, said)
    if code >= 500:
        return FailureKind.OTHER, (
            f"{host} had an error of its own (HTTP {code}){said}. Try again later; "
            "if it is your server, look at its log."
        )
    return FailureKind.OTHER, (
        f"{host} refused the request (HTTP {code}){said}. "
        "Try another model, or look at the server's log."
    )


def _rate_limited(status: Status, host: str, said: str) -> str:
    if "insufficient_quota" in status.text.raw:
        return f"The quota of your account at {host} is used up (HTTP 429). Look at its billing."
    when = f"in {_duration(status.retry_after)}" if status.retry_after else "later"
    return f"{host} takes no more requests for now (HTTP 429){said}. Try again {when}."


def _duration(seconds: float) -> str:
    return f"{round(seconds)} s" if seconds < 120 else f"{round(seconds / 60)} minutes"


def _not_found(endpoint: Endpoint, model: str, listed: Sequence[Foreign] | None) -> str:
    host = endpoint.address.host
    if listed:
        return f"{host} has no model {model!r} (HTTP 404). It lists {names(listed)}."
    hint = _did_you_forget(endpoint) or "Is baseUrl complete, and the model's name right?"
    return f"{host} knows neither the address nor the model {model!r} (HTTP 404). {hint}"


def names(listed: Sequence[Foreign], most: int = 6) -> str:
    """A list for a sentence, cut to length; names come from outside and are shown plain."""
    shown = [f"{name:.80}" for name in listed[:most]]
    more = len(listed) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


_WINDOW = 12


def _quotable(text: str, sent: str, secrets: Iterable[str]) -> str:
    """The server's own words as `: "…"`, or "" where they could repeat the text or a secret."""
    said = _plain(_message(text))[:200]
    if not said or "<" in said:
        return ""
    letters = _letters(said)
    if _shares(letters, _letters(sent), _WINDOW):
        return ""
    if any(_shares(letters, _letters(secret), 4) for secret in secrets):
        return ""
    return f': "{said}"'


def _shares(a: str, b: str, width: int) -> bool:
    """Whether any stretch of `width` characters of `a` stands in `b`."""
    return any(a[i : i + width] in b for i in range(len(a) - width + 1))


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _message(text: str) -> str:
    """The sentence in an error body, in whichever place this server puts it."""
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError):
        return text if len(text) < 300 else ""
    for _ in range(3):
        if isinstance(value, dict):
            value = value.get("error") or value.get("message") or value.get("detail")
    return value if isinstance(value, str) else ""
