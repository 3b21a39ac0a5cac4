"""NUL and broken UTF-8 are refused at the door with 400, wherever they come in: never a 500, on either database."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

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
