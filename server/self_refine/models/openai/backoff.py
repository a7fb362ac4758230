"""Owns how long to wait before a call is tried again: what the server asks, else chance."""

import email.utils
import random
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
        return None


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
