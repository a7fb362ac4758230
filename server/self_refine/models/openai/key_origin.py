"""Where a key may go: to the origin that it was given for, and to no other.

A key that follows whatever endpoint is set can be led away: by a setting that was changed, by a
program that listens at the port where a model server usually does.
"""

from self_refine.models.openai.endpoint import OPENAI, Address, address, origin_of
from self_refine.models.presets import own_hosts, url_of
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
        case KeySource("settings", url):
            return _from_settings(url, where)
        case KeySource(url=url):
            return _from_editor(url, where)


def belongs(named: str | None, where: Address) -> bool:
    """Whether what was set beside `named` (a URL, a preset, None: OpenAI's) is for `where`.

    A preset whose customers have a URL each is for all hosts of that provider.
    """
    url = url_of(named) if named else OPENAI
    if url is None and named:
        return where.encrypted and where.name.endswith(own_hosts(named) or ("\0",))
    return origin_of(url) == where.origin


def _from_environment(url: str | None, where: Address) -> str:
    if where.origin in {origin_of(OPENAI), origin_of(url)}:
        return ""
    if where.encrypted and not where.loopback:
        return ""
    place = "a server on this machine" if where.loopback else "an endpoint without encryption"
    return (
        f"OPENAI_API_KEY goes to {place} only where OPENAI_BASE_URL names it: "
        f"set OPENAI_BASE_URL={where.base_url}."
    )


def _from_settings(named: str | None, where: Address) -> str:
    if belongs(named, where):
        return ""
    return (
        f"The key of keyFrom or keyCommand belongs to {_host(named)}, not to {where.host}: "
        f"write keyFrom beside the {where.setting} that it is for."
    )


def _from_editor(url: str | None, where: Address) -> str:
    if belongs(url, where):
        return ""
    return f"The stored key belongs to {_host(url)}: store one for {where.host}."


def _host(named: str | None) -> str:
    owner = address(url_of(named or OPENAI) or "")
    return owner.host if isinstance(owner, Address) else "another server"
