"""The guide as a page: it asks, it answers, it stops, and it keeps nothing."""

from __future__ import annotations

import logging
from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from content.guide import rows
from content.guide.answers import HEALTH, NAMES, Answers
from content.guide.rules import suggest
from content.models import ClinicProfile, Concern, Page, Person, Suitability, Treatment
from tests.content.guide import ROLLING, boxes, hidden, main, told
from tests.content.html import only, parsed, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# The name of a migration begins with a digit, so no import statement can name it.
FILL = import_module("content.migrations.0004_rules_of_the_guide").fill
CLOSING = "This guide is not a diagnosis. It lists things to ask about. A clinician needs to see your skin."
NO_TO_ALL: dict[str, Any] = {**dict.fromkeys(HEALTH, "no"), "where": ("face",)}


# --- it asks ----------------------------------------------------------------------------------------------------------


def test_the_first_page_may_be_cached_whole(shipped: None, client: Client) -> None:
    for response in (client.get("/guide/"), client.head("/guide/")):
        assert not response.cookies and "cookie" not in response.get("Vary", "").lower()
        assert "no-store" not in response.get("Cache-Control", "")
    assert "csrf" not in client.get("/guide/").content.decode()


def test_an_editor_may_write_its_page(shipped: None, client: Client) -> None:
    page, _ = Page.objects.update_or_create(
        kind="duty",
        slug="guide",
        defaults={"title": "Ours", "summary": "Five questions.", "body": "## How it works\n\nRules.\n"},
    )
    assert page.get_absolute_url() == "/guide/"
    tree = parsed(client.get("/guide/").content.decode())
    assert words(only(tree, "title")).startswith("Ours")
    assert "How it works" in words(only(tree, "main"))


@pytest.mark.parametrize("path", ["/", "/concerns/", "/concerns/rolling/", "/treatments/"])
def test_the_pages_before_it_lead_to_it(shipped: None, client: Client, path: str) -> None:
    leads = ("Check which", "Start with what", "Not sure?")
    links = parsed(client.get(path).content.decode()).iter("a")
    assert {a.get("href") for a in links if words(a).startswith(leads)} == {"/guide/"}


# --- it answers -------------------------------------------------------------------------------------------------------


def test_the_result_says_what_why_and_what_comes_first(shipped: None, client: Client) -> None:
    response = told(client)
    tree = parsed(response.content.decode())
    text = words(only(tree, "main"))
    # Four of them here, and one that is not done here.
    assert words(only(tree, "h1")) == "Things to ask about"
    assert words(next(tree.iter("h2"))) == "Up to a moderate risk of colour change"
    assert "Colour change: moderate" in text
    drawn = [img.get("src") or "" for img in tree.findall(".//ul[@class='cards']/li/img")]
    assert len(drawn) == len(tree.findall(".//ul[@class='cards']/li")) > 4
    assert all("/treat-" in src for src in drawn)
    laser = Treatment.objects.get(code="laser-fractional-nonablative")
    for part in (laser.how, laser.downtime, laser.main_risk, laser.sessions, laser.evidence_words):
        assert part.casefold() in text.casefold()
    assert Suitability.objects.get(concern__code="rolling", treatment=laser).reason in text
    assert "A test spot" in text and "Used elsewhere, but we do not offer it" in text
    assert text.count(CLOSING) == 1
    assert "Rolling scars" in text and "Tans easily" in text  # what they told us
    assert words(only(tree, "title")).startswith("Things to ask about")


def test_a_result_goes_to_nobody_else(shipped: None, client: Client) -> None:
    response = told(client)
    # The browser that sent it may show it again, or Back would say that the page has expired.
    assert sorted(response["Cache-Control"].split(", ")) == ["no-cache", "private"]
    assert not response.cookies
    page = response.content.decode()
    assert "On a shared computer, close the browser after" in page and "csrf" not in page
    assert 'name="robots" content="noindex"' in page
    assert not [a.get("href") for a in parsed(page).iter("a") if "?" in (a.get("href") or "")]
    assert {form.get("method") for form in parsed(page).iter("form")} == {"post"}


def test_the_browser_needs_no_cookie_to_ask(shipped: None) -> None:
    assert Client(enforce_csrf_checks=True).post("/guide/", ROLLING).status_code == 200


