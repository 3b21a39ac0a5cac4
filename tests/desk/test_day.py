"""The day sheet: who comes to whom, where they are, what they need; and a press that marks one of them."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from bookings import limits
from bookings.models import Appointment, Closure, ConsultationRequest, Practitioner, TimeOff
from bookings.states import Status
from bookings.workflow import attendance, contact, desk, reply
from bookings.workflow.core import Actor, Origin
from clinic.foundation.models import AuditEntry
from tests import factories as make
from tests.desk.pages import ANSWERS, DAY, html, page_of, words

pytestmark = pytest.mark.once
THURSDAY = f"{DAY}?on=2026-12-03"


@pytest.fixture
def cleo() -> ConsultationRequest:
    """Thursday 3 December at ten, with Ana. She needs a step-free way in, and took a medicine that matters."""
    return make.in_state(Status.CONFIRMED, answers=ANSWERS, phone="+441632960001")


def origin(moment: Any = make.NOW) -> Origin:
    return Origin(Actor.staff(make.staff()), moment)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def visit_of(consultation: ConsultationRequest) -> Appointment:
    return consultation.appointments.booked().get()


def press(client: Client, consultation: ConsultationRequest, do: str, page: str = DAY) -> Any:
    return client.post(page, {"visit": visit_of(consultation).pk, "do": do})


def drawn(page: Any, consultation: ConsultationRequest) -> list[str]:
    """What the buttons on the line of a visit send, without what they take back."""
    return [re.sub("^(expect|unmark):.*", r"\1", do) for do in sent(page, consultation)]


def sent(page: Any, consultation: ConsultationRequest) -> list[str]:
    """What the buttons on the line of a visit send."""
    line = re.search(rf'id="v{visit_of(consultation).pk}".*?(?:</tr>|</div>)', html(page), re.DOTALL)
    return re.findall(r'name="do" value="([^"]*)"', line[0]) if line else []


# --- what it shows ----------------------------------------------------------------------------------------------------


def test_a_day_stands_in_order_with_all_that_the_front_desk_needs(cleo: ConsultationRequest) -> None:
    desk.note(cleo, origin(), text="Ramp is asked for.", about_health=False)
    desk.note(cleo, origin(), text="Her skin is dark.", about_health=True)
    other = make.submitted(name="Bo Lund", start=make.at(3, 9))
    reply.offer(other, origin(), slots=[make.slot(make.at(3, 12))])
    TimeOff.objects.create(
        practitioner=make.practitioner(), starts_at=make.at(3, 16), ends_at=make.at(4, 9), label="course"
    )
    reception = make.staff("Rea Front", "bookings.view_consultationrequest", "bookings.decide_request")
    shown = words(browser(reception).get(THURSDAY))
    told = (
        "Thursday 3 December Wed 2",
        "1 visit: 1 to come. 1 person needs something ready: step-free at 10:00.",
        "Ana Lind1 visit",
        "in from 09:00 to 17:00 · next free 09:00",
        "Free to 10:00 Book 09:00",
        "10:00to 10:30",
        f"{cleo.reference} · First consultation",
        "01632 960001",
        "Step-free",
        "Clinician review",
        "Ramp is asked for.",
        "Offered to Bo Lund to 12:30, ends",
        "Away to 17:00",
    )
    places = [shown.find(line) for line in told]
    assert -1 not in places, told[places.index(-1)]
    assert places == sorted(places)
    for secret in ("isotretinoin", "skin is dark", "Rolling", "course"):
        assert secret not in shown


def test_a_free_stretch_leads_to_the_page_of_a_call_with_its_time(dee: Client) -> None:
    page = html(dee.get(THURSDAY))
    ana, kind = make.practitioner().pk, make.consultation_type().pk
    slot = f"{ana}%402026-12-03T09%3A00Z"
    assert f'href="/admin/bookings/consultationrequest/add/?slot={slot}&amp;kind={kind}"' in page


def test_the_days_before_and_after_and_everybody_are_one_link_away(
    dee: Client, cleo: ConsultationRequest
) -> None:
    bo = make.practitioner("Bo Sand")
    shown = dee.get(f"{THURSDAY}&who={bo.pk}")
    for query in ("on=2026-12-02", "on=2026-11-30", "on=2026-12-04", "on=2026-12-03"):
        assert f'href="?{query}&amp;who=' in html(shown)
    assert "Everyone 1 visitAna Lind 1 visitBo Sand 0 visits" in words(shown)
    assert "Cleo Marsh" not in words(shown)
    assert "Cleo Marsh" in words(dee.get(f"{THURSDAY}&who=all"))


@pytest.mark.parametrize("asked", ["on=abc", "on=9999-12-31", "on=0001-01-01", "who=x", f"who={'9' * 30}"])
def test_an_address_that_means_nothing_shows_today(dee: Client, asked: str) -> None:
    assert "Monday 30 November" in words(dee.get(f"{DAY}?{asked}"))


def test_a_closed_day_and_a_day_without_anybody_say_so(dee: Client) -> None:
    Closure.objects.create(name="Stocktaking", first_day="2026-12-03", last_day="2026-12-03")
    assert "The clinic is closed on this day: Stocktaking." in words(dee.get(THURSDAY))
    shown = words(dee.get(f"{DAY}?on=2026-12-05"))
    assert "Ana Lind (not in)" in shown
    assert "No visits." in shown


def test_where_they_are_is_said_as_time_passes(dee: Client, cleo: ConsultationRequest) -> None:
    def place(hour: int, minute: int = 0) -> str:
        with time_machine.travel(make.at(3, hour, minute), tick=False):
            page = html(browser(make.staff()).get(DAY))
        return " ".join(re.findall(r'class="chip [^"]*">([^<]*)<', page))

    assert [place(8), place(9, 1), place(9, 57), place(10, 5), place(11)] == [
        *("To come", "In 59 min", "In 3 min", "Not here yet", "Not marked yet")
    ]
    with time_machine.travel(make.at(4, 9), tick=False):
        assert "1 visit: 1 not marked yet." in words(browser(make.staff()).get(THURSDAY))
    attendance.late(cleo, origin(make.at(3, 9)), minutes=10)
    assert place(9, 30) == "Late, 10 min"
    attendance.arrive(cleo, origin(make.at(3, 10, 8)))
    assert place(10, 9) == "Here since 10:08"
    attendance.attend(cleo, origin(make.at(3, 10, 9)))
    assert place(10, 10) == "Attended"


# --- a practitioner ---------------------------------------------------------------------------------------------------


def test_a_practitioner_opens_on_their_own_day_with_reasons_and_that_is_noted_once(
    cleo: ConsultationRequest,
) -> None:
    ana = make.staff("Ana Lind")
    Practitioner.objects.filter(name="Ana Lind").update(user=ana)
    make.practitioner("Bo Sand")
    mine = browser(ana)
    for _ in range(2):
        shown = words(mine.get(THURSDAY))
        assert "My Thursday 3 December" in shown
        assert "Rolling scars, face" in shown
        assert "Because of: isotretinoin" in shown
    noted = AuditEntry.objects.filter(action="view").values_list("who", "object_id")
    assert list(noted) == [("ana", str(cleo.pk))]
    everybody = words(mine.get(f"{THURSDAY}&who=all"))
    assert "isotretinoin" not in everybody
    assert "Clinician review" in everybody


# --- a press ----------------------------------------------------------------------------------------------------------


def test_one_press_marks_and_leads_back_to_its_line(cleo: ConsultationRequest) -> None:
    with time_machine.travel(make.at(3, 9, 50), tick=False):
        dee, key = browser(make.staff()), visit_of(cleo).pk

        def pressed(do: str) -> tuple[str, list[str]]:
            page = dee.get(DAY)
            button = sent(page, cleo)[drawn(page, cleo).index(do)]
            answer = press(dee, cleo, button, f"{DAY}?who=all")
            assert (answer.status_code, answer["Location"]) == (303, f"{DAY}?who=all#v{key}")
            cleo.refresh_from_db()
            return cleo.status, drawn(dee.get(DAY), cleo)

        assert drawn(dee.get(DAY), cleo) == ["arrive", "attend", "miss", "late"]
        late = ["arrive", "attend", "miss", "late:10", "late:20", "late:30", "expect"]
        assert pressed("late") == ("confirmed", late)
        assert pressed("late:20") == ("confirmed", ["arrive", "attend", "miss", "expect"])
        assert visit_of(cleo).late_minutes == 20
        assert pressed("arrive") == ("confirmed", ["attend", "expect"])
        assert pressed("expect") == ("confirmed", ["arrive", "attend", "miss", "expect"])
        top = html(dee.get(page_of(cleo))).partition('class="marks-now"')[2].partition("</div>")[0]
        assert re.findall(r'name="do" value="(\w+)"', top) == ["arrive", "attend", "miss", "expect"]
        assert pressed("miss") == ("no_show", ["unmark"])
        assert pressed("unmark")[0] == "confirmed"
        assert pressed("attend") == ("attended", ["unmark"])
    assert cleo.events.latest("version").actor_label == "Dee Hart"


def test_who_comes_second_is_told_why_and_a_second_press_of_one_page_is_none(
    cleo: ConsultationRequest,
) -> None:
    with time_machine.travel(make.at(3, 10), tick=False):
        dee, sam = browser(make.staff()), browser(make.staff("Sam Reed", *make.DEE))
        sent = {"visit": visit_of(cleo).pk, "do": "arrive", "csrfmiddlewaretoken": "one"}
        for _ in range(2):
            assert dee.post(DAY, sent)["Location"].endswith(f"#v{sent['visit']}")
        answer = press(sam, cleo, "arrive")
        assert answer["Location"] == f"{DAY}?"
        assert "Cleo Marsh: They have been marked as here already." in words(sam.get(DAY))
        press(dee, cleo, "attend")
        press(sam, cleo, "miss")
        assert "Dee Hart marked this as attended" in words(sam.get(DAY))
        old = visit_of(cleo).pk
        Appointment.objects.update(state="released")
        assert sam.post(DAY, {"visit": old, "do": "unmark"}).status_code == 303
        assert "has been moved or cancelled meanwhile" in words(sam.get(DAY))
    cleo.refresh_from_db()
    assert cleo.status == Status.ATTENDED


def test_undo_takes_back_what_its_page_showed_and_nothing_else(cleo: ConsultationRequest) -> None:
    with time_machine.travel(make.at(3, 9, 50), tick=False):
        dee, sam = browser(make.staff()), browser(make.staff("Sam Reed", *make.DEE))
        attendance.late(cleo, origin(make.at(3, 9, 40)), minutes=20)
        late = sent(dee.get(DAY), cleo)[-1]  # Dee's sheet says that Cleo is late
        press(sam, cleo, "arrive")
        press(dee, cleo, late)
        assert "This has been marked otherwise meanwhile" in words(dee.get(DAY))
        assert visit_of(cleo).arrived_at is not None
        twice = {"visit": visit_of(cleo).pk, "do": sent(dee.get(DAY), cleo)[-1], "csrfmiddlewaretoken": "one"}
        for token in ("one", "one", "another"):
            dee.post(DAY, twice | {"csrfmiddlewaretoken": token})
        assert (visit_of(cleo).arrived_at, visit_of(cleo).late_minutes) == (None, 20)
        press(sam, cleo, "attend")
        attended = sent(dee.get(DAY), cleo)[-1]
        attendance.correct(ConsultationRequest.objects.get(), origin(make.at(3, 9, 51)))
        press(dee, cleo, attended)
        cleo.refresh_from_db()
        assert cleo.status == Status.NO_SHOW
        for odd in ("expect", "expect:soon", "expect:9999"):
            assert press(dee, cleo, odd).status_code in (303, 404)


def test_whoever_may_only_look_has_no_button_and_no_press(cleo: ConsultationRequest) -> None:
    with time_machine.travel(make.at(3, 10), tick=False):
        lou = browser(make.staff("Lou Looker", "bookings.view_consultationrequest"))
        assert "Book" not in words(lou.get(DAY))
        assert drawn(lou.get(DAY), cleo) == []
        assert press(lou, cleo, "arrive").status_code == 403
        dee = browser(make.staff())
        for odd in ("", "cancel", "erase", "late:x:y"):
            assert press(dee, cleo, odd).status_code == (303 if odd.startswith("late") else 404)


# --- the days before --------------------------------------------------------------------------------------------------


def test_what_nobody_marked_stands_apart_above_until_somebody_does(cleo: ConsultationRequest) -> None:
    contact.note_support(cleo, origin(), needs=["interpreter"], note="")
    with time_machine.travel(make.at(4, 9), tick=False):
        dee = browser(make.staff())
        shown = words(dee.get(DAY))
        assert "Not marked yesterday: 1 visit Thu 3 Dec 10:00 Cleo Marsh, with Ana Lind" in shown
        assert "No visits." in shown
        assert drawn(dee.get(DAY), cleo) == ["attend", "miss"]
        assert "Not marked" not in words(dee.get(f"{DAY}?on=2026-12-07"))
        assert press(dee, cleo, "miss").status_code == 303
        page = dee.get(DAY)
        assert "Earlier days: every visit is marked Thu 3 Dec 10:00 Cleo Marsh" in words(page)
        assert drawn(page, cleo) == drawn(dee.get(THURSDAY), cleo) == ["unmark"], "whoever marked it"
        assert press(dee, cleo, sent(page, cleo)[0]).status_code == 303
        assert "Not marked yesterday: 1 visit" in words(dee.get(DAY))
        assert press(dee, cleo, "attend").status_code == 303
        sam = browser(make.staff("Sam Roe"))
        assert "Earlier days" not in words(sam.get(DAY)) and drawn(sam.get(THURSDAY), cleo) == []
        make.staff("Mia Stone", "bookings.correct_late", email="mia@example.org")
        assert "Marked wrongly? A manager can take it back." in words(sam.get(THURSDAY))
        request_page = html(sam.get(f"/admin/bookings/consultationrequest/{cleo.pk}/change/"))
        assert f'<a href="mailto:mia@example.org?subject={cleo.reference}">Mia Stone</a>' in request_page
        assert "Marked wrongly?" not in words(dee.get(THURSDAY)), "whoever marked it takes it back"
    with time_machine.travel(make.at(7, 9), tick=False):
        attendance.unmark(
            cleo, Origin(Actor.staff(make.staff("Mia Stone", "bookings.correct_late")), make.at(7, 9))
        )
        assert "Not marked on earlier days: 1 visit" in words(browser(make.staff()).get(DAY))


def test_of_many_that_nobody_marked_the_sheet_of_one_person_counts_theirs(
    cleo: ConsultationRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits.lists, "UNMARKED_ON_A_DAY", 1)
    make.in_state(Status.CONFIRMED, start=make.at(2, 10))
    make.in_state(Status.CONFIRMED, start=make.at(2, 11), practitioner_id=make.practitioner("Bo Berg").pk)
    with time_machine.travel(make.at(4, 9), tick=False):
        dee, hers = browser(make.staff()), f"{DAY}?who={make.practitioner().pk}"
        assert "Not marked yesterday: 3 visits" in words(dee.get(DAY))
        assert "Not marked yesterday: 2 visits" in words(dee.get(hers))
