"""Every kind of row is kept for a set time: what stays open, what nobody marked, what staff leave. Nobody is mailed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from bookings import clock, limits, outbox
from bookings.models import (
    Appointment,
    ClientLink,
    ConsultationRequest,
    Event,
    Message,
    TalliedUntil,
    TimeOff,
)
from bookings.queries import due
from bookings.states import OPEN, Status
from bookings.workflow import attendance, contact, desk, erasure
from bookings.workflow.core import Actor, Origin
from clinic.foundation.models import AuditEntry, Counter, SignIn
from clinic.foundation.written_once import lifted
from clinic.logs import PrivateFilter
from tests.factories import CLIENT, CLOCK, NOW, at, in_state, practitioner, staff, submitted, undone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("years_ahead")]

DAY = timedelta(days=1)
HALF_A_YEAR = limits.retention.UNCONVERTED_DAYS * DAY
EIGHT_YEARS = limits.retention.RECORD_DAYS * DAY


@pytest.fixture
def years_ahead(db: None) -> Iterator[None]:
    """The database keeps histories by its own clock, which no test moves: tests/project/test_written_once.py."""
    with lifted(Event, AuditEntry):
        yield


def tick(now: datetime) -> int:
    return clock.tick(now)["erased"]


def line(code: str, now: datetime) -> due.Line:
    return next(found for found in due.report(now) if found.kind.code == code)


# --- requests ---------------------------------------------------------------------------------------------------------


def test_a_request_that_stays_new_is_erased_half_a_year_after_the_reply_was_due() -> None:
    cleo = submitted(name="Cleopatra Canary")
    assert cleo.promise_due_at is not None
    over = cleo.promise_due_at + HALF_A_YEAR
    assert tick(over - timedelta(minutes=1)) == 0
    assert tick(over) == 1
    cleo.refresh_from_db()
    assert (cleo.status, cleo.name, cleo.erased_at) == ("withdrawn", "Erased", over)
    assert cleo.events.latest("version").verb == "erase"
    assert not Appointment.objects.occupying().exists()
    assert tick(over) == 0


def test_it_is_kept_as_long_as_somebody_works_on_it() -> None:
    cleo = submitted()
    later = NOW + 150 * DAY
    desk.note(cleo, Origin(Actor.staff(staff()), later), text="Rang again, nobody there.")
    assert tick(NOW + HALF_A_YEAR + 30 * DAY) == 0
    assert tick(later + HALF_A_YEAR) == 1


def test_a_question_whose_reminder_was_held_back_is_no_request_for_ever() -> None:
    cleo = in_state(Status.WAITING)
    cleo.messages.filter(kind="answer_reminder").update(state="withheld")
    clock.tick(NOW + 60 * DAY)
    cleo.refresh_from_db()
    assert (cleo.status, cleo.answer_due_at is not None) == ("waiting", True)
    assert cleo.answer_due_at is not None
    assert tick(cleo.answer_due_at + HALF_A_YEAR) == 1


def test_a_visit_that_nobody_marked_is_kept_as_long_as_one_that_somebody_did() -> None:
    cleo = in_state(Status.CONFIRMED)
    ended = cleo.appointments.booked().get().ends_at
    assert tick(ended + EIGHT_YEARS - timedelta(minutes=1)) == 0
    assert tick(ended + EIGHT_YEARS) == 1
    cleo.refresh_from_db()
    assert (cleo.status, cleo.name) == ("cancelled", "Erased")


@pytest.mark.parametrize("status", [*OPEN, Status.CONFIRMED], ids=str)
def test_the_clock_erases_and_mails_nobody(status: Status) -> None:
    cleo = in_state(status, email="canary@example.org")
    cleo.messages.filter(state="queued").update(state="sent", sent_at=NOW)
    before = set(Message.objects.values_list("pk", flat=True))
    clock.tick(NOW + 10 * 366 * DAY)
    clock.tick(NOW + 11 * 366 * DAY)
    cleo.refresh_from_db()
    assert cleo.erased_at is not None
    assert not Message.objects.filter(state__in=("queued", "sending")).exists()
    assert not Message.objects.exclude(pk__in=before).exclude(state="dropped").exists()


def test_what_a_suspected_request_became_is_no_kind_without_a_period() -> None:
    """Whatever its state, it belongs to some kind."""
    for status in Status:
        with undone():
            cleo = in_state(status, start=at(3, 10, 0)) if status == Status.NEW else in_state(status)
            has = [
                kind.code
                for kind in due.KINDS
                if kind.rows().model is ConsultationRequest and kind.rows().filter(pk=cleo.pk)
            ]
            assert len(has) == 1, status


# --- many at once -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [s for s in Status if s != Status.SUSPECTED], ids=str)
def test_many_are_erased_as_one_is(status: Status) -> None:
    """The same is left, except for what differs between any two requests."""
    one, other = (elsewhere(in_state(status, start=at(3, n)), f"Doctor {n}") for n in (10, 11))
    before = left(other)
    later = NOW + 30 * DAY
    erasure.erase(one, Origin(CLOCK, later))
    assert erasure.erase_past(seen(other), now=later) == 1
    assert left(one) == left(other)
    assert before != left(other)
    assert erasure.erase_past(seen(one) | seen(other), now=later) == 0


def elsewhere(cleo: ConsultationRequest, name: str) -> ConsultationRequest:
    """With a practitioner of its own, so that the next one can ask for the same times."""
    cleo.appointments.update(practitioner=practitioner(name))
    return cleo


# What differs between any two requests, and the counter that only the mail nobody gets makes different.
OWN = "id request_id reference draft_id calendar_uid calendar_sequence message_id link_id seed facts wished_start "
OWN += "starts_at ends_at blocks_from blocks_until agreed_clock not_before closed_at at created_at practitioner_id problem"


def left(cleo: ConsultationRequest) -> Any:
    def plain(found: Any) -> list[dict[str, Any]]:
        return [{k: v for k, v in values.items() if k not in OWN.split()} for values in found.values()]

    cleo = ConsultationRequest.objects.get(pk=cleo.pk)
    mails = cleo.messages.exclude(kind="cancelled").order_by("pk")
    parts = (
        cleo.events,
        cleo.links,
        cleo.appointments,
        cleo.notes,
        cleo.consents,
        cleo.windows,
        cleo.concerns,
    )
    own = plain(ConsultationRequest.objects.filter(pk=cleo.pk))
    return own, plain(mails), [plain(part.all()) for part in parts]


def seen(cleo: ConsultationRequest) -> dict[int, int]:
    """As it is now."""
    return {cleo.pk: ConsultationRequest.objects.get(pk=cleo.pk).version}


def test_one_that_somebody_touched_since_it_was_found_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    cleo = submitted(start=None)
    later = NOW + HALF_A_YEAR + 10 * DAY
    whole = erasure.erase_past

    def meanwhile(found: dict[int, int], *, now: datetime) -> int:
        desk.note(cleo, Origin(Actor.staff(staff()), now), text="She called back.")
        return whole(found, now=now)

    monkeypatch.setattr(erasure, "erase_past", meanwhile)
    assert tick(later) == 0
    cleo.refresh_from_db()
    assert (cleo.status, cleo.erased_at) == ("new", None)


def test_what_holds_a_time_to_come_is_ended_by_the_verb() -> None:
    """The verb locks the practitioners, as for everybody who takes or frees a time."""
    cleo = in_state(Status.CONFIRMED)
    assert erasure.erase_past(seen(cleo), now=NOW) == 0
    odd = submitted(start=at(3, 15))
    ConsultationRequest.objects.filter(pk=odd.pk).update(
        hold_until=None
    )  # so that the clock does not free it first
    odd.appointments.update(ends_at=NOW + 300 * DAY, blocks_until=NOW + 300 * DAY)
    assert tick(NOW + HALF_A_YEAR + 20 * DAY) == 1
    odd.refresh_from_db()
    assert (odd.status, odd.name) == ("withdrawn", "Erased")


def test_a_look_at_many_takes_as_many_statements_as_at_a_few() -> None:
    TalliedUntil.objects.create(day=(NOW + HALF_A_YEAR + DAY).date())  # the figures of these days are counted
    numbers = []
    for many in (2, 12):
        for n in range(many):
            in_state(Status.DECLINED, start=None, email=f"{many}-{n}@example.org")
        with CaptureQueriesContext(connection) as statements:
            assert tick(NOW + HALF_A_YEAR + DAY) == many
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] < 90


def test_one_look_takes_a_batch_and_says_that_there_is_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits.worker, "CLOCK_BATCH_ROWS", 2)
    for n in range(5):
        in_state(Status.DECLINED, start=None, email=f"{n}@example.org")
    done = [clock.tick(NOW + HALF_A_YEAR + DAY) for _ in range(3)]
    assert [found["erased"] for found in done] == [2, 2, 1]
    assert [clock.has_more(found) for found in done] == [True, True, False]


def test_a_kind_that_fails_stops_no_other_and_is_no_secret(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    in_state(Status.DECLINED)
    session = _session()

    who = "Cleo Marsh"  # so that it is not in the line of source that a traceback shows

    def fails(kind: due.Kind, now: datetime) -> int:
        raise RuntimeError(who)

    monkeypatch.setitem(clock._FORGET, "no_visit", fails)
    monkeypatch.setattr(caplog.handler, "filters", [PrivateFilter()])  # as every handler of the site has
    with pytest.raises(RuntimeError):
        clock.tick(NOW + HALF_A_YEAR + DAY)
    assert not Session.objects.filter(pk=session.pk).exists()
    assert "failed to forget no_visit" in caplog.text and "RuntimeError" in caplog.text
    assert "Cleo" not in caplog.text


# --- what is not a request --------------------------------------------------------------------------------------------


def _session() -> Model:
    return Session.objects.create(session_key="k", session_data="x", expire_date=NOW)


def _log_entry() -> Model:
    entry = LogEntry.objects.create(
        user=staff(), object_repr="Ana Lind", action_flag=CHANGE, change_message=""
    )
    LogEntry.objects.update(action_time=NOW)
    return entry


def _mail_of_nobody() -> Model:
    return outbox.queue(None, "new_link", now=NOW, to="stranger@example.org")


def _time_off() -> Model:
    return TimeOff.objects.create(practitioner=practitioner(), starts_at=NOW - DAY, ends_at=NOW, label="ill")


def _link() -> Model:
    return ClientLink.objects.create(
        request=in_state(Status.ATTENDED), seed=b"x", created_at=NOW, expires_at=NOW
    )


@pytest.mark.parametrize(
    ("make", "code", "period"),
    [
        (_session, "staff_sessions", 0 * DAY),
        (_log_entry, "admin_log", EIGHT_YEARS),
        (_mail_of_nobody, "mails_of_nobody", limits.retention.MESSAGE_BODY_DAYS * DAY),
        (_time_off, "time_off", limits.retention.TIME_OFF_DAYS * DAY),
        (_link, "links", HALF_A_YEAR),
        (
            lambda: SignIn.objects.create(at=NOW, who="dee", network="192.0.2.0/24", outcome="in"),
            "sign_ins",
            90 * DAY,
        ),
        (
            lambda: AuditEntry.objects.create(
                at=NOW, who="dee", action="view", object_label="x", object_id="1"
            ),
            "audit",
            EIGHT_YEARS,
        ),
        (
            lambda: Counter.objects.create(scope="x", key_hash="y", window_start=NOW, expires_at=NOW),
            "counters",
            0 * DAY,
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_it_goes_when_its_time_is_over_and_no_sooner(
    make: Callable[[], Model], code: str, period: timedelta
) -> None:
    row = make()
    over = NOW + period
    rows = type(row)._base_manager.filter(pk=row.pk)
    assert line(code, over - DAY / 2).due == 0
    assert line(code, over - DAY / 2).next_due == over
    clock.tick(over - DAY / 2)
    assert rows.exists()
    assert (line(code, over).due, line(code, over).oldest) == (1, NOW)
    clock.tick(over)
    assert not rows.exists()


def test_the_names_of_staff_leave_a_history_with_the_records_it_is_about() -> None:
    cleo = in_state(Status.DECLINED)
    assert cleo.events.filter(actor_label="Dee Hart").exists()
    clock.tick(NOW + EIGHT_YEARS - DAY)
    assert cleo.events.filter(actor_label="Dee Hart").exists()
    clock.tick(NOW + EIGHT_YEARS)
    assert set(cleo.events.values_list("actor_label", "actor_id").order_by("actor_label").distinct()) == {
        ("Staff", None),
        ("The client", None),
        ("The clock", None),
    }


def test_a_suspected_request_that_was_rescued_meanwhile_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    cleo = in_state(Status.SUSPECTED)
    found = clock._keys
    later = NOW + limits.retention.SUSPECTED_DAYS * DAY

    def meanwhile(kind: due.Kind, now: datetime) -> list[Any]:
        keys = found(kind, now)
        if kind.code == "suspected":
            ConsultationRequest.objects.filter(pk=cleo.pk).update(status="declined", closed_at=later)
        return keys

    monkeypatch.setattr(clock, "_keys", meanwhile)
    clock.tick(later)
    assert ConsultationRequest.objects.filter(pk=cleo.pk).exists()


# --- the table --------------------------------------------------------------------------------------------------------


def test_every_table_has_its_period_or_a_reason_to_stay() -> None:
    tables = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    going = {kind.rows().model._meta.label for kind in due.KINDS}
    places = [going, set(due.WITH), set(due.STAYS)]
    assert set().union(*places) == tables
    assert sum(map(len, places)) == len(tables), "a table stands in two places"
    assert set(due.EMPTIED) <= going
    assert set(due.WITH.values()) <= going


def test_every_kind_is_let_go_by_the_clock() -> None:
    assert clock._FORGET.keys() == due.kinds().keys()
    assert len(due.KINDS) == len(due.kinds())


def test_a_table_that_goes_with_its_request_is_empty_after_erasure() -> None:
    cleo = contact.add_information(in_state(Status.CONFIRMED), Origin(CLIENT, NOW), text="words")
    cleo.windows.create(part="any")
    erasure.erase(cleo, Origin(CLOCK, NOW))
    for label in due.WITH:
        model = apps.get_model(label)
        assert not model._base_manager.exists(), label


def test_the_command_lists_what_is_due_and_does_nothing() -> None:
    in_state(Status.DECLINED)
    in_state(Status.CONFIRMED, start=at(3, 14))
    words = StringIO()
    with time_machine.travel(NOW + 200 * DAY, tick=False), CaptureQueriesContext(connection) as statements:
        call_command("retention", stdout=words)
    lines = {text[:32].strip(): text[32:].split() for text in words.getvalue().splitlines()}
    assert lines["Requests that led to no visit"] == ["1", "2026-11-30", "183", "days", "-"]
    assert lines["Visits that nobody marked"] == ["0", "-", "2922", "days", "2034-12-03"]
    assert {query["sql"].split()[0] for query in statements.captured_queries} == {"SELECT"}
    assert not ConsultationRequest.objects.exclude(erased_at=None).exists()
    assert Event.objects.filter(verb="erase").count() == 0


def test_marking_a_visit_does_not_change_how_long_it_is_kept_by_more_than_the_day() -> None:
    marked = in_state(Status.ATTENDED)
    unmarked = in_state(Status.CONFIRMED, start=at(3, 14))
    assert marked.closed_at is not None
    away = unmarked.appointments.booked().get().ends_at - marked.closed_at
    assert abs(away) < DAY
    attendance.attend(unmarked, Origin(Actor.staff(staff()), at(3, 14)))
    assert line("visits", NOW + EIGHT_YEARS + 10 * DAY).due == 2
