"""What a client told the guide, on the page of their request: for those who may read health answers, and nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from bookings.models import ConsultationRequest
from content.guide.answers import HEALTH
from content.models import Treatment
from tests import factories as make
from tests.desk.pages import page_of, words

pytestmark = pytest.mark.once

# As requests kept it until the health questions were asked one by one. They still read the same.
BEFORE = {
    "answers": {
        "adult": "yes",
        "signs": ["none"],
        "concerns": ["rolling", "mix"],
        "applies": ["isotretinoin"],
        "skin": "brown_black",
    },
    "suggested": [["filler", 3, False], ["needling", 2, True], ["gone", 2, False]],
}


NOW = {
    "answers": {
        "adult": "yes",
        "signs": ["none"],
        "concerns": ["rolling"],
        "where": ["jaw", "body"],
        **dict.fromkeys(HEALTH, "no"),
        "pregnancy": "trying",
        "isotretinoin": "in_person",
        "skin": "brown_black",
    },
    "suggested": [["filler", 2, False], ["needling", 2, True]],
    "elsewhere": ["subcision"],
    "higher_risk": ["needling"],
}
SHOWN = [
    ["Lower risk of colour change", [["subcision", 3, False], ["filler", 2, True]]],
    ["Higher risk of colour change", [["needling", 2, True]]],
]


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
        "guide": BEFORE,
    }
    return make.submitted(answers=answers)


def test_dee_reads_each_answer_and_what_is_done_elsewhere(
    dee: Client, request_with_guide: ConsultationRequest
) -> None:
    kept = request_with_guide.answers
    kept.data = kept.data | {"guide": NOW}
    kept.save()
    text = words(dee.get(page_of(request_with_guide)))
    for phrase in (
        "Where|Jaw, chin or neck; Chest, shoulders or back",
        "Pregnancy|Trying for a baby",
        "Isotretinoin capsules|I would rather say it in person",
        "Cold sores|No",
        "May help|Dermal fillers",
        "Once acne is under control|Microneedling",
        "Often discussed, not done here|subcision",
        "Of these, a higher risk of colour change|Microneedling",
    ):
        assert phrase.replace("|", "") in text
    assert "What applies" not in text
    kept.data = kept.data | {"guide": NOW | {"shown": SHOWN}}
    kept.save()
    text = words(dee.get(page_of(request_with_guide)))
    assert (
        "Things to ask aboutLower risk of colour change: subcision (often discussed, not done here), Dermal fillers (may "
        "help); Higher risk of colour change: Microneedling (may help)"
    ) in text, "the list as the client saw it"
    assert "Often discussed, not done here" not in text


def test_dee_reads_what_they_told_it_and_what_it_listed(
    dee: Client, request_with_guide: ConsultationRequest
) -> None:
    text = words(dee.get(page_of(request_with_guide)))
    assert "From the guide" in text
    for phrase in (
        "What it looks like|Rolling scars; A mix that I cannot tell apart",
        "What applies|I have taken isotretinoin in the last 12 months",
        "Skin in the sun|Brown or black",
        "Often discussed|Dermal fillers",
        "May help|gone",  # a treatment that has since been deleted keeps its code
        "Once acne is under control|Microneedling",
    ):
        assert phrase.replace("|", "") in text
    assert "Cold sores" not in text  # nobody asked


def test_anyone_who_may_not_read_health_answers_does_not(request_with_guide: ConsultationRequest) -> None:
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
