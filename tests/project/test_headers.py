"""Every answer carries the security headers, whatever it is; nobody keeps private pages."""

from __future__ import annotations

import re

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory

pytestmark = [pytest.mark.urls("tests.project.urls"), pytest.mark.django_db, pytest.mark.once]

KINDS = {
    "a page": ("/page/", 200),
    "a redirect": ("/away/", 302),
    "a file": ("/static/site.css", 200),
    "a missing file": ("/static/no-such.css", 404),
    "400": ("/page/?q=%00", 400),
    "403": ("/refuse/", 403),
    "404": ("/no-such-page/", 404),
    "500": ("/fail/", 500),
    "503": ("/no-database/", 503),
    "health": ("/healthz", 200),
}


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(("path", "status"), KINDS.values(), ids=KINDS.keys())
def test_headers_are_on_every_kind_of_answer(visitor: Client, path: str, status: int) -> None:
    response = visitor.get(path)
    response.close()
    assert response.status_code == status
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert not re.search(r"unsafe|data:|https?:|\*", policy)
    assert response.headers["Permissions-Policy"].startswith("accelerometer=()")
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    "path",
    [
        "/consultations/mine/",
        "/consultations/mine",
        "/Consultations/Mine/",
        "/consultations/request/fail/",
        "/consultations/open/no-such-token/",
        "/consultations/sent/?q=%00",
        "/consultations/new-link/",
        "/consultations/diary/abc.ics",
        "/admin/",
        "/admin/login/",
        "/admin/no/such/page/",
    ],
)
def test_private_pages_and_their_errors_are_never_kept(visitor: Client, path: str) -> None:
    response = visitor.get(path)
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_a_public_page_may_be_kept_but_not_its_errors_nor_a_page_with_a_cookie(visitor: Client) -> None:
    assert "no-store" not in visitor.get("/page/").headers.get("Cache-Control", "")
    assert visitor.get("/no-such-page/").headers["Cache-Control"] == "no-store"
    assert visitor.get("/with-cookie/").headers["Cache-Control"] == "no-store"


# --- HEAD ------------------------------------------------------------------------------------------------------------------


def answer(method: str, path: str) -> tuple[str, dict[str, str], bytes]:
    """Status, headers and body as a server gets them: the test client would remove the body."""
    begun: list[tuple[str, list[tuple[str, str]]]] = []
    head = RequestFactory().generic(method, path, HTTP_HOST="localhost").environ
    result = WSGIHandler()(head, lambda status, headers: begun.append((status, headers)))  # type: ignore[arg-type]  # it writes nothing
    body = b"".join(result)
    getattr(result, "close", lambda: None)()
    status, headers = begun[0]
    return status, dict(headers), body


@pytest.mark.parametrize("path", [path for path, _ in KINDS.values()], ids=KINDS.keys())
def test_head_says_what_get_says_without_its_body(kept_connections: None, path: str) -> None:
    status, headers, body = answer("GET", path)
    bare = answer("HEAD", path)
    assert bare[0] == status
    assert bare[1].get("Content-Length") == headers.get("Content-Length")
    assert bare[1]["Content-Security-Policy"] == headers["Content-Security-Policy"]
    assert bare[2] == b""
    assert body or status.startswith("302")
