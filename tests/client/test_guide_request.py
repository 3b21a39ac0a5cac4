"""From the guide into a request: the answers come along, are worked out again, and are sent only if the client wants it."""

from __future__ import annotations

import json
import logging
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client

from bookings import answers, triage
from bookings.client.form.draft_data import DraftData
from bookings.models import Answers, ConsultationRequest, Draft, Event, Message
from content.guide.answers import HEALTH, UNSAID
from content.models import Suitability, Treatment
from tests import factories as make
from tests.client import walk

pytestmark = pytest.mark.once

ACROSS = "/consultations/request/guide/"
TOLD: dict[str, Any] = {
    "adult": "yes",
    "concerns": ["rolling", "dark-marks"],
    "where": ["jaw"],
    **dict.fromkeys(HEALTH, "no"),
    "isotretinoin": "stopped_1_12",
    "skin": "tans",
}


@pytest.fixture(autouse=True)
def shipped(shipped_clinic: None, monday_morning: Any) -> None:
    """The shipped matrix, with the clinic of these tests."""


def inputs(response: walk.Page) -> dict[str, list[str]]:
    """What the page's form sends as it is, without the token: hidden fields and what is ticked."""
    found: dict[str, list[str]] = {}
    form = next(form for form in walk.tree(response).iter("form") if form.find(".//input") is not None)
    for field in form.iter("input"):
        sends = field.get("type") == "hidden" or "checked" in field.attrib
        if sends and field.get("name") != "csrfmiddlewaretoken":
            found.setdefault(field.get("name"), []).append(field.get("value"))
    return found


def begin(browser: Client, **changes: Any) -> str:
    """Send the guide's result across and press Continue; returns the draft's id. It is on the face, if nobody says."""
    page = browser.post(ACROSS, TOLD | changes)
    assert page.status_code == 200
    response = browser.post("/consultations/request/", {"areas": ["face"]} | inputs(page))
    assert response.status_code == 303 and "?d=" in response["Location"], response["Location"]
    return parse_qs(urlsplit(response["Location"]).query)["d"][0]


def to_check(browser: Client, **changes: Any) -> str:
    """Through all pages, leaving what came along as it is. Ends on the check page."""
    draft = begin(browser, **changes)
    applies = held(draft).applies or [
        "none"
    ]  # a "no" of the guide is not carried over, and this wants an answer
    for step, given in (("before", {"applies": applies}), ("times", {}), ("you", {})):
        response = walk.answer(browser, draft, step, **given)
        assert response.status_code == 303, (step, walk.text(response))
    walk.age(draft)
    return draft


def test_the_start_page_shows_what_comes_along_and_keeps_nothing_yet() -> None:
    browser = Client()
    page = browser.post(ACROSS, TOLD)
    walk.check_page(page)
    text = walk.main(page)
    assert "From the guide" in text and "Rolling scars" in text and "Tans easily" in text
    # What was listed, under its headings; nobody has chosen it, so it is not ticked.
    assert "Subcision (often discussed, not done here)" in text and "Dermal fillers (may help)" in text
    assert not Draft.objects.exists()
    sent = inputs(page)
    assert sent == {
        "guide_adult": ["yes"],
        "guide_concerns": ["rolling", "dark-marks"],
        "guide_where": ["jaw"],
        **{f"guide_{question}": ["no"] for question in HEALTH},
        "guide_isotretinoin": ["stopped_1_12"],
        "guide_skin": ["tans"],
        # The age is not asked twice, and the rest of the page is filled in.
        "adult": ["yes"],
        "concerns": ["rolling", "dark-marks"],
    }
    assert [button.text for button in walk.tree(page).iter("button")] == ["Continue"]
    fold = walk.tree(page).find(".//main//details")
    assert fold.findtext("summary") == "From the guide" and "open" not in fold.attrib


def held(draft: str) -> DraftData:
    return DraftData.from_data(Draft.objects.get(pk=draft).data)


def test_a_draft_begins_with_what_the_guide_was_told() -> None:
    browser = Client()
    data = Draft.objects.get(pk=begin(browser)).data
    assert data["concerns"] == ["rolling", "dark-marks"]
    assert data["applies"] == ["isotretinoin"]
    suggested = {code for code, _, _ in data["guide"]["suggested"]}
    assert "filler" in suggested and "laser-fractional-ablative" not in suggested
    assert not data.get("treatments")
    assert data["guide"]["answers"]["skin"] == "tans"


