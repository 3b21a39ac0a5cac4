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
from tests.desk.test_block import BLOCK, press
from tests.desk.test_calendar import CALENDAR
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


# --- a booked session that staff cannot keep, or move ------------------------------------------------------------------


def sessions_on(day: int, kind: ConsultationType) -> dict[str, ConsultationRequest]:
    """Cleo has a session as soon as the rules allow it; Mira has one although no consultation is on record."""
    make.in_state(Status.CONFIRMED, name="Cleo Marsh", email="cleo@example.org")  # on Thursday 3 December
    booked = {}
    for name, hour, although in (("Cleo Marsh", 10, ()), ("Mira Kern", 14, ("consultation",))):
        asked = make.submission(
            name=name,
            email=f"{name.split()[0].lower()}@example.org",
            consultation_type_id=kind.pk,
            practitioner_id=make.practitioner().pk,
            start=make.at(day, hour),
        )
        origin = Origin(Actor.staff(make.staff()), make.NOW, because=REASON if although else "")
        booked[name.split()[0]] = intake.book(asked, origin, although=although)
    return booked


def reasons(consultation: ConsultationRequest) -> int:
    return [note.words for note in consultation.notes.filter(kind=Note.Kind.INTERNAL)].count(REASON)


def test_blocked_time_is_answered_with_times_that_the_rules_allow(session: ConsultationType) -> None:
    booked = sessions_on(17, session)
    dee, day = Client(), {"on": "Thu 17 Dec", "who": str(make.practitioner().pk)}
    dee.force_login(make.staff("Dan Holt", *make.DEE, "bookings.add_timeoff"))
    page = dee.get(BLOCK, day)
    rows = {row.touched.consultation.name.split()[0]: row for row in page.context["answers"].rows}
    days = {name: {slot.start.date() for slot in row.slots} for name, row in rows.items()}
    assert days["Cleo"] and min(days["Cleo"]) > date(2026, 12, 17)
    assert days["Mira"]
    press(dee, page, "tell", **day)
    for one in booked.values():
        one.refresh_from_db()
        assert one.status == Status.OFFERED
    assert reasons(booked["Mira"]) == 1, "nobody types again why it is right"


def test_the_calendar_moves_a_session_to_where_the_rules_allow_it(
    dee: Client, session: ConsultationType
) -> None:
    booked = sessions_on(17, session)

    def buttons(**asked: Any) -> set[str]:
        return set(re.findall(r'name="to" value="([^"]+)"', html(dee.get(CALENDAR, asked))))

    def days(values: set[str], who: str) -> set[str]:
        return {value[-17:-7] for value in values if value.startswith(f"{booked[who].pk}.")}

    week = buttons(on="2026-12-14", show="week")
    assert days(week, "Cleo") and min(days(week, "Cleo")) == "2026-12-17"
    moving = buttons(on="2026-12-14", show="week", move=booked["Cleo"].pk)
    assert min(days(moving, "Cleo")) == "2026-12-17" and "2026-12-18" in days(moving, "Cleo")
    moving = buttons(on="2026-12-14", show="week", move=booked["Mira"].pk)
    to = min(value for value in moving if "2026-12-16" in value)
    assert "Moved to Wed 16 Dec" in words(dee.post(CALENDAR, {"to": to}, follow=True))
    assert reasons(booked["Mira"]) == 1
