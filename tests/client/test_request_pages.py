"""The questions: what each page refuses, in which words, and that nothing typed is ever lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from bookings.client.form import order
from bookings.models import ConsultationRequest, Draft, Practitioner
from content.models import Page, Treatment
from tests import factories as make
from tests.client import walk

pytestmark = pytest.mark.once


FIRST_TIME = "id_slot"
WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    ("about", {"adult": ""}, "Tell us whether you are 18 or over", "id_adult_0"),
    ("about", {"concerns": []}, "Select what you would like to talk about", "id_concerns_0"),
    ("about", {"areas": []}, "Select where it is", "id_areas_0"),
    ("about", {"concerns": ["made-up"]}, "Choose from the list", "id_concerns_0"),
    ("about", {"treatments": ["made-up"]}, "Choose from the list", "id_treatments_0"),
    ("before", {"applies": []}, "Select what applies to you, or “None of these”", "id_applies_0"),
    (
        "before",
        {"applies": ["none", "bleeding"]},
        "You ticked something and pressed “None of these”. Untick what is not true, then press “Continue”.",
        "id_applies_0",
    ),
    (
        "before",
        {"anything_else": "x" * 501},
        "Use 500 characters or fewer. You used 501.",
        "id_anything_else",
    ),
    ("times", {"slot": ""}, "Choose a time, or tell us which days and times would suit you", FIRST_TIME),
    ("times", {"slot": "nonsense"}, "That time is not free. Choose another one.", FIRST_TIME),
    (
        "times",
        {"slot": "none"},
        "Tick at least one day or part of the day that would suit you",
        "id_days_0",
    ),
    ("you", {"name": "  "}, "Enter your full name", "id_name"),
    ("you", {"name": "12"}, "Enter your full name", "id_name"),
    ("you", {"email": ""}, "Enter your email address", "id_email"),
    (
        "you",
        {"email": "cleo@example"},
        "Enter an email address in the correct format, like name@example.com",
        "id_email",
    ),
    (
        "you",
        {"email": "cleo@[127.0.0.1]"},
        "Enter an email address with a name after the @, like name@example.com",
        "id_email",
    ),
    (
        "you",
        {"email": "c" * 60 + "@" + "example." * 25 + "org"},
        "Enter an email address of 254 characters or fewer",
        "id_email",
    ),
    ("you", {"contact_by": ""}, "Select how we should contact you", "id_contact_by_0"),
    ("you", {"contact_by": "text"}, "Enter your phone number, or choose “Email me”", "id_phone"),
    ("before", {"support": ["other"]}, "Tell us what support you need", "id_support_note"),
]


@pytest.mark.parametrize(("step", "given", "message", "place"), WRONG)
def test_a_wrong_answer_is_said_above_the_heading_and_at_the_field(
    step: str, given: dict[str, Any], message: str, place: str
) -> None:
    browser = Client()
    draft = walk.before(step, browser)
    kept = Draft.objects.get(pk=draft).data
    page = walk.check_page(walk.shown(browser, walk.answer(browser, draft, step, **given)))
    assert page.findtext(".//title").startswith("Error: ")
    summary = page.find(".//*[@role='alert']")
    assert summary.get("tabindex") == "-1"
    link = next(a for a in summary.iter("a") if (a.text or "").endswith(message))
    assert link.get("href") == f"#{place}"
    assert page.findall(f".//*[@id='{place}']")
    everything = list(page.iter())
    assert everything.index(summary) < everything.index(page.find(".//h1"))
    inline = [node for node in page.iter() if "wrong" in (node.get("class") or "")]
    assert any(message in "".join(node.itertext()) for node in inline)
    # Beside the answers, not among them.
    now = Draft.objects.get(pk=draft).data
    assert set(now.pop("typed")) == {step}
    kept.pop("typed", None)
    assert now == kept


@pytest.mark.parametrize(
    ("step", "given", "text"),
    [
        ("you", {"name": "x" * 121}, "Full name: use 120 characters or fewer. You used 121."),
        (
            "you",
            {"email": "zoë@example.org"},
            "Email address: use only letters from a to z, digits and signs before the @",
        ),
        (
            "you",
            {"email": "c" * 65 + "@example.org"},
            "Email address: use 64 characters or fewer before the @. You used 65.",
        ),
        (
            "before",
            {"anything_else": "x" * 501},
            "Anything else we should know? Use 500 characters or fewer. You used 501.",
        ),
    ],
)
def test_the_summary_names_the_field(step: str, given: dict[str, Any], text: str) -> None:
    browser = Client()
    draft = walk.before(step, browser)
    response = walk.shown(browser, walk.answer(browser, draft, step, **given))
    summary = walk.tree(response).find(".//*[@role='alert']")
    assert [a.text for a in summary.iter("a")] == [text]


def test_what_was_typed_stays_when_something_else_is_wrong() -> None:
    browser = Client()
    draft = walk.before("you", browser)
    response = walk.shown(browser, walk.answer(browser, draft, "you", email="wrong", name_to_use="Clee"))
    page = walk.check_page(response)
    values = {node.get("name"): node.get("value") for node in page.iter("input")}
    assert values["name"] == "Cleo Marsh"
    assert values["name_to_use"] == "Clee"
    assert values["email"] == "wrong"


@pytest.mark.parametrize(
    ("typed", "shown", "kept"),
    [
        ("07700 900 982", "07700 900982", "+447700900982"),
        ("(01632) 960-001", "01632 960001", "+441632960001"),
        ("+33123456789", "+33 1 23 45 67 89", "+33123456789"),
        ("0 1 6 3 2 9 6 0 0 0 1", "01632 960001", "+441632960001"),
        ("+44 (0)1632 960001", "01632 960001", "+441632960001"),
        ("٠٧٧٠٠ ٩٠٠ ٩٨٢", "07700 900982", "+447700900982"),
    ],
)
def test_a_phone_number_may_be_spaced_in_any_way_and_is_shown_back_tidy(
    typed: str, shown: str, kept: str
) -> None:
    browser = Client()
    draft = walk.to_check(browser, you={"contact_by": "phone", "phone": typed})
    page = walk.tree(browser.get(f"/consultations/request/you/?d={draft}"))
    assert page.find(".//input[@name='phone']").get("value") == shown
    assert shown in walk.main(browser.get(f"/consultations/request/check/?d={draft}"))
    walk.send(browser, draft)
    assert ConsultationRequest.objects.get().phone == kept


@pytest.mark.parametrize(
    "typed", ["", "12", "not a number", "07700 900 98277777777777", "07700 900 abc", "x"]
)
def test_an_impossible_phone_number_is_refused(typed: str) -> None:
    browser = Client()
    draft = walk.before("you", browser)
    response = walk.shown(browser, walk.answer(browser, draft, "you", contact_by="text", phone=typed))
    assert "Error: " in walk.text(response)


def test_a_phone_number_may_be_given_by_whoever_wants_emails() -> None:
    browser = Client()
    draft = walk.to_check(browser, you={"phone": "07700 900 982", "may_leave_message": "on"})
    assert "You can leave a message" in walk.main(browser.get(f"/consultations/request/check/?d={draft}"))
    # And taken back.
    walk.answer(browser, draft, "you")
    assert "900982" not in walk.text(browser.get(f"/consultations/request/check/?d={draft}"))
    walk.send(browser, draft)
    consultation = ConsultationRequest.objects.get()
    assert (consultation.phone, consultation.may_leave_message) == ("", False)


@pytest.mark.parametrize("rest", [{}, {"areas": ["nowhere"], "concerns": []}])
def test_somebody_under_18_is_sent_to_their_page_and_nothing_is_stored(rest: dict[str, Any]) -> None:
    browser = Client()
    first = browser.post("/consultations/request/", walk.ANSWERS["about"] | {"adult": "no"} | rest)
    assert (first.status_code, first["Location"]) == (303, "/under-18s/")
    assert not Draft.objects.exists()
    draft = walk.begin(browser)
    response = walk.answer(browser, draft, "about", adult="no", **rest)
    assert (response.status_code, response["Location"]) == (303, "/under-18s/")
    assert not Draft.objects.exists()
    assert not ConsultationRequest.objects.exists()
    assert browser.get(f"/consultations/request/about/?d={draft}").status_code == 404


def test_pages_are_answered_in_their_order() -> None:
    browser = Client()
    draft = walk.begin(browser)
    for step in ("times", "you", "check"):
        response = browser.get(f"/consultations/request/{step}/?d={draft}")
        assert response["Location"] == f"/consultations/request/before/?d={draft}"
    assert walk.send(browser, draft)["Location"] == f"/consultations/request/before/?d={draft}"
    assert not ConsultationRequest.objects.exists()


def test_a_change_leads_straight_back_to_the_check_page() -> None:
    browser = Client()
    draft = walk.to_check(browser)
    response = walk.answer(browser, draft, "about", areas=["neck"])
    # Nothing else depends on where it is.
    assert response["Location"] == f"/consultations/request/check/?d={draft}"
    assert "Neck" in walk.text(browser.get(response["Location"]))


WHY_AGAIN = "You changed what it is about, so please choose your time again. The rest is kept."


def only_bo_sees_keloids() -> Practitioner:
    """Ana sees rolling scars only; Bo sees everything."""
    make.concern("keloid")
    ana = make.practitioner()
    ana.concerns.add(make.concern())
    return ana


def test_other_concerns_that_the_time_does_not_fit_mean_that_it_is_asked_again() -> None:
    browser = Client()
    ana = only_bo_sees_keloids()
    draft = walk.to_check(browser, times={"slot": f"{ana.pk}@2026-12-03T10:00Z"})
    response = walk.answer(browser, draft, "about", concerns=["keloid"])
    assert response["Location"] == f"/consultations/request/times/?d={draft}"
    page = browser.get(response["Location"])
    walk.check_page(page)
    assert WHY_AGAIN in walk.text(page)
    assert walk.answer(browser, draft, "times")["Location"] == f"/consultations/request/check/?d={draft}"
    assert WHY_AGAIN not in walk.text(browser.get(f"/consultations/request/times/?d={draft}"))


def test_other_concerns_that_the_time_fits_lead_straight_back() -> None:
    browser = Client()
    only_bo_sees_keloids()
    draft = walk.to_check(browser)
    response = walk.answer(browser, draft, "about", concerns=["keloid"])
    assert response["Location"] == f"/consultations/request/check/?d={draft}"
    assert "Thursday 3 December at 10am" in walk.text(browser.get(response["Location"]))


def test_what_a_second_tab_answers_is_kept_before_it_is_sent_back() -> None:
    browser = Client()
    ana = only_bo_sees_keloids()
    draft = walk.before("you", browser)
    walk.answer(browser, draft, "times", slot=f"{ana.pk}@2026-12-03T10:00Z")
    # One tab goes back and changes what it is about, while the other is filling in the name.
    walk.answer(browser, draft, "about", concerns=["keloid"])
    response = walk.answer(browser, draft, "you", name="Cleo Typed")
    assert response["Location"] == f"/consultations/request/times/?d={draft}"
    assert WHY_AGAIN in walk.text(browser.get(response["Location"]))
    response = walk.answer(browser, draft, "times")
    assert response["Location"] == f"/consultations/request/check/?d={draft}"
    assert Draft.objects.get(pk=draft).data["name"] == "Cleo Typed"


def test_a_page_that_is_still_missing_says_so() -> None:
    browser = Client()
    draft = walk.before("before", browser)
    response = walk.answer(browser, draft, "you")
    assert response["Location"] == f"/consultations/request/before/?d={draft}"
    words = walk.text(browser.get(response["Location"]))
    assert "This page still needs an answer. What you filled in after it is kept." in words
    assert Draft.objects.get(pk=draft).data["name"] == "Cleo Marsh"


def test_two_tabs_do_not_mix() -> None:
    browser = Client()
    first, second = walk.begin(browser), walk.begin(browser)
    walk.answer(browser, first, "about", areas=["neck"])
    walk.answer(browser, second, "about", areas=["back"])
    walk.to_check(browser, first, about={"areas": ["neck"]}, you={"email": "one@example.org"})
    walk.to_check(browser, second, about={"areas": ["back"]}, you={"email": "two@example.org"})
    walk.send(browser, first)
    walk.send(browser, second)
    areas = {
        consultation.email: consultation.answers.data["areas"]
        for consultation in ConsultationRequest.objects.all()
    }
    assert areas == {"one@example.org": ["neck"], "two@example.org": ["back"]}


def test_somebody_elses_draft_opens_nothing() -> None:
    cleo, eve = Client(), Client()
    draft = walk.to_check(cleo, you={"name": "Cleo Secret"})
    walk.begin(eve)
    kept = Draft.objects.get(pk=draft).data
    for address in ("request/you/", "request/check/", "request/times/"):
        for response in (
            eve.get(f"/consultations/{address}?d={draft}"),
            eve.post(f"/consultations/{address}?d={draft}", walk.AGREED),
        ):
            assert response.status_code == 404
            assert "Secret" not in walk.text(response)
    assert "Secret" not in walk.text(eve.get(f"/consultations/sent/?d={draft}"))
    assert Draft.objects.get(pk=draft).data == kept
    assert not ConsultationRequest.objects.exists()


@pytest.mark.parametrize("d", ["", "nonsense", "00000000-0000-0000-0000-000000000000", "%00", "é"])
def test_a_made_up_draft_opens_nothing(d: str) -> None:
    response = Client().get(f"/consultations/request/you/?d={d}")
    assert response.status_code in (400, 404)


def test_answers_are_gone_after_an_hour(monday_morning: Any) -> None:
    browser = Client()
    draft = walk.to_check(browser)
    monday_morning.shift(59 * 60)
    assert browser.get(f"/consultations/request/check/?d={draft}").status_code == 200
    monday_morning.shift(2 * 60)
    response = browser.get(f"/consultations/request/check/?d={draft}")
    assert response.status_code == 404
    assert "We do not have your answers any more" in walk.text(response)


def test_a_page_comes_along_without_staying_in_the_address() -> None:
    treatment = Treatment.objects.create(
        code="needling", name="Needling", short="x", offered=True, how="x", evidence="A", evidence_words="x"
    )
    page = Page.objects.create(
        kind="concern", slug="rolling", title="Rolling", menu_title="Rolling", summary="x"
    )
    page.concerns.add(make.concern())
    page.treatments.add(treatment)
    browser = Client()
    response = browser.get(f"/consultations/request/?page={page.public_id}")
    assert (response.status_code, response["Location"]) == (303, "/consultations/request/")
    start = browser.get(response["Location"])
    about = walk.check_page(start)
    assert about.find(".//input[@name='page']").get("value") == page.public_id
    assert about.find(".//input[@value='rolling']").get("checked") is not None
    assert about.find(".//input[@value='needling']").get("checked") is not None
    draft = walk.begin(browser, page=page.public_id)
    walk.to_check(browser, draft, about={"treatments": ["needling"]})
    walk.send(browser, draft)
    assert ConsultationRequest.objects.get().source_page == page


def test_a_page_that_nobody_knows_is_no_obstacle() -> None:
    browser = Client()
    browser.get("/consultations/request/?page=nothing&time=nonsense&type=999999999999")
    assert browser.get("/consultations/request/").status_code == 200
    draft = walk.begin(browser, page="nothing", time="nonsense", type="999999999999")
    assert not {"source_page", "slot", "type"} & Draft.objects.get(pk=draft).data.keys()


def test_answers_are_encrypted_in_the_database() -> None:
    browser = Client()
    walk.to_check(browser, before={"applies": ["none"], "anything_else": "canary sentence"})
    from_database = Draft.objects.extra(select={"raw": "data"}).values_list("raw", flat=True).get()
    assert "canary" not in from_database
    assert "Cleo" not in from_database


def test_urgent_words_show_where_to_get_help_and_stop_nothing() -> None:
    browser = Client()
    draft = walk.to_check(
        browser, before={"applies": ["none"], "anything_else": "I have a fever and feel hopeless"}
    )
    page = browser.get(f"/consultations/request/check/?d={draft}")
    words = walk.text(page)
    assert "call 111" in words
    assert "116 123" in words
    for number in ("999", "111", "116123"):
        assert f'<a class="tel" href="tel:{number}">' in page.content.decode()
    assert walk.send(browser, draft).status_code == 303
    consultation = ConsultationRequest.objects.get()
    assert (consultation.urgent, consultation.same_day_call) == (True, True)


def test_calm_words_show_no_panel() -> None:
    browser = Client()
    draft = walk.to_check(browser)
    assert "116 123" not in walk.text(browser.get(f"/consultations/request/check/?d={draft}"))


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "‮abc", "a\tb", "🙂 " * 100, "=1+1"])
def test_hostile_words_are_kept_as_words(text: str) -> None:
    browser = Client()
    draft = walk.to_check(
        browser, before={"applies": ["none"], "anything_else": text}, you={"name": "O'<b>Neil"}
    )
    walk.check_page(browser.get(f"/consultations/request/check/?d={draft}"))
    assert walk.send(browser, draft).status_code == 303


def test_a_control_character_is_refused_in_words() -> None:
    browser = Client()
    draft = walk.before("you", browser)
    response = walk.shown(browser, walk.answer(browser, draft, "you", name="Cleo\x07"))
    assert "a character that we cannot keep" in response.content.decode()


def test_no_address_of_the_request_says_anything_about_health() -> None:
    for step in order.STEPS:
        assert step.name in {"about", "before", "times", "you"}
