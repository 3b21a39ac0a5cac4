"""What a mail about a visit says: when, with whom, what kind in words that tell nothing, how to get there, what to bring."""

from __future__ import annotations

import pytest
from django.utils.html import strip_tags

from bookings.messages import render, visits
from bookings.models import Appointment, ConsultationType, Message
from tests.factories import profile
from tests.messages.examples import queued

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def _mail(message: Message) -> render.Mail:
    return render.read(render.render(message, now=message.not_before).raw)


COMING = {
    "getting_here": "The red door.\n\nOne step.",
    "to_bring": "Your glasses\n\nA friend <b>",
    "what_happens": "We talk\nYou decide",
}


@pytest.mark.parametrize("what", ["confirmed", "changed", "reminder_48h"])
def test_a_mail_about_a_visit_says_how_to_get_there_what_to_bring_and_once_what_happens(what: str) -> None:
    message = queued(what)
    profile(**COMING)
    mail = _mail(message)
    for text in (mail.text, strip_tags(mail.html).replace("&lt;b&gt;", "<b>")):
        words = " ".join(text.split())
        for line in (
            "Getting here",
            "The red door. One step.",
            "Your glasses",
            "A friend <b>",
        ):
            assert line in words, line
        # The confirmation has told them; the reminder is what they need on the day.
        assert ("You decide" in words) is (what != "reminder_48h")
    directions = "https://www.openstreetmap.org/search?query=4+Alder+Row%2C+Larch+Quay"
    assert f"Directions on a map:\n{directions}\n" in mail.text and f'href="{directions}"' in mail.html
    happens = "" if what == "reminder_48h" else "\n\nWhat will happen:\n\n* We talk"
    assert f"* Your glasses\n* A friend <b>{happens}" in mail.text.replace("- ", "* ")
    # The client's own link comes first.
    assert mail.text.index(render.LINK) < mail.text.index("Getting here")


def test_what_an_editor_typed_is_no_heading_and_no_button() -> None:
    message = queued("confirmed")
    profile(getting_here="= The red door")
    assert "\nThe red door\n" in _mail(message).text


def test_before_anything_is_booked_nobody_is_told_what_to_bring() -> None:
    message = queued("received")
    profile(**COMING)
    text = _mail(message).text
    assert "Your glasses" not in text and "red door" not in text and "We talk" not in text
    assert text.index(render.LINK) < text.index("reply by 5pm") < text.index("not a booking yet")


def test_nobody_is_sent_to_a_place_for_a_visit_that_has_none() -> None:
    message = queued("confirmed")
    Appointment.objects.update(mode="video")
    profile(**COMING)
    mail = _mail(message)
    assert "Your glasses" in mail.text
    assert "red door" not in mail.text and "openstreetmap" not in mail.text


def test_a_confirmation_says_all_that_is_needed() -> None:
    text = _mail(queued("confirmed")).text
    assert (
        "- When: Thursday 3 December at 10am\n- With: Ana Lind\n- What: First consultation, 30 minutes\n"
        in text
    )
    assert "- Where: 4 Alder Row, Larch Quay\n- Cost: £40\n" in text
    assert "move or cancel it online until Wednesday 2 December at 10am" in text


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("First consultation", "First consultation"),
        ("Video call (20 minutes)", "Video call (20 minutes)"),
        ("Treatment session", "Appointment"),
        ("Laser consultation", "Appointment"),
        ("Aknesprechstunde", "Appointment"),
        ("30", "Appointment"),
    ],
)
def test_a_kind_of_visit_is_called_by_a_name_that_tells_nothing(name: str, words: str) -> None:
    assert visits.kind_words(ConsultationType(name=name)) == words


@pytest.mark.parametrize("kind", ["changed", "reminder_48h", "reminder_2h"])
def test_what_speaks_of_a_booked_visit_says_with_whom_and_what_kind(kind: str) -> None:
    assert "- With: Ana Lind\n- What: First consultation, 30 minutes\n" in _mail(queued(kind)).text


def test_an_offer_says_with_whom_each_time_is_and_what_it_is() -> None:
    text = _mail(queued("offered")).text
    assert "- Friday 4 December at 10am, with Ana Lind\n" in text
    assert "First consultation, 30 minutes, £40. Where: 4 Alder Row, Larch Quay." in text
