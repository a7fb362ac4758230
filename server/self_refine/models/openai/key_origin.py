"""Where a key may go: to the origin that it was given for, and to no other.

A key that follows whatever endpoint is set can be led away: by a setting that was changed, by a
program that listens at the port where a model server usually does.
"""

from self_refine.models.openai.endpoint import OPENAI, Address, BadAddress, address
from self_refine.settings import KeySource


def key_withheld(source: KeySource | None, where: Address) -> str:
    """Why a key does not go to an endpoint, as a sentence; "" where it does.

    Args:
        source: who gave the key; None: whoever named the endpoint.
        where: the endpoint, which only the user's own settings can name.
    """
    match source:
        case None:
            return ""
        case KeySource("environment", url):
            return _from_environment(url, where)
        case KeySource(url=url):
            return _from_editor(url, where)


def _from_environment(url: str | None, where: Address) -> str:
    if where.origin in {_origin(OPENAI), _origin(url)}:
        return ""
    if not where.loopback:  # and so it is https: no other address is taken
        return ""
    return (
        "OPENAI_API_KEY goes to a server on this machine only where OPENAI_BASE_URL names it: "
        f"set OPENAI_BASE_URL={where.base_url}."
    )


def _from_editor(url: str | None, where: Address) -> str:
    if _origin(url or OPENAI) == where.origin:
        return ""
    owner = address(url or OPENAI)
    host = owner.host if isinstance(owner, Address) else "another server"
    return f"The stored key belongs to {host}: store one for {where.host}."


def _origin(url: str | None) -> str | None:
    """The origin of a URL; None where it has none."""
    match address(url) if url else BadAddress(""):
        case Address(origin=origin):
            return origin
        case _:
            return None
