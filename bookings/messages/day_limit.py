"""Strangers type any address they like: one where nobody has opened a link gets a few automatic mails a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count

from bookings import links
from bookings.messages.kinds import KINDS
from bookings.models import Message
from clinic.foundation import addresses, locks, when


def one_too_many(messages: Sequence[Message], now: datetime) -> list[Message]:
    """Those of these messages that are more than their mailboxes get in 24 hours; the others are counted.

    A message is counted once, however often it is tried. Inside a transaction: until it ends nobody else counts for these
    mailboxes, so the count is exact whatever the number of workers. Mailboxes are locked in their order.
    """
    new = [one for one in messages if KINDS[one.kind].most_a_day and not (one.by_staff or one.counted_at)]
    if not new:
        return []
    of = {one.pk: addresses.mailbox(one.to) for one in new}
    unknown = sorted(set(of.values()) - links.opened_by(set(of.values())))
    for mailbox in unknown:
        locks.take_turns(f"mails to {mailbox}")
    # What a wrong clock wrote far ahead does not count for ever.
    lately = Message.objects.filter(
        mailbox__in=unknown, counted_at__gt=now - when.DAY, counted_at__lt=now + when.DAY
    )
    had = dict(lately.order_by().values_list("mailbox").annotate(Count("pk")))
    too_many, counted = [], defaultdict[str, list[int]](list)
    for one in new:
        mailbox = of[one.pk]
        if mailbox not in unknown:
            continue
        if had.get(mailbox, 0) + len(counted[mailbox]) >= KINDS[one.kind].most_a_day:
            too_many.append(one)
        else:
            counted[mailbox].append(one.pk)
    for mailbox, keys in counted.items():
        Message.objects.filter(pk__in=keys).update(mailbox=mailbox, counted_at=now)
    return too_many
