"""The mail can be held as a whole: nothing goes but what visitors ask for, and nothing that waits is lost."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import Settings

from bookings import clock, in_hand, limits, mail_hold, outbox
from bookings.mail_hold import Why
from bookings.management.commands import worker
from bookings.messages import send
from bookings.models import Event, MailHold, Message, WorkerBeat
from clinic.foundation.written_once import lifted
from content.pictures import uploads
from tests.factories import NOW, at, in_state, rules, submitted
from tests.messages.examples import ALERT, deliver, due, only, queued
from tests.messages.sink import Sink

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
LONG_AGO = timezone.now() - timedelta(days=400)  # for the clock of this machine, which commands read


def output(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def states() -> dict[str, str]:
    return dict(Message.objects.values_list("kind", "state"))


def test_held_mail_waits_and_goes_when_it_is_released(sink: Sink) -> None:
    message = queued("assessing")
    assert mail_hold.begin(Why.RESTORED, now=NOW + MINUTE)
    assert deliver(NOW + 2 * MINUTE) == 0
    assert mail_hold.release()
    assert deliver(NOW + 3 * MINUTE) > 0
    assert message.message_id in sink.ids()


def test_what_is_no_longer_true_when_it_is_released_is_dropped(sink: Sink) -> None:
    message = queued("reminder_2h")
    mail_hold.begin(Why.RESTORED, now=NOW)
    mail_hold.release()
    deliver(due(message) + timedelta(hours=3))
    assert sink.ids() == []
    assert Message.objects.get(pk=message.pk).state == "dropped"


def test_what_a_visitor_asks_for_while_it_is_held_goes(sink: Sink) -> None:
    before = submitted()
    mail_hold.begin(Why.RESTORED, now=NOW + MINUTE)
    rules(alert_email=ALERT)
    after = submitted(now=NOW + 2 * MINUTE, start=at(3, 14))
    link = outbox.queue(before, "new_link", now=NOW + 2 * MINUTE)
    deliver(NOW + 3 * MINUTE)
    receipt, alert = (after.messages.get(kind=kind) for kind in ("received", "staff_alert"))
    assert set(sink.ids()) == {receipt.message_id, alert.message_id, link.message_id}
    assert before.messages.get(kind="received").state == "queued"


def test_an_answer_of_staff_waits_too(sink: Sink) -> None:
    """In a copy that is only tried out, the clock and the desk would otherwise mail real people."""
    mail_hold.begin(Why.BY_HAND, now=NOW - MINUTE)
    consultation = in_state("confirmed")
    consultation.messages.filter(kind="received").delete()
    deliver(NOW + MINUTE)
    assert sink.ids() == []


def test_without_a_mail_server_it_waits_as_well(settings: Settings) -> None:
    settings.EMAIL_HOST = ""
    only(queued("assessing"))
    mail_hold.begin(Why.RESTORED, now=NOW)
    deliver(NOW + MINUTE)
    assert set(states().values()) == {"queued"}


def test_nothing_lapses_while_it_is_held(sink: Sink) -> None:
    """The client may have accepted the offer in the time that a restored copy has lost."""
    consultation = in_state("offered")
    assert consultation.offer_expires_at
    later = consultation.offer_expires_at + MINUTE
    mail_hold.begin(Why.RESTORED, now=NOW)
    assert clock.tick(later)["lapsed"] == 0
    consultation.refresh_from_db()
    assert consultation.status == "offered"
    mail_hold.release()
    assert clock.tick(later)["lapsed"] == 1


def test_what_may_have_been_sent_is_set_aside_and_can_be_sent_by_hand(sink: Sink) -> None:
    old, later = queued("assessing"), queued("reminder_2h", start=at(3, 14))
    mail_hold.begin(Why.RESTORED, now=NOW + MINUTE)
    hold = mail_hold.current()
    assert hold
    lapsed = outbox.queue(old.request, "assessing", now=NOW + 2 * MINUTE)  # the clock goes on
    now = NOW + 3 * MINUTE
    waits = mail_hold.waiting(hold, now=now)
    assert waits.before["assessing"] == 1 and waits.due["assessing"] == 1 and waits.later > 0
    assert mail_hold.set_aside(hold, now=now) == waits.before.total()
    mail_hold.release()
    deliver(now)
    assert sink.ids() == [lapsed.message_id]
    old.refresh_from_db()
    later.refresh_from_db()
    assert (old.state, later.state) == ("withheld", "queued")
    assert "may have been sent already" in old.problem
    assert outbox.send_again(old, now=now)
    deliver(now)
    assert old.message_id in sink.ids()


def test_the_moment_before_which_it_may_have_been_sent_can_be_given() -> None:
    """The server broke at nine, the copy was put back at noon: what fell due in between was never sent."""
    first = queued("assessing")
    second = outbox.queue(first.request, "question", now=NOW, not_before=NOW + timedelta(hours=1))
    hours = NOW + timedelta(hours=3)
    mail_hold.begin(Why.RESTORED, now=hours)
    hold = mail_hold.current()
    assert hold
    mail_hold.set_aside(hold, before=NOW + 30 * MINUTE, now=hours)
    assert Message.objects.get(pk=first.pk).state == "withheld"
    assert Message.objects.get(pk=second.pk).state == "queued"


def test_what_was_in_the_hands_of_the_worker_is_among_it() -> None:
    message = queued("assessing")
    Message.objects.exclude(pk=message.pk).delete()
    assert in_hand.claim(now=NOW, worker="one")
    later = NOW + timedelta(hours=1)
    mail_hold.begin(Why.RESTORED, now=later)
    assert in_hand.claim(now=later, worker="two") == []
    hold = mail_hold.current()
    assert hold and mail_hold.set_aside(hold, now=later) == 1


def test_it_is_held_once() -> None:
    assert mail_hold.begin(Why.RESTORED, now=NOW)
    assert not mail_hold.begin(Why.SILENT, now=NOW + MINUTE)
    assert MailHold.objects.get().why == "restored"
    with pytest.raises(IntegrityError), transaction.atomic():
        MailHold.objects.create(pk=2, at=NOW, why="silent")
    assert mail_hold.release()
    assert not mail_hold.release()


# --- nobody has said that a backup was put back -----------------------------------------------------------------------


def test_a_worker_that_finds_nobody_here_for_hours_holds_what_is_due() -> None:
    queued("assessing")
    send.beat("one", NOW)
    assert mail_hold.notice_silence(NOW + timedelta(hours=7))
    hold = MailHold.objects.get()
    assert (hold.why, hold.alive_until) == ("silent", NOW)


@pytest.mark.parametrize("after", [timedelta(0), MINUTE, limits.mail.MAIL_HELD_AFTER_SILENCE])
def test_a_restart_is_no_silence(after: timedelta) -> None:
    queued("assessing")
    send.beat("one", NOW)
    assert not mail_hold.notice_silence(NOW + after)


def test_nothing_due_nothing_to_hold() -> None:
    message = queued("reminder_48h")
    Message.objects.exclude(pk=message.pk).delete()
    send.beat("one", NOW)
    assert not mail_hold.notice_silence(NOW + timedelta(hours=7))


def test_a_database_that_never_had_a_worker_is_new() -> None:
    queued("assessing")
    assert not mail_hold.notice_silence(NOW + timedelta(days=3))


def test_a_site_that_went_on_without_its_worker_is_no_copy() -> None:
    """The worker died on Friday. On Sunday Cleo sent her request: her link must not wait for a person."""
    send.beat("one", NOW - timedelta(days=2))
    submitted()
    assert not mail_hold.notice_silence(NOW + timedelta(hours=7))


def test_a_sign_of_life_from_the_future_hides_no_silence() -> None:
    queued("assessing")
    send.beat("one", NOW)
    send.beat("wrong clock", NOW + timedelta(days=30))
    assert mail_hold.notice_silence(NOW + timedelta(hours=7))


def test_a_worker_asks_before_its_own_first_sign_of_life(
    sink: Sink, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    swept: list[object] = []
    monkeypatch.setattr(uploads, "sweep", swept.append)
    queued("assessing")
    send.beat("one", NOW)
    Message.objects.update(created_at=LONG_AGO, not_before=LONG_AGO)
    WorkerBeat.objects.update(at=LONG_AGO, mails_at=None)
    with lifted(Event):
        Event.objects.update(at=LONG_AGO)
    call_command("worker", "--once")
    assert sink.ids() == []
    assert MailHold.objects.get().why == "silent"
    assert "The mail is held" in caplog.text
    assert swept == []
    assert mail_hold.release()
    worker.begin()
    assert len(swept) == 1


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_tells_holds_sets_aside_and_releases() -> None:
    assert "not held" in output("mail")
    with pytest.raises(CommandError, match="not held"):
        output("mail", "--release")
    queued("assessing")
    Message.objects.update(created_at=LONG_AGO, not_before=LONG_AGO)
    told = output("mail", "--hold")
    assert "The mail is held since" in told and "Somebody held it" in told
    assert "1  Being looked at" in told
    assert "so it may have been sent: 0" in output("mail", "--before", "2020-01-01 09:00")
    with pytest.raises(CommandError, match="no moment"):
        output("mail", "--before", "nine")
    told = output("mail", "--set-aside", "--release")
    assert "Set aside: " in told and "released" in told
    assert set(states().values()) == {"withheld"}
    assert mail_hold.current() is None


def test_what_the_worker_would_send_is_what_a_hold_keeps_back() -> None:
    """Also a mail that a clock queued which ran ahead: it was to go at once, so it is due, whatever it says."""
    message = queued("assessing")
    ahead = NOW + timedelta(hours=3)
    Message.objects.filter(pk=message.pk).update(created_at=ahead, not_before=ahead)
    assert mail_hold.begin(Why.BY_HAND, now=NOW)
    hold = MailHold.objects.get()
    waiting = mail_hold.waiting(hold, now=NOW)
    assert (waiting.before + waiting.due)["assessing"] == 1
    held = waiting.before.total() + waiting.due.total()
    assert held == outbox.due_mails(NOW).exclude(mail_hold.may_go(hold)).count()
    assert (
        held + waiting.later == Message.objects.filter(state="queued").exclude(mail_hold.may_go(hold)).count()
    )