def test_nothing_is_written_and_nothing_is_logged(
    shipped: None, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with CaptureQueriesContext(connection) as seen:
        told(client, isotretinoin="now")
        told(client, adult="", to="health")
    written = [q["sql"] for q in seen if not q["sql"].lstrip().upper().startswith("SELECT")]
    assert not written
    phrase = " ".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")
    for word in ("rolling", "isotretinoin", "tans"):
        assert word not in phrase


def test_a_result_costs_at_most_eight_statements_whatever_is_chosen(
    shipped: None, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    everything = list(Concern.objects.values_list("code", flat=True))
    for concerns in (["rolling"], everything):
        with django_assert_max_num_queries(8):
            told(client, concerns=concerns)
    with django_assert_max_num_queries(9):
        client.get("/guide/")


def test_the_matrix_is_read_in_three_statements(
    shipped: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    known = rows.concerns()
    with django_assert_num_queries(3):
        assert (
            len(rows.cells(rows.matrix(Answers(adult=True, concerns=("rolling",))), known)) == 34
        )  # and those of active acne


def test_prices_change_nothing(shipped: None) -> None:
    answers = Answers(adult=True, concerns=("boxcar-shallow", "rolling"), skin="tans", **NO_TO_ALL)
    before = suggest(answers, rows.cells(rows.matrix(answers)))
    assert len(before.suggestions) == 4
    for place, treatment in enumerate(Treatment.objects.order_by("-name")):
        Treatment.objects.filter(pk=treatment.pk).update(price_from=100 * place, price_to=100000 + place)
    Concern.objects.update(order=1)
    assert suggest(answers, rows.cells(rows.matrix(answers))) == before


def test_what_an_editor_changes_shows_at_once(shipped: None, client: Client) -> None:
    Treatment.objects.filter(code="filler").update(offered=False)
    assert "Dermal fillers" not in main(told(client)).partition("What we left out")[0]


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [
        ({"active_spots": "yes"}, "First: your active spots"),
        ({"active_spots": "yes"}, "Once your acne is under control"),
        ({"active_spots": "yes"}, "A pharmacist, GP or dermatologist can help."),
        (
            {"active_spots": "yes", "isotretinoin": "now"},
            "Go on with the doctor who prescribed isotretinoin.",
        ),
        ({"active_spots": "not_sure"}, "Once we know that your spots are quiet"),
        (
            {"keloid": "yes"},
            "A raised scar needs a clinician to see it before any treatment that wounds skin.",
        ),
        ({"concerns": ["hypertrophic"]}, "Steroid injections, not done here Often discussed"),
        ({"concerns": ["hypertrophic"]}, "We can say who does it."),
        ({"concerns": ["hypertrophic"]}, "A raised scar needs a clinician to see it before any treatment"),
        ({"pregnancy": "trying"}, "We list no procedures now. Nobody has tested them in pregnancy"),
        ({"pregnancy": "trying"}, "What is left is sun protection."),
        (
            {"pregnancy": "trying", "concerns": ["dark-marks"]},
            "adapalene, tretinoin, retinol and hydroquinone. What is left: sun protection",
        ),
        (
            {"pregnancy": "pregnant", "isotretinoin": "now", "concerns": ["dark-marks"]},
            "Worth asking about first: sun protection. Avoid",
        ),
        ({"pregnancy": "breastfeeding"}, "if your baby does not touch the treated skin"),
        ({"pregnancy": "pregnant", "isotretinoin": "stopped_1_12"}, "Tell your midwife or GP"),
        ({"isotretinoin": "now"}, "You take isotretinoin"),
        ({"isotretinoin": "stopped_1_12"}, "You have taken isotretinoin"),
        ({"isotretinoin": "now"}, "Ask us first about everything on this list."),
        ({"isotretinoin": "not_sure"}, "Isotretinoin: we do not know yet"),
        ({"cold_sores": "yes"}, "Tell us before any procedure"),
        ({"bleeding": "yes"}, "Never stop a blood thinner yourself."),
        (
            {"keloid": "in_person"},
            "would rather say it in person, we hold back what a “yes” would hold back.",
        ),
        (
            {"keloid": "in_person"},
            "Your answer to “Do you get keloid or raised scars, now or before?” can lift this hold.",
        ),
        ({}, "What has a lower risk of colour change comes before what has a higher one."),
        ({}, "It is an order of asking, and forbids nothing."),
        ({}, "Higher risk of colour change That is your choice, made with"),
        ({}, "That is your choice, made with somebody who can show you results on such skin."),
        # What comes after the four with a higher risk says what the others say, and the test spot before it.
        ({}, "(columns) Often discussed First: a test spot on a small area. Visits: 3 to 4 Recovery:"),
        ({}, "Colour change: high from £620 per visit Risk: infection"),
        (
            {},
            "Worth asking about first: subcision (not done here). Of what is done here: microneedling, dermal",
        ),
        (
            {"skin": "burns"},
            "Worth asking about first: subcision (not done here) and fractional ablative laser (columns). Avoid",
        ),
        ({"skin": "brown_black"}, "For brown and black skin, the lower risk comes first."),
        (
            {"concerns": ["rolling", "ice-pick"]},
            "for rolling scars Visits: 3 or more Recovery: 1 to 3 days Colour change: low from £165 per visit Risk",
        ),
        ({}, "Microneedling with PRP : may add somewhat, and costs more."),
        ({"skin": "burns"}, "First comes what fits best; then"),
        ({"concerns": ["milia"]}, "That does not mean that nothing can be done."),
        ({"concerns": ["not_sure"]}, "that is a good reason for a consultation"),
        ({"concerns": ["rolling", "milia"]}, "Nothing in this list is meant for milia."),
    ],
)
def test_the_result_says_what_the_rules_did(
    shipped: None, client: Client, changes: dict[str, Any], phrase: str
) -> None:
    text = main(told(client, **changes))
    assert phrase.replace(" .", ".").replace(" :", ":") in text.replace(" .", ".").replace(" :", ":")
    assert CLOSING in text


def test_it_says_whether_a_clinician_has_signed_what_it_rests_on(shipped: None, client: Client) -> None:
    phrase = "Not checked yet: no clinician has checked every fact in this answer."
    assert phrase in main(told(client))
    ana = Person.objects.create(slug="ana", name="Dr Ana Lind", role="Dermatologist")
    Suitability.objects.filter(concern__code="rolling").update(reviewed_by=ana, reviewed_on=date(2026, 11, 1))
    assert phrase in main(told(client))  # the facts of the treatments are listed as well
    Treatment.objects.update(reviewed_by=ana, reviewed_on=date(2026, 11, 1))
    assert phrase not in main(told(client))
    assert phrase in main(told(client, active_spots="yes"))  # then the rows about spots count as well


# --- it stops ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [{}, {"concerns": [], "signs": [], "where": [], "keloid": "", "skin": ""}])
def test_under_18_stops_and_helps(shipped: None, client: Client, more: dict[str, Any]) -> None:
    response = told(client, adult="no", **more)
    text = main(response)
    assert text.startswith("This guide is for adults") and CLOSING in text
    assert "Ask a pharmacist" in text and 'href="/under-18s/"' in response.content.decode()
    assert "Often discussed" not in text and "private" in response["Cache-Control"]
    assert "<form" not in response.content.decode()


@pytest.mark.parametrize("sign", ["filler", "infection", "mole"])
@pytest.mark.parametrize("adult", ["yes", ""])
def test_an_urgent_sign_leads_to_help_also_when_the_rest_is_empty(
    client: Client, db: None, sign: str, adult: str
) -> None:
    """No step asks about signs, as each says whom to call. Whoever names one all the same is not given a list."""
    response = client.post("/guide/", {"adult": adult, "signs": [sign]})
    assert response.status_code == 303 and response["Location"] == "/urgent-help/"


# --- what is missing, and what nobody should send -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("adult", "", "Tell us whether you are 18 or over"),
        ("adult", "x", "Tell us whether you are 18 or over"),
        ("concerns", [], "Select what you see or feel, or “I’m not sure”"),
        ("concerns", ["nose"], "Choose from the list"),
        ("concerns", ["x" * 200_000], "Choose from the list"),
        ("where", [], "Select where it is, or “I’m not sure”"),
        ("skin", "", "Select what is most like your skin, or “I’m not sure”"),
    ],
)
def test_what_is_wrong_is_said_above_the_heading_and_at_the_question(
    shipped: None, client: Client, name: str, given: Any, message: str
) -> None:
    response = told(client, **{name: given})
    tree = parsed(response.content.decode())
    assert response.status_code == 200 and "private" in response["Cache-Control"]
    assert words(only(tree, "title")).startswith("Error: ")
    summary = tree.find(".//*[@role='alert']")
    assert summary is not None
    links = [(words(a), a.get("href")) for a in summary.iter("a")]
    assert links == [(message, f"#id_{name}_0")]
    assert tree.find(f".//*[@id='id_{name}_0']") is not None
    inline = tree.find(f".//*[@id='id_{name}_error']")
    assert inline is not None and message in words(inline)
    everything = list(tree.iter())
    assert everything.index(summary) < everything.index(only(tree, "h1"))
    kept = {box.get("name") for box in tree.iter("input") if "checked" in box.attrib} | {*hidden(tree)}
    assert {*NAMES} - {name, "signs"} <= kept


