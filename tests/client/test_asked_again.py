"""What the guide has no answer to is asked in the request: what it skipped, and what nobody ticked there."""

from __future__ import annotations

import pytest
from django.test import Client

from content.guide import kept
from content.guide.answers import HEALTH
from tests.client import walk
from tests.client.test_guide_request import begin, boxes, held

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("shipped_clinic", "monday_morning")]


def test_whoever_skipped_a_question_of_the_guide_is_asked_it_here() -> None:
    browser = Client()
    asked = {"active_spots", "pregnancy", "isotretinoin", "bleeding"}
    skipped = HEALTH.keys() - asked - {"cold_sores"}
    draft = begin(browser, concerns=["milia"], isotretinoin="no", **dict.fromkeys(skipped, ""))
    page = browser.get(f"/consultations/request/before/?d={draft}")
    assert "nothing that it asked about your health applies to you" in walk.main(page)
    assert boxes(page)[0] == asked


def test_what_nobody_ticked_in_the_guide_is_asked_again_and_nobody_reads_a_no() -> None:
    """Rule 5a rests on it: a line that was left alone beside a tick is not a "no"."""
    browser = Client()
    draft = begin(browser, **dict.fromkeys(HEALTH, "not_ticked") | {"tan": "yes"})
    page = browser.get(f"/consultations/request/before/?d={draft}")
    folded, every = boxes(page)
    assert folded == {"tan"} and {"isotretinoin", "pregnancy", "raised_scars"} <= every - folded
    told = dict(kept.told(held(draft).guide or {}, {}, {}))
    (left,) = told["Not ticked"]  # one row of all of them
    assert {"Isotretinoin capsules", "Pregnancy"} <= {
        *left.split("; ")
    } and "Isotretinoin capsules" not in told
