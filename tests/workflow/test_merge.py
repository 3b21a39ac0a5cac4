"""Two requests of one person become one. Only a proved address says that they are; nothing of a history is ever changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from bookings import links
from bookings.models import ConsultationRequest, Event, Message, Note, SupportNeeds
from bookings.queries import client, same_person
from bookings.states import Status
from bookings.workflow import contact, desk, duplicates, erasure, intake, reply, undo
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import Conflict, NotAllowed, Refused
from tests.factories import CLIENT, CLOCK, NOW, at, concern, in_state, let_in, slot, staff, submitted

pytestmark = pytest.mark.django_db

CLEO = "cleo.marsh@example.org"
LATER = NOW + timedelta(hours=1)


def proved(**changes: Any) -> ConsultationRequest:
    """A new request of Cleo's, whose link she has opened."""
    return intake.prove(submitted(**{"email": CLEO, "start": None} | changes), Origin(CLIENT, NOW))


def merge(kept: ConsultationRequest, other: ConsultationRequest) -> ConsultationRequest:
    return duplicates.merge(kept, Origin(Actor.staff(staff()), LATER, kept.version), other=other)


def test_what_hangs_on_the_other_one_follows() -> None:
    kept = proved()
    concern("keloid")
    other = proved(
        start=at(3, 10),
        phone="+441632960111",
        answers={"concerns": ["keloid"], "anything_else": "I cannot cope.", "support": ["step_free"]},
    )
    link = links.mint(other, now=NOW)
    session, cookie = let_in(link)
    desk.note(other, Origin(Actor.staff(staff()), NOW), text="Rang, no answer.")

    fresh = merge(kept, ConsultationRequest.objects.get(pk=other.pk))
    assert (fresh.status, fresh.version) == (Status.NEW, kept.version + 1)
    assert fresh.appointments.held().get().starts_at == at(3, 10) == fresh.wished_start
    assert fresh.hold_until is not None
    assert (fresh.phone, fresh.same_day_call, fresh.needs_clinician) == ("+441632960111", True, True)
    assert {one.code for one in fresh.concerns.all()} == {"rolling", "keloid"}
    assert [note.words for note in fresh.notes.all()] == ["Rang, no answer."]
    assert SupportNeeds.objects.get(request=fresh).data["support"] == ["step_free"]
    assert not Message.objects.filter(request=other).exists()
    # The old link and the open page lead to the request that was kept.
    found = links.find(links.token(link), LATER)
    assert found is not None and found.request == fresh
    opened = links.session_for(cookie, NOW + timedelta(minutes=5))
    assert opened is not None and opened.request == fresh and opened.pk == session.pk


def test_a_new_link_opens_the_one_that_was_kept_by_either_spelling_of_the_address() -> None:
    kept, other = proved(), proved(email=CLEO.replace("@", "+skin@"))
    fresh = merge(kept, other)
    assert client.recent_of(CLEO, 3, LATER) == client.recent_of(other.email, 3, LATER) == [fresh]


def test_the_other_one_is_closed_and_nobody_is_mailed() -> None:
    kept, other = proved(), proved(start=at(3, 10))
    merge(kept, other)
    other.refresh_from_db()
    assert (other.status, other.decline_reason, other.merged_into) == ("declined", "duplicate", kept)
    assert not other.appointments.occupying().exists()
    assert not Message.objects.filter(kind="declined").exists()
    assert not Message.objects.filter(state="queued", created_at=LATER).exists()


def test_each_history_has_one_line_more_and_no_line_moves() -> None:
    kept, other = proved(), proved()
    before = list(Event.objects.order_by("pk").values())
    merge(kept, other)
    assert list(Event.objects.order_by("pk").values())[: len(before)] == before
    new = Event.objects.filter(at=LATER).order_by("request_id")
    assert [(event.request_id, event.verb, event.facts) for event in new] == [
        (kept.pk, "merge", {"merged": other.pk}),
        (other.pk, "decline", {"into": kept.pk}),
    ]


def test_the_earlier_promise_and_the_own_wish_stay() -> None:
    kept = proved(start=at(4, 10))
    other = proved(start=at(7, 10))
    ConsultationRequest.objects.filter(pk=other.pk).update(promise_due_at=at(30, 11, month=11))
    fresh = merge(kept, other)
    assert fresh.promise_due_at == at(30, 11, month=11)
    assert fresh.wished_start == at(4, 10)
    assert fresh.appointments.held().count() == 2
    # Both end when the hold of the request does.
    assert fresh.hold_until is not None
    intake.release_time(fresh, Origin(CLOCK, fresh.hold_until))
    assert not fresh.appointments.occupying().exists()


def test_a_time_that_is_held_longer_is_not_freed_earlier_by_a_merge() -> None:
    kept, other = proved(start=at(3, 10)), proved(start=at(3, 14))
    assert kept.hold_until is not None
    sooner = kept.hold_until - timedelta(hours=3)
    ConsultationRequest.objects.filter(pk=other.pk).update(hold_until=sooner)
    other.appointments.held().update(held_until=sooner)
    other.refresh_from_db()
    fresh = merge(kept, other)
    assert (fresh.hold_until, fresh.appointments.held().count()) == (kept.hold_until, 2)


