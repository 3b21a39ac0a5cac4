"""NUL and broken UTF-8 are refused at the door with 400, wherever they come in: never a 500, on either database."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from clinic.wsgi import application

pytestmark = [pytest.mark.urls("tests.project.urls"), pytest.mark.django_db]
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    "path",
    [
        "/page/%00/",
        "/page/a%00b/",
        "/page/?q=%00",
        "/page/?%00=q",
        "/page/?q=%ff",
        "/page/?q=a&b=%C0%80",
        "/admin/login/?next=%00",
    ],
)
def test_an_address_that_is_not_text_is_refused(path: str) -> None:
    assert Client().get(path).status_code == 400


@pytest.mark.parametrize("body", ["name=%00", "%00=name", "name=Zo%eb", "name=a\0b", "name=%ed%a0%80"])
def test_a_form_that_is_not_text_is_refused(body: str) -> None:
    assert Client().post("/page/", body, content_type=FORM).status_code == 400


def test_a_form_with_files_that_is_not_text_is_refused() -> None:
    assert Client().post("/page/", {"name": "a\0b"}).status_code == 400
    assert Client().post("/page/", {"a\0b": "name"}).status_code == 400
    good = SimpleUploadedFile("cheek.jpg", b"\0\xff are fine inside a file")
    assert Client().post("/page/", {"name": "Cleo", "photo": good}).status_code == 200


def served(method: str, path: str, body: bytes, kind: str) -> int:
    """The status that gunicorn would send, before Django makes a request of it."""
    statuses: list[str] = []
    environ = RequestFactory().generic(method, "/page/", body, content_type="text/plain").environ
    environ |= {"CONTENT_TYPE": kind, "QUERY_STRING": path.partition("?")[2]}

    def start(status: str, *_: object) -> Callable[[bytes], object]:
        statuses.append(status)
        return lambda written: None

    b"".join(application(environ, start))
    return int(statuses[0].split()[0])


MULTIPART = b"--x\r\nContent-Disposition: form-data; %s\r\n\r\n\\x00\r\n--x--\r\n"


# Content-Type may say how the words of a request are spelled; each of these makes NUL or nonsense of plain ones.
@pytest.mark.parametrize(
    "charset",
    ["unicode_escape", "raw_unicode_escape", "hex", "rot13", "idna", "utf-16", "latin-1", "no-such", ""],
)
def test_words_are_utf_8_whatever_the_request_claims(charset: str) -> None:
    for kind in (FORM, "multipart/form-data; boundary=x", "text/plain"):
        body = MULTIPART % b'name="q"' if "boundary" in kind else b"q=\\x00"
        for claim in (
            f"charset={charset}",
            f'CHARSET="{charset}"',
            f"charset*=utf-8''{charset}",
            f"charset*0={charset}",
        ):
            for method in ("GET", "POST"):
                assert served(method, "/page/?q=%5Cx00", body, f"{kind}; {claim}") == 400, (kind, claim)


@pytest.mark.parametrize(
    "kind", [FORM, f"{FORM}; charset=UTF-8", f'{FORM}; charset="utf-8"', "", "nonsense", ";;=;"]
)
def test_what_names_utf_8_or_nothing_passes(kind: str) -> None:
    assert served("GET", "/page/?q=x", b"", kind) == 200
    assert served("POST", "/page/?q=x", b"q=x", kind) == 403  # read, and then without a token


@pytest.mark.parametrize(
    "name", [b"name*=hex''q", b"name*=no-such''q", b"name*=unicode_escape''%5Cx00", b"name=\xff"]
)
def test_a_part_of_a_form_that_names_another_is_no_failure(name: bytes) -> None:
    assert served("POST", "/page/", MULTIPART % name, "multipart/form-data; boundary=x") in (400, 403)


def test_a_cookie_or_header_with_nul_is_refused() -> None:
    # Python's cookie parser turns "\000" inside quotes into NUL: Django would look up that session.
    assert Client(headers={"cookie": 'sessionid="abcdefgh\\000"'}).get("/admin/").status_code == 400
    assert Client(headers={"user-agent": "a\0b"}).get("/page/").status_code == 400
    assert Client(headers={"x-forwarded-for": "\0"}).get("/page/").status_code == 400


def test_sign_in_with_nul_is_refused() -> None:
    response = Client().post("/admin/login/", {"username": "Dee\0", "password": "x"})
    assert response.status_code == 400


@pytest.mark.parametrize("path", ["/%ff/", "/%c3%28/", "/%ed%a0%80/"])
def test_broken_utf_8_in_a_path_is_a_page_that_is_not_there(path: str) -> None:
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/page/Zo%C3%AB/", "/page/?q=Zo%C3%AB", "/page/?q=50%", "/page/?q=%F0%9F%99%82"]
)
def test_text_passes(path: str) -> None:
    assert Client().get(path).status_code == 200


def test_control_characters_and_lone_surrogates_are_text_or_refused() -> None:
    visitor = Client(raise_request_exception=False)
    for c in ("%01", "%0B", "%1B", "%7F", "%C2%85", "%E2%80%A8", "%EF%BF%BF"):
        assert visitor.get(f"/page/a{c}b/").status_code == 200
        assert visitor.get(f"/page/?q=a{c}b", headers={"cookie": f'client="a{c}b"'}).status_code == 200
        assert visitor.get(f"/admin/login/?next={c}").status_code == 200
        assert (
            visitor.post("/admin/login/", f"username=Dee{c}&password=x", content_type=FORM).status_code == 200
        )
    assert visitor.get("/page/?q=%ED%A0%80").status_code == 400
    assert visitor.get("/page/?q=a", headers={"cookie": 'sessionid="a\\355\\240\\200"'}).status_code == 200


@given(text=st.text(), raw=st.binary(max_size=40))
def test_whatever_comes_is_answered(text: str, raw: bytes) -> None:
    visitor = Client(raise_request_exception=False)
    quoted = "".join(f"%{byte:02x}" for byte in raw)
    answers = [
        visitor.get(f"/page/?q={quoted}"),
        visitor.get(f"/page/{quoted}/"),
        visitor.post("/page/", f"name={quoted}", content_type=FORM),
        visitor.post("/page/", raw, content_type="multipart/form-data; boundary=x"),
        visitor.get("/page/", {"q": text.encode("utf-8", "surrogatepass")}),
    ]
    assert {answer.status_code for answer in answers} <= {200, 400, 404}
