"""One press does something to many: it blocks time, and each request that it hits goes through a verb of its own. All of it
is taken back as one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from bookings import limits
from bookings.models import ConsultationRequest, Practitioner, TimeOff, Together, Undo
from bookings.queries.touched import Stretch
from bookings.weekly_hours import Week
from bookings.workflow import hours, times
from bookings.workflow.core import Actor, Origin, last_event
from bookings.workflow.errors import Refused, WorkflowError, in_words
from bookings.workflow.undo import undo
from clinic.foundation import press
from clinic.foundation.models import Press
from clinic.foundation.text import id_in


@dataclass(frozen=True)
class Left:
    """A request that stays as it is now, and why."""

    consultation: ConsultationRequest
    why: str


def begin(
    actor: Actor, now: datetime, *, words: str, stretches: Sequence[Stretch] = (), label: str = ""
) -> Together:
    """Block the stretches, as far as they are not time off already. Do this first: then nobody books them meanwhile.

    Hand its key to each verb as `Origin.together`, and the requests that were changed to `finish`. Raises press.Twice for
    the second press of the same page (`actor.press`): the first one does it, or has done it.
    """
    assert actor.id is not None  # staff have one
    until = now + timedelta(minutes=settings.UNDO_MINUTES)
    with transaction.atomic():
        # Whoever is just being given one of these times is done first, or finds it blocked.
        times.lock([one.practitioner_id for one in stretches])
        made = Together.objects.create(by_id=actor.id, at=now, until=until, words=words[:200])
        rows = [
            TimeOff.objects.create(
                practitioner_id=one.practitioner_id, starts_at=one.start, ends_at=one.end, label=label
            )
            for one in _not_off_yet(stretches)
        ]
        made.time_off = [row.pk for row in rows]
        made.save(update_fields=["time_off"])
        if not press.keep_first(actor.press, now, str(made.pk)):
            raise press.Twice
    return made


def save_hours(
    practitioner: Practitioner,
    week: Week,
    first: date,
    last: date | None,
    actor: Actor,
    now: datetime,
    *,
    today: date,
    seen: str,
    words: str,
) -> Together:
    """The same for somebody's hours: saves them (`hours.change`, which says what it raises) instead of blocking anything."""
    with transaction.atomic():
        made = begin(actor, now, words=words)
        hours.change(practitioner, week, first, last, today=today, seen=seen, made=made)
    return made


def finish(together: Together, actor: Actor, requests: Collection[int]) -> None:
    """All of it is done, and these requests (keys) were changed too. Where nothing was, there is nothing to take back.

    The clock may have deleted the row by now: at once, where nothing can be taken back (`UNDO_MINUTES`).
    """
    mine = Together.objects.filter(pk=together.pk)
    if requests or together.time_off or together.hours or together.requests:
        mine.update(requests=sorted({*requests, *together.requests}))
    else:
        mine.delete()
    press.keep(_finished(actor.press), together.at)


def is_finished(key: str) -> bool:
    """Whether a press that has begun has done all that it does."""
    return press.done(_finished(key)) is not None


def is_left_off(first: Press, now: datetime) -> bool:
    """Whether a press that has begun did not finish, and will not: its process has died. What it began, its second press
    goes on with (`go_on`).
    """
    is_old = first.at <= now - limits.deadlines.PRESS_TAKES
    return is_old and not is_finished(first.key) and not was_taken_back(first.result)


def go_on(first: Press, actor: Actor, now: datetime) -> Together:
    """What a press made that was left off; what it changed already is in it. Each request that it has done is not done
    again: `press.part` knows. Where the clock has deleted it the rest is made anew, as one.
    """
    assert actor.id is not None  # staff have one
    until = now + timedelta(minutes=settings.UNDO_MINUTES)
    made = Together.objects.filter(pk=id_in(first.result), by=actor.id).first()
    if made is None:
        return Together.objects.create(
            by_id=actor.id, at=now, until=until, words="What was left off is done now"
        )
    made.requests = sorted(Undo.objects.filter(together=made).values_list("request_id", flat=True))
    return made


def was_taken_back(result: str) -> bool:
    """Whether what a press did (its `result`) has been taken back."""
    return press.done(_taken_back(id_in(result))) is not None


def _finished(key: str) -> str:
    return press.part(key, 0)  # no request has this key


def _taken_back(together: int) -> str:
    return press.part("taken back together", together)


def take_back(together: Together, actor: Actor, now: datetime) -> list[Left]:
    """Take back the block and every request, each as `undo` does; return those that stay as they are.

    Whoever has seen what was changed, or has changed it again, stays: nobody takes back what somebody was told. The time is
    given free last: a client would book it between two of them. Hours that were saved are as before first. Raises
    Refused("not_yours", "late", "twice", or "changed": the hours, since).
    """
    if together.by_id != actor.id:
        raise Refused("not_yours", "Somebody else did this, and only they can take it back.")
    if together.until <= now:
        raise Refused("late", "The mails have gone: this can no longer be taken back.")
    mine = set(Undo.objects.filter(together=together).values_list("request_id", flat=True))
    with transaction.atomic():
        if not press.keep_first(_taken_back(together.pk), now):
            raise Refused("twice", "This is taken back already.")
        if together.hours:
            hours.put_back(together)
        Together.objects.filter(pk=together.pk).delete()
    left = []
    for consultation in ConsultationRequest.objects.filter(pk__in={*together.requests, *mine}).order_by("pk"):
        if consultation.pk not in mine:
            left.append(Left(consultation, in_words(last_event(consultation), now)))
            continue
        try:
            undo(consultation, Origin(actor, now))
        except WorkflowError as error:
            left.append(Left(consultation, str(error)))
    TimeOff.objects.filter(pk__in=together.time_off).delete()
    return left


def _not_off_yet(stretches: Iterable[Stretch]) -> list[Stretch]:
    """What of the stretches is no time off yet: two rows of one person never overlap."""
    found = []
    for one in stretches:
        begins = one.start
        known = TimeOff.objects.filter(
            practitioner=one.practitioner_id, starts_at__lt=one.end, ends_at__gt=one.start
        )
        for starts, ends in known.order_by("starts_at").values_list("starts_at", "ends_at"):
            if begins < starts:
                found.append(Stretch(one.practitioner_id, begins, starts))
            begins = max(begins, ends)
        if begins < one.end:
            found.append(Stretch(one.practitioner_id, begins, one.end))
    return found
