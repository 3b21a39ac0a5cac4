"""The mail is held: why, what waits, and the two ways to go on. Every page of the desk leads here while it is so."""

from __future__ import annotations

from collections import Counter
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from bookings import mail_hold
from bookings.admin.decide import may
from bookings.admin.history import kind_words
from bookings.models import MailHold, Message
from clinic.foundation import audit
from clinic.foundation.responses import SeeOther

VIEW_MESSAGE = "bookings.view_message"
SEND_AGAIN = "bookings.send_again"


@may(VIEW_MESSAGE)
def page(request: HttpRequest, site: admin.AdminSite) -> HttpResponse:
    """What waits, by kind. A POST releases it, and may set aside before what may have been sent already."""
    hold = mail_hold.current()
    if hold is None:
        messages.info(request, "The mail is not held.")
        return SeeOther(reverse("admin:bookings_message_changelist"))
    if request.method == "POST":
        return release(request, hold)
    waits = mail_hold.waiting(hold, now=timezone.now())
    context = site.each_context(request) | {
        "title": "The mail is held",
        "hold": hold,
        "rows": _rows(waits.before, waits.due),
        "before": waits.before.total(),
        "all": waits.before.total() + waits.due.total(),
        "rest": waits.due.total(),
        "later": waits.later,
        "may_release": cast(User, request.user).has_perm(SEND_AGAIN),
        "opts": Message._meta,
    }
    return render(request, "admin/bookings/message/held.html", context)


@may(SEND_AGAIN)
def release(request: HttpRequest, hold: MailHold) -> HttpResponse:
    """End the hold. It is noted who did."""
    now = timezone.now()
    aside = mail_hold.set_aside(hold, now=now) if request.POST.get("do") == "set-aside" else 0
    audit.seen(cast(User, request.user), "release mail", hold, now)
    mail_hold.release()
    told = f" {aside} are under “Held back”." if aside else ""
    messages.success(
        request, f"The mail is released: what waits goes within a minute, if it is still true.{told}"
    )
    return SeeOther(reverse("admin:bookings_message_changelist"))


def _rows(before: Counter[str], due: Counter[str]) -> list[dict[str, Any]]:
    kinds = sorted({*before, *due}, key=kind_words)
    return [{"words": kind_words(kind), "before": before[kind], "due": due[kind]} for kind in kinds]
