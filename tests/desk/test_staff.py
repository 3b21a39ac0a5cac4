"""New members of staff: one page, a role, and they can begin."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from bookings.roles import grants
from tests import factories as make
from tests.content.html import filled
from tests.desk.pages import WORKLIST, html, words

pytestmark = pytest.mark.once

ADD = "/admin/auth/user/add/"


@pytest.fixture
def sue() -> Client:
    client = Client()
    client.force_login(make.staff("Sue Root", is_superuser=True))
    return client


def _gus(role: Group) -> dict[str, object]:
    return {
        "username": "gus",
        "first_name": "Gus",
        "last_name": "Early",
        "email": "gus@example.org",
        "password1": "correct horse battery",
        "password2": "correct horse battery",
        "groups": [role.pk],
    }


def test_one_page_makes_somebody_who_can_begin(sue: Client) -> None:
    role = Group.objects.get(name="Front desk")
    role.permissions.set(make.staff().user_permissions.all())
    page = html(sue.get(ADD))
    for field in ("username", "first_name", "last_name", "email", "password1", "groups"):
        assert f'name="{field}"' in page, field
    assert sue.post(ADD, _gus(role)).status_code == 302
    gus = User.objects.get(username="gus")
    assert (gus.is_staff, gus.is_superuser, gus.get_full_name()) == (True, False, "Gus Early")
    assert gus.check_password("correct horse battery")
    his = Client()
    his.force_login(gus)
    assert his.get(WORKLIST).status_code == 200


def test_a_name_is_asked_for(sue: Client) -> None:
    role = Group.objects.get(name="Front desk")
    page = sue.post(ADD, _gus(role) | {"first_name": ""})
    assert page.status_code == 200
    assert "This field is required." in words(page)


def test_a_new_practitioner_is_given_an_account_on_the_same_page(sue: Client) -> None:
    make.profile()
    grants.give(make.NOW)
    url = "/admin/bookings/practitioner/add/"
    kind = str(make.consultation_type().pk)
    typed = {
        "name": "Dr Eva Roth",
        "consultation_types": kind,
        "account": "eva",
        "account_email": "eva@example.org",
    }
    sent = filled(sue, url) | typed
    assert "Type a user name too." in words(sue.post(url, sent | {"account": ""}))
    assert "has this user name already" in words(
        sue.post(url, sent | {"account": make.staff().username.upper()})
    )
    page = sue.post(url, sent, follow=True)
    eva = User.objects.get(username="eva")
    assert (eva.get_full_name(), eva.email, eva.is_staff) == ("Eva Roth", "eva@example.org", True)
    assert eva.practitioner.name == "Dr Eva Roth" and eva.has_perm("bookings.read_health")
    assert not eva.has_usable_password() and f"/admin/auth/user/{eva.pk}/password/" in html(page)
    # Nobody but a superuser makes accounts, whatever they send.
    dee = Client()
    dee.force_login(make.staff("Dee Hart", "bookings.view_practitioner", "bookings.add_practitioner"))
    assert 'name="account"' not in html(dee.get(url))
    dee.post(url, filled(dee, url) | typed | {"name": "Al Reed", "account": "al"})
    assert not User.objects.filter(username="al").exists()


def test_without_a_role_nobody_becomes_staff(sue: Client) -> None:
    sent = _gus(Group.objects.get(name="Front desk"))
    del sent["groups"]
    assert sue.post(ADD, sent).status_code == 302
    assert not User.objects.get(username="gus").is_staff


def test_a_role_given_later_makes_them_staff(sue: Client) -> None:
    role = Group.objects.get(name="Front desk")
    gus = User.objects.create_user("gus", password="correct horse battery")
    url = f"/admin/auth/user/{gus.pk}/change/"
    assert sue.post(url, filled(sue, url) | {"groups": [role.pk]}).status_code == 302
    gus.refresh_from_db()
    assert gus.is_staff
    assert gus.check_password("correct horse battery")


def test_no_hash_of_a_password_is_shown(sue: Client) -> None:
    dee = make.staff()
    page = sue.get(f"/admin/auth/user/{dee.pk}/change/")
    assert "Set a new password" in words(page)
    shown = words(page).lower()
    for part in ("salt", "hash", "iterations", "algorithm"):
        assert part not in shown
    assert dee.password not in html(page)
