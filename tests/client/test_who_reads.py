"""Who of the clinic reads what: the form says it before anybody agrees, and the client's page before they answer."""

from __future__ import annotations

import pytest
from django.test import Client

from bookings import consents
from bookings.models import ConsultationRequest
from bookings.workflow import reply
from bookings.workflow.core import Actor, Origin
from tests import factories as make
from tests.client import walk

pytestmark = pytest.mark.once


def test_the_form_says_who_reads_what_and_the_needs_are_kept_apart() -> None:
    browser = Client()
    draft = walk.to_check(browser, before={"support": ["interpreter"], "support_note": "Polish"})
    page = walk.tree(browser.get(f"/consultations/request/before/?d={draft}"))
    hints = {name: page.findtext(f".//*[@id='id_{name}_helptext']") for name in ("applies", "support")}
    assert "Only our clinicians and managers read this." in hints["applies"]
    assert "Our front desk reads this too" in hints["support"]
    check = walk.main(browser.get(f"/consultations/request/check/?d={draft}"))
    assert "Clinicians and managers read your health answers." in check
    walk.send(browser, draft)
    cleo = ConsultationRequest.objects.get()
    assert cleo.support_needs.data == {"support": ["interpreter"], "support_note": "Polish"}
    assert cleo.consents.get(kind="health").version == "2026-12b"
    assert [words.version for words in consents.FORMER["health"]] == [
        "2026-12"
    ]  # whoever agreed to it can read it


def test_who_saw_older_words_is_asked_to_agree_to_those_of_today() -> None:
    """The page was open while the site was updated: its tick says nothing about the new words."""
    browser = Client()
    draft = walk.to_check(browser)
    shown = walk.shown(browser, walk.send(browser, draft, health="on"))
    assert "Tick the box to agree" in walk.text(shown)
    assert walk.tree(shown).find(".//input[@name='health']").get("checked") is None
    assert not ConsultationRequest.objects.exists()
    walk.send(browser, draft)
    assert ConsultationRequest.objects.exists()


@pytest.mark.parametrize(
    ("about_health", "words", "after"),
    [
        (
            True,
            "Our clinicians and managers read your answer, the front desk does not.",
            "Our clinicians and managers read your answer, and you hear from us by",
        ),
        (
            False,
            "Our front desk, clinicians and managers read your answer.",
            "A person at our front desk reads it, and you have an answer by",
        ),
    ],
)
def test_the_question_says_who_reads_the_answer(
    about_health: bool, words: str, after: str, monday_morning: None
) -> None:
    dee = Origin(Actor.staff(make.staff()), make.NOW)
    cleo = reply.ask(make.submitted(), dee, question="Do you come by car?", about_health=about_health)
    browser = walk.signed_in(cleo)
    assert words in walk.main(browser.get("/consultations/mine/"))
    reply.answer(cleo, Origin(make.CLIENT, make.NOW), text="By bus.")
    assert after in walk.main(browser.get("/consultations/mine/"))