@pytest.mark.parametrize(
    "post",
    [
        {"adult": ["yes", "no"], "signs": ["none"] * 50, "concerns": ["rolling"] * 50, "skin": ["tans"] * 9},
        {"adult[]": "yes", "concerns": "rolling' OR 1=1", "skin": "<script>"},
        {"to": "more", "at": "safe", "tone": "<b>", "concerns": ["<b>"], "skin": "\u202e"},
        {"to": "see"},
        {"to": "nose", "at": "nose", "applies": ["nose", "none"], "asked": ["nose"], "signs": ["nose"]},
        {
            "at": "more",
            "applies": ["not_sure"],
            "asked": ["concerns", "adult"],
            "unsure": ["concerns"],
            "concerns": "mix",
        },
        {},
    ],
)
def test_nothing_hostile_takes_it_down(shipped: None, client: Client, post: dict[str, Any]) -> None:
    response = client.post("/guide/", post)
    assert response.status_code == 200
    assert "<script>" not in response.content.decode() and "<b>" not in response.content.decode()
    parsed(response.content.decode())


def test_a_byte_that_is_no_text_is_refused_at_the_door(shipped: None, client: Client) -> None:
    assert told(client, concerns=["rolling\0"]).status_code == 400


def test_other_methods_are_refused(shipped: None, client: Client) -> None:
    assert client.put("/guide/").status_code == 405
    assert client.delete("/guide/").status_code == 405


