"""Pages for readers are kept as ready bytes: right to the moment, for anybody alike, and of nobody's own."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import brotli
import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from content import limits
from content.models import ClinicProfile, Concern, Edition, Page, Source
from content.publishing import preview, snapshots
from content.ready import marks, middleware, shelf, triggers
from tests import factories as make

pytestmark = pytest.mark.django_db
PATH = "/treatments/microneedling/"
FOR_READERS = {
    "home",
    "concerns",
    "concern",
    "concern_leaflet",
    "treatments",
    "treatment",
    "treatment_leaflet",
    "articles",
    "article",
    "faqs",
    "costs",
    "team",
    "consultations",
    "duty",
    "guide",
}


@pytest.fixture
def reader(shipped: None, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Somebody whom nobody knows. This test's own transaction counts as none: all else is as it is on a running site."""
    monkeypatch.setattr(middleware, "connection", SimpleNamespace(in_atomic_block=False))
    Edition.objects.get_or_create(pk=1)
    return Client()


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was put on a shelf, as text."""
    seen: list[str] = []
    make_ready = shelf.made_ready

    def noted(response: Any) -> Any:
        seen.append(response.content.decode())
        return make_ready(response)

    monkeypatch.setattr(shelf, "made_ready", noted)
    return seen


def statements(ask: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert ask().status_code == 200
    return len(seen)


def headers(response: Any) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name != "X-Request-ID"}


# --- what a reader gets ---------------------------------------------------------------------------------------------------


def test_the_second_reader_costs_one_small_statement_and_gets_the_same(reader: Client) -> None:
    first = reader.get(PATH)
    with CaptureQueriesContext(connection) as seen:
        second = reader.get(PATH)
    assert [query["sql"] for query in seen] == ["SELECT token FROM content_edition WHERE id = 1"]
    assert second.content == first.content and headers(second) == headers(first)
    unmarked = {"ETag", "Vary", "Content-Length"}
    signed_in = Client()
    signed_in.force_login(make.staff())
    own = signed_in.get(PATH)
    assert own.content == first.content
    assert {n: v for n, v in headers(own).items() if n not in unmarked} == {
        n: v for n, v in headers(first).items() if n not in unmarked
    }


@pytest.mark.once
def test_each_browser_gets_the_smallest_form_that_it_reads(reader: Client) -> None:
    plain = reader.get(PATH)
    assert "Content-Encoding" not in plain.headers
    for accepts, form, opened in (
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("GZIP;q=0.5, br;q=0", "gzip", gzip.decompress),
        ("*", "br", brotli.decompress),
        ("gzip;q=0, identity", "", bytes),
        ("br;q=nonsense", "", bytes),
        ("identity", "", bytes),
    ):
        answer = reader.get(PATH, headers={"accept-encoding": accepts})
        assert answer.headers.get("Content-Encoding", "") == form, accepts
        assert opened(answer.content) == plain.content
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["ETag"] == plain.headers["ETag"]
        assert answer.headers["Content-Length"] == str(len(answer.content))


@pytest.mark.once
def test_whoever_has_it_is_told_so_in_a_few_bytes(reader: Client) -> None:
    etag = reader.get(PATH).headers["ETag"]
    strong = etag.removeprefix("W/")
    for known in (etag, strong, f'"other", {etag}', "*"):
        again = reader.get(PATH, headers={"if-none-match": known})
        assert (again.status_code, again.content) == (304, b""), known
        assert (again["ETag"], again["Cache-Control"], again["Vary"]) == (etag, "no-cache", "Accept-Encoding")
        assert "default-src 'none'" in again["Content-Security-Policy"]
    for other in ({"if-none-match": '"other"'}, {"if-modified-since": "Sun, 29 Nov 2026 10:00:00 GMT"}):
        assert reader.get(PATH, headers=other).status_code == 200
    assert reader.get(PATH, headers={"if-match": '"other"'}).status_code == 412
    # Whole pages only: nobody gets a part of one.
    assert reader.get(PATH, headers={"range": "bytes=0-9"}).status_code == 200
    head = reader.head(PATH)
    assert (head.status_code, head.content) == (200, b"")
    assert int(head["Content-Length"]) > 10_000
    assert reader.post(PATH).status_code == 405


@pytest.mark.once
def test_whoever_only_asks_again_still_fills_the_shelf(reader: Client) -> None:
    etag = Client().get(PATH).headers["ETag"]
    assert reader.get(PATH, headers={"if-none-match": etag}).status_code == 304
    assert statements(lambda: reader.get(PATH)) == 1


# --- for how long it is right ---------------------------------------------------------------------------------------------


def token() -> str:
    return Edition.objects.get(pk=1).token


def test_whatever_a_page_is_made_of_makes_another_edition_when_it_changes(reader: Client) -> None:
    tried = 0
    for model in triggers.models_printed():
        row = model._default_manager.first()
        if row is None:  # the shipped content has none of these
            continue
        tried += 1
        with make.undone():
            before = token()
            name = next(field.attname for field in model._meta.concrete_fields if not field.primary_key)
            model._default_manager.filter(pk=row.pk).update(**{name: getattr(row, name)})
            assert token() != before, f"{model._meta.label} was changed"
    assert tried >= 16
    with make.undone():
        before = token()
        source = Source.objects.create(code="NEW", title="New")
        added = token()
        source.delete()
        assert len({before, added, token()}) == 3


def test_no_page_for_readers_reads_a_table_that_makes_no_edition(reader: Client) -> None:
    """Whoever lets a page print something else has to say so in content/ready/triggers.py."""
    paths = [page.get_absolute_url() for kind in Page.Kind for page in Page.objects.filter(kind=kind)[:3]]
    paths += ["/", "/guide/", "/team/", "/costs/", "/faqs/", "/articles/", "/treatments/?sort=name"]
    paths += ["/treatments/microneedling/leaflet/", f"/treatments/?for={Concern.objects.all()[0].public_id}"]
    with CaptureQueriesContext(connection) as seen:
        for path in paths:
            assert reader.get(path).status_code == 200, path
    read = {name for query in seen for name in re.findall(r'(?:FROM|JOIN) "?(\w+)"?', query["sql"])}
    assert "content_page" in read
    assert read - {"content_edition"} <= set(triggers.tables())


def test_what_was_never_true_shows_to_nobody(reader: Client, drawn: list[str]) -> None:
    """A draft is put into its row to be shown, and the transaction is rolled back."""
    page = Page.objects.get(slug="microneedling")
    before, first = token(), reader.get(PATH)
    draft = snapshots.of(page)
    request = first.wsgi_request
    shown = preview.document(
        request, page, draft.__class__(**vars(draft) | {"title": "Zyx"}), preview.Preview()
    )
    assert isinstance(shown, HttpResponse) and b"Zyx" in shown.content
    assert token() == before
    assert reader.get(PATH).content == first.content
    assert not any("Zyx" in text for text in drawn)


def test_an_edit_shows_at_once(reader: Client) -> None:
    etag = reader.get(PATH).headers["ETag"]
    Page.objects.filter(slug="microneedling").update(title="Other words")
    again = reader.get(PATH, headers={"if-none-match": etag})
    assert again.status_code == 200 and b"Other words" in again.content
    ClinicProfile.objects.update(phone="01632 960777")
    assert b"01632 960777" in reader.get(PATH).content
    Page.objects.filter(slug="microneedling").update(is_published=False)
    assert reader.get(PATH).status_code == 404


@pytest.mark.once
def test_at_the_clinics_midnight_the_page_says_what_is_true_that_day(reader: Client) -> None:
    page = Page.objects.get(slug="microneedling")
    ClinicProfile.objects.update(time_zone="Pacific/Auckland", review_grace_days=0)
    zone = ClinicProfile.current().zone
    today = timezone.now().astimezone(zone)
    Page.objects.filter(pk=page.pk).update(review_due=today.date())
    midnight = (today + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    for hours in (-1, -0.001, 0, 1):
        with time_machine.travel(midnight + timedelta(hours=hours), tick=False):
            # The first answer of a day is drawn, the second is ready.
            for _ in range(2):
                assert (b"overdue" in reader.get(PATH).content) == (hours >= 0), hours


@pytest.mark.once
def test_home_says_when_the_clinic_opens_and_closes_to_the_second(reader: Client) -> None:
    for hour, minute, said in (
        (8, 59, "Closed now"),
        (9, 0, "Open now"),
        (16, 59, "Open now"),
        (17, 0, "Closed now"),
    ):
        with time_machine.travel(
            make.NOW.replace(hour=hour, minute=minute, second=59 if minute else 0), tick=False
        ):
            for _ in range(2):  # drawn, and ready
                found = re.search(r"(Open|Closed) now", reader.get("/").content.decode())
                assert found and found.group() == said, (hour, minute)


@pytest.mark.once
def test_within_a_transaction_nothing_is_kept(shipped: None) -> None:
    reader = Client()
    Edition.objects.get_or_create(pk=1)
    assert statements(lambda: reader.get(PATH)) == statements(lambda: reader.get(PATH)) > 5


@pytest.mark.once
def test_without_an_edition_pages_are_drawn(reader: Client) -> None:
    Edition.objects.all().delete()
    assert statements(lambda: reader.get(PATH)) == statements(lambda: reader.get(PATH)) > 5


# --- for whom -------------------------------------------------------------------------------------------------------------


@pytest.mark.once
def test_whoever_is_somebody_gets_a_page_of_their_own_and_leaves_none(
    reader: Client, drawn: list[str]
) -> None:
    for name in (
        settings.SESSION_COOKIE_NAME,
        settings.CLIENT_COOKIE_NAME,
        settings.DRAFT_COOKIE_NAME,
        "tone",
        "anything",
    ):
        reader.cookies.clear()
        reader.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
        reader.cookies[name] = "value"
        assert statements(lambda: reader.get(PATH)) > 5, name
        assert drawn == []
    reader.cookies.clear()
    reader.get(PATH)
    reader.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
    assert statements(lambda: reader.get(PATH)) == 1
    # Under another root its links would be others.
    assert statements(lambda: reader.get(PATH, SCRIPT_NAME="/elsewhere")) > 5
    assert len(drawn) == 1


@pytest.mark.once
def test_what_differs_by_anything_is_nobody_elses() -> None:
    whole = HttpResponse("Page", headers={"Cache-Control": marks.KEPT})
    assert middleware.is_same_for_all(whole)
    for name, value in (
        ("Vary", "Cookie"),
        ("Vary", "Accept"),
        ("Cache-Control", "no-store"),
        ("Content-Encoding", "gzip"),
        ("Content-Type", "text/plain"),
    ):
        other = HttpResponse("Page", headers={"Cache-Control": marks.KEPT})
        other.headers[name] = value
        assert not middleware.is_same_for_all(other), (name, value)
    whole.set_cookie("tone", "light")
    assert not middleware.is_same_for_all(whole)


@pytest.mark.once
def test_what_came_before_it_still_comes_first(reader: Client) -> None:
    reader.get(PATH)
    with override_settings(SECURE_SSL_REDIRECT=True):
        secure = Client()
        secure.get(PATH, secure=True)
        assert secure.get(PATH).status_code == 301
    assert reader.get(PATH, headers={"host": "evil.example"}).status_code == 400
    assert reader.get(f"{PATH}?q=%00").status_code == 400
    assert reader.get(PATH, headers={"x-forwarded-host": "evil.example"}).status_code == 200
    numbers = {reader.get(PATH)["X-Request-ID"] for _ in range(3)}
    assert len(numbers) == 3


@pytest.mark.once
def test_no_query_fills_the_memory_or_changes_anybodys_page(reader: Client, drawn: list[str]) -> None:
    plain = reader.get(PATH).content
    for query in (
        "?utm_source=x",
        "?for=1&for=2&sort=name",
        "?print=large",
        "?<script>=1",
        "?a=%26&&&=",
        "?",
    ):
        assert reader.get(PATH + query).content == plain, query
    assert len(drawn) == 1
    concern = Concern.objects.order_by("pk")[0]
    known = f"/treatments/?for={concern.public_id}&sort=name"
    first = reader.get(known).content
    assert first == reader.get(f"/treatments/?sort=name&x=1&for={concern.public_id}").content
    assert len(drawn) == 2
    made_up = reader.get("/treatments/?for=made-up")
    assert made_up["Cache-Control"] == "no-store" and len(drawn) == 2
    assert reader.get("/treatments/?sort=made-up").content == reader.get("/treatments/").content
    assert len(drawn) == 3
    leaflet = f"{PATH}leaflet/"
    assert reader.get(f"{leaflet}?print=large").content != reader.get(leaflet).content
    assert reader.get(f"{leaflet}?print=huge").content == reader.get(leaflet).content


@pytest.mark.once
def test_a_full_shelf_is_emptied(reader: Client, drawn: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "READY_BYTES", 100_000)
    paths = [page.get_absolute_url() for page in Page.objects.filter(kind=Page.Kind.TREATMENT)[:4]]
    for path in (*paths, *paths):
        assert reader.get(path).status_code == 200
    assert len(drawn) == 8


# --- which pages ----------------------------------------------------------------------------------------------------------


def routes(patterns: list[Any]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        else:
            yield from routes(pattern.url_patterns)


def test_each_page_that_is_kept_is_named_here() -> None:
    marked = {
        pattern.name
        for pattern in routes(get_resolver().url_patterns)
        if marks.query_of(pattern.callback) is not None
    }
    assert marked == FOR_READERS


@pytest.mark.once
def test_no_other_page_may_be_kept_by_anybody(reader: Client, drawn: list[str]) -> None:
    for path in (
        "/consultations/request/",
        "/consultations/times/",
        "/consultations/mine/",
        "/consultations/new-link/",
        "/consultations/sent/",
        "/consultations/open/abc",
        "/search/",
        "/search/?q=scars",
        "/preview/abc",
        "/admin/login/",
        "/no-such-page/",
    ):
        for _ in range(2):
            answer = reader.get(path)
            assert not re.search("public|max-?age", answer.headers.get("Cache-Control", "")), path
    answer = reader.post("/guide/", {"adult": "yes", "at": "see"})
    assert "private" in answer["Cache-Control"]
    assert drawn == []
