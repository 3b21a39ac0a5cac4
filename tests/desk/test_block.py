"""Time is blocked, and whoever it hits is answered in the same press: "Tomas rings in ill"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from bookings import limits
from bookings.admin.block import ways
from bookings.models import (
    Appointment,
    ConsultationRequest,
    Event,
    Message,
    Practitioner,
    TimeOff,
    Together,
    Undo,
)
from bookings.workflow import proposal, reply, together, visit, wait
from bookings.workflow import undo as workflow
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import Refused
from tests import factories as make
from tests.desk.pages import html, words
from tests.factories import CLIENT, NOW, at, practitioner, slot, submitted

BLOCK = "/admin/block/"
# Thursday 3 December is Ana's: she has four visits, an offer and a wish that is held.
DAY = {"on": "Thu 3 Dec", "last": "", "from": "", "until": "", "label": "Ill"}


@pytest.fixture(autouse=True)
def three_minutes(settings: Settings) -> Iterator[None]:
    settings.UNDO_MINUTES = 3
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def dee(db: None) -> Client:
    client = Client()
    client.force_login(make.staff("Dee Hart", *make.DEE, "bookings.add_timeoff"))
    return client


def booked(name: str, hour: int, minute: int = 0) -> ConsultationRequest:
    """Somebody's visit with Ana on Thursday, of which they have heard."""
    asked = submitted(start=None, name=name, email=f"{name.split()[0].lower()}@example.org")
    done = reply.confirm(asked, Origin(Actor.staff(make.staff()), NOW), slot=slot(at(3, hour, minute)))
    Message.objects.filter(request=done).update(state="sent", sent_at=NOW, attempts=1)
    Undo.objects.all().delete()
    return done


@pytest.fixture
def thursday(db: None) -> dict[str, ConsultationRequest]:
    practitioner("Bo Berg")
    made = {
        name: booked(f"{name} Marsh", hour)
        for name, hour in (("Cleo", 10), ("Mira", 11), ("Paul", 13), ("Quin", 15))
    }
    actor = Actor.staff(make.staff())
    asked = submitted(start=None, name="Otto Lund", email="otto@example.org")
    made["Otto"] = reply.offer(asked, Origin(actor, NOW), slots=[slot(at(3, 16)), slot(at(4, 16))])
    made["Hana"] = submitted(
        start=at(3, 9), practitioner_id=practitioner().pk, name="Hana Ito", email="hana@example.org"
    )
    Undo.objects.all().delete()
    return made


def ana() -> str:
    return str(practitioner().pk)


def press(client: Client, page: Any, do: str, **typed: Any) -> Any:
    """Press a button of a page that was shown, with its fields as they stand there, changed by `typed`."""
    answers, sent = page.context["answers"], dict[str, Any](DAY | {"who": [ana()]})
    for row in answers.rows if answers else ():
        sent |= {
            f"seen-{row.key}": row.version,
            f"do-{row.key}": row.way.code,
            f"shown-{row.key}": [one.value for one in row.times],
            f"slot-{row.key}": [one.value for one in row.times if one.ticked],
        }
    return client.post(BLOCK, sent | {"do": do, "csrfmiddlewaretoken": "one page"} | typed)


def press_and_follow(client: Client, page: Any, do: str) -> Any:
    answer = press(client, page, do)
    return client.get(answer["Location"]) if answer.status_code == 303 else answer


def look(client: Client, **changes: Any) -> Any:
    return client.get(BLOCK, DAY | {"who": ana()} | changes)


def state(one: ConsultationRequest) -> str:
    return ConsultationRequest.objects.values_list("status", flat=True).get(pk=one.pk)


def test_everybody_whom_it_hits_is_named_with_times_that_nobody_else_is_proposed(
    dee: Client, thursday: dict[str, ConsultationRequest]
) -> None:
    page = look(dee)
    assert page.status_code == 200
    rows = {row.touched.consultation.name.split()[0]: row for row in page.context["answers"].rows}
    assert {name: row.way.code for name, row in rows.items()} == {
        **dict.fromkeys(("Cleo", "Mira", "Paul", "Quin"), "offer"),
        "Otto": "replace",
        "Hana": "free",
    }
    assert "This touches 6 people" in words(page)
    values = [one.value for row in rows.values() for one in row.times]
    assert len(values) == len(set(values)) == 14  # Otto keeps Friday, so two for him
    again = {row.key: row for row in press(dee, page, "look").context["answers"].rows}
    reasons = [one.why for row in rows.values() for one in row.times]
    assert reasons == [one.why for row in rows.values() for one in again[row.key].times] and all(reasons)
    assert not TimeOff.objects.exists(), "looking changes nothing"
    # The first load has only the form.
    assert "This touches" not in words(dee.get(BLOCK))


