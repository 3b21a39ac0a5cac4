"""Who has which role and what each may do, for managers; and what somebody sees who only keeps the site running."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bookings.models import Message, WorkerBeat
from bookings.roles import grants
from bookings.states import Status
from tests import factories as make
from tests.content.html import parsed
from tests.desk.pages import OUTBOX, WORKLIST, html, message_page, words

pytestmark = pytest.mark.once
PEOPLE = "/admin/auth/user/people/"
FRONT = "Front desk"


@pytest.fixture(autouse=True)
def roles() -> None:
    grants.give(make.NOW)


def of(role: str, name: str) -> Client:
    """The browser of somebody with this role alone."""
    first, _, last = name.partition(" ")
    user = User.objects.create_user(first.lower(), is_staff=True, first_name=first, last_name=last)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client


def cells(page: str, heading: str) -> list[str]:
    """The cells of one row of a table, by what its first cell says."""
    for row in parsed(page).iter("tr"):
        said = [" ".join("".join(cell.itertext()).split()) for cell in row]
        if said and said[0].startswith(heading):
            return said[1:]
    raise AssertionError(heading)


def test_managers_see_who_has_which_role_and_the_second_step() -> None:
    maya, _ = of("Managers", "Maya Holt"), of("Practitioners", "Ana Lind")
    User.objects.create_user("gone", is_staff=True, is_active=False, first_name="Gone Away")
    ana = make.practitioner()
    ana.user = User.objects.get(username="ana")
    ana.save()
    page = html(maya.get(PEOPLE))
    assert cells(page, "Ana Lind practises") == ["Practitioners", "Mon 30 Nov 09:00", "Not set up"]
    assert cells(page, "Maya Holt") == ["Managers", "Mon 30 Nov 09:00", "Not set up"]
    assert "Gone Away" not in page
    assert "/admin/auth/user/add/" not in page  # accounts are a superuser's


def test_the_table_is_drawn_from_what_the_roles_may_today() -> None:
    maya = of("Managers", "Maya Holt")
    line = "Erase everything personal"
    assert cells(html(maya.get(PEOPLE)), line) == ["No", "No", "Yes", "No", "No", "No"]
    desk = Group.objects.get(name=FRONT)
    desk.permissions.add(Permission.objects.get(codename="erase_request"))
    Group.objects.get(name="Managers").permissions.remove(Permission.objects.get(codename="erase_request"))
    desk.name = "Welcome"
    desk.save()
    page = html(maya.get(PEOPLE))
    assert cells(page, line) == ["Yes", "No", "No", "No", "No", "No"]
    assert "Welcome" in page and FRONT not in page


def test_a_superuser_is_led_to_accounts_and_roles() -> None:
    client = Client()
    client.force_login(make.staff("Sue Root", is_superuser=True))
    page = html(client.get(PEOPLE))
    assert cells(page, "Sue Root")[0] == "Everything"
    assert f"/admin/auth/user/{User.objects.get(username='sue').pk}/change/" in page


def test_it_takes_no_more_statements_for_more_people(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    maya = of("Managers", "Maya Holt")
    for number in range(8):
        of(FRONT, f"Dee{number} Hart")
    with django_assert_max_num_queries(20):
        assert maya.get(PEOPLE).status_code == 200


def test_only_managers_say_whose_sign_in_a_practitioners_is() -> None:
    url = f"/admin/bookings/practitioner/{make.practitioner().pk}/change/"
    assert 'name="user"' in html(of("Managers", "Maya Holt").get(url))
    page = of(FRONT, "Fay Front").get(url)
    assert page.status_code == 200 and 'name="user"' not in html(page)


def test_the_front_desk_keeps_the_diary_and_neither_rules_nor_practitioners_away() -> None:
    fay, ana = of(FRONT, "Fay Front"), make.practitioner()
    assert fay.get(f"/admin/bookings/practitioner/{ana.pk}/delete/").status_code == 403
    make.rules()
    assert fay.post("/admin/bookings/bookingrules/1/change/", {"horizon_days": "10"}).status_code == 403
    assert fay.get("/admin/bookings/closure/add/").status_code == 200


# --- operators --------------------------------------------------------------------------------------------------------


@pytest.fixture
def otto() -> Client:
    """Otto's browser: he keeps the site running."""
    return of("Operators", "Otto Pell")


def failed() -> Message:
    cleo = make.in_state(Status.CONFIRMED, email="cleo@example.org")
    mail = Message.objects.filter(request=cleo).earliest("pk")
    Message.objects.filter(pk=mail.pk).update(state="failed", problem="550 no such user")
    return mail


def test_operators_see_that_a_mail_failed_and_not_to_whom_nor_a_word_of_it(otto: Client, dee: Client) -> None:
    mail = failed()
    for page in (otto.get(OUTBOX), otto.get(message_page(mail))):
        assert page.status_code == 200
        assert "550 no such user" in words(page)
        for secret in ("Cleo", "cleo@example.org", "Your request"):
            assert secret not in html(page), secret
    assert "For those who may see requests." in words(otto.get(message_page(mail)))
    assert "cleo@example.org" in html(dee.get(message_page(mail)))


def test_operators_cannot_ask_whether_an_address_is_known(otto: Client, dee: Client) -> None:
    failed()
    found = [re.search(r"(\d+) message", words(who.get(f"{OUTBOX}?q=cleo@"))) for who in (otto, dee)]
    assert [int(each[1]) if each else 0 for each in found] == [0, Message.objects.count()]


def test_operators_send_again(otto: Client) -> None:
    mail = failed()
    assert otto.post(message_page(mail)).status_code == 303
    mail.refresh_from_db()
    assert mail.state == "queued"


def test_operators_see_how_the_worker_is_and_no_request(otto: Client) -> None:
    WorkerBeat.objects.create(name="one", at=make.NOW - timedelta(hours=1))
    assert "Not heard of for more than five minutes" in words(otto.get("/admin/bookings/workerbeat/"))
    assert otto.get(WORKLIST).status_code == 403
    assert otto.get("/admin/foundation/signin/").status_code == 200
