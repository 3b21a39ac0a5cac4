"""The link in a mail, and asking for a new one. Anyone without a live link learns nothing here, not even by the clock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from bookings import limits, links, outbox
from bookings.client import attempts
from bookings.client.attempts import get_or_post
from bookings.client.form.questions import AddressForm
from bookings.models import ConsultationRequest
from bookings.models.message import PLAN
from bookings.queries import client as queries
from bookings.states import Status
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import WorkflowError
from bookings.workflow.intake import prove
from clinic.foundation import throttle, when
from clinic.foundation.addresses import mailbox
from clinic.foundation.forms import button
from clinic.foundation.network import client_address, network_of
from clinic.foundation.responses import SeeOther
from clinic.foundation.text import id_in


@never_cache
@get_or_post
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows one button, and changes nothing: mail scanners follow links. POST opens the session. The button is the same
    for every token but a live one to a plan, which says what it opens.

    `token` is all that follows in the address, as mail programs left it. What opens nothing leads to a new link.
    """
    if request.method != "POST":
        found = links.find(token, timezone.now())
        context = {"section": "consultations", "to_plan": found is not None and found.purpose == PLAN}
        return render(request, "bookings/client/own/open.html", context)
    now = timezone.now()
    link = links.find(token, now)
    if link is not None:
        # It proves the address before it is used up.
        _prove(link.request, now)
    opened = links.open_session(link, now) if link is not None else None
    if link is None or opened is None:
        network = network_of(client_address(request))
        if not throttle.allow(
            "link-miss", network, limit=limits.floods.DEAD_LINKS_PER_NETWORK_HOUR, window=when.HOUR, now=now
        ):
            return attempts.too_often(request, now, window=when.HOUR)
        used = {"was_used": links.was_used(token)}
        return render(request, "bookings/client/own/no_link.html", used, status=404)
    _, cookie = opened
    minute = id_in(request.GET.get("time", ""))  # of an offer, the time that was pressed in the mail
    address = f"{reverse('client:mine')}{f'?time={minute}' if minute else ''}"
    response = SeeOther(reverse("client:plan") if link.purpose == PLAN else address)
    response.set_cookie(
        settings.CLIENT_COOKIE_NAME,
        cookie,
        max_age=limits.sessions.CLIENT_SESSION_MINUTES * 60,
        httponly=True,
        samesite="Lax",
        secure=settings.PRODUCTION,
        path="/",
    )
    return response


def _prove(consultation: ConsultationRequest, now: datetime) -> None:
    if consultation.status != Status.NEW or consultation.email_proved_at is not None:
        return
    try:
        prove(consultation, Origin(Actor.client(), now))
    except WorkflowError:
        pass  # the desk answered at this very moment; the page shows the answer


class _NewLinkForm(AddressForm):
    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.form_action = "client:new_link"  # without the "?asked" of the answer before
        return helper

    def layout(self) -> list[Any]:
        return [*self.fields, button("Send me a link")]


@never_cache
@get_or_post
def new_link(request: HttpRequest) -> HttpResponse:
    """Ask for a new link, by address. The answer and the work are the same whether or not we know the address."""
    form = _NewLinkForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        asked = "asked" in request.GET and request.method != "POST"
        return render(request, "bookings/client/own/new_link.html", {"form": form, "asked": asked})
    now = timezone.now()
    network = network_of(client_address(request))
    if not throttle.allow(
        "new-link-network", network, limit=limits.floods.NEW_LINKS_PER_NETWORK_HOUR, window=when.HOUR, now=now
    ):
        return attempts.too_often(request, now, window=when.HOUR)
    email = form.cleaned_data["email"]
    if throttle.allow(
        "new-link-address",
        mailbox(email),
        limit=limits.floods.NEW_LINKS_PER_ADDRESS_DAY,
        window=when.DAY,
        now=now,
    ):
        _send_links(email, now)
    return SeeOther(f"{reverse('client:new_link')}?asked")


def _send_links(email: str, now: datetime) -> None:
    """Queue a mail for each request of this address that `recent_of` picks, `limits.floods.NEW_LINKS_AT_ONCE` at most.

    Messages that make up the number are written and deleted again. All in one transaction that is committed: the disk takes
    as long for an unknown address as for a known one.
    """
    found: list[ConsultationRequest | None] = list(
        queries.recent_of(email, limits.floods.NEW_LINKS_AT_ONCE, now)
    )
    with transaction.atomic():
        for consultation in found + [None] * (limits.floods.NEW_LINKS_AT_ONCE - len(found)):
            message = outbox.queue(
                consultation, "new_link", now=now, to=consultation.email if consultation else email
            )
            outbox.take_back_if_nobodys(message)
