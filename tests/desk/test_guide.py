"""What a client told the guide, on the page of their request: for those who may read health answers, and nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from bookings.models import ConsultationRequest
from content.models import Treatment
from tests import factories as make
from tests.desk.pages import page_of, words

pytestmark = pytest.mark.once

GUIDE = {
    "answers": {
        "adult": "yes",
        "signs": ["none"],
        "concerns": ["rolling", "mix"],
        "applies": ["isotretinoin"],
        "skin": "brown_black",
    },
    "suggested": [["filler", 3, False], ["needling", 2, True], ["gone", 2, False]],
}


@pytest.fixture
def request_with_guide() -> ConsultationRequest:
    Treatment.objects.create(
        code="filler", name="Dermal fillers", short="Fillers", how="Lifts.", evidence="A"
    )
    Treatment.objects.create(code="needling", name="Microneedling", short="", how="Pricks.", evidence="A")
    answers: dict[str, Any] = {
        "concerns": ["rolling"],
        "areas": ["face"],
        "treatments": [],
        "applies": ["isotretinoin"],
        "anything_else": "",
        "guide": GUIDE,
    }
    return make.submitted(answers=answers)


def test_dee_reads_what_they_told_it_and_what_it_listed(
    dee: Client, request_with_guide: ConsultationRequest
) -> None:
    text = words(dee.get(page_of(request_with_guide)))
    assert "From the guide" in text
    for said in (
        "What it looks like|Rolling scars; A mix that I cannot tell apart",
        "What applies|I have taken isotretinoin in the last 12 months",
        "Skin in the sun|My skin is brown or black",
        "Often discussed|Dermal fillers",
        "May help|gone",  # a treatment that was deleted since keeps its code
        "Once acne is under control|Microneedling",
    ):
        assert said.replace("|", "") in text


def test_who_may_not_read_health_answers_does_not(request_with_guide: ConsultationRequest) -> None:
    browser = Client()
    browser.force_login(
        make.staff("Rae Front", "bookings.view_consultationrequest", "bookings.decide_request")
    )
    text = words(browser.get(page_of(request_with_guide)))
    assert "Cleo Marsh" in text
    assert "From the guide" not in text and "isotretinoin" not in text and "Dermal fillers" not in text


def test_without_the_guide_there_is_no_such_part(dee: Client) -> None:
    assert "From the guide" not in words(dee.get(page_of(make.submitted())))


def test_it_is_gone_with_the_request(dee: Client, request_with_guide: ConsultationRequest) -> None:
    request_with_guide.answers.delete()
    assert "From the guide" not in words(dee.get(page_of(request_with_guide)))
