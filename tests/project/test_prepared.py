"""A statement that Django writes once (clinic/foundation/prepared.py) finds what the same query finds when written anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from bookings.client.form import drafts
from bookings.limits.times import LONGEST_BLOCK
from bookings.models import (
    Closure,
    ConsultationRequest,
    Draft,
    MailHold,
    Practitioner,
    Presence,
    RequestLimit,
    SavedView,
    SupportNeeds,
    TimeOff,
    WorkerBeat,
)
from bookings.queries import (
    client,
    clinic,
    door,
    due,
    frame,
    lists,
    off,
    offered,
    one_request,
    presence,
    rail,
    slots,
    start,
    worklist,
)
from bookings.queries.desk import Tab
from bookings.states import Status
from bookings.workflow import core, desk
from bookings.workflow.core import Actor, Origin
from clinic.foundation.models import Factor
from clinic.foundation.prepared import Prepared
from clinic.foundation.signin import backend, sessions
from content.models import Page, Treatment
from content.publishing import due as website
from tests import factories as make
from tests.publishing import documents, facts


def _arrived_before(given: Any, _: Any) -> QuerySet[Any, Any]:
    before, day, key = given
    rows = ConsultationRequest.objects.filter(created_at__lt=before, follow_up_on__lte=day, pk__gt=key)
    return rows.order_by("pk").values_list("pk", "created_at", "follow_up_on", "urgent")


def test_each_run_fills_in_what_it_is_given(db: None, django_assert_num_queries: Any) -> None:
    for days in range(3):
        consultation = make.submitted(now=make.NOW - timedelta(days=days), start=None)
        ConsultationRequest.objects.filter(pk=consultation.pk).update(follow_up_on=date(2026, 12, 1 + days))
    keys = list(ConsultationRequest.objects.order_by("pk").values_list("pk", flat=True))
    statement = Prepared(_arrived_before)
    found = []
    for before in (make.NOW, make.NOW - timedelta(days=1), make.NOW + timedelta(days=1)):
        for day in (date(2026, 12, 1), date(2026, 12, 3)):
            for key in (0, keys[0]):
                with django_assert_num_queries(1):
                    found.append(list(statement.rows((before, day, key))))
                assert found[-1] == list(_arrived_before((before, day, key), None))
    assert max(map(len, found)) == 3
    assert [] in found


@pytest.mark.parametrize(
    "write",
    [
        lambda given, _: ConsultationRequest.objects.filter(created_at__lt=given[0] - timedelta(days=1)),
        lambda given, _: ConsultationRequest.objects.filter(created_at__year=given[0].day),
        lambda given, _: ConsultationRequest.objects.order_by("pk" if given[0].day % 2 else "-pk"),
    ],
    ids=["another moment", "a part of it", "a decision by it"],
)
def test_what_was_computed_from_what_is_given_is_refused(
    db: None, write: Callable[[Any, Any], QuerySet[Any, Any]]
) -> None:
    with pytest.raises(ValueError, match="differs between two runs"):
        Prepared(write).rows((make.NOW,))


def test_another_fixed_argument_is_another_statement(db: None) -> None:
    make.submitted(start=None)
    statement: Prepared[Any] = Prepared(
        lambda given, status: ConsultationRequest.objects.filter(
            created_at__lte=given[0], status=status
        ).values_list("status")
    )
    assert list(statement.rows((make.NOW,), Status.NEW)) == [(Status.NEW,)]
    assert list(statement.rows((make.NOW,), Status.WAITING)) == []
    assert list(statement.rows((make.NOW,), Status.NEW)) == [(Status.NEW,)]


def test_the_numbers_of_the_rail_and_the_frame_are_those_of_the_query_written_anew(db: None) -> None:
    for place, status in enumerate(status for status in Status if status != Status.LAPSED):
        make.in_state(status, start=make.at(1 + place % 4, 9 + place // 4, 30))
    dee = make.staff()
    WorkerBeat.objects.create(at=make.NOW)
    MailHold.objects.create(why="A copy", at=make.NOW)
    SavedView.objects.create(user=dee, name="Mine", query="tab=open")
    seen = set()
    for days in (0, 3, 40):
        now = make.NOW + timedelta(days=days)
        mine = start.given(dee.pk, now, make.LONDON)
        anew = start.wanting(mine, make.LONDON)
        assert list(map(_seen, start.STATEMENT.models(mine, make.LONDON))) == list(map(_seen, anew))
        for user in (dee.pk, 0):
            given = (user, *rail.moments(now, make.LONDON))
            for fixed in ((make.LONDON, False), (make.LONDON, True)):
                rows = _sorted(frame.STATEMENT.rows(given, fixed))
                assert rows == _sorted(frame.shown(given, fixed))
        seen.add(tuple(rows))
    assert len(seen) == 3  # they did differ


def test_what_the_desk_is_reminded_of_is_what_django_finds_with_the_same_query(db: None) -> None:
    """When the first requests will be erased, and what of the website waits for somebody."""
    for code, status, day in (("left_open", Status.NEW, 3), ("unmarked", Status.CONFIRMED, 4)):
        assert due.first_to_go(code) is None
        make.in_state(status, start=make.at(day, 15))
        assert list(due.FIRST.rows((), code)) == list(due.first_of((), code))
        assert due.first_to_go(code) is not None
    soon = make.NOW.date() + timedelta(days=5)
    Page.objects.create(kind="article", slug="soon", title="Soon", is_published=True, review_due=soon)
    documents.draft(slug="peels", kind="treatment")
    facts.saved(facts.treatment(), name="Stronger peel")
    for last_soon, lines in ((make.NOW.date(), 3), (make.NOW.date() + timedelta(days=9), 4)):
        rows = _sorted(website.COUNTED.rows((last_soon,)))
        assert rows == _sorted(website.counted((last_soon,), None))
        assert len(rows) == lines


def test_what_a_requests_page_reads_is_what_django_makes_of_the_same_query(db: None) -> None:
    """Its fields, what is joined to it, the columns that were added, and its times with what is against each."""
    first, second = make.in_state(Status.NEW), make.in_state(Status.OFFERED, start=make.at(3, 15))
    Practitioner.objects.update(is_active=False)  # which is against their times
    for consultation in (first, second):
        given = (consultation.pk, make.NOW)
        found = one_request.WHOLE.models(given)
        assert list(map(_seen, found)) == list(map(_seen, one_request.request(given, None)))
        for row in found:
            assert row.answers.request_id == consultation.pk
            with pytest.raises(ObjectDoesNotExist):
                assert row.support_needs
        times = one_request.TIMES.models((consultation.pk,), make.LONDON)
        anew = list(one_request.appointments((consultation.pk,), make.LONDON))
        assert list(map(_seen, times)) == list(map(_seen, anew))
        assert off.found(anew)


def test_what_every_verb_begins_with_is_what_django_makes_of_the_same_query(db: None) -> None:
    """With what is joined to a request: its kind, the practitioner who was wished for, and what help its client needs."""
    helped, plain = make.submitted(), make.submitted(start=None)
    SupportNeeds.objects.create(request=helped, data={"support": ["interpreter"]})
    for key, number in ((helped.pk, 1), (plain.pk, 1), (0, 0)):
        found = list(map(_seen, core.STORED.models((key,))))
        assert found == list(map(_seen, core.with_key((key,), None)))
        assert len(found) == number
    assert next(core.STORED.models((helped.pk,))).support_needs.data == {"support": ["interpreter"]}
    with pytest.raises(ConsultationRequest.DoesNotExist):
        desk.note(ConsultationRequest(pk=0), Origin(Actor.staff(make.staff()), make.NOW), text="Rang.")


def test_what_the_worklist_lets_people_choose_is_what_django_finds(db: None) -> None:
    dee, ana = make.staff(), make.practitioner()
    make.concern("keloid"), make.tag()
    Practitioner.objects.filter(pk=ana.pk).update(user=dee)
    for given in ((dee.pk,), (0,)):
        found = _sorted(lists.STATEMENT.rows(given))
        assert found == _sorted(lists.choices(given, None))
        assert len(found) >= 4
    assert lists.read(dee.pk).practises_as == ana.pk


def test_the_first_page_of_a_tab_is_what_django_finds_with_the_same_query(db: None) -> None:
    for day, status in ((3, Status.NEW), (4, Status.OFFERED), (7, Status.CONFIRMED), (8, Status.DECLINED)):
        make.in_state(status, start=make.at(day, 15)).concerns.add(make.concern())
    one = make.in_state(Status.NEW, start=None)
    one.assigned_to = make.staff()
    one.save()
    Presence.objects.create(request=one, user=make.staff(), at=make.NOW)
    found = []
    for now in (make.NOW, make.NOW + timedelta(days=2)):
        given = (now, presence.shown_since(now))
        for tab in Tab:
            rows = list(map(_seen, worklist.OF_TAB.models(given, (tab, make.LONDON))))
            assert rows == list(map(_seen, worklist.of_tab(given, (tab, make.LONDON))))
            found.append(str(rows))
    assert len(set(found)) > 5


def test_what_is_against_a_time_is_what_django_finds_with_the_same_query(db: None) -> None:
    consultation, person = make.submitted(start=None), make.practitioner()
    Closure.objects.create(first_day=date(2026, 12, 8), last_day=date(2026, 12, 8), name="Repairs")
    found = set()
    for about in ((), (consultation.pk,)):
        for day in (7, 8):
            start = make.at(day, 10)
            given = (
                person.pk,
                make.consultation_type().pk,
                start,
                start + timedelta(minutes=30),
                start.date(),
            )
            rows = list(off.OF_A_TIME.rows((*given, *about), bool(about)))
            assert rows == list(off.of_a_time((*given, *about), bool(about)))
            found |= set(rows)
    assert len(found) > 1


def test_what_is_taken_is_what_django_finds_with_the_same_query(db: None) -> None:
    for status, day in ((Status.NEW, 3), (Status.CONFIRMED, 7), (Status.OFFERED, 8)):
        make.in_state(status, start=make.at(day, 15))
    TimeOff.objects.create(practitioner=make.practitioner(), starts_at=make.at(7, 9), ends_at=make.at(8, 17))
    found = []
    for first, last in ((1, 20), (7, 8), (9, 10)):
        for now in (make.NOW, make.at(20, 9)):
            given = (make.at(first, 0) - LONGEST_BLOCK, make.at(first, 0), make.at(last, 0), now)
            rows = _sorted(slots.TAKEN.rows(given))
            assert rows == _sorted(slots.taken(given, None))
            for person in Practitioner.objects.all():
                of_one = (*given, person.pk)
                of_them = [row for row in rows if row.startswith(f"({person.pk},")]
                assert _sorted(slots.TAKEN_OF_ONE.rows(of_one)) == of_them
            found.append(len(rows))
    assert len(set(found)) > 2, found


def test_the_clinic_and_what_it_offers_are_what_django_finds_with_the_same_query(db: None) -> None:
    make.profile()
    make.practitioner()
    Closure.objects.create(first_day=make.NOW.date(), last_day=make.NOW.date(), name="Repairs")
    for since in (make.NOW.date(), make.NOW.date() + timedelta(days=1)):
        [found] = clinic.WHOLE.models((since,))
        assert [_seen(found)] == list(map(_seen, clinic.whole((since,), None)))
        assert len(found.its_closures) == (since == make.NOW.date())
    RequestLimit.objects.create(first_day=make.NOW.date(), a_day=4, words="A course.")
    [(edition, rows)] = clinic.PUBLISHED.rows(())
    [(same, _)] = clinic.edition_and_limits((), None)
    assert edition == same
    assert [limit.a_day for limit in door.limits_of(rows)] == [4]
    kinds = list(map(_seen, offered.OFFERED.models(())))
    assert kinds == list(map(_seen, offered.kinds((), None)))
    assert kinds


def test_what_a_page_of_a_request_begins_with_is_what_django_finds(db: None) -> None:
    """A draft by its id, what it has become, and what a request can be about."""
    sent, kept = make.submitted(start=None), uuid4()
    rows = make.concern("rolling"), make.concern("keloid")
    page = Page.objects.create(kind="concern", slug="keloids", title="Keloids", drawing="keloid", order=1)
    page.concerns.add(rows[1])
    for code in ("laser", "peel"):
        Treatment.objects.create(
            code=code, name=code.capitalize(), short="A few words", offered=True, is_published=True
        )
    for key, became in ((sent.draft_id, sent), (kept, None)):
        Draft.objects.create(
            pk=key, owner="x", data={}, started_at=make.NOW, expires_at=make.NOW, sent_as=became
        )
    for key, number in ((sent.draft_id, 1), (kept, 0), (uuid4(), 0)):
        assert key is not None
        found = list(map(_seen, drafts.DRAFT.models((key,))))
        assert found == list(map(_seen, drafts.with_key((key,), None)))
        became_of = list(map(_seen, client.SENT.models((key,))))
        assert became_of == list(map(_seen, client.sent((key,), None)))
        assert len(became_of) == number
    for statement, anew in ((client.CONCERNS, client.concerns), (client.TREATMENTS, client.treatments)):
        said = list(statement.rows(()))
        assert said == list(anew((), None))
        assert len(said) == 2


def test_what_sending_asks_of_a_time_is_what_django_finds(db: None) -> None:
    """Who fits the concerns and when they work, what a mailbox holds, and the kind."""
    person, kind = make.practitioner(), make.consultation_type()
    person.concerns.add(make.concern("rolling"), make.concern("keloid"))
    for codes, number in (((), 1), (("keloid",), 1), (("boxcar", "rolling"), 0), (("keloid", "not_sure"), 1)):
        make.concern("boxcar")
        fit = list(slots.FITTING.rows((person.pk, kind.pk, *codes), len(codes)))
        assert fit == list(slots.fitting((person.pk, kind.pk, *codes), len(codes)))
        assert len(fit) == number
        worked = _sorted(slots.WORKED.rows((kind.pk, *codes), len(codes)))
        assert worked == _sorted(slots.hours((kind.pk, *codes), len(codes)))
        assert bool(worked) == bool(number)
    held = make.submitted()
    for but, number in ((0, 1), (held.pk, 0)):
        given = (make.NOW, held.mailbox, but)
        assert list(client.HOLDING.rows(given)) == list(client.holding(given, None))
        assert len(list(client.HOLDING.rows(given))) == number
    assert client.kind_with(kind.pk) == kind and client.kind_with(None) is None
    assert list(client.TYPES.models(())) == list(offered.types_offered((), None)) == [kind]


def test_who_is_signed_in_and_what_they_may_do_is_what_django_finds(db: None) -> None:
    """With the second step that one of them has, and without its key."""
    dee, eve = make.staff(), make.staff("Eve Nobody")
    Factor.objects.create(user=dee, key="secret", since=make.NOW)
    role = Group.objects.get(name="Practitioners")
    eve.groups.add(role)
    browser = Client()
    browser.force_login(dee)
    key = Session.objects.get().session_key
    for given in ((dee.pk,), (eve.pk,), (0,)):
        assert list(map(_seen, backend.ACCOUNT.models(given))) == list(
            map(_seen, backend.account(given, None))
        )
        assert _sorted(backend.RIGHTS.rows(given)) == _sorted(backend.rights(given, None))
    known: Any = backend.GuardedBackend().get_user(dee.pk)
    assert known.factor.get_deferred_fields() == {"key"}
    assert eve.has_perm("bookings.read_health")
    now = timezone.now()
    for asked, is_there in (((key, now), True), ((key, now + timedelta(days=9)), False), (("x", now), False)):
        found = list(map(_seen, sessions.LIVE.models(asked)))
        assert found == list(map(_seen, sessions.live(asked, None)))
        assert bool(found) is is_there


def _seen(row: Any) -> dict[str, Any]:
    """All that a model knows of itself and of what was joined to it."""
    joined = {name: other and _own(other) for name, other in row._state.fields_cache.items()}
    return _own(row) | joined


def _own(row: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if name != "_state"}


def _sorted(rows: Any) -> list[str]:
    return sorted(map(repr, rows))
