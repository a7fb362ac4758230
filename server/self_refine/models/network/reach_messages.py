"""What people are told when an endpoint could not be reached: what broke, and what mends it."""

import os

from self_refine.models.faults import Trouble
from self_refine.models.network.local_machine import where_localhost_is
from self_refine.models.network.reach import Proxy
from self_refine.models.network.routes import unused_proxy
from self_refine.models.openai.endpoint import Endpoint

_WAY = {Trouble.REFUSED, Trouble.NO_NAME, Trouble.NO_ROUTE, Trouble.SLOW, Trouble.BROKEN}
"""What stands between two machines; the rest is a matter of certificates."""
DOCTOR = "self-refine doctor shows the certificate"
_CA_VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "CURL_CA_BUNDLE")


def unreachable(trouble: Trouble, endpoint: Endpoint) -> str:
    """One sentence on what happened, and what to do."""
    if endpoint.route is not None and trouble in _WAY:
        return _proxy_unreachable(trouble, endpoint.route, endpoint)
    next_step = next_step_after(trouble, endpoint)
    return f"Cannot reach {endpoint.address.host}: {trouble.value}. {next_step}"


def next_step_after(trouble: Trouble, endpoint: Endpoint) -> str:
    """What mends a connection to the endpoint itself."""
    host = endpoint.address.host
    match trouble:
        case Trouble.UNKNOWN_CA:
            return _unknown_authority()
        case Trouble.EXPIRED:
            return f"Renew it there, or check the clock of this machine; {DOCTOR}."
        case Trouble.NOT_YET:
            return "Is the clock of this machine right?"
        case Trouble.OTHER_HOST:
            return f"Write the name in baseUrl that the certificate has; {DOCTOR}."
        case Trouble.WANTS_CERTIFICATE:
            return (
                "Set clientCertificate to a PEM file that holds the certificate and its key, "
                "or to one file for each."
            )
        case Trouble.PLAIN:
            return f"Write http://{host} in baseUrl, if the server has no encryption."
        case Trouble.TLS:
            return (
                "The server may want a certificate of this machine (clientCertificate), "
                f"or another version of TLS; {DOCTOR}."
            )
    if endpoint.address.loopback:
        return f"Is the server running? {where_localhost_is(endpoint.address)}".strip()
    if trouble is Trouble.NO_NAME:
        return f"Is {endpoint.address.setting} spelled right, and is there a network?{_no_proxy()}"
    return f"Is the server running, and reachable?{_no_proxy()}"


def refused_by_proxy(code: int, endpoint: Endpoint) -> str:
    """What a proxy that opens no way means."""
    route = endpoint.route
    name = f"The proxy {route.host} ({route.because})" if route else "The proxy"
    host = endpoint.address.host
    if code == 407:
        wants = "did not accept the login" if route and route.login else "wants a login"
        return (
            f"{name} {wants} (HTTP 407). Write http://USER:PASSWORD@HOST:PORT into your "
            "keyring and set proxy to keyring:NAME, or into HTTPS_PROXY and set proxy to env. "
            "For logins of Windows (NTLM, Kerberos), run a helper such as Px and set proxy to it."
        )
    if code in {502, 503, 504}:
        return (
            f"{name} found no way to {host} (HTTP {code}). Is baseUrl spelled right? "
            f"If {host} is inside your network, name it in noProxy."
        )
    what = f"HTTP {code}" if code else "no answer that can be read"
    return (
        f"{name} does not let you through to {host} ({what}). Ask whoever runs it to allow "
        f"{endpoint.address.name}:{endpoint.address.port}, or name the host in noProxy if it is "
        "inside your network."
    )


def _proxy_unreachable(trouble: Trouble, route: Proxy, endpoint: Endpoint) -> str:
    if trouble is Trouble.BROKEN:
        return (
            f"Cannot reach {endpoint.address.host} through the proxy {route.host}: "
            f"{trouble.value}. Try again, and see self-refine doctor."
        )
    return (
        f"Cannot reach the proxy {route.host} ({route.because}): {trouble.value}. Is its address "
        f"right, and are you in its network? To do without it, unset proxy, or name "
        f"{endpoint.address.name} in noProxy."
    )


def _unknown_authority() -> str:
    named = next((n for n in _CA_VARIABLES if os.environ.get(n, "").strip()), "")
    beside = f" ({named} names one: {os.environ[named].strip()})" if named else ""
    return (
        "If your company inspects encrypted traffic, set caFile to the certificate of its "
        f"authority, a PEM file{beside}; {DOCTOR}."
    )


def _no_proxy() -> str:
    """A hint where the environment names a proxy that nobody uses."""
    variable = unused_proxy()
    if not variable:
        return ""
    return f' {variable} names a proxy, which is not used: to use it, set proxy = "env".'
