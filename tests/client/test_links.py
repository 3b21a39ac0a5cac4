"""The link in the mail: a GET changes nothing, a POST opens one request, and everything else looks alike."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings import links
from bookings.models import ClientLink, ClientSession, Event, Message
from bookings.workflow import contact
from bookings.workflow.core import Origin
from clinic.foundation import when
from tests import factories as make
from tests.client import walk

pytestmark = pytest.mark.once


def address(consultation: Any, **values: Any) -> str:
    link = links.mint(consultation, now=make.NOW)
    for name, value in values.items():
        setattr(link, name, value)
    link.save()
    return f"/consultations/open/{links.token(link)}/"


def test_the_link_opens_the_request_and_proves_the_address() -> None:
    consultation = make.submitted()
    browser = Client()
    opened = address(consultation)
    page = browser.get(opened)
    walk.check_page(page)
    assert "It is kept only once you press this button." in walk.text(page)
    response = browser.post(opened)
    assert (response.status_code, response["Location"]) == (303, "/consultations/mine/")
    cookie = response.cookies["client"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    words = walk.text(browser.get("/consultations/mine/"))
    assert consultation.reference in words and "Your time is kept: Thursday 3 December at 10am." in words
    consultation.refresh_from_db()
    assert consultation.email_proved_at == make.NOW
    # Held until the promise (5pm today) and a working day more, no longer for only half an hour.
    assert consultation.hold_until == make.at(1, 17)


def test_a_time_that_was_pressed_in_the_mail_is_chosen_and_nothing_is_accepted() -> None:
    consultation = make.in_state("offered")
    second = consultation.appointments.filter(is_offer=True).order_by("-starts_at")[0]
    minute = when.minute(second.starts_at)
    for pressed, chosen in ((minute, [str(second.pk)]), (minute + 1, [])):
        browser = Client()
        response = browser.post(f"{address(consultation)}?time={pressed}")
        assert response["Location"] == f"/consultations/mine/?time={pressed}"
        radios = walk.check_page(browser.get(response["Location"])).findall(".//input[@type='radio']")
        assert [one.get("value") for one in radios if one.get("checked") is not None] == chosen
    consultation.refresh_from_db()
    assert consultation.status == "offered"


def test_a_second_opening_is_no_second_proof() -> None:
    consultation = make.submitted()
    opened = address(consultation)
    Client().post(opened)
    Client().post(opened)
    assert Event.objects.filter(verb="prove").count() == 1
    assert ClientSession.objects.count() == 2


def test_mail_scanners_change_nothing() -> None:
    consultation = make.submitted()
    opened = address(consultation)
    before = (list(ClientLink.objects.values()), list(Event.objects.values()))
    for _ in range(20):
        Client().get(opened)
        Client().head(opened)
    assert (list(ClientLink.objects.values()), list(Event.objects.values())) == before
    assert not ClientSession.objects.exists()
    consultation.refresh_from_db()
    assert consultation.email_proved_at is None


def cut_and_added(opened: str) -> list[str]:
    """What mail programs and hurried hands make of an address: still the same token."""
    bare = opened.removesuffix("/")
    token = bare.rpartition("/")[2]
    return [
        *(
            opened + end
            for end in (".", ",", ";", ":", ")", "]", ">", "%22", "'", "!", "%3F", "=", "=20", "=3D")
        ),
        *(
            bare + end
            for end in ("", ".", ">", ")", "%20", "=20", "=%0D%0A", "%0A", "%C2%A0", "%E2%80%8B", "&gt;")
        ),
        *(opened + end for end in ("/", "%20and%20more", "%E2%80%9D", "?utm_source=mail", "#", "%20%3E%3E")),
        f"/consultations/open/%20{token}/",
        f"/consultations/open/%3C{token}%3E",
        f"/consultations/open//{token}/",
    ]


def test_what_mail_programs_add_or_cut_at_either_end_is_forgiven() -> None:
    opened = address(make.submitted())
    for wrapped in cut_and_added(opened):
        browser = Client()
        walk.check_page(browser.get(wrapped))
        assert browser.post(wrapped).status_code == 303, wrapped
    assert ClientSession.objects.count() == len(cut_and_added(opened))


def dead_links(consultation: Any) -> list[str]:
    """Every way in which an address below /consultations/open/ opens nothing."""
    erased = make.submitted(start=make.at(3, 14))
    erased_link = address(erased)
    type(erased).objects.filter(pk=erased.pk).update(erased_at=make.NOW)
    good = address(consultation)
    token = good.split("/")[-2]
    return [
        address(consultation, expires_at=make.NOW),
        address(consultation, revoked_at=make.NOW),
        erased_link,
        good[:-3] + "AA/",
        *(
            f"/consultations/open/{wrong}/"
            for wrong in (token[:-1], token + "x", token[:30], token.swapcase())
        ),
        *(
            f"/consultations/open/{wrong}"
            for wrong in ("", "/", "nonsense", "nonsense/", "a/b/c/", "é", "%FF", "%0A")
        ),
        *(f"/consultations/open/{letter * length}/" for letter in "A." for length in (51, 52, 53, 3000)),
        f"/consultations/open/{'%C3%A9' * 52}/",
        f"/consultations/open/{token[:26]}=%0A{token[26:]}/",
    ]


def test_every_dead_link_gets_the_same_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bookings.limits.floods.DEAD_LINKS_PER_NETWORK_HOUR", 1000)
    consultation = make.submitted()
    answers = []
    for opened in dead_links(consultation):
        browser = Client()
        first = browser.get(opened)
        with CaptureQueriesContext(connection) as work:
            response = browser.post(opened)
        walk.check_page(first)
        walk.check_page(response, 404)
        assert "Ask for a new link" in walk.text(response)
        assert walk.tree(response).findall(".//a[@href='/consultations/new-link/']")
        assert not response.cookies.get("client")
        statements = [query["sql"].split()[0] for query in work if "throttle" not in query["sql"]]
        answers.append((response.status_code, walk.main(response), len(response.content), tuple(statements)))
    # The counter of misses is made with the first one.
    assert len(set(answers[1:])) == 1
    assert answers[0][:3] == answers[1][:3]
    assert not ClientSession.objects.exists()


def test_links_that_open_nothing_are_counted(monday_morning: Any) -> None:
    monday_morning.shift(20 * 60)
    answers = [Client().post("/consultations/open/nonsense/") for _ in range(21)]
    assert [answer.status_code for answer in answers] == [404] * 20 + [429]
    walk.check_page(answers[-1], 429)
    assert answers[-1]["Retry-After"] == "2400"
    assert "Try again in 40 minutes" in walk.main(answers[-1])
    # Whoever holds a live link still gets in.
    assert Client().post(address(make.submitted())).status_code == 303


@pytest.mark.parametrize("path", ["mine/", "mine/appointment.ics", "mine/reschedule/"])
def test_without_a_session_the_page_asks_for_the_link(path: str) -> None:
    for cookie in ("", "nonsense", "é"):
        browser = Client()
        if cookie:
            browser.cookies["client"] = cookie
        walk.check_page(browser.get(f"/consultations/{path}"), 403)


def test_a_session_ends_when_idle_and_after_two_hours(monday_morning: Any) -> None:
    browser = walk.signed_in(make.submitted())
    for _ in range(5):
        monday_morning.shift(29 * 60)
        expected = 200 if _ < 4 else 403
        assert browser.get("/consultations/mine/").status_code == expected
    other = walk.signed_in(make.submitted(start=make.at(4, 10)))
    monday_morning.shift(31 * 60)
    assert other.get("/consultations/mine/").status_code == 403


def test_a_new_address_closes_the_old_links() -> None:
    consultation = make.submitted()
    browser = walk.signed_in(make.submitted(start=make.at(4, 10)))
    opened = address(consultation)
    contact.correct_contact(consultation, Origin(make.CLIENT, make.NOW), email="new@example.org")
    assert Client().post(opened).status_code == 404
    assert browser.get("/consultations/mine/").status_code == 200


# --- asking for a new one -----------------------------------------------------------------------------------------------


def ask(email: str) -> Any:
    return Client().post("/consultations/new-link/", {"email": email}, REMOTE_ADDR="192.0.2.77")


def test_a_new_link_goes_to_a_known_address_and_the_page_tells_nobody() -> None:
    consultation = make.submitted(email="Cleo@example.org")
    known, unknown = ask("cleo@Example.org"), ask("eve@example.org")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert known.status_code == 303
    shown = Client().get(known["Location"])
    walk.check_page(shown)
    assert "If you have a request with us" in walk.text(shown)
    message = Message.objects.get(kind="new_link")
    # To the address as it is stored, never as it was typed.
    assert (message.request, message.to) == (consultation, consultation.email)


def test_known_and_unknown_addresses_cost_the_same_statements() -> None:
    make.submitted(email="cleo@example.org")
    ask("warm@example.org")
    counts = []
    for email in ("cleo@example.org", "eve@example.org"):
        with CaptureQueriesContext(connection) as queries:
            ask(email)
        counts.append([q["sql"].split()[0] for q in queries])
    assert counts[0] == counts[1]
    assert counts[0].count("INSERT") >= 3
    assert counts[0].count("DELETE") == 3
    assert Message.objects.filter(kind="new_link", to="eve@example.org").count() == 0


def test_no_link_for_what_a_bot_sent() -> None:
    consultation = make.in_state("suspected", email="bot@example.org")
    ask(consultation.email)
    assert not Message.objects.filter(kind="new_link").exists()


def test_one_address_is_not_flooded() -> None:
    make.submitted(email="cleo@example.org")
    for _ in range(10):
        assert ask("cleo@example.org").status_code == 303
    assert Message.objects.filter(kind="new_link").count() == 3


def test_a_plus_makes_no_other_address() -> None:
    for number in range(4):
        make.submitted(email=f"cleo+{number}@example.org", start=make.at(3, 10 + number))
        ask(f"cleo+{number}@example.org")
    assert Message.objects.filter(kind="new_link").count() == 3


def test_one_network_is_slowed_down_and_keeps_the_address(monday_morning: Any) -> None:
    monday_morning.shift(20 * 60 + 30)
    answers = [ask(f"cleo{number}@example.org") for number in range(21)]
    assert [answer.status_code for answer in answers] == [303] * 20 + [429]
    page = walk.check_page(answers[-1], 429)
    assert answers[-1]["Retry-After"] == "2370"
    assert "press the button in 40 minutes" in walk.main(answers[-1]), "rounded up"
    assert page.find(".//input[@name='email']").get("value") == "cleo20@example.org"


def test_a_wrong_address_is_said_in_words() -> None:
    response = ask("nonsense")
    page = walk.check_page(response)
    assert page.findtext(".//title").startswith("Error: ")
    assert "Enter an email address in the correct format" in walk.text(response)


def test_tokens_of_like_requests_differ() -> None:
    consultation = make.submitted()
    tokens = {
        links.token(links.mint(consultation, now=make.NOW + timedelta(seconds=n % 2))) for n in range(50)
    }
    assert len(tokens) == 50
