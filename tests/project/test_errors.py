"""A page of ours says what went wrong: plain words, no traceback, no inline style. It needs no database, and uses one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings

from clinic import static_files
from content.models import ClinicProfile

pytestmark = pytest.mark.urls("tests.project.urls")


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/page/?q=%00", 400, "could not be read"),
        ("/refuse/", 403, "cannot open this page"),
        ("/no-such-page/", 404, "Page not found"),
        ("/fail/", 500, "something went wrong"),
        ("/no-database/", 503, "back in a moment"),
    ],
)
def test_each_error_has_its_page_and_needs_no_database(path: str, status: int, says: str) -> None:
    # No django_db mark: any query on the way would fail this test.
    response = Client(raise_request_exception=False).get(path)
    page = response.content.decode()
    assert response.status_code == status
    assert says in page
    # Only somebody who is signed in is told that they may not: they go back to the desk.
    assert ('href="/admin/"' in page) == (status == 403)
    assert not re.search(r"style=|<style|<script|\bon[a-z]+=", page)
    assert "Traceback" not in page
    assert "cleo@example.org" not in page


@pytest.mark.parametrize("path", ["/no-such-page/", "/fail/", "/no-database/"])
def test_error_pages_come_although_no_file_was_collected(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "clinic.static_files.CollectedFiles"}}
    static_files._said.clear()
    browser = Client(raise_request_exception=False)
    page = browser.get(path)
    assert page.status_code in (404, 500, 503)
    assert "<h1" in page.content.decode()
    browser.get(path)
    named = [record.message for record in caplog.records if "is not collected" in record.message]
    assert len(named) == len(set(named)) > 0


def test_a_database_that_is_away_is_a_matter_of_waiting() -> None:
    assert Client(raise_request_exception=False).get("/no-database/").headers["Retry-After"] == "30"


def test_a_form_without_its_token_says_what_to_do() -> None:
    response = Client(enforce_csrf_checks=True).post("/page/", {"a": "b"})
    assert response.status_code == 403
    page = response.content.decode()
    assert "Nothing is lost when you go back" in page
    assert "CSRF" not in page


@pytest.mark.django_db
@pytest.mark.once
@pytest.mark.urls("clinic.urls")
def test_whoever_is_lost_finds_the_site_round_the_page(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ClinicProfile.objects.update_or_create(pk=1, defaults={"name": "Larch Clinic", "phone": "01632 960009"})
    for path, status in (("/nothing/", 404), ("/search/?q=%00", 400)):
        answer = client.get(path)
        page = answer.content.decode()
        assert answer.status_code == status
        assert "Larch Clinic" in page and 'href="tel:01632960009"' in page and 'aria-label="Main"' in page
        assert 'name="robots" content="noindex"' in page
    assert not caplog.text.count("without its frame")

    def away(*_: object) -> ClinicProfile:
        raise OperationalError("the connection was closed")

    monkeypatch.setattr(ClinicProfile, "current", away)
    page = client.get("/nothing/").content.decode()
    assert "Page not found" in page and 'action="/search/"' in page and "Larch Clinic" not in page
    assert "without its frame" in caplog.text and "Traceback" not in caplog.text


@pytest.mark.django_db
@pytest.mark.once
@pytest.mark.urls("clinic.urls")
def test_on_the_desk_the_way_on_leads_to_the_desk(client: Client) -> None:
    assert client.get("/admin/nothing/").status_code == 302, (
        "a stranger is asked to sign in, and learns nothing"
    )
    client.force_login(User.objects.create_superuser("dee"))
    answer = client.get("/admin/nothing/")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert 'href="/admin/"' in page and "Request a consultation" not in page
