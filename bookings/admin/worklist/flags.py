"""The filter of flags: what is marked about a request, and what each reminder of the desk counts."""

from __future__ import annotations

from functools import partial

from django.db.models import Q

from bookings import limits
from bookings.admin.worklist.option import Around, Option, related
from bookings.desk_site import (
    COME_BACK,
    ENDS_SOON,
    IN_DOUBT,
    PLAN_AGAIN,
    PLAN_ASKED,
    PLAN_TO_WRITE,
    PLAN_VISITS,
    TIMES_IN_DOUBT,
    TO_CALL,
    TO_RING,
    TOO_LONG,
    UNMARKED,
)
from bookings.models import Message, SupportNeeds
from bookings.queries import desk, due, plans_due, start
from clinic.foundation import when


def flags(around: Around) -> list[Option]:
    now, zone = around.now, around.zone
    today = when.local_day(now, zone)
    failed = partial(related, Message.objects.all(), state=Message.State.FAILED)
    return [
        Option("urgent", "Urgent", partial(Q, urgent=True)),
        Option("call", "Call the same day", partial(Q, same_day_call=True)),
        Option("clinician", "Clinician review", partial(Q, needs_clinician=True)),
        Option("mail", "Mail failed", failed),
        Option("support", "Support needed", partial(related, SupportNeeds.objects.all())),
        Option(TO_CALL, "To be called or texted", partial(desk.to_call, now)),
        Option(TO_RING, "To be told by phone or text", partial(desk.to_ring, now)),
        Option(ENDS_SOON, "Hold or offer ends soon", lambda: related(start.ending(now))),
        Option(COME_BACK, "Come back today", partial(desk.to_come_back, today)),
        Option(IN_DOUBT, "Visit in doubt", partial(desk.in_doubt, now, zone)),
        Option(TIMES_IN_DOUBT, "Offered or held time in doubt", partial(desk.times_in_doubt, now, zone)),
        Option(UNMARKED, "Never marked", partial(desk.unmarked, now, zone)),
        Option(TOO_LONG, "Waiting too long", partial(due.waits_too_long, now)),
        Option(
            PLAN_TO_WRITE,
            "Plan to write",
            partial(plans_due.to_write, around.reader.pk, now - limits.deadlines.PLAN_REMINDED),
        ),
        Option(PLAN_ASKED, "Asked about their plan", plans_due.to_answer),
        Option(PLAN_VISITS, "Visit to arrange", lambda: plans_due.TO_ARRANGE),
        Option(PLAN_AGAIN, "Visit to book again, if they want it", lambda: plans_due.TO_HAVE_AGAIN),
    ]
