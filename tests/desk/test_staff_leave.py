"""Somebody leaves: their account is closed, and everything they did keeps their name."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.test import Client

from bookings.models import ConsultationRequest, Event
from bookings.workflow import desk
from bookings.workflow.core import Actor, Origin
from clinic.foundation import audit
from clinic.foundation.models import AuditEntry
from content.models import Correction
from content.publishing import corrections
from tests import factories as make
from tests.content.html import filled
from tests.desk.pages import WORKLIST, html, page_of, words
from tests.publishing import documents

pytestmark = pytest.mark.once


@pytest.fixture
def sue() -> Client:
    client = Client()
    client.force_login(make.staff("Sue Root", is_superuser=True))
    return client


@pytest.fixture
def gus() -> User:
    """Gus has worked here: forms, a request, a page, a correction, and he has read health answers."""
    user = make.staff("Gus Early", *make.DEE, *documents.EDITOR, email="gus@example.org", is_superuser=True)
    user.groups.add(Group.objects.get(name="Front desk"))
    his = Client()
    his.force_login(user)
    url = f"/admin/bookings/practitioner/{make.practitioner().pk}/change/"
    assert his.post(url, filled(his, url) | {"name": "Dr Ana Lind"}).status_code == 302
    consultation = make.submitted()
    desk.note(consultation, Origin(Actor.staff(user), make.NOW), text="Rang, no answer.")
    desk.assign(consultation, Origin(Actor.staff(user), make.NOW), user=user)
    audit.seen(user, "view", consultation, make.NOW)
    documents.draft()
    values = {"admin_path": "/admin/content/page/7/change/", "why": "x", "made_at": make.NOW}
    corrections.settle(Correction.objects.create(subject="Peels", **values), by=user, now=make.NOW)
    return user


def _delete(user: User) -> str:
    return f"/admin/auth/user/{user.pk}/delete/"


def test_the_page_says_what_goes_and_what_stays(sue: Client, gus: User) -> None:
    page = words(sue.get(_delete(gus)))
    assert "Gus Early has worked here, so the account is closed and not removed." in page
    assert "They can no longer sign in" in page
    for stays in ("1 saved form", "2 lines in the history of requests", "1 note", "1 settled correction"):
        assert stays in page
    assert "1 open request is assigned to them" in page
    assert "log entr" not in page.lower()


def test_their_history_stays_with_their_name_and_nobody_gets_in(sue: Client, gus: User) -> None:
    before = (LogEntry.objects.count(), Event.objects.count(), AuditEntry.objects.count())
    his = Client()
    his.force_login(gus)
    assert his.get(WORKLIST).status_code == 200

    assert sue.post(_delete(gus), filled(sue, _delete(gus))).status_code == 302
    assert his.get(WORKLIST).status_code == 302
    gus.refresh_from_db()
    assert (gus.is_active, gus.is_staff, gus.is_superuser, gus.email) == (False, False, False, "")
    assert not gus.has_usable_password()
    assert not gus.groups.exists() and not gus.user_permissions.exists()
    # One more line: that Sue closed it.
    after = (LogEntry.objects.count() - 1, Event.objects.count(), AuditEntry.objects.count())
    assert after == before
    ana = make.practitioner("Dr Ana Lind")
    assert "Gus Early" in words(sue.get(f"/admin/bookings/practitioner/{ana.pk}/history/"))
    assert "by Gus Early" in words(sue.get(page_of(ConsultationRequest.objects.get())))
    assert Correction.objects.get().settled_by == gus


def test_it_is_said_and_said_again_to_whoever_presses_twice(sue: Client, gus: User) -> None:
    data = filled(sue, _delete(gus))
    for _ in range(2):
        page = sue.post(_delete(gus), data, follow=True)
        assert "The account of Gus Early is closed. What they did keeps their name." in words(page)
        assert "<h1>Staff</h1>" in html(page)
    assert LogEntry.objects.filter(object_id=gus.pk).count() == 1


def test_an_account_that_nobody_ever_used_is_removed(sue: Client) -> None:
    typo = make.staff("Guss Early")
    page = words(sue.get(_delete(typo)))
    assert "Are you sure you want to delete the user “guss”?" in page
    assert sue.post(_delete(typo), filled(sue, _delete(typo))).status_code == 302
    assert not User.objects.filter(pk=typo.pk).exists()


def test_whoever_signs_in_before_it_is_confirmed_is_not_removed(sue: Client) -> None:
    new = make.staff("Guss Early")
    data = filled(sue, _delete(new))
    User.objects.filter(pk=new.pk).update(last_login=make.NOW)
    page = sue.post(_delete(new), data)
    assert "changed since this page was opened" in words(page)
    assert "has worked here" in words(page)
    assert User.objects.get(pk=new.pk).is_active


def test_they_can_come_back(sue: Client, gus: User) -> None:
    sue.post(_delete(gus), filled(sue, _delete(gus)))
    url = f"/admin/auth/user/{gus.pk}/change/"
    data = filled(sue, url) | {"is_active": "on", "groups": str(Group.objects.get(name="Front desk").pk)}
    assert sue.post(url, data).status_code == 302
    gus.refresh_from_db()
    assert gus.is_active and gus.is_staff and not gus.is_superuser
