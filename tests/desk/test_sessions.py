"""A treatment session at the desk: what its rules say stands beside the time, and no public page knows of it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from bookings import slot_text
from bookings.models import ConsultationRequest, ConsultationType, Note
from bookings.states import Status
from bookings.workflow import intake
from bookings.workflow.core import Actor, Origin
from tests import factories as make
from tests.client import walk
from tests.desk.pages import html, page_of, say, words
from tests.desk.test_phone_request import ADD, form

pytestmark = pytest.mark.once
REASON = "Seen at our other clinic last week."


@pytest.fixture
def session(db: None) -> ConsultationType:
    kind = make.consultation_type(
        name="Treatment session",
        purpose="session",
        consultation_within_days=180,
        cooling_off_days=14,
        order=9,
    )
    make.profile()
    make.practitioner().consultation_types.add(kind)
    make.consultation_type()
    return kind


def test_a_call_that_breaks_a_rule_is_said_before_it_is_booked_with_a_reason(
    dee: Client, session: ConsultationType
) -> None:
    slot = slot_text.of(make.slot(make.at(3, 10)))
    call = form(kind=session.pk, slot=slot)
    page = dee.post(ADD, call)
    assert page.status_code == 409 and "Look first at what is against this time" in words(page)
    assert "needs a consultation in the 180 days before it, and none is on record" in words(page)
    assert f'name="although" value="{slot} consultation"' in html(page)
    agreed = call | {"although": f"{slot} consultation"}
    page = dee.post(ADD, agreed)
    assert "Type why it is right all the same." in words(page) and not ConsultationRequest.objects.exists()
    page = dee.post(ADD, agreed | {"because": REASON}, follow=True)
    assert "Booked." in words(page) and REASON in words(page)
    assert "without a consultation before it" in words(page)
    # A consultation has no such box.
    assert "because" not in html(dee.post(ADD, form(make="")))


def test_offering_one_says_the_rule_beside_the_ticked_time(dee: Client, session: ConsultationType) -> None:
    wanted = make.submission(consultation_type_id=session.pk, start=None)
    asked = intake.submit(wanted, Origin(Actor.staff(make.staff()), make.NOW))
    slot = slot_text.of(make.slot(make.at(4, 10)))
    sent: dict[str, Any] = {"slot": [slot], "until": "960", "note": ""}
    page = say(dee, asked, "offer", **sent)
    assert "needs a consultation in the 180 days before it" in words(page)
    assert f'name="although" value="{slot} consultation"' in html(page)
    told = {"although": f"{slot} consultation"}
    assert "Type why it is right all the same" in words(say(dee, asked, "offer", **sent, **told))
    say(dee, asked, "offer", **sent, **told, because=REASON)
    asked.refresh_from_db()
    assert asked.status == Status.OFFERED
    assert [note.words for note in asked.notes.filter(kind=Note.Kind.INTERNAL)] == [REASON]
    assert "because" not in html(dee.get(page_of(make.submitted())))


def test_times_that_are_too_soon_after_the_consultation_are_not_in_sight(
    dee: Client, session: ConsultationType
) -> None:
    make.in_state(Status.CONFIRMED, name="Cleo Marsh", email="cleo@example.org")  # on Thursday 3 December
    page = html(dee.post(ADD, form(kind=session.pk, slot="", make="")))
    days = [date.fromisoformat(day) for day in re.findall(r'name="see_day" value="([^"]+)" formaction', page)]
    assert {date(2026, 12, 1), date(2026, 12, 17)} <= set(days)
    assert not [day for day in days if date(2026, 12, 3) <= day < date(2026, 12, 17)]
    asked = intake.submit(
        make.submission(
            name="Cleo Marsh", email="cleo@example.org", consultation_type_id=session.pk, start=None
        ),
        Origin(Actor.staff(make.staff()), make.NOW),
    )
    shown = re.findall(r'name="slot" value="\d+@(2026-12-\d\d)', html(dee.get(page_of(asked))))
    assert shown and not [day for day in shown if "2026-12-03" <= day < "2026-12-17"]


def test_no_public_page_nor_json_offers_it(session: ConsultationType) -> None:
    walk.clinic()
    browser, name, key = Client(), session.name, session.pk
    draft = walk.begin(browser)
    for path in (
        "/consultations/times/",
        f"/consultations/times/?type={key}",
        "/consultations/request/",
        f"/consultations/request/?type={key}",
        f"/consultations/request/times/?d={draft}",
        f"/consultations/request/times/?d={draft}&type={key}",
        "/consultations/",
        "/costs/",
        "/",
    ):
        page = browser.get(path, follow=True)
        assert name not in html(page), path
    as_json = browser.get(f"/consultations/times/?type={key}", HTTP_ACCEPT="application/json")
    assert as_json.json().get("type") != key
    chosen = f"any@{make.at(3, 10):%Y-%m-%dT%H:%M}Z"
    page = browser.post(
        f"/consultations/request/times/?d={draft}", {"type": key, "slot": chosen}, follow=True
    )
    assert name not in html(page)


def test_managers_set_the_rules_on_the_kind(session: ConsultationType) -> None:
    mo = Client()
    mo.force_login(make.staff("Sue Root", is_superuser=True))
    page = mo.get(f"/admin/bookings/consultationtype/{session.pk}/change/")
    assert "Rules of a treatment session" in words(page) and 'value="180"' in html(page)
    assert "Treatment session" in words(mo.get("/admin/bookings/consultationtype/"))
