"""Nobody is flooded: three automatic mails a day to a mailbox that never opened a link. What staff send is not counted."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.test import Client

from bookings import links, outbox
from bookings.messages.kinds import KINDS
from bookings.models import ConsultationRequest, Message
from bookings.workflow import contact, intake, reply, visit
from bookings.workflow.core import Actor, Origin
from clinic.foundation.addresses import mailbox
from tests.factories import CLIENT, NOW, at, in_state, practitioner, rules, slot, staff, submission, submitted
from tests.messages.examples import deliver
from tests.messages.sink import Sink
from tests.messages.test_worker import ended, start, until

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CLEO = "cleo@example.org"


def dee() -> Actor:
    return Actor.staff(staff())


def ask_for_a_link(email: str, now: datetime) -> None:
    with time_machine.travel(now, tick=False):
        assert Client().post("/consultations/new-link/", {"email": email}).status_code == 303


def open_link(consultation: ConsultationRequest, now: datetime) -> None:
    with time_machine.travel(now, tick=False):
        address = links.url(links.mint(consultation, now=now)).partition("://")[2].partition("/")[2]
        assert Client().post(f"/{address}").status_code == 303


def used_up(sink: Sink) -> ConsultationRequest:
    """The newest of four requests of Cleo's: the day's mails went, and the last one's was withheld."""
    for _ in range(4):
        consultation = submitted(email=CLEO, start=None, windows=((None, "any"),))
    deliver(NOW)
    assert (arrived(sink), withheld()) == (["received"] * 3, ["received"])
    return consultation


def withheld() -> list[str]:
    return list(Message.objects.filter(state="withheld").order_by("id").values_list("kind", flat=True))


def arrived(sink: Sink) -> list[str]:
    """The kinds of the mails that the server took, in order."""
    kinds = dict(Message.objects.values_list("message_id", "kind"))
    return [kinds[one] for one in sink.ids()]


def test_whatever_strangers_do_in_a_day_three_mails_reach_an_address(sink: Sink) -> None:
    rules(holds_per_address=9)
    for hour in (0, 1, 2, 3, 4, 11, 23):
        now = NOW + hour * HOUR
        if hour < 5:
            submitted(start=at(3, 9 + hour), email=f"cleo+{hour}@example.org", now=now)
            # A request under another address, "corrected" to this one.
            other = submitted(start=at(4, 9 + hour), email=f"eve{hour}@example.net", now=now)
            contact.correct_contact(other, Origin(CLIENT, now), email=CLEO)
        ask_for_a_link(CLEO, now)
        ask_for_a_link("cleo+1@example.org", now)
        for minute in (1, 16, 31):
            deliver(now + minute * MINUTE)
    reached = Counter(mailbox(taken.to[0]) for taken in sink.taken)
    assert reached == {CLEO: 3}
    assert Message.objects.filter(state="withheld").count() > 10


def test_the_first_mails_go_and_the_desk_reads_why_the_fourth_did_not(sink: Sink) -> None:
    consultation = submitted(email=CLEO)
    deliver(NOW)
    deliver(NOW + 16 * MINUTE)
    ask_for_a_link(CLEO, NOW + 17 * MINUTE)
    deliver(NOW + 17 * MINUTE)
    ask_for_a_link(CLEO, NOW + 18 * MINUTE)
    deliver(NOW + 18 * MINUTE)
    assert arrived(sink) == ["received", "prove_reminder", "new_link"]
    kept = consultation.messages.get(state="withheld")
    assert (kept.kind, kept.attempts, kept.sent_at) == ("new_link", 0, None)
    assert "nobody has opened a link" in kept.problem
    assert deliver(NOW + DAY) == 0  # it does not go by itself later on


def test_the_reminder_that_nobody_asked_for_leaves_the_last_place_free(sink: Sink) -> None:
    for hour in (10, 11):
        submitted(email=CLEO, start=at(3, hour))
    deliver(NOW)
    deliver(NOW + 16 * MINUTE)
    ask_for_a_link(CLEO, NOW + 17 * MINUTE)
    deliver(NOW + 17 * MINUTE)
    assert arrived(sink) == ["received", "received", "new_link"]
    assert withheld() == ["prove_reminder", "prove_reminder", "new_link"]


def test_a_day_is_24_hours_wherever_midnight_lies(sink: Sink) -> None:
    evening = at(3, 23, 30) - 3 * DAY
    consultation = submitted(email=CLEO, now=evening, start=None, windows=((None, "any"),))
    for minutes in range(0, 24 * 60, 40):
        outbox.queue(consultation, "new_link", now=evening + minutes * MINUTE)
        deliver(evening + minutes * MINUTE)
    assert len(sink.taken) == 3
    outbox.queue(consultation, "new_link", now=evening + DAY)
    deliver(evening + DAY)
    assert len(sink.taken) == 4


def test_once_a_link_was_opened_the_address_is_no_strangers(sink: Sink) -> None:
    consultation = submitted(email="cleo+1@example.org")
    open_link(consultation, NOW)
    for _ in range(6):
        outbox.queue(consultation, "new_link", now=NOW)
    deliver(NOW)
    assert Counter(arrived(sink)) == {"received": 1, "new_link": 6}
    # For another request of the same mailbox too.
    for hour in (11, 12, 13, 14):
        submitted(email=CLEO, start=at(3, hour))
    deliver(NOW)
    assert arrived(sink).count("received") == 5


def test_a_link_opened_at_an_offer_counts_although_it_proves_nothing_then(sink: Sink) -> None:
    consultation = in_state("offered", email=CLEO)
    open_link(consultation, NOW)
    assert ConsultationRequest.objects.get().email_proved_at is None
    for _ in range(5):
        outbox.queue(consultation, "new_link", now=NOW)
    deliver(NOW)
    assert arrived(sink).count("new_link") == 5


