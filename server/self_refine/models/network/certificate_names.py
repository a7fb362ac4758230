"""Reads whose certificate one is out of its DER form: no library of Python's own does it.

Only for people to read: nothing is trusted because of what stands here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

_SEQUENCE, _SET, _VERSION, _UTC = 0x30, 0x31, 0xA0, 0x17
_COMMON_NAME, _ORGANIZATION = b"\x55\x04\x03", b"\x55\x04\x0a"
_MOST = 80
"""Characters of a name that are shown."""


@dataclass(frozen=True, slots=True)
class Names:
    """Whose a certificate is, who signed it, and until when it holds."""

    subject: str
    issuer: str
    until: str
    """A date, "" where it cannot be read."""

    @property
    def sentence(self) -> str:
        """For people."""
        signed = "signed by itself" if self.subject == self.issuer else f"from {self.issuer}"
        return f"a certificate of {self.subject}, {signed}" + (
            f", valid until {self.until}" if self.until else ""
        )


def names_in(der: bytes) -> Names | None:
    """The names of a certificate; None where it is none."""
    try:
        parts = list(_parts(_only(_only(der, _SEQUENCE), _SEQUENCE)))
        if parts[0][0] == _VERSION:
            parts = parts[1:]
        _, _, (_, issuer), (_, validity), (_, subject) = parts[:5]
        (_, _), (kind, until) = list(_parts(validity))[:2]
        return Names(_name(subject), _name(issuer), _date(kind, until))
    except (IndexError, ValueError):
        return None


def _parts(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and content of each value, one after the other."""
    at = 0
    while at < len(data):
        tag, length, start = data[at], data[at + 1], at + 2
        if length & 0x80:
            count = length & 0x7F
            if not 0 < count <= 4:
                raise ValueError
            length, start = int.from_bytes(data[start : start + count]), start + count
        if start + length > len(data):
            raise ValueError
        yield tag, data[start : start + length]
        at = start + length


def _only(data: bytes, tag: int) -> bytes:
    found, content = next(_parts(data), (0, b""))
    if found != tag:
        raise ValueError
    return content


def _name(data: bytes) -> str:
    """The organisation and the common name, as far as there are any."""
    found: dict[bytes, str] = {}
    for _, part in _parts(data):
        (_, kind), (_, text) = list(_parts(_only(part, _SEQUENCE)))[:2]
        found[kind] = _plain(text.decode("utf-8", "replace"))
    common, organization = found.get(_COMMON_NAME, ""), found.get(_ORGANIZATION, "")
    both = f"{common} ({organization})" if common and organization else common or organization
    return both or "nobody that it names"


def _plain(text: str) -> str:
    return "".join(c for c in text if c.isprintable())[:_MOST]


def _date(kind: int, data: bytes) -> str:
    text = data.decode("ascii", "replace")
    if kind == _UTC:
        text = ("20" if text[:2] < "50" else "19") + text
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}" if text[:8].isdecimal() else ""
