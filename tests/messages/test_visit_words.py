"""What a mail about a visit says: when, with whom, what kind in words that tell nothing, how to get there, what to bring."""

from __future__ import annotations

import re

import pytest
from django.utils.html import strip_tags

from bookings.messages import render, visits
from bookings.models import Appointment, ConsultationType, Message, SupportNeeds
from clinic.foundation import when
from tests.factories import at, profile, undone
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
        # The confirmation has told them; the others are what they need on the day.
        assert ("You decide" in words) is (what == "confirmed")
    directions = "https://www.openstreetmap.org/search?query=4+Alder+Row%2C+Larch+Quay"
    # The address is the way there: pressed in one part of the mail, the next line of the other.
    assert f"- Where: 4 Alder Row, Larch Quay\n{directions}\n" in mail.text
    assert f'href="{directions}"' in mail.html
    assert "Your glasses. A friend <b>.\n" in mail.text
    # The client's own link comes first.
    assert mail.text.index(render.LINK) < mail.text.index("Getting here")


def test_what_an_editor_typed_is_no_heading_and_no_button() -> None:
    message = queued("confirmed")
    profile(getting_here="= The red door")
    assert "\nGetting here: The red door\n" in _mail(message).text


@pytest.mark.parametrize("what", ["confirmed", "changed", "reminder_48h", "reminder_2h"])
def test_no_mail_says_what_somebody_needs(what: str) -> None:
    """Our privacy page promises that mails say nothing about health: the page behind their link does."""
    message = queued(what)
    assert message.request is not None
    needs = ["interpreter", "large_print", "longer", "step_free", "chaperone"]
    SupportNeeds.objects.create(request=message.request, data={"support": needs, "support_note": "A hoist."})
    mail = _mail(message)
    for said in (mail.text, mail.html, mail.subject):
        assert not re.search(
            "interpreter|large print|longer app|more time|step.free|chaperone|hoist", said, re.I
        )


def test_before_anything_is_booked_nobody_is_told_what_to_bring() -> None:
    message = queued("received")
    profile(**COMING)
    text = _mail(message).text
    assert "Your glasses" not in text and "red door" not in text and "We talk" not in text
    assert text.index(render.LINK) < text.index("You hear from us: by 5pm") < text.index("not a booking yet")


def test_nobody_is_sent_to_a_place_for_a_visit_that_has_none() -> None:
    message = queued("confirmed")
    Appointment.objects.update(mode="video")
    profile(**COMING)
    mail = _mail(message)
    assert "Your glasses" in mail.text
    assert "red door" not in mail.text and "openstreetmap" not in mail.text


@pytest.mark.parametrize("what", ["confirmed", "changed", "reminder_48h", "reminder_2h"])
def test_a_visit_by_video_says_how_the_call_begins_or_whom_to_ask(what: str) -> None:
    message = queued(what)
    assert "How the call begins" not in _mail(message).text, "in person"
    Appointment.objects.update(mode="video")
    assert "How the call begins: To hear it, please call us on 01632 960001 before.\n" in _mail(message).text
    profile(video_call="= We ring you.\nThen a link.")
    assert "How the call begins: We ring you. Then a link.\n" in _mail(message).text


def test_each_mail_is_told_from_the_others_at_a_glance() -> None:
    """Its heading, what the inbox shows beside its subject, and its one button."""
    seen = []
    for what in ("received", "offered", "confirmed", "changed", "reminder_48h", "reminder_2h"):
        with undone():
            html = _mail(queued(what)).html
        parts = [
            re.search(f"<{mark}[^>]*>([^<]+)", html)
            for mark in ("h1", 'div style="display:none', 'a class="btn"')
        ]
        seen.append([part[1].split("&")[0].strip() for part in parts if part])
        assert html.count('class="btn"') == 1
        assert ("border:2px dashed" in html) is (what in ("received", "offered")), "a time that is not fixed"
        assert ('class="stub"' in html) is (what not in ("received", "offered")), "a time that is"
    assert len({heading for heading, _, _ in seen}) == len({line for _, line, _ in seen}) == 6
    assert seen[2] == [
        "Your consultation is booked.",
        "Thursday 3 December at 10am, with Ana Lind",
        "See, move or cancel it",
    ]
    assert seen[3][1:] == [
        "Now Friday 4 December at 11am, no longer Thursday 3 December at 10am",
        "See your new time",
    ]
    assert [heading for heading, _, _ in seen[4:]] == [
        "Your consultation is on Thursday.",
        "Your consultation is at 10am.",
    ]


def test_a_confirmation_says_all_that_is_needed() -> None:
    text = _mail(queued("confirmed")).text
    assert "- When: Thursday 3 December at 10am\n- With: Ana Lind\n- Where: 4 Alder Row, Larch Quay\n" in text
    assert "- What: First consultation, 30 minutes\n- Cost: £40\n" in text
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


@pytest.mark.parametrize("kind", ["changed", "reminder_48h"])
def test_what_speaks_of_a_booked_visit_says_with_whom_and_what_kind(kind: str) -> None:
    text = _mail(queued(kind)).text
    assert "- With: Ana Lind\n" in text and "- What: First consultation, 30 minutes\n- Cost: £40\n" in text


def test_two_hours_before_it_says_the_time_the_way_and_whom_to_call_and_little_else() -> None:
    message = queued("reminder_2h")
    profile(**COMING)
    text = _mail(message).text
    assert "- With: Ana Lind\n- Where: 4 Alder Row, Larch Quay\n" in text and "The red door." in text
    assert text.index("please call us on 01632 960001") < text.index(render.LINK)
    assert "Your glasses" not in text and "Cost" not in text and "First consultation" not in text


def test_an_offer_says_with_whom_each_time_is_and_what_it_is() -> None:
    message = queued("offered")
    mail = _mail(message)
    text = mail.text
    # Each leads to itself, by a number alone; the text of the mail has one address for all.
    assert f'href="{render.LINK}?time={when.minute(at(4, 10))}"' in mail.html
    assert "?time=" not in text
    assert "- Friday 4 December at 10am, with Ana Lind\n" in text
    assert "- Where: 4 Alder Row, Larch Quay\n" in text
    assert "- What: First consultation, 30 minutes\n- Cost: £40\n" in text
