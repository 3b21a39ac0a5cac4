"""Pages are compressed for browsers that can read it; nothing else is, and no two answers have one length."""

from __future__ import annotations

import gzip
from typing import cast

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory

from clinic.compress import CompressPagesMiddleware
from tests import factories as make
from tests.desk.pages import WORKLIST

pytestmark = pytest.mark.once
WORDS = "<p>Pits and scars.</p>" * 400


def sent(response: HttpResponseBase, accepts: str = "gzip, deflate, br") -> HttpResponseBase:
    request = RequestFactory().get("/", headers={"accept-encoding": accepts})
    return cast(HttpResponseBase, CompressPagesMiddleware(lambda _: response)(request))


def test_a_page_is_a_fraction_of_its_length_and_says_so() -> None:
    page = sent(HttpResponse(WORDS))
    assert isinstance(page, HttpResponse)
    assert page.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in page.headers["Vary"]
    assert gzip.decompress(page.content).decode() == WORDS
    assert len(page.content) * 5 < len(WORDS)


def test_the_same_page_has_another_length_each_time() -> None:
    lengths = {
        len(page.content) for _ in range(40) if isinstance(page := sent(HttpResponse(WORDS)), HttpResponse)
    }
    assert len(lengths) > 1


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(WORDS, content_type="image/svg+xml"),
        HttpResponse(WORDS, content_type="application/json"),
        StreamingHttpResponse([WORDS.encode()]),
        HttpResponse("<p>Short</p>"),
        HttpResponse(status=304),
    ],
    ids=["a picture", "data", "a stream", "a few words", "nothing new"],
)
def test_what_is_no_whole_page_goes_as_it_is(response: HttpResponseBase) -> None:
    assert "Content-Encoding" not in sent(response).headers


def test_nobody_gets_what_they_cannot_read() -> None:
    assert "Content-Encoding" not in sent(HttpResponse(WORDS), accepts="identity").headers


@pytest.mark.django_db
def test_the_worklist_shrinks_to_a_fraction_and_loads_no_script_but_the_theme() -> None:
    for number in range(12):
        make.submitted(name=f"Client {number}", start=None)
    client = Client(headers={"accept-encoding": "gzip"})
    client.force_login(make.staff())
    page = client.get(WORKLIST)
    whole = gzip.decompress(page.content).decode()
    assert len(page.content) * 4 < len(whole)
    assert [part.split('"')[0] for part in whole.split('<script src="')[1:]] == ["/static/admin/js/theme.js"]
