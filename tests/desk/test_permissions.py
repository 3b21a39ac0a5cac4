"""What no right opens, and who edits staff. Who opens which address: tests/desk/test_who_opens_what.py."""

from __future__ import annotations

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client

from bookings.models import Answers, Appointment, Consent, Event, Message, Note
from bookings.roles.table import ROLES
from tests import factories as make
from tests.desk.pages import OUTBOX, WORKLIST, html, message_page, page_of, words

pytestmark = pytest.mark.once


@pytest.mark.parametrize("model", [Event, Appointment, Answers, Note, Consent])
def test_what_belongs_to_a_request_has_no_page_of_its_own(model: type) -> None:
    assert not admin.site.is_registered(model)


def test_even_a_superuser_changes_a_request_by_verbs_only() -> None:
    client = Client()
    client.force_login(make.staff("Sue Root", is_superuser=True))
    consultation = make.submitted()
    message = Message.objects.filter(request=consultation).first()
    assert message is not None
    for url in (f"{WORKLIST}{consultation.pk}/delete/", f"{OUTBOX}{message.pk}/delete/", f"{OUTBOX}add/"):
        assert client.get(url).status_code == 403
        assert client.post(url, {"post": "yes"}).status_code == 403
    assert (
        client.post(page_of(consultation), {"status": "confirmed", "_save": "Save", "version": 1}).status_code
        == 404
    )
    assert (
        client.post(message_page(message), {"state": "sent"}).status_code == 303
    )  # "send again": it has not failed
    consultation.refresh_from_db()
    message.refresh_from_db()
    assert (consultation.status, message.state) == ("new", "queued")


def test_nobody_gives_themselves_rights() -> None:
    """Even with Django's own permissions for users and groups, only a superuser edits staff."""
    rights = [
        f"auth.{do}_{model}" for model in ("user", "group") for do in ("view", "add", "change", "delete")
    ]
    dee = make.staff("Dee Hart", *make.DEE, *rights)
    client = Client()
    client.force_login(dee)
    for url in (
        f"/admin/auth/user/{dee.pk}/change/",
        f"/admin/auth/user/{dee.pk}/password/",
        "/admin/auth/user/add/",
    ):
        assert client.post(url, {"username": "dee", "is_superuser": "on"}).status_code == 403
    assert client.get("/admin/auth/group/add/").status_code == 403
    dee.refresh_from_db()
    assert not dee.is_superuser


def test_a_superuser_edits_staff_and_roles() -> None:
    client = Client()
    client.force_login(make.staff("Sue Root", is_superuser=True))
    for url in ("/admin/auth/user/", "/admin/auth/user/add/", "/admin/auth/group/add/"):
        assert client.get(url).status_code == 200
    dee = make.staff()
    assert client.get(f"/admin/auth/user/{dee.pk}/change/").status_code == 200


def test_a_permission_that_is_taken_away_is_gone_at_once(dee: Client) -> None:
    consultation = make.submitted()
    assert dee.get(page_of(consultation)).status_code == 200
    make.staff().user_permissions.clear()
    assert dee.get(page_of(consultation)).status_code == 403
    assert dee.post(page_of(consultation), {"do": "assess", "version": 1}).status_code == 403


def test_the_trial_is_said_loudly_until_a_mail_server_is_set(dee: Client, settings: object) -> None:
    assert "This is for trying out." in words(dee.get(WORKLIST))
    settings.EMAIL_HOST = "mail.example.org"  # type: ignore[attr-defined]  # pytest-django's settings
    assert "This is for trying out." not in words(dee.get(WORKLIST))


def test_a_role_can_be_given_every_right_that_the_shipped_roles_need_and_none_to_forge() -> None:
    client = Client()
    client.force_login(make.staff("Sue Root", is_superuser=True))
    page = words(client.get("/admin/auth/group/add/"))
    for right in (
        "Can read health answers and notes",
        "Can answer requests",
        "Can send a failed message again",
    ):
        assert right in page
    for right in ("Can change request", "Can add event", "Can delete message", "Can change answers"):
        assert right not in page
    offered = set(re.findall(r'name="permissions" value="(\d+)"', html(client.get("/admin/auth/group/add/"))))
    for role in ROLES:
        for label in role.rights:
            app, codename = label.split(".")
            permission = Permission.objects.get(content_type__app_label=app, codename=codename)
            assert str(permission.pk) in offered, label
