"""A browser without JavaScript that speaks real HTTP: to nginx, or to one host as nginx would."""

from __future__ import annotations

import re
import socket
import ssl
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage, HTTPSConnection
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.proxy import HOST
from tests.servers import PATIENCE

_BOUNDARY = "a-line-between-two-fields"


@dataclass(frozen=True)
class Page:
    """An answer, with as much of Django's response as `tests.content.html.filled_from` reads."""

    status: int
    headers: HTTPMessage
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()

    @property
    def leads_to(self) -> str:
        """The path and query of its Location; "" if it leads nowhere."""
        where = urlsplit(self.headers["Location"] or "")
        return f"{where.path}?{where.query}" if where.query else where.path


class _Safe(HTTPSConnection):
    """https to nginx on this machine, under the site's name and with the certificate of a test."""

    def connect(self) -> None:
        trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        wire = socket.create_connection((self.host, self.port), timeout=PATIENCE)
        self.sock = trusting.wrap_socket(wire, server_hostname=HOST)


class Browser:
    """Somebody's cookies. `at` is the port of one host; without it nginx chooses. Nothing is followed by itself."""

    def __init__(self, tls: int) -> None:
        self.tls = tls
        self.cookies: dict[str, str] = {}
        self._token = ""

    def get(self, path: str, *, at: int = 0) -> Page:
        return self._ask("GET", path, at, b"")

    def post(self, path: str, fields: dict[str, Any], *, at: int = 0) -> Page:
        """Send these fields with the token of the last form. A tuple of name and bytes is a file."""
        fields = {"csrfmiddlewaretoken": self._token} | fields
        if not any(isinstance(value, tuple) for value in fields.values()):
            form = "application/x-www-form-urlencoded"
            return self._ask("POST", path, at, urlencode(fields, doseq=True).encode(), form)
        body = b""
        for name, value in fields.items():
            file, content = value if isinstance(value, tuple) else ("", str(value).encode())
            named = f'; filename="{file}"' if file else ""
            head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'
            body += head.encode() + content + b"\r\n"
        body += f"--{_BOUNDARY}--\r\n".encode()
        return self._ask("POST", path, at, body, f"multipart/form-data; boundary={_BOUNDARY}")

    def _ask(self, method: str, path: str, at: int, body: bytes, form: str = "") -> Page:
        headers = {
            "Host": HOST,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if at:
            headers |= {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.10"}
        if method == "POST":
            headers |= {"Origin": f"https://{HOST}", "Content-Type": form}
        wire = HTTPConnection("127.0.0.1", at, timeout=PATIENCE) if at else _Safe("127.0.0.1", self.tls)
        try:
            wire.request(method, path, body or None, headers)
            heard = wire.getresponse()
            page = Page(heard.status, heard.headers, heard.read())
        finally:
            wire.close()
        for line in heard.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        if token := re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page.content):
            self._token = token[1].decode()
        return page
