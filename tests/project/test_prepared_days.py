"""Statements about times that Django writes once find what the same queries find when written anew: the day sheet, the
calendar, the start page, what is against times, what verbs ask of them, and what the clock lets go. All others:
test_prepared.py."""

from __future__ import annotations

from datetime import date, timedelta

from bookings import clock
from bookings.models import Appointment, Closure, ConsultationRequest, Practitioner, TimeOff
from bookings.queries import (
    calendar,
    day,
    desk,
    due,
    off,
    one_request,
    presence,
    rivals,
    slots,
    start,
    visits,
)
from bookings.states import Status
from bookings.workflow import attendance, times
from bookings.workflow.core import Actor, Origin
from tests import factories as make
from tests.project.test_prepared import _seen, _sorted


def test_what_is_against_some_rows_is_what_django_finds_with_the_same_query(db: None) -> None:
    for on, status in ((7, Status.OFFERED), (8, Status.CONFIRMED), (9, Status.CONFIRMED)):
        make.in_state(status, start=make.at(on, 15))
    Closure.objects.create(first_day=date(2026, 12, 8), last_day=date(2026, 12, 8), name="Repairs")
    keys, fixed = tuple(Appointment.objects.occupying().values_list("pk", flat=True)), make.LONDON
    assert len(keys) == 4
    for some in (keys, keys[1:], keys[:1], (0,)):
        rows = _sorted(off.AGAINST.rows(some, (fixed, len(some))))
        assert rows == _sorted(off.of_rows(some, (fixed, len(some))))
        assert len(rows) == len(set(some) & set(keys))
    assert list(off.against(keys, fixed).values()) == [[off.Off.CLOSED]]
    assert off.against((), fixed) == {}


def test_what_a_day_and_the_calendar_show_is_what_django_finds_with_the_same_query(db: None) -> None:
    """The day with and without the earlier visits, of one and of everybody; the people of the calendar, and their visits."""
    dee, bo = make.staff(), make.practitioner("Bo Berg")
    for hour, status in ((9, Status.CONFIRMED), (11, Status.ATTENDED), (14, Status.OFFERED)):
        make.in_state(status, start=make.at(2, hour), practitioner_id=make.practitioner().pk)
    make.in_state(Status.CONFIRMED, start=make.at(3, 15), practitioner_id=bo.pk)
    TimeOff.objects.create(practitioner=bo, starts_at=make.at(3, 9), ends_at=make.at(3, 17))
    late = make.in_state(Status.CONFIRMED, start=make.at(2, 16), practitioner_id=bo.pk)
    attendance.attend(late, Origin(Actor.staff(dee), make.at(3, 8)))  # by the reader, a day later
    found = []
    for on in (2, 3, 4):
        shown = calendar.read(
            first=date(2026, 12, on), days=1, zone=make.LONDON, now=make.at(on, 8), reader=dee.pk, labels=True
        )
        assert [one.name for one in shown.people] == ["Ana Lind", "Bo Berg"]
        stretch = calendar.Stretch(
            shown.first, shown.first, make.at(1, 0), make.at(on, 0), make.at(on + 1, 0), shown.now
        )
        anew = list(map(_seen, calendar.people(stretch, None)))
        assert list(map(_seen, calendar.PEOPLE.models(stretch))) == anew
        given = (shown.now, make.at(1, 0), make.at(on, 0), make.at(on + 1, 0), bo.pk)
        anew = list(map(_seen, calendar.standing(given, (make.LONDON, 1))))
        assert list(map(_seen, calendar.VISITS.models(given, (make.LONDON, 1)))) == anew
        at = day.Given(shown.now, make.at(1, 0), make.at(on, 0), make.at(on + 1, 0), bo.pk, dee.pk)
        for fixed in ((False, True, 20), (True, False, 1), (False, False, None)):
            how = day.Fixed(make.LONDON, *fixed)
            rows = list(map(_seen, day.STATEMENT.models(at, how)))
            assert rows == list(map(_seen, day.shown(at, how)))
            found.append(len(rows))
    assert len(set(found)) > 2, found


def test_who_waits_is_what_django_finds_with_the_same_query(db: None) -> None:
    dee, ana = make.staff(), make.practitioner()
    Practitioner.objects.filter(pk=ana.pk).update(user=make.staff("Ana Lind"))
    make.in_state(Status.NEW, start=make.at(7, 10), practitioner_id=ana.pk)
    make.in_state(Status.NEW, start=None)
    ConsultationRequest.objects.filter(wished_start=None).update(assigned_to=dee)
    found = []
    for reader in (dee.pk, make.staff("Ana Lind").pk):
        given = (make.NOW, presence.shown_since(make.NOW), reader)
        rows = list(map(_seen, start.WAITING.models(given, make.LONDON)))
        assert rows == list(map(_seen, start.waits(given, make.LONDON)))
        found.append(len(rows))
    assert found == [2, 1]


