"""Owns how long to wait before a call is tried again: what the server asks, else chance."""

import email.utils
import random
import re
import time
from collections.abc import Mapping

from self_refine.models.openai.endpoint import Timing


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that a refusal asks to wait, None where it says nothing that can be read."""
    if (milliseconds := _number(headers.get("retry-after-ms"))) is not None:
        return milliseconds / 1000
    value = headers.get("retry-after")
    if (seconds := _number(value)) is not None:
        return seconds
    try:
        date = email.utils.parsedate_to_datetime(value or "")
        return max(0.0, date.timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return _reset(headers)


_SPAN = re.compile(
    r"(?:(\d{1,4})h)?(?:(\d{1,4})m(?!s))?(?:(\d{1,6}(?:\.\d{1,6})?)s)?(?:(\d{1,6})ms)?"
)
"""As in `6m0s`, `1.5s`, `250ms`."""


def _reset(headers: Mapping[str, str]) -> float | None:
    """When what is used up is there again, as OpenAI and Groq say it: the longest of these."""
    waits = []
    for what in ("requests", "tokens"):
        left = _number(headers.get(f"x-ratelimit-remaining-{what}"))
        found = _SPAN.fullmatch(headers.get(f"x-ratelimit-reset-{what}", ""))
        if found is None or not found[0] or (left is not None and left > 0):
            continue
        hours, minutes, seconds, milliseconds = (float(part or 0) for part in found.groups())
        waits.append(3600 * hours + 60 * minutes + seconds + milliseconds / 1000)
    return max(waits, default=None)


def backoff(attempt: int, timing: Timing) -> float:
    """Seconds before attempt number `attempt + 1`: drawn from the whole range ("full jitter")."""
    ceiling = min(timing.longest_backoff, timing.backoff * 2 ** (attempt - 1))
    return random.uniform(0.0, ceiling)  # noqa: S311 - spreads load, guards nothing


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if 0 <= number < 1e9 else None