def test_one_press_blocks_and_tells_and_one_takes_all_of_it_back(
    dee: Client, thursday: dict[str, ConsultationRequest]
) -> None:
    before = {
        name: list(one.appointments.occupying().values_list("pk", "state")) for name, one in thursday.items()
    }
    preview = press(dee, look(dee), "see")
    assert "Block and tell 5" in words(preview) and not TimeOff.objects.exists()
    assert words(preview).count("We have to move your consultation") >= 4
    done = press(dee, preview, "tell")
    assert done.status_code == 200, words(done)
    off = TimeOff.objects.get()
    assert (off.practitioner.name, off.starts_at, off.ends_at, off.label) == (
        "Ana Lind",
        at(3, 0),
        at(4, 0),
        "Ill",
    )
    assert {name: state(one) for name, one in thursday.items()} == {
        **dict.fromkeys(("Cleo", "Mira", "Paul", "Quin", "Otto"), "offered"),
        "Hana": "new",
    }
    held = Appointment.objects.held().filter(
        practitioner=practitioner(), starts_at__range=(at(3, 0), at(4, 0))
    )
    assert not held.exists()
    # Pressed twice: nothing is done twice.
    events = Event.objects.count()
    again = press(dee, preview, "tell")
    assert "Done by your first press." in words(again)
    assert (Event.objects.count(), TimeOff.objects.count()) == (events, 1)
    # Undone: as it was, and nobody was told.
    assert "Undo all of it" in words(again)
    made = {"together": Together.objects.get().pk}
    back = dee.post("/admin/block/undo/", made, follow=True)
    assert "Taken back" in words(back)
    assert "nothing here to take back" in words(dee.post("/admin/block/undo/", made, follow=True))
    # The first page once more: it does not say that anything is blocked.
    told = words(press_and_follow(dee, preview, "tell"))
    assert "You have taken this back since: nothing is blocked." in told and "first press" not in told
    assert not TimeOff.objects.exists() and not Together.objects.exists()
    after = {
        name: list(one.appointments.occupying().values_list("pk", "state")) for name, one in thursday.items()
    }
    assert after == before
    assert not Message.objects.filter(state="queued", kind="displaced").exists()


