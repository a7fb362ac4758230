"""Whose certificates are accepted, and which one this machine shows. Imported with the client."""

import ssl
from pathlib import Path
from typing import TypeGuard

import httpx2

from self_refine.models.faults import BadFile, FaultError, Trouble
from self_refine.models.network.reach import Trust


def ssl_context(trust: Trust) -> ssl.SSLContext:
    """A context that accepts what `trust` says; reads files.

    Raises:
        FaultError: with `BadFile`, for a file that cannot be used.
    """
    if trust.ca_system:
        # The store of Windows and macOS (by truststore), the files of other systems.
        context = httpx2.create_ssl_context(trust_env=False)
    else:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if trust.ca_file is not None:
        _load_authorities(context, trust.ca_file)
    if trust.client_certificate:
        _load_certificate(context, trust.client_certificate)
    return context


def _load_authorities(context: ssl.SSLContext, written: str) -> None:
    path = Path(written).expanduser()
    try:
        context.load_verify_locations(cafile=str(path))
    except ssl.SSLError:
        raise FaultError(
            BadFile("caFile", str(path), "it holds no certificate in PEM form (BEGIN CERTIFICATE)")
        ) from None
    except OSError as error:
        raise FaultError(BadFile("caFile", str(path), _reason(error))) from None


def _load_certificate(context: ssl.SSLContext, written: tuple[str, ...]) -> None:
    paths = [str(Path(each).expanduser()) for each in written[:2]]
    certificate, key = paths[0], paths[1] if len(paths) > 1 else None
    try:
        # Without a password of ours OpenSSL would ask for one at the terminal.
        context.load_cert_chain(certificate, key, password=lambda: b"")
    except ssl.SSLError as error:
        mismatch = "MISMATCH" in (error.reason or "")
        why = (
            "certificate and key do not belong together"
            if mismatch
            else "it must hold a certificate and its key in PEM form, without a password"
        )
        raise FaultError(BadFile("clientCertificate", ", ".join(paths), why)) from None
    except OSError as error:
        raise FaultError(BadFile("clientCertificate", ", ".join(paths), _reason(error))) from None


def _reason(error: OSError) -> str:
    return error.strerror or "it cannot be read"


_VERIFY = {9: Trouble.NOT_YET, 10: Trouble.EXPIRED, 62: Trouble.OTHER_HOST, 64: Trouble.OTHER_HOST}
_AUTHORITY = range(18, 22)
"""Self-signed, or signed by nobody that is known."""
_REASONS = {
    "WRONG_VERSION_NUMBER": Trouble.PLAIN,
    "HTTP_REQUEST": Trouble.PLAIN,
    "RECORD_LAYER_FAILURE": Trouble.PLAIN,
}


_WAITING = (ssl.SSLWantReadError, ssl.SSLWantWriteError, ssl.SSLEOFError, ssl.SSLZeroReturnError)
"""No fault of TLS: more is awaited, or the connection is over."""


def is_tls(error: BaseException) -> TypeGuard[ssl.SSLError]:
    """Whether a certificate or the encryption is at fault."""
    return isinstance(error, ssl.SSLError) and not isinstance(error, _WAITING)


def tls_trouble(error: ssl.SSLError) -> Trouble:
    """What of a certificate or its encryption was not accepted, by either side."""
    code = getattr(error, "verify_code", None)
    if code in _VERIFY:
        return _VERIFY[code]
    if code in _AUTHORITY:
        return Trouble.UNKNOWN_CA
    reason = (error.reason or "").upper()
    if "CERTIFICATE_REQUIRED" in reason or "ALERT_BAD_CERTIFICATE" in reason:
        return Trouble.WANTS_CERTIFICATE
    return _REASONS.get(reason, Trouble.TLS)