def test_what_the_clock_lets_go_is_what_django_finds_with_the_same_query(db: None) -> None:
    """Each kind that is due, and what is over by then."""
    for hour, status in enumerate((Status.NEW, Status.SUSPECTED, Status.DECLINED, Status.ATTENDED), 10):
        make.in_state(status, start=make.at(3, hour))
    found = set()
    for kind in due.KINDS:
        for now in (make.NOW, make.NOW + timedelta(days=9 * 366)):
            keys = kind.first_due(now, 2, "pk")
            assert keys == list(kind.due(now).values_list("pk")[:2])
            found |= {kind.code} if keys else set()
    assert {"left_open", "suspected", "no_visit", "visits", "staff_names"} <= found, found
    visit = make.in_state(Status.CONFIRMED, start=make.at(3, 15)).appointments.booked()
    make.in_state(Status.OFFERED, start=make.at(4, 15))
    make.submitted(start=make.at(8, 10))
    ConsultationRequest.objects.filter(wished_start=make.at(8, 10)).update(sleeps_until=make.NOW)
    visit.filter(is_offer=False).update(state="held", is_offer=True, held_until=make.at(3, 9))
    for rows, anew in (
        (clock.HOLDS, clock.holds),
        (clock.PROPOSALS, clock.proposals),
        (clock.UNANSWERED, clock.unanswered),
        (clock.ASLEEP, clock.asleep),
    ):
        for now, some in ((make.NOW - timedelta(days=1), False), (make.NOW + timedelta(days=9), True)):
            over = list(map(_seen, rows.models((now,), 200)))
            assert over == list(map(_seen, anew((now,), 200)))
            assert bool(over) is some, anew.__name__


def test_what_verbs_ask_of_times_is_what_django_finds_with_the_same_query(db: None) -> None:
    """Who fits, when somebody works on a day of the week, what a request has, and who names what it is about."""
    ana, bo, kind = make.practitioner(), make.practitioner("Bo Berg"), make.consultation_type()
    bo.concerns.add(make.concern("keloid"))
    cleo = make.in_state(Status.OFFERED, start=make.at(7, 10))
    cleo.concerns.add(make.concern("keloid"))
    for codes, who in (((), {ana.pk, bo.pk}), (("rolling",), {ana.pk}), (("keloid",), {ana.pk, bo.pk})):
        fit = _sorted(slots.ALL_FITTING.rows((kind.pk, *codes), len(codes)))
        assert fit == _sorted(slots.all_fitting((kind.pk, *codes), len(codes)))
        assert set(slots.who_fits(slots.Wanted(kind=kind, concerns=codes))) == who
    for weekday, number in ((0, 1), (6, 0)):
        worked = list(slots.WORKED_ON.rows((ana.pk,), weekday))
        assert worked == list(slots.hours_on((ana.pk,), weekday))
        assert len(worked) == number
    for key, number in ((cleo.pk, 2), (0, 0)):
        own = list(map(_seen, times.OWN.models((key,))))
        assert own == list(map(_seen, times.of_request((key,), None)))
        assert len(own) == number
        people = list(one_request.PEOPLE.rows((key,)))
        assert people == list(one_request.names_of_people((key,), None))
        assert sum(names_it for *_, names_it in people) == bool(number)


def test_what_pages_of_a_plan_begin_with_is_what_django_finds_with_the_same_query(db: None) -> None:
    cleo, mira = make.in_state(Status.ATTENDED), make.in_state(Status.NEW, start=None)
    for key, number in ((cleo.pk, 1), (mira.pk, 0)):
        for statement, anew in ((visits.BOOKED, visits.booked_of), (one_request.SEEN, one_request.seen)):
            rows = list(map(_seen, statement.models((key,))))
            assert rows == list(map(_seen, anew((key,), None)))
            assert len(rows) == number
    assert visits.booked_last(cleo) == cleo.appointments.get()
    assert visits.booked_last(mira) is None


def test_who_wants_the_same_and_who_is_next_is_what_django_finds(db: None) -> None:
    ana, bo, dee = make.practitioner(), make.practitioner("Bo Berg"), make.staff()
    first = make.in_state(Status.NEW, start=make.at(7, 10), practitioner_id=ana.pk)
    second = make.in_state(Status.NEW, start=make.at(7, 10), practitioner_id=bo.pk)
    ConsultationRequest.objects.filter(pk=second.pk).update(assigned_to=dee)
    begins, found = make.at(7, 10), []
    for but in (first.pk, 0):
        for who in ((), (ana.pk,), (bo.pk,)):
            given = (but, make.NOW, begins - timedelta(hours=8), begins, begins + timedelta(hours=1), *who)
            rows = list(map(_seen, rivals.WANTING.models(given, bool(who))))
            assert rows == list(map(_seen, rivals.wanting(given, bool(who))))
            found.append(len(rows))
    assert found == [1, 0, 1, 2, 1, 1]
    for reader, number in ((dee.pk, 2), (0, 1)):
        line = list(desk.TO_ANSWER.rows((reader, first.pk), 5))
        assert line == list(desk.to_answer((reader, first.pk), 5))
        assert len(line) == number