def boxes(page: walk.Page) -> tuple[set[str | None], set[str | None]]:
    """The answers about health that stand folded as told to the guide, and all."""
    tree = walk.tree(page)
    (told,) = (box for box in tree.iter("div") if box.get("class") == "told")
    every = {box.get("value") for box in tree.iter("input") if box.get("name") == "applies"}
    return {box.get("value") for box in told.iter("input")}, every


def test_what_the_guide_asked_about_health_is_shown_as_answered_and_not_asked_again() -> None:
    browser = Client()
    draft = begin(browser)
    address = f"/consultations/request/before/?d={draft}"
    page = browser.get(address)
    assert "From the guide: Isotretinoin in the last 12 months." in walk.main(page)
    assert "Does this apply to you too?" in walk.main(page)
    folded, every = boxes(page)
    # Cold sores are one answer with an infection and broken skin, of which the guide knows nothing.
    assert every - folded == {"cold_sores_infection", "not_sure", "in_person"}
    both = browser.post(address, {"applies": ["isotretinoin", "cold_sores_infection", "none"]}, follow=True)
    assert "You ticked something and pressed “None of these”" in walk.main(both)
    # "None of these" is about the rest, and what came along stays.
    assert browser.post(address, {"applies": ["isotretinoin", "none"]}).status_code == 303
    assert held(draft).applies == ["isotretinoin"]


def test_what_is_missing_is_asked_and_what_the_guide_was_told_stays() -> None:
    browser = Client()
    page = inputs(browser.post(ACROSS, TOLD))
    response = browser.post("/consultations/request/", page)
    assert "/request/about/" in response["Location"]
    again = browser.get(response["Location"])
    assert "Select where it is" in walk.text(again)
    assert inputs(again) == {name: page[name] for name in ("adult", "concerns")}
    browser.post(response["Location"], inputs(again) | {"areas": ["neck"]})
    data = DraftData.from_data(Draft.objects.get().data)
    assert data.areas == ["neck"] and data.applies == ["isotretinoin"] and data.guide


@pytest.mark.parametrize(
    ("changes", "carried"),
    [
        ({"isotretinoin": "now"}, ["isotretinoin"]),
        ({"isotretinoin": "stopped_under_1"}, ["isotretinoin"]),
        ({"active_spots": "yes", "isotretinoin": "no"}, ["active_spots"]),
        ({"keloid": "yes", "pregnancy": "trying", "isotretinoin": "no"}, ["pregnancy", "raised_scars"]),
        ({"pregnancy": "breastfeeding", "isotretinoin": "no"}, ["pregnancy"]),
        ({"cold_sores": "yes", "bleeding": "yes"}, ["isotretinoin", "cold_sores_infection", "bleeding"]),
        (
            {"immunity": "yes", "allergy": "yes", "skin_disease": "yes", "tan": "yes", "isotretinoin": "no"},
            ["low_immunity", "allergy", "skin_disease", "tan"],
        ),
        (
            {"isotretinoin": "not_ticked"},
            [],
        ),  # nor has anybody said "no" who left it alone: the request asks again
        ({"isotretinoin": "not_sure"}, ["not_sure"]),
        ({"pregnancy": "not_sure"}, ["isotretinoin", "not_sure"]),
        ({"pregnancy": "in_person", "isotretinoin": "in_person"}, ["not_sure", "in_person"]),
        (
            {"isotretinoin": "no"},
            [],
        ),  # the request asks about more, so "None of these" is for the client to tick
    ],
)
def test_what_applies_is_carried_over_in_the_words_of_the_request(
    changes: dict[str, str], carried: list[str]
) -> None:
    applies = held(begin(Client(), **changes)).applies
    assert sorted(applies) == sorted(carried) and set(applies) <= answers.APPLIES.keys()


@pytest.mark.parametrize("question", HEALTH)
@pytest.mark.parametrize("unsure", UNSAID)
def test_whoever_is_not_sure_reaches_a_clinician(question: str, unsure: str) -> None:
    changes = {"isotretinoin": "no", question: unsure}
    applies = held(begin(Client(), **changes)).applies
    assert triage.flags(applies, [], "").needs_clinician


def test_where_it_is_fills_in_only_what_is_the_same_answer() -> None:
    for where, areas in ((["face", "body"], ["face"]), (["jaw"], None)):
        assert inputs(Client().post(ACROSS, TOLD | {"where": where})).get("areas") == areas


def test_a_mix_and_not_sure_become_not_sure() -> None:
    data = held(begin(Client(), concerns=["mix", "not_sure"]))
    assert data.concerns == ["not_sure"] and data.treatments == []


