"""What a migration could not mend, because an editor had changed the row: listed as due until somebody settles it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from content.models import Correction
from content.publishing import corrections, due
from tests import factories as make
from tests.publishing import desk, documents
from tests.publishing.documents import HOUR, NOW

pytestmark = pytest.mark.once


def correction(subject: str = "Page: Chemical peels", **changes: object) -> Correction:
    values = {"admin_path": "/admin/content/page/7/change/", "why": "It lacks an exception.", "made_at": NOW}
    return Correction.objects.create(subject=subject, **values | changes)


def done(row: Correction) -> str:
    return reverse("admin:content_correction_settle", args=[row.pk])


def test_it_is_listed_first_and_counted_until_somebody_presses_done(ed: Client) -> None:
    row = correction()
    response = ed.get(desk.due())
    told = desk.words(response)
    assert "Corrections to make by hand: 1" in told and "It lacks an exception." in told
    assert '<a href="/admin/content/page/7/change/">Page: Chemical peels</a>' in desk.html(response)
    assert due.counts(NOW, make.LONDON) == due.Counts(1, 1)
    assert '<b class="hot">1<span class="visually-hidden"> to look at, 1 late</span></b>' in desk.html(
        response
    )
    told = desk.message(ed, ed.post(done(row)))
    assert "Done: Page: Chemical peels." in told and "to make by hand" not in told
    assert "Nothing is due." in told
    row.refresh_from_db()
    assert (row.settled_at, row.settled_by) == (NOW, documents.ed())
    assert due.counts(NOW, make.LONDON) == due.Counts(0, 0)


def test_it_stands_on_the_start_page_of_editors(ed: Client) -> None:
    correction()
    assert '<b class="hot">1<span class="visually-hidden"> to look at' in desk.html(
        ed.get("/admin/", follow=True)
    )


def test_who_pressed_it_is_still_listed(ed: Client) -> None:
    row = correction()
    ed.post(done(row))
    told = desk.words(ed.get(desk.due()))
    assert "Page: Chemical peels, 30 Nov 2026, 09:00, Ed Moss" in told


def test_the_second_press_changes_nothing(ed: Client) -> None:
    row = correction()
    assert corrections.settle(row, by=make.staff("Dee Hart"), now=NOW)
    assert "Somebody had marked it as done before you" in desk.message(ed, ed.post(done(row)))
    assert not corrections.settle(row, by=documents.ed(), now=NOW + HOUR)
    row.refresh_from_db()
    assert (row.settled_at, row.settled_by) == (NOW, make.staff("Dee Hart"))


def test_pressed_twice_it_is_done(ed: Client) -> None:
    row = correction()
    for _ in range(2):
        told = desk.message(ed, ed.post(done(row)))
        assert "Done: Page: Chemical peels." in told and "before you" not in told


def test_a_reviewer_reads_it_and_has_no_button(rhea: Client) -> None:
    row = correction()
    response = rhea.get(desk.due())
    assert "Page: Chemical peels" in desk.words(response) and done(row) not in desk.html(response)
    assert rhea.post(done(row)).status_code == 403
    row.refresh_from_db()
    assert row.settled_at is None


def test_eve_a_stranger_and_a_get_settle_nothing(ed: Client) -> None:
    row, eve = correction(), Client()
    eve.force_login(make.staff("Eve Nobody"))
    assert eve.post(done(row)).status_code == 403
    assert Client().post(done(row))["Location"].startswith("/admin/login/")
    assert ed.get(done(row))["Location"] == "/admin/"
    row.refresh_from_db()
    assert row.settled_at is None


@pytest.mark.parametrize("number", [0, 10**30])
def test_one_that_is_not_there_is_not_found(ed: Client, number: int) -> None:
    assert ed.post(reverse("admin:content_correction_settle", args=[number])).status_code == 404


def test_it_outlives_the_account_that_settled_it(ed: Client) -> None:
    row = correction()
    ed.post(done(row))
    documents.ed().delete()
    row.refresh_from_db()
    assert (row.settled_at, row.settled_by) == (NOW, None)


@pytest.mark.django_db
def test_the_database_refuses_one_that_leads_elsewhere() -> None:
    with pytest.raises(IntegrityError, match="leads_into_the_desk|CHECK"):
        correction(admin_path="https://example.org/")


@pytest.mark.django_db
def test_the_database_refuses_one_that_was_settled_at_no_time() -> None:
    with pytest.raises(IntegrityError, match="at_a_time|CHECK"):
        correction(settled_by=make.staff("Dee Hart"))
