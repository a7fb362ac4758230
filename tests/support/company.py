"""A company's network for tests: servers with certificates, and a proxy that may read along."""

import contextlib
import datetime as dt
import os
import selectors
import socket
import socketserver
import ssl
import threading

import trustme

from support.scripted import Scripted

LONG_AGO = dt.datetime(2001, 1, 1, tzinfo=dt.UTC)


class Authority:
    """Somebody who signs certificates; `file` holds its own."""

    def __init__(self, folder, name="Public Trust"):
        self.ca = trustme.CA(organization_name=name)
        self.file = folder / f"{name.replace(' ', '-').lower()}.pem"
        self.ca.cert_pem.write_to_path(str(self.file))

    def context(self, host, *, expired=False, wants=None):
        """What a server of that name speaks TLS with.

        `wants` is the authority whose certificates clients must show.
        """
        until = {"not_before": LONG_AGO, "not_after": LONG_AGO + dt.timedelta(days=9)}
        issued = self.ca.issue_cert(host, **(until if expired else {}))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        issued.configure_cert(context)
        if wants is not None:
            wants.ca.configure_trust(context)
            context.verify_mode = ssl.CERT_REQUIRED
        return context

    def certificate(self, folder, name="me@corp.test"):
        """A PEM file with a certificate and its key, for a client."""
        issued = self.ca.issue_cert(name)
        path = folder / "me.pem"
        issued.private_key_and_cert_chain_pem.write_to_path(str(path))
        return path


class Secured(Scripted):
    """A model server that speaks TLS."""

    def __init__(self, *script, context, **options):
        super().__init__(script, **options)
        self.context = context

    def get_request(self):
        connection, client = super().get_request()
        secure = self.context.wrap_socket(
            connection, server_side=True, do_handshake_on_connect=False
        )
        return secure, client

    def finish_request(self, request, client_address):
        """Shake hands; who is refused has the time to hear why."""
        try:
            request.do_handshake()
        except ssl.SSLError:
            while os.read(request.fileno(), 4096):
                pass
            return
        super().finish_request(request, client_address)

    @property
    def url(self):
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"https://{host}:{self.port}/v1"


class SecuredSix(Secured):
    address_family = socket.AF_INET6
    host = "::1"


class PlainSix(Scripted):
    address_family = socket.AF_INET6
    host = "::1"

    @property
    def url(self):
        return f"http://[::1]:{self.port}/v1"


class Proxy(socketserver.ThreadingTCPServer):
    """A proxy for CONNECT. `asked` holds what it was asked, `read` what it read of a tunnel."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, names=(), *, status=200, login="", reads_with=None):
        """`names` says where the hosts of this network are: a name, and a server's port.

        `status` other than 200 refuses. `login` is what `Proxy-Authorization` must say.
        `reads_with` is a context for the name that is asked: the proxy then ends TLS itself.
        """
        super().__init__(("127.0.0.1", 0), _Through)
        self.names = dict(names)
        self.status, self.login, self.reads_with = status, login, reads_with
        self.asked = []
        self.read = []

    @property
    def address(self):
        return f"127.0.0.1:{self.server_address[1]}"

    @property
    def url(self):
        return f"http://{self.address}"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address):
        """Clients that leave, or refuse a certificate, are no news."""


class _Through(socketserver.StreamRequestHandler):
    server: Proxy
    rbufsize = 0

    def handle(self):
        name = self._let_through()
        if name is None:
            return
        with socket.create_connection(("127.0.0.1", self.server.names[name])) as to:
            if self.server.reads_with is None:
                _relay(self.request, to)
                return
            outward = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            outward.check_hostname, outward.verify_mode = False, ssl.CERT_NONE
            inside = self.server.reads_with.wrap_socket(self.request, server_side=True)
            with contextlib.closing(inside), outward.wrap_socket(to, server_hostname=name) as there:
                _relay(inside, there, self.server.read.append)

    def _let_through(self):
        """The name that was asked for, None where there is no way to it."""
        head = b""
        while not head.endswith(b"\r\n\r\n") and (byte := self.request.recv(1)):
            head += byte
        text = head.decode("latin-1")
        self.server.asked.append(text)
        method, target, *_ = text.split()
        login, name = self.server.login, target.rpartition(":")[0]
        if login and f"proxy-authorization: {login}" not in text.lower():
            self._say("407 Login", 'Proxy-Authenticate: Basic realm="x"')
        elif self.server.status != 200:
            self._say(f"{self.server.status} No")
        elif method != "CONNECT" or name not in self.server.names:
            self._say("502 Bad Gateway")
        else:
            self._say("200 Connection established")
            return name
        return None

    def _say(self, line, *headers):
        self.wfile.write("\r\n".join([f"HTTP/1.1 {line}", *headers, "", ""]).encode())


def _relay(one, other, heard=lambda _: None):
    """Pass bytes both ways until either side ends; `heard` is given those of `one`."""
    with selectors.DefaultSelector() as waiting:
        waiting.register(one, selectors.EVENT_READ, other)
        waiting.register(other, selectors.EVENT_READ, one)
        while True:
            for key, _ in waiting.select(10):
                for piece in _pieces(key.fileobj):
                    if not piece:
                        return
                    if key.fileobj is one:
                        heard(piece)
                    key.data.sendall(piece)


def _pieces(end):
    """What has come in there; b"" at its end. A record of TLS may hold nothing for us."""
    while True:
        end.settimeout(0)
        try:
            piece = end.recv(65536)
        except (ssl.SSLWantReadError, BlockingIOError):
            return
        finally:
            end.settimeout(10)
        yield piece
        if not piece:
            return