def test_a_link_opened_at_the_address_of_before_says_nothing_of_the_new_one(sink: Sink) -> None:
    consultation = submitted(email="old@example.org")
    open_link(consultation, NOW)
    consultation = contact.correct_contact(consultation, Origin(dee(), NOW + MINUTE), email=CLEO)
    Message.objects.all().delete()
    for _ in range(5):
        outbox.queue(consultation, "new_link", now=NOW + MINUTE)
    deliver(NOW + MINUTE)
    assert len(sink.taken) == 3


def test_what_staff_send_always_goes_and_takes_no_place(sink: Sink) -> None:
    """A wrong address that the desk writes to is the desk's to notice; the clinic's answers must arrive."""
    consultation = reply.assess(used_up(sink), Origin(dee(), NOW))
    deliver(NOW)
    consultation = reply.ask(consultation, Origin(dee(), NOW), question="Do you still get spots?")
    deliver(NOW + 6 * DAY)
    consultation = reply.offer(consultation, Origin(dee(), NOW), slots=[slot(at(4, 10))])
    deliver(NOW)
    consultation = reply.confirm(consultation, Origin(dee(), NOW), slot=slot(at(4, 10)))
    deliver(NOW)
    consultation = visit.reschedule(consultation, Origin(dee(), NOW), slot=slot(at(4, 12)))
    deliver(NOW)
    deliver(at(2, 12, 1))
    deliver(at(4, 10, 1))
    visit.cancel(consultation, Origin(dee(), NOW))
    deliver(NOW)
    assert arrived(sink)[3:] == [
        "assessing", "question", "answer_reminder", "offered", "confirmed", "changed", "reminder_48h", "reminder_2h",
        "cancelled",
    ]  # fmt: skip


def test_a_visit_booked_on_the_phone_is_confirmed_and_reminded_of(sink: Sink) -> None:
    used_up(sink)
    ana = practitioner()
    intake.book(submission(email=CLEO, start=at(4, 15), practitioner_id=ana.pk), Origin(dee(), NOW))
    deliver(NOW)
    deliver(at(2, 15, 1))
    deliver(at(4, 13, 1))
    assert arrived(sink)[-3:] == ["confirmed", "reminder_48h", "reminder_2h"]


@pytest.mark.parametrize("cause", ["rescue", "correct_contact"])
def test_the_usual_mails_are_staffs_own_when_staff_cause_them(sink: Sink, cause: str) -> None:
    used_up(sink)
    if cause == "rescue":
        consultation = intake.rescue(in_state("suspected", email=CLEO), Origin(dee(), NOW))
    else:
        consultation = submitted(email="wrong@example.org", start=at(4, 10))
        contact.correct_contact(consultation, Origin(dee(), NOW), email=CLEO)
    deliver(NOW)
    assert consultation.messages.get(kind="received", state="sent").to == CLEO


def test_staff_may_send_what_was_withheld(sink: Sink) -> None:
    used_up(sink)
    kept = Message.objects.get(state="withheld")
    assert outbox.send_again(kept, now=NOW)
    assert not outbox.send_again(kept, now=NOW)
    deliver(NOW)
    kept.refresh_from_db()
    assert (kept.state, len(sink.taken)) == ("sent", 4)


def test_a_mail_counts_once_however_often_it_is_tried_and_not_when_it_is_dropped(sink: Sink) -> None:
    sink.script = lambda step, to: "450 busy" if step == "rcpt" else None
    consultation = submitted(email=CLEO, start=None, windows=((None, "any"),))
    for minutes in range(0, 60, 5):
        deliver(NOW + minutes * MINUTE)
    sink.script = lambda step, to: None
    for _ in range(2):
        outbox.queue(consultation, "new_link", now=NOW)
    Message.objects.create(
        request=consultation,
        kind="new_link",
        to="old@example.org",
        created_at=NOW,
        not_before=NOW,
        message_id="<dropped@x>",
    )
    deliver(NOW + 2 * HOUR)
    assert Counter(arrived(sink)) == {"received": 1, "new_link": 2}
    assert withheld() == []


def test_alerts_to_the_clinic_are_not_counted(sink: Sink) -> None:
    rules(alert_email="desk@example.org")
    for hour in range(10, 16):
        submitted(start=at(3, hour))
    deliver(NOW)
    assert arrived(sink).count("staff_alert") == 6


def test_every_kind_has_been_thought_about() -> None:
    """Those that anybody can cause with somebody else's address, and how many mails may go before the last of them."""
    assert {kind.code: kind.most_a_day for kind in KINDS.values() if kind.most_a_day} == {
        "received": 3,
        "prove_reminder": 2,
        "new_link": 3,
    }


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_three(sink: Sink, database_url: str) -> None:
    """Twelve requests of one mailbox, all due, and two processes that look at the same moment."""
    rules(holds_per_address=0)
    for number in range(12):
        submitted(email=f"cleo+{number}@example.org", start=at(3, 10))
    workers = [start(database_url, sink) for _ in range(2)]
    with ended(*workers):
        until(lambda: not Message.objects.filter(state__in=("queued", "sending")).exists())
    assert Counter(Message.objects.values_list("state", flat=True)) == {"sent": 3, "withheld": 9}
    assert len(sink.taken) == 3


def test_without_the_limit_what_was_held_back_reads_as_dropped(sink: Sink) -> None:
    """Taking the migration back leaves no state that the earlier code does not know."""
    used_up(sink)
    migration = import_module("bookings.migrations.0006_automatic_mails_are_counted")
    assert all(operation.reversible for operation in migration.Migration.operations)
    migration.drop_what_was_held_back(apps, None)
    assert (withheld(), Message.objects.filter(state="dropped").count()) == ([], 1)
