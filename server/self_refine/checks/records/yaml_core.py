"""What a plain scalar of YAML stands for: the core schema of YAML 1.2, and where 1.1 differs."""

import re

from self_refine.checks.records.plain_values import finite, whole

Core = str | int | float | bool | None

_NULL = {"", "~", "null", "Null", "NULL"}
_TRUE, _FALSE = {"true", "True", "TRUE"}, {"false", "False", "FALSE"}
_WHOLE = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_ODD = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_MOST_DIGITS = 100
_OLD_FLAG = re.compile(r"(?i:yes|no|on|off)")
_OLD_DATE = re.compile(r"\d{4}-\d\d?-\d\d?(?:[Tt \t].{1,40})?")
_OLD_NUMBER = re.compile(r"[-+]?(?:\d[\d_]{0,40}_[\d_]{0,40}|\d{1,20}(?::[0-5]?\d){1,4})")
_MOST_HINTED = 60


def core_value(written: str) -> Core:
    """The value of a scalar that stands there without quotation marks."""
    if written in _NULL:
        return None
    if written in _TRUE or written in _FALSE:
        return written in _TRUE
    if _WHOLE.fullmatch(written):
        return whole(written)
    if len(written) < _MOST_DIGITS and _BASED.fullmatch(written):
        return int(written, 0)
    if _FLOAT.fullmatch(written):
        return finite(float(written))
    if _ODD.fullmatch(written):
        return finite(float(written.replace(".", "")))
    return written


def hint(written: str) -> str:
    """What readers of YAML 1.1 take a text without quotation marks for; "" where it is text."""
    if len(written) > _MOST_HINTED:
        return ""
    if _OLD_FLAG.fullmatch(written):
        taken = "true" if written.lower() in {"yes", "on"} else "false"
        return f"`{written}` is text here; some readers of YAML take it for {taken}. Quote it."
    if _OLD_DATE.fullmatch(written):
        return "It is text here; some readers of YAML take it for a date. Quote it."
    if _OLD_NUMBER.fullmatch(written):
        return "It is text here; some readers of YAML take it for a number. Quote it."
    return ""
