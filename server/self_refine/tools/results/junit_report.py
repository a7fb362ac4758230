"""JUnit's XML, which most test runners can write: the tests that failed, with what they say."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from self_refine.tools.results.reported import Report, Reported, Unreadable

_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_MOST = 200


def read_junit(data: bytes) -> Report:
    """Each test case that failed or broke."""
    if not data.strip():
        return Unreadable("it wrote no report")
    if _DTD.search(data):
        return Unreadable("its report declares a document type, which no JUnit report does")
    try:
        root = ET.fromstring(data)  # noqa: S314 - see above; 5 MB at the most
    except ET.ParseError:
        return Unreadable("its report is no XML")
    if root.tag not in {"testsuites", "testsuite"}:
        return Unreadable("its report is no JUnit")
    return tuple(_failed(root))[:_MOST]


def ran_tests(data: bytes) -> int:
    """How many tests a report that could be read speaks of."""
    return sum(1 for _ in ET.fromstring(data).iter("testcase"))  # noqa: S314 - as above


def _failed(root: ET.Element) -> Iterator[Reported]:
    for case in root.iter("testcase"):
        fault = next((child for child in case if child.tag in {"failure", "error"}), None)
        if fault is not None:
            text = (fault.text or "").strip("\n")
            message = fault.get("message") or next(filter(str.strip, text.splitlines()), "")
            names = (case.get("classname") or "", case.get("name") or "")
            yield Reported(
                test=".".join(filter(None, names)),
                message=" ".join(message.split()),
                detail=text or message,
            )