def test_an_open_one_goes_into_one_with_a_visit() -> None:
    kept, other = proved(start=at(3, 10)), proved(start=at(4, 10))
    kept = reply.confirm(kept, Origin(Actor.staff(staff()), NOW))
    fresh = merge(kept, other)
    assert fresh.status == Status.CONFIRMED
    assert [row.starts_at for row in fresh.appointments.occupying()] == [at(3, 10)]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"email": "somebody.else@example.org"}, "address"),
        ({"email": "somebody.else@example.org", "phone": "+441632960111"}, "address"),
        ({}, "address"),  # not opened by anybody: the address is not proved
    ],
    ids=["another address", "the same phone and name only", "not proved"],
)
def test_only_the_same_proved_address_will_do(changes: dict[str, Any], code: str) -> None:
    kept = proved(phone="+441632960111")
    other = submitted(**{"email": CLEO, "start": None} | changes)
    if changes:
        other = intake.prove(other, Origin(CLIENT, NOW))
    with pytest.raises(Refused) as refused:
        merge(kept, other)
    assert refused.value.code == code
    _unchanged(kept, other)


def test_two_visits_are_never_made_one() -> None:
    dee = Origin(Actor.staff(staff()), NOW)
    kept, other = proved(start=at(3, 10)), proved(start=at(4, 10))
    kept, other = reply.confirm(kept, dee), reply.confirm(other, dee)
    with pytest.raises(Refused) as refused:
        merge(kept, other)
    assert refused.value.code == "visits"
    _unchanged(kept, other)


def test_what_is_further_along_is_the_one_to_keep() -> None:
    kept = proved()
    other = reply.offer(proved(), Origin(Actor.staff(staff()), NOW), slots=[slot(at(8, 10))])
    with pytest.raises(Refused) as refused:
        merge(kept, other)
    assert refused.value.code == "further"
    assert merge(other, kept).status == Status.OFFERED


def test_neither_itself_nor_what_is_closed_or_erased() -> None:
    kept = proved()
    for other, code in (
        (kept, "itself"),
        (in_state(Status.DECLINED, email=CLEO), "ended"),
        (erasure.erase(proved(), Origin(CLIENT, NOW)), "ended"),
    ):
        with pytest.raises(Refused) as refused:
            merge(kept, other)
        assert refused.value.code == code
    with pytest.raises(NotAllowed):
        merge(erasure.erase(kept, Origin(CLIENT, NOW)), proved())


def test_the_second_call_changes_nothing() -> None:
    kept, other = proved(), proved()
    fresh = merge(kept, other)
    with pytest.raises(Conflict):
        merge(kept, other)  # from the page as it was
    with pytest.raises(Refused):
        merge(fresh, other)
    assert Event.objects.filter(verb="merge").count() == 1


def test_nobody_takes_a_merge_back_by_halves(settings: Settings) -> None:
    settings.UNDO_MINUTES = 3
    kept, other = proved(), proved()
    kept = merge(kept, other)
    other.refresh_from_db()
    for consultation in (kept, other):
        with pytest.raises(Refused):
            undo.undo(consultation, Origin(Actor.staff(staff()), LATER))


def test_what_was_merged_answers_nothing_and_stays_closed() -> None:
    kept, other = proved(), proved()
    merge(kept, other)
    other.refresh_from_db()
    with pytest.raises(Refused) as refused:
        desk.reopen(other, Origin(Actor.staff(staff()), LATER))
    assert refused.value.code == "merged"
    with pytest.raises(IntegrityError), transaction.atomic():
        ConsultationRequest.objects.filter(pk=other.pk).update(status="new")


def test_erasing_the_kept_one_erases_what_was_merged_into_it() -> None:
    kept, first, second = proved(), proved(), proved()
    kept = merge(merge(kept, first), second)
    erasure.erase(kept, Origin(CLIENT, LATER))
    assert set(ConsultationRequest.objects.values_list("name", flat=True)) == {"Erased"}
    assert not Note.objects.exists()


def test_what_was_merged_before_follows_along() -> None:
    first, second, third = proved(), proved(), proved()
    second = merge(second, first)
    merge(third, second)
    first.refresh_from_db()
    assert first.merged_into == third


# --- who may be the same person ---------------------------------------------------------------------------------------


def test_each_match_says_what_is_shared() -> None:
    kept = proved(phone="+441632960111")
    made = {
        "Same proved address and name": proved(),
        "Same address and name; not both proved": submitted(email=CLEO, start=None),
        "Same phone, other name": submitted(name="Mira Marsh", phone="+441632960111", start=None),
        "Same name, other address": submitted(name="CLEO  Marsh", start=None),
    }
    submitted(name="Somebody Else", start=None)
    found = {match.words: match.consultation for match in same_person.matches(kept)}
    assert found == made


def test_suspected_and_erased_ones_match_nobody() -> None:
    kept = proved()
    in_state(Status.SUSPECTED, email=CLEO)
    gone = erasure.erase(proved(), Origin(CLIENT, NOW))
    erasure.erase(proved(), Origin(CLIENT, NOW))
    assert same_person.matches(kept) == []
    assert same_person.matches(gone) == []


def test_a_new_address_is_another_person_until_it_is_proved() -> None:
    kept, other = proved(), proved()
    other = contact.correct_contact(other, Origin(Actor.staff(staff()), NOW), email="new@example.org")
    with pytest.raises(Refused):
        merge(kept, other)


def _unchanged(*consultations: ConsultationRequest) -> None:
    for consultation in consultations:
        stored = ConsultationRequest.objects.get(pk=consultation.pk)
        assert (stored.status, stored.version) == (consultation.status, consultation.version)
        assert stored.merged_into is None