def test_answers_in_the_address_are_not_read(shipped: None, client: Client) -> None:
    tree = parsed(client.get("/guide/?concerns=rolling&adult=yes").content.decode())
    assert [box.get("name") for box in tree.iter("input") if "checked" in box.attrib] == []
    assert hidden(tree) == {"at": ["see"]}


def test_the_numbers_are_the_clinics_own(shipped: None, client: Client) -> None:
    ClinicProfile.objects.update(emergency_number="112", advice_number="116 117", talk_number="116 111")
    pages = [
        client.get("/guide/"),
        told(client, adult="no"),
        told(client, pregnancy="pregnant", isotretinoin="now"),
    ]
    for response in pages:
        page = response.content.decode()
        text = words(only(parsed(page), "main"))
        assert "tel:112" in page or "tel:116117" in page
        assert "999" not in text and "call 111" not in text.lower() and "116 123" not in text


def test_before_anything_is_loaded_it_still_answers(db: None, client: Client) -> None:
    tree = parsed(client.get("/guide/").content.decode())
    assert {"not_sure", "mix"} <= {*boxes(tree, "concerns")}
    text = main(told(client, concerns=["mix"]))
    assert text.startswith("Your guide Start with what you see") and CLOSING in text


FLAGS = {
    Concern: ("comes_first", "needs_clinician_first"),
    Treatment: ("at_home", "allowed_with_keloids", "waits_after_isotretinoin", "needs_test_spot"),
}


def flags() -> dict[str, set[str]]:
    """Flag -> the codes of the rows that carry it."""
    return {
        flag: set(model._default_manager.filter(**{flag: True}).values_list("code", flat=True))
        for model, names in FLAGS.items()
        for flag in names
    }


def test_rows_from_before_the_flags_get_them_from_the_migration_as_new_ones_from_the_files(
    shipped: None,
) -> None:
    loaded = flags()
    assert loaded["comes_first"] == {"active-acne"}
    assert loaded["needs_clinician_first"] == {"keloid", "hypertrophic"}
    for model, names in FLAGS.items():
        model._default_manager.update(**dict.fromkeys(names, False))
    assert not any(flags().values())
    FILL(apps, None)
    # Raised scars came to it later (0021).
    assert flags() == loaded | {"needs_clinician_first": {"keloid"}}


def test_somebody_under_18_reads_whom_to_call(shipped: None, client: Client) -> None:
    text = main(told(client, adult="no", signs=["filler"]))
    assert text.startswith("This guide is for adults") and "Call 999" in text


def test_anyone_who_knows_no_name_is_shown_what_each_looks_like(shipped: None, client: Client) -> None:
    for unsure in ("mix", "not_sure"):
        tree = parsed(told(client, concerns=[unsure]).content.decode())
        assert words(only(tree, "h1")) == "Start with what you see"
        links = {a.get("href") for a in only(tree, "main").iter("a")}
        assert {"/concerns/ice-pick/", "/concerns/rolling/", "/concerns/acne-marks/"} <= links