def test_sent_along_they_are_kept_with_the_health_answers_and_nowhere_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    browser = Client()
    draft = to_check(browser)
    page = browser.get(f"/consultations/request/check/?d={draft}")
    walk.check_page(page)
    assert "From the guide" in walk.main(page) and "Leave these out" in walk.main(page)
    assert walk.send(browser, draft).status_code == 303
    consultation = ConsultationRequest.objects.get()
    told = consultation.answers.data["guide"]
    assert told["answers"]["isotretinoin"] == "stopped_1_12" and told["suggested"]
    listed = {code: done_here for _, under in told["shown"] for code, _, done_here in under}
    assert listed["filler"] and not listed["subcision"] and set(told) == {"answers", "suggested", "shown"}
    assert consultation.needs_clinician  # triage reads the request's own answers, as before
    facts = json.dumps([*Event.objects.values_list("facts", flat=True)])
    mails = json.dumps([*Message.objects.values_list("facts", flat=True)])
    logged = " ".join(r.getMessage() for r in caplog.records if r.name != "django.db.backends")
    for secret in ("isotretinoin", "rolling", "tans", "filler"):
        assert secret not in facts + mails + logged
    sent = browser.get(f"/consultations/sent/?d={draft}")
    assert "guide" not in walk.main(sent).lower() and "isotretinoin" not in walk.main(sent)


def test_the_columns_say_nothing_in_the_clear() -> None:
    browser = Client()
    draft = to_check(browser)
    walk.send(browser, draft)
    assert Answers.objects.get().data["guide"]
    with connection.cursor() as cursor:
        for table in ("bookings_answers", "bookings_draft"):
            cursor.execute(f"SELECT data FROM {table}")
            ((raw,),) = cursor.fetchall()
            text = bytes(raw).decode("latin-1") if isinstance(raw, bytes | memoryview) else str(raw)
            for secret in ("guide", "isotretinoin", "rolling", "tans", "suggested"):
                assert secret not in text, (table, secret)


def test_they_can_be_left_out_and_taken_along_again() -> None:
    browser = Client()
    draft = to_check(browser)
    address = f"/consultations/request/check/?d={draft}"
    left = browser.post(address, walk.AGREED | {"guide": "leave"})
    assert left.status_code == 303 and left["Location"] == address
    page = browser.get(address)
    assert "does not go along" in walk.main(page)
    health = walk.tree(page).find(".//*[@id='id_health']")
    assert "checked" in health.attrib  # what was ticked stays ticked
    browser.post(address, {"guide": "keep"})
    assert "Leave these out" in walk.main(browser.get(address))
    browser.post(address, {"guide": "leave"})
    walk.send(browser, draft)
    assert "guide" not in Answers.objects.get().data
    assert Answers.objects.get().data["concerns"] == ["rolling", "dark-marks"]


def test_whoever_did_not_come_from_the_guide_sees_nothing_of_it() -> None:
    browser = Client()
    draft = walk.to_check(browser)
    assert "guide" not in walk.main(browser.get(f"/consultations/request/check/?d={draft}")).lower()
    response = browser.post(f"/consultations/request/check/?d={draft}", walk.AGREED | {"guide": "leave"})
    assert response.status_code == 303 and "/sent/" in response["Location"]
    assert "guide" not in Answers.objects.get().data


def test_leaving_out_after_sending_changes_nothing() -> None:
    browser = Client()
    draft = to_check(browser)
    walk.send(browser, draft)
    response = browser.post(f"/consultations/request/check/?d={draft}", {"guide": "leave"})
    assert response.status_code == 303 and "/sent/" in response["Location"]
    assert Answers.objects.get().data["guide"]


def test_sending_twice_is_still_one_request() -> None:
    browser = Client()
    draft = to_check(browser)
    assert walk.send(browser, draft)["Location"] == walk.send(browser, draft)["Location"]
    assert ConsultationRequest.objects.count() == 1


def test_what_the_guide_showed_is_not_believed() -> None:
    browser = Client()
    Suitability.objects.filter(treatment__code="filler").update(score=0)
    Treatment.objects.filter(code="microneedling").update(offered=False)
    data = Draft.objects.get(pk=begin(browser, treatments=["filler"], suggested="filler")).data
    assert not {"filler", "microneedling"} & {code for code, _, _ in data["guide"]["suggested"]}


