"""Mails that are made together: still true, not one too many, their bytes and links stored before anybody gets them.

One transaction, in which the rows of their requests are locked: a verb that changes an address comes either before, and its
mails are dropped, or after. Then it revokes their links too, and no mail of them is begun (bookings/in_hand.py). A mail
costs no statement of its own, unless it offers times, is about a plan, or does not go.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import prefetch_related_objects

from bookings import in_hand, links
from bookings.messages import envelope, render
from bookings.messages.day_limit import one_too_many
from bookings.messages.kinds import KINDS, untrue
from bookings.models import ClientLink, ConsultationRequest, Message
from bookings.models.message import MANAGE, PLAN
from bookings.queries.clinic import profile_with_hours
from clinic.foundation.crypto import SEALED_WORDS, Unreadable, encrypt, opened
from content.models import ClinicProfile

log = logging.getLogger(__name__)

ENOUGH = "Enough automatic mails went to this address for one day, and nobody has opened a link in one yet."


@dataclass(frozen=True, slots=True)
class Ready:
    """A mail that may go: its bytes with the link in its place, and the version of its request that they were made of."""

    message: Message
    raw: bytes
    version: int


def made(messages: Sequence[Message], now: datetime) -> list[Ready]:
    """Make these claimed messages into mails. What became of those that are not among them has been written down.

    One bad message does not hold up the others. Raises DatabaseError.
    """
    with transaction.atomic():
        here = _with_requests(messages)
        true = [one for one in here if _goes_well(one, now, lambda one: _is_true(one, now))]
        too_many = one_too_many(true, now)
        for one in too_many:
            in_hand.withhold(one, why=ENOUGH)
        goes = [one for one in true if one not in too_many]
        first = {one.pk for one in goes if opened(one, "body") == ""}
        profile = profile_with_hours() if first else None
        written = [one for one in goes if _goes_well(one, now, lambda one: _write(one, profile, now))]
        linked = [one for one in written if _needs_link(one, now)]
        ClientLink.objects.bulk_create(_link(one, now) for one in linked)
        _store([one for one in written if one.pk in first or one in linked])
    return [_ready(one) for one in written]


def _with_requests(messages: Sequence[Message]) -> list[Message]:
    """These messages with their requests, locked, as they are now. Where somebody is changing a request, its go back."""
    keys = {one.request_id for one in messages if one.request_id}
    rows = ConsultationRequest.objects.select_for_update(of=("self",), skip_locked=True)
    rows = rows.select_related("consultation_type", "support_needs").filter(pk__in=keys)
    found = {row.pk: row for row in rows.order_by("pk")}
    about = "appointments"
    prefetch_related_objects(
        list(found.values()), about, f"{about}__practitioner", f"{about}__consultation_type"
    )
    here = [one for one in messages if one.request_id is None or one.request_id in found]
    if len(here) < len(messages):
        in_hand.put_back([one for one in messages if one not in here])
    for one in here:
        one.request = found[one.request_id] if one.request_id else None
    return here


def _goes_well(message: Message, now: datetime, step: Callable[[Message], bool]) -> bool:
    """Do it; whatever is wrong with this mail, the others must still go."""
    try:
        return step(message)
    except Unreadable:  # it has been logged; with the right keys it goes by itself, or by "send again"
        in_hand.retry(message, now=now, problem=SEALED_WORDS)
    except envelope.Unsendable as error:
        in_hand.fail(message, now=now, problem=str(error))
    except DatabaseError:
        raise
    except Exception as error:
        log.exception("Message %s could not be made", message.pk)
        in_hand.retry(message, now=now, problem=f"It could not be written ({type(error).__name__}).")
    return False


def _is_true(message: Message, now: datetime) -> bool:
    assert message.kind in KINDS
    why = untrue(message, message.request, now)
    if why is not None:
        in_hand.drop(message, now=now, why=why)
    return why is None


def _write(message: Message, profile: ClinicProfile | None, now: datetime) -> bool:
    """At the first try only: the same bytes go at each later one."""
    if not message.body:
        mail = render.render(message, now=now, profile=profile)
        message.subject, message.body = mail.subject, mail.raw.decode("ascii")
    envelope.recipient(message.to)
    return True


def _needs_link(message: Message, now: datetime) -> bool:
    """A link is minted at the first try, and is the same at each later one while it is live."""
    if message.request is None or not render.has_link(message.body.encode("ascii")):
        return False
    if message.link is None:
        return True
    message.link.request = message.request
    return not links.is_live(message.link, now)


def _link(message: Message, now: datetime) -> ClientLink:
    assert message.request is not None  # or it would need none
    purpose = PLAN if message.kind == "plan_link" else MANAGE
    message.link = links.unsaved(message.request, now=now, purpose=purpose)
    return message.link


# UPDATE ... FROM: all rows in one statement, on both databases.
_STORE = f"""
UPDATE {Message._meta.db_table} AS mail
SET subject = made.column2, body = made.column3, link_id = CAST(made.column4 AS bigint)
FROM (VALUES %s) AS made
WHERE mail.id = made.column1 AND mail.state = 'queued' AND mail.leased_by = made.column5"""


def _store(messages: Sequence[Message]) -> None:
    """Keep what was made, of those that are still ours."""
    if not messages:
        return
    cells: list[Any] = []
    for one in messages:
        cells += [one.pk, one.subject, encrypt(one.body), one.link and one.link.pk, one.leased_by]
    with connection.cursor() as cursor:
        cursor.execute(_STORE % ", ".join(["(%s, %s, %s, %s, %s)"] * len(messages)), cells)


def _ready(message: Message) -> Ready:
    raw = message.body.encode("ascii")
    version = message.request.version if message.request else 0
    return Ready(message, render.with_link(raw, links.url(message.link)) if message.link else raw, version)
