"""What time alone causes: holds run out, requests lapse, and rows that have served their purpose go.

`tick(now)` finds what is due and calls the verbs. It is idempotent and safe with several workers: a verb that another worker
called first raises Conflict, which here simply means "done".
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from bookings import limits, links, mail_hold
from bookings.models import Appointment, ConsultationRequest, Draft, Event, Message
from bookings.queries import due, plans
from bookings.queries.clinic import zone
from bookings.queries.due import Kind
from bookings.queries.visits import clock_drift
from bookings.states import Status
from bookings.workflow import displacement, erasure, intake, plan, proposal, reply, sessions, tallies, visit
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import WorkflowError
from clinic.foundation import audit, sqlite, throttle, when
from clinic.foundation.prepared import Prepared
from clinic.foundation.signin import guard

log = logging.getLogger(__name__)


def tick(now: datetime) -> dict[str, int]:
    """Do what is due at `now`, at most limits.worker.CLOCK_BATCH_ROWS of each kind; return how many of each.

    While the mail is held nothing lapses: in a restored copy the client's answer may be among what was lost.
    """
    unanswered = _unanswered(now) if mail_hold.current() is None else []
    released = _call_each(intake.release_time, _first(HOLDS, now), now)
    proposals = _first(PROPOSALS, now) if mail_hold.current() is None else []
    released += _call_each(proposal.keep, [row.request for row in proposals], now)
    lapsed = _call_each(reply.lapse, [one for one in unanswered if one.displaced_at is None], now)
    taken_up = _call_each(displacement.take_up, [one for one in unanswered if one.displaced_at], now)
    run_out = plans.run_out(when.local_day(now, zone()), limits.worker.CLOCK_BATCH_ROWS)
    expired = _call_each(plan.expire_plan, run_out if mail_hold.current() is None else [], now)
    woken = _call_each(sessions.wake, _first(ASLEEP, now), now)
    links.retire(now)
    _tally(now)  # before anything is forgotten
    gone = _forget(now)
    return {
        "released": released,
        "lapsed": lapsed,
        "taken_up": taken_up,
        "expired": expired,
        "woken": woken,
        "erased": sum(gone.pop(code) for code in _ERASED),
        "suspected_purged": gone.pop("suspected"),
        "rows_purged": sum(gone.values()),
    }


def has_more(done: dict[str, int]) -> bool:
    """Whether a tick that did this much may have left some for the next: one of its numbers has reached the limit."""
    return any(number >= limits.worker.CLOCK_BATCH_ROWS for number in done.values())


def _tally(now: datetime) -> None:
    """Count finished days for the figures. They wait for nobody, and nothing waits for them."""
    try:
        tallies.count_days(now)
    except Exception:
        log.exception("The clock failed to count a day for the figures")


def keep_wall_clocks(now: datetime) -> int:
    """Put booked visits back to the wall-clock time that was agreed, where new zone data has moved it; return how many.

    Zone data is read once per process, so the worker does this at its start. Visits that move later go latest first,
    the others earliest first: so that none is moved onto a neighbour that has yet to move.
    """
    place = zone()
    rows = Appointment.objects.booked().filter(starts_at__gt=now, request__status=Status.CONFIRMED)
    drifted = [(by, row) for row in rows.select_related("request") if (by := clock_drift(row, place))]
    later = sorted(
        (row for by, row in drifted if by > timedelta(0)), key=lambda row: row.starts_at, reverse=True
    )
    earlier = sorted((row for by, row in drifted if by < timedelta(0)), key=lambda row: row.starts_at)
    return _call_each(visit.keep_time, [row.request for row in (*later, *earlier)], now)


def _call_each(
    verb: Callable[[ConsultationRequest, Origin], ConsultationRequest],
    due: list[ConsultationRequest],
    now: datetime,
) -> int:
    done = 0
    for consultation in due:
        try:
            verb(consultation, Origin(Actor.clock(), now, consultation.version))
            done += 1
        except WorkflowError as error:
            log.info("The clock left request %s alone: %s", consultation.pk, type(error).__name__)
        except Exception:  # one broken row must not stop the clock for all the others
            log.exception("The clock failed at request %s", consultation.pk)
    return done


def _first(rows: Prepared[tuple[datetime]], now: datetime) -> list[Any]:
    return list(rows.models((now,), limits.worker.CLOCK_BATCH_ROWS))


def _unanswered(now: datetime) -> list[ConsultationRequest]:
    return [found for found in _first(UNANSWERED, now) if reply.is_unanswered(found, now)]


def holds(given: tuple[datetime], most: int) -> QuerySet[Any]:
    """New requests whose hold is over."""
    over = ConsultationRequest.objects.filter(status=Status.NEW, hold_until__lte=given[0])
    return over.order_by("pk")[:most]


def proposals(given: tuple[datetime], most: int) -> QuerySet[Any]:
    """Times that were proposed beside a booked visit, and nobody answered."""
    held = Appointment.objects.held().filter(is_offer=True, held_until__lte=given[0])
    over = held.filter(request__status=Status.CONFIRMED)
    return over.select_related("request").order_by("held_until")[:most]


def unanswered(given: tuple[datetime], most: int) -> QuerySet[Any]:
    """Offers and questions whose time to answer is over."""
    (now,) = given
    offered = Q(status=Status.OFFERED, offer_expires_at__lte=now)
    asked = Q(status=Status.WAITING, answer_due_at__lte=now)
    return ConsultationRequest.objects.filter(offered | asked).order_by("pk")[:most]


def asleep(given: tuple[datetime], most: int) -> QuerySet[Any]:
    """Sessions whose day has come near."""
    near = ConsultationRequest.objects.filter(sleeps_until__lte=given[0], status=Status.NEW)
    return near.order_by("sleeps_until")[:most]


HOLDS = Prepared(holds)
PROPOSALS = Prepared(proposals)
UNANSWERED = Prepared(unanswered)
ASLEEP = Prepared(asleep)


# --- what is done with goes (bookings/queries/due.py says when) -------------------------------------------------------


def _forget(now: datetime) -> dict[str, int]:
    """Forget a batch of each kind; return how many of each. A kind that fails does not stop the others: its error is raised
    at the end."""
    gone, trouble = {}, None
    for code, forget in _FORGET.items():
        try:
            gone[code] = forget(due.kinds()[code], now)
        except Exception as error:  # raised below
            log.exception("The clock failed to forget %s", code)
            trouble = error
    if any(gone.values()):
        sqlite.truncate_log()
    if trouble is not None:
        raise trouble
    return gone


def _erase(kind: Kind, now: datetime) -> int:
    """Erase many at once, and one by one those that only the verb can erase."""
    seen = dict(kind.first_due(now, limits.worker.CLOCK_BATCH_ROWS, "pk", "version"))
    if not seen:
        return 0
    odd = list(kind.due(now).filter(erasure.left_to_the_verb(now), pk__in=list(seen)))
    return erasure.erase_past(seen, now=now) + _call_each(erasure.erase, odd, now)


def _delete(kind: Kind, now: datetime) -> int:
    """Delete whole rows. Requests that were never anything but suspected go too: they have no history worth keeping."""
    keys = _keys(kind, now)
    if keys:
        # Ask once more: anything rescued or used in the meantime is no longer due.
        kind.due(now).order_by().filter(pk__in=keys).delete()
    return len(keys)


def _forget_drafts(kind: Kind, now: datetime) -> int:
    """The answers go when their time is up. If the draft was sent, its id and its browser's digest stay for a day, so that
    whoever comes back to it can be told that we have the request.
    """
    keys = _keys(kind, now)
    day = timedelta(days=limits.sessions.SENT_DRAFT_DAYS)
    # By its id: we may have been interrupted before the draft was marked as sent.
    sent = ConsultationRequest.objects.filter(draft_id__in=keys, created_at__gt=now - day, erased_at=None)
    for request_id, draft_id, sent_at in list(sent.values_list("pk", "draft_id", "created_at")):
        Draft.objects.filter(pk=draft_id).update(data={}, sent_as=request_id, expires_at=sent_at + day)
    Draft.objects.filter(pk__in=keys, expires_at__lte=now).delete()
    return len(keys)


def _empty_mails(kind: Kind, now: datetime) -> int:
    return Message.objects.filter(pk__in=_keys(kind, now)).update(body="", subject="")


def _forget_names(kind: Kind, now: datetime) -> int:
    """What they did stays, done by "Staff"."""
    return Event.objects.filter(pk__in=_keys(kind, now)).update(actor_label=due.SOMEBODY, actor_id=None)


def _keys(kind: Kind, now: datetime) -> list[Any]:
    return [key for (key,) in kind.first_due(now, limits.worker.CLOCK_BATCH_ROWS, "pk")]


# What is done with each kind that is due: at most limits.worker.CLOCK_BATCH_ROWS rows of it. Returns how many there were.
_FORGET: dict[str, Callable[[Kind, datetime], int]] = {
    "left_open": _erase,
    "unmarked": _erase,
    "no_visit": _erase,
    "visits": _erase,
    "suspected": _delete,
    "rescued_once": _erase,
    "drafts": _forget_drafts,
    "client_sessions": _delete,
    "links": _delete,
    "mail_texts": _empty_mails,
    "mails_of_nobody": _delete,
    "staff_names": _forget_names,
    "audit": lambda kind, now: audit.forget(_keys(kind, now)),
    "admin_log": _delete,
    "sign_ins": lambda kind, now: guard.purge(now, most=limits.worker.CLOCK_BATCH_ROWS),
    "staff_sessions": _delete,
    "time_off": _delete,
    "counters": lambda kind, now: throttle.purge(now, most=limits.worker.CLOCK_BATCH_ROWS),
    "presences": _delete,
    "presses": _delete,
    "undos": _delete,
    "togethers": _delete,
    "beats": _delete,
}
_ERASED = ("left_open", "unmarked", "no_visit", "visits", "rescued_once")