def test_the_time_is_given_free_after_everybody_has_theirs_again(
    dee: Client, thursday: dict[str, ConsultationRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    press(dee, press(dee, look(dee), "see"), "tell")
    blocked = []

    def undo(consultation: ConsultationRequest, origin: Origin) -> ConsultationRequest:
        blocked.append(TimeOff.objects.exists())
        return workflow.undo(consultation, origin)

    monkeypatch.setattr(together, "undo", undo)
    made = Together.objects.get()
    assert together.take_back(made, Actor.staff(make.staff("Dee Hart")), NOW) == []
    assert blocked == [True] * 6 and not TimeOff.objects.exists()
    with pytest.raises(Refused, match="taken back already"):
        together.take_back(made, Actor.staff(make.staff("Dee Hart")), NOW)


@pytest.mark.once
def test_where_nothing_can_be_taken_back_no_page_says_so_and_nothing_fails(
    dee: Client,
    thursday: dict[str, ConsultationRequest],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.UNDO_MINUTES = 0
    say = ways.go

    def go(*args: Any) -> None:
        Together.objects.all().delete()  # a worker comes by
        say(*args)

    monkeypatch.setattr(ways, "go", go)
    preview = press(dee, look(dee), "see")
    assert "The mails wait" not in words(preview)
    assert press(dee, preview, "tell").status_code == 200
    assert state(thursday["Cleo"]) == "offered"


def test_more_than_one_page_asks_about_are_counted_and_nobody_came_meanwhile(
    dee: Client, thursday: dict[str, ConsultationRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits.lists, "TOUCHED_AT_ONCE", 2)
    page = look(dee)
    assert "This touches 6 people" in words(page) and "These are the first 2." in words(page)
    done = press(dee, press(dee, page, "see"), "tell")
    assert "4 more are still as they were" in words(done) and "It came while you decided" not in words(done)
    following = re.search(r'href="(/admin/block/[?]who=[^"]+)"', html(done))
    assert following
    assert "This touches 4 people" in words(dee.get(following[1].replace("&amp;", "&")))


@pytest.mark.once
def test_what_a_client_has_seen_stays_and_is_told(
    dee: Client, thursday: dict[str, ConsultationRequest]
) -> None:
    press(dee, press(dee, look(dee), "see"), "tell")
    cleo = ConsultationRequest.objects.get(pk=thursday["Cleo"].pk)
    assert wait.seen_by_client(cleo, NOW)
    mira = ConsultationRequest.objects.get(pk=thursday["Mira"].pk)
    reply.accept(mira, Origin(CLIENT, NOW), appointment_id=mira.appointments.held()[0].pk)
    back = dee.post("/admin/block/undo/", {"together": Together.objects.get().pk}, follow=True)
    told = words(back)
    assert "Cleo Marsh" in told and "has read it" in told and "Mira Marsh" in told
    assert (state(thursday["Cleo"]), state(thursday["Mira"]), state(thursday["Paul"])) == (
        "offered",
        "confirmed",
        "confirmed",
    )
    assert not TimeOff.objects.exists()


@pytest.mark.once
def test_cancel_later_drop_and_keep(dee: Client, thursday: dict[str, ConsultationRequest]) -> None:
    keys = {name: one.pk for name, one in thursday.items()}
    chosen = {
        f"do-{keys['Cleo']}": "cancel",
        f"do-{keys['Mira']}": "later",
        f"do-{keys['Paul']}": "keep",
        f"do-{keys['Otto']}": "drop",
        f"do-{keys['Hana']}": "keep",
    }
    page = press(dee, look(dee), "see", **chosen)
    assert "Block and tell 4" in words(page)
    press(dee, page, "tell")
    assert {name: state(one) for name, one in thursday.items()} == {
        "Cleo": "cancelled", "Mira": "new", "Paul": "confirmed", "Quin": "offered", "Otto": "offered", "Hana": "new",
    }  # fmt: skip
    cleo = ConsultationRequest.objects.get(pk=keys["Cleo"])
    assert cleo.cancel_reason == "practitioner_away"
    assert [row.starts_at for row in thursday["Otto"].appointments.held()] == [at(4, 16)]


@pytest.mark.once
def test_wrong_choices_are_said_beside_each_and_nothing_is_lost(
    dee: Client, thursday: dict[str, ConsultationRequest]
) -> None:
    page = look(dee)
    first, second = (
        row
        for row in page.context["answers"].rows
        if row.touched.consultation.name in ("Cleo Marsh", "Mira Marsh")
    )
    cleo, mira = first.key, second.key
    wrong = press(dee, page, "see", **{f"slot-{cleo}": []})
    assert "Tick a time, or choose another way." in words(wrong)
    same = {f"slot-{mira}": [first.times[0].value], f"shown-{mira}": [first.times[0].value]}
    assert "is proposed to somebody else above" in words(press(dee, page, "see", **same))
    typed = press(dee, page, "look", **{f"other-{cleo}": "Sat 5 Dec 13:00"})
    assert "Nobody who fits is free on Sat 5 Dec 13:00." in words(typed) and "Sat 5 Dec 13:00" in html(typed)
    right = press(dee, page, "look", **{f"other-{cleo}": "Mon 14 Dec 13:00", f"slot-{cleo}": []})
    assert [one.words for one in right.context["answers"].rows[1].times if one.ticked] == ["Mon 14 Dec 13:00"]
    odd = press(dee, page, "tell", **{f"do-{cleo}": "explode"})
    assert "Choose what is to be done." in words(odd)
    # A time that was free a moment ago.
    reply.confirm(
        submitted(start=None, email="zoe@example.org"),
        Origin(Actor.staff(make.staff()), NOW),
        slot=slot_of(first.times[0].value),
    )
    gone = press(dee, page, "tell")
    assert "what you change covers it now, or it was taken. Choose again." in words(gone)
    assert not TimeOff.objects.exists()


def slot_of(value: str) -> Any:
    from_text = make.slot  # the same length as every visit here
    who, _, start = value.partition("@")
    return from_text(make.at(*_moment(start)), by=Practitioner.objects.get(pk=who))


def _moment(text: str) -> tuple[int, int, int]:
    return int(text[8:10]), int(text[11:13]), int(text[14:16])


def test_who_changed_meanwhile_is_told_and_stops_nobody_else(
    dee: Client, thursday: dict[str, ConsultationRequest]
) -> None:
    preview = press(dee, look(dee), "see")
    visit.cancel(ConsultationRequest.objects.get(pk=thursday["Cleo"].pk), Origin(CLIENT, NOW))
    mira = ConsultationRequest.objects.get(pk=thursday["Mira"].pk)
    proposal.propose_move(mira, Origin(Actor.staff(make.staff()), NOW), slot=slot(at(18, 9)))
    late = booked("Nora Vale", 14)
    done = press(dee, preview, "tell")
    told = words(done)
    assert "Nora Vale" in told and "Mira Marsh" in told
    assert (state(late), state(thursday["Mira"]), state(thursday["Paul"])) == (
        "confirmed",
        "confirmed",
        "offered",
    )


def test_some_hours_that_hit_nobody_are_blocked_at_once(dee: Client, db: None) -> None:
    bo = practitioner("Bo Berg")
    sent = {
        "who": [ana(), bo.pk],
        "on": "Tue 1 Dec",
        "last": "",
        "from": "13:00",
        "until": "",
        "label": "",
        "do": "block",
    }
    done = dee.post(BLOCK, sent, follow=True)
    assert (
        "Blocked: Ana Lind and Bo Berg, Tue 1 Dec 13:00 to the end of the day. It touches nobody."
        in words(done)
    )
    assert set(TimeOff.objects.values_list("starts_at", "ends_at")) == {(at(1, 13), at(2, 0))}
    # What is off already is not blocked twice; one press takes back what it made.
    dee.post(BLOCK, sent | {"from": "12:00", "until": "14:00"})
    rows = TimeOff.objects.filter(practitioner=bo).order_by("starts_at").values_list("starts_at", "ends_at")
    assert list(rows) == [(at(1, 12), at(1, 13)), (at(1, 13), at(2, 0))]
    dee.post("/admin/block/undo/", {"together": Together.objects.latest("pk").pk})
    assert TimeOff.objects.filter(practitioner=bo).count() == 1


@pytest.mark.once
def test_blocked_only_nobody_is_told(dee: Client, thursday: dict[str, ConsultationRequest]) -> None:
    done = press(dee, look(dee), "quiet")
    assert "Nobody is told." in words(done)
    assert state(thursday["Cleo"]) == "confirmed" and TimeOff.objects.count() == 1


@pytest.mark.once
def test_whoever_may_not_block_or_answer_cannot(thursday: dict[str, ConsultationRequest]) -> None:
    client = Client()
    client.force_login(make.staff("Lou Looker", "bookings.view_consultationrequest"))
    assert client.get(BLOCK).status_code == 403
    assert client.post("/admin/block/undo/", {"together": "1"}).status_code == 403
    client.force_login(make.staff("Rita Rota", "bookings.view_consultationrequest", "bookings.add_timeoff"))
    page = look(client)
    assert "See what goes out" not in words(page)
    assert "We have to move your consultation" not in words(press(client, page, "see"))
    press(client, page, "tell")
    assert state(thursday["Cleo"]) == "confirmed" and not TimeOff.objects.exists()


def test_the_statements_do_not_grow_with_what_else_there_is(
    dee: Client, thursday: dict[str, ConsultationRequest]
) -> None:
    look(dee)
    with CaptureQueriesContext(
        connection,
    ) as few:
        look(dee)
    for hour in (9, 10, 11, 12):
        booked(f"Zed{hour} Far", hour, 30)
    with CaptureQueriesContext(connection) as more:
        look(dee)
    assert len(more) == len(few), [query["sql"][:90] for query in more.captured_queries]
    Appointment.objects.filter(request=thursday["Cleo"]).update(stands_although="concern")
    with CaptureQueriesContext(connection) as noted:
        look(dee)
    assert len(noted) == len(more) + 1, "whether Ana sees it by now is asked once"