@pytest.mark.parametrize(
    ("changes", "leads"),
    [
        ({"adult": "no"}, "/under-18s/"),
        ({"signs": ["filler"]}, "/urgent-help/"),
        ({"adult": ""}, "/guide/"),
        ({"concerns": ["nose"]}, "/guide/"),
        ({"skin": "x" * 200_000}, "/guide/"),
    ],
)
def test_the_gate_stands_at_both_doors(changes: dict[str, Any], leads: str) -> None:
    browser = Client()
    across = browser.post(ACROSS, TOLD | changes)
    assert across.status_code == 303 and across["Location"] == leads
    along = {f"guide_{name}": value for name, value in (TOLD | changes).items()}
    straight = browser.post("/consultations/request/", walk.ANSWERS["about"] | along)
    assert straight.status_code == 303 and straight["Location"] == leads
    assert not Draft.objects.exists()


def test_opened_by_hand_it_leads_back_to_the_guide() -> None:
    response = Client().get(ACROSS)
    assert response.status_code == 303 and response["Location"] == "/guide/"
    assert Client().put(ACROSS).status_code == 405


def test_only_the_start_pages_own_form_begins_a_draft() -> None:
    """The way from the guide needs no token, as the guide sets no cookie; the draft behind it does."""
    browser = Client(enforce_csrf_checks=True)
    page = browser.post(ACROSS, TOLD)
    assert page.status_code == 200
    assert browser.post("/consultations/request/", inputs(page)).status_code == 403
    assert not Draft.objects.exists()


def test_a_request_without_the_guide_has_no_new_key() -> None:
    consultation = make.submitted()
    assert "guide" not in consultation.answers.data


ALARM = "Isotretinoin can badly harm an unborn baby"


@pytest.mark.parametrize(
    ("before", "rings"),
    [
        ({"applies": ["isotretinoin", "pregnancy"]}, True),
        ({"applies": ["isotretinoin"], "anything_else": "I think I am pregnant."}, True),
        ({"applies": ["isotretinoin"]}, False),
        ({"applies": ["pregnancy"]}, False),
        # One box says "not sure" about all of them, so it may be about the other of the two.
        ({"applies": ["isotretinoin", "not_sure"]}, True),
        ({"applies": ["pregnancy", "not_sure"]}, True),
        ({"applies": ["isotretinoin", "in_person"]}, True),
        ({"applies": ["not_sure"]}, False),
        ({"applies": ["tan", "not_sure"]}, False),
        ({"applies": ["none"]}, False),
    ],
)
def test_the_check_page_says_the_same_about_isotretinoin_with_pregnancy(
    before: dict[str, Any], rings: bool
) -> None:
    browser = Client()
    draft = walk.to_check(browser, before=before)
    page = browser.get(f"/consultations/request/check/?d={draft}")
    walk.check_page(page)
    assert (ALARM in walk.main(page)) is rings
    assert ("If both could be true for you:" in walk.main(page)) is rings
    assert walk.send(browser, draft).status_code == 303  # it stops nobody


@pytest.mark.parametrize("isotretinoin", ["now", "not_sure", "no"])
@pytest.mark.parametrize("pregnancy", ["pregnant", "not_sure", "no"])
def test_not_sure_in_the_guide_is_no_less_careful_on_the_check_page(
    pregnancy: str, isotretinoin: str
) -> None:
    """Rule 5a: it rings unless one of the two is a clear no."""
    browser = Client()
    draft = to_check(browser, pregnancy=pregnancy, isotretinoin=isotretinoin)
    text = walk.main(browser.get(f"/consultations/request/check/?d={draft}"))
    rings = "no" not in (pregnancy, isotretinoin)
    assert (ALARM in text) is rings
    assert ("If both could be true for you:" in text) is rings


def test_what_the_guide_was_unsure_of_rings_no_more_once_the_client_is_sure() -> None:
    browser = Client()
    draft = to_check(browser, pregnancy="not_sure", isotretinoin="not_sure")
    assert ALARM in walk.main(browser.get(f"/consultations/request/check/?d={draft}"))
    assert walk.answer(browser, draft, "before", applies=["none"]).status_code == 303
    assert ALARM not in walk.main(browser.get(f"/consultations/request/check/?d={draft}"))


def test_a_draft_from_before_the_questions_were_asked_one_by_one_can_still_be_sent() -> None:
    browser = Client()
    draft = to_check(browser)
    row = Draft.objects.get(pk=draft)
    old = {name: TOLD[name] for name in ("adult", "concerns", "skin")} | {"applies": ["keloid"]}
    row.data["guide"] = {"answers": old, "suggested": [["filler", 3, False]]}
    row.save()
    page = browser.get(f"/consultations/request/check/?d={draft}")
    assert "I get keloid scars, now or before: they grow past the spot" in walk.main(page)
    assert walk.send(browser, draft).status_code == 303
    assert Answers.objects.get().data["guide"]["answers"]["applies"] == ["keloid"]
