"""What the tests of the desk send and look for: addresses, posts, what a page shows."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from bookings import slot_text
from bookings.models import ConsultationRequest, Message
from bookings.queries import frame, rail
from tests import factories as make

WORKLIST = "/admin/bookings/consultationrequest/"
DAY = "/admin/day/"
OUTBOX = "/admin/bookings/message/"

ANSWERS = {
    "concerns": ["rolling"],
    "areas": ["face"],
    "treatments": ["no_preference"],
    "applies": ["isotretinoin"],
    "anything_else": "I finished my tablets in June.",
    "support": ["step_free"],
    "support_note": "",
}
# What somebody must choose or type for each button; everything else needs nothing.
TYPED: dict[str, dict[str, Any]] = {
    "offer": {"slot": ["4@10", "4@14"], "until": "960", "note": ""},
    "confirm": {"slot": ["4@10"], "note": ""},
    "ask": {"question": "Do you still get spots?"},
    "advise": {"note": "Please see a pharmacist first."},
    "decline": {"reason": "refer_gp", "note": "Your GP can help."},
    "cancel": {"reason": "practitioner_away", "text": "Ana is ill."},
    "reschedule": {"slot": ["4@10"]},
    "propose_move": {"slot": ["4@10"], "until": "960", "note": ""},
    "assign": {"user": ""},
    "tag": {"tags": []},
    "note": {"text": "Rang, no answer."},
    "add_information": {"text": "She will bring a friend."},
    "correct_contact": {"name": "Cleo Marsh", "email": "new@example.org", "phone": "01632 960001"},
    "spoke": {"topic": "laser"},
    "no_answer": {"topic": ""},
    "left_message": {},
    "rang_us": {"topic": "price"},
    "follow_up": {"on": "2026-12-03"},
    "note_support": {"needs": ["interpreter"], "more": "Polish."},
    "reach": {"contact_by": "phone", "may_leave_message": "on"},
    "erase": {"sure": "on"},
}


def typed(do: str) -> dict[str, Any]:
    """The fields for a button, with times as the page writes them ("4@10" is 4 December, 10:00)."""
    fields = dict(TYPED.get(do, {}))
    if "slot" in fields:
        fields["slot"] = [
            slot_text.of(make.slot(make.at(*(int(part) for part in short.split("@")))))
            for short in fields["slot"]
        ]
    if do == "confirm_wish":
        fields["wish"] = slot_text.of(make.slot(make.at(3, 10)))
    return fields


def page_of(consultation: ConsultationRequest) -> str:
    return reverse("admin:bookings_consultationrequest_change", args=[consultation.pk])


def message_page(message: Message) -> str:
    return reverse("admin:bookings_message_change", args=[message.pk])


def html(response: Any) -> str:
    return str(response.content.decode())


def words(response: Any) -> str:
    """What a reader sees, in single spaces."""
    text = strip_tags(re.sub(r"<(script|style|svg).*?</\1>", " ", html(response), flags=re.DOTALL))
    return " ".join(text.replace("&#x27;", "'").replace("&amp;", "&").split())


def say(client: Client, consultation: ConsultationRequest, do: str, **fields: Any) -> HttpResponse:
    """Press the button `do` on the request's page as it is now."""
    consultation.refresh_from_db()
    data = {"do": do, "version": consultation.version} | fields
    if "preview" in fields:
        del data["do"]
    return client.post(page_of(consultation), data)  # type: ignore[return-value]  # the test client's own kind of response


def buttons(response: Any) -> set[str]:
    """The codes of the verbs that have a button on the page."""
    return set(re.findall(r'name="do" value="([a-z_]+)(?::\w+)?"', html(response)))


def names(response: Any) -> list[str]:
    """The clients on the worklist, in order."""
    return re.findall(r'class="field-client"><a [^>]*>([^<]+)</a>', html(response))


def tabs(response: Any) -> dict[str, int]:
    """The tabs with their numbers."""
    bar = re.search(r'<nav class="tabs".*?</nav>', html(response), flags=re.DOTALL)
    assert bar is not None, "the page has no tabs"
    return {name: int(number) for name, number in re.findall(r">([A-Za-z ]+) <b>(\d+)</b>", bar.group())}


def counts(now: datetime) -> rail.Counts:
    """The numbers of the rail and the tabs, as every page counts them."""
    numbers = frame.read(0, now, make.LONDON, counted=True).numbers
    assert numbers is not None
    return numbers
