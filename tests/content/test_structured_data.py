"""What pages say to machines: it parses, it repeats what readers see, it cannot end its element, and it sells nothing."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from clinic.foundation import when
from content.display import structured_data
from content.models import FAQ, ClinicProfile, Page, Person, Source, Suitability, Treatment, Weekday
from tests.content.html import parsed, words

pytestmark = pytest.mark.once

SITE = "https://clinic.example"


def data(client: Client, path: str) -> list[dict[str, Any]]:
    """The nodes of a page's data block, parsed as a machine would."""
    tree = parsed(client.get(path).content.decode())
    (block,) = [e for e in tree.iter("script") if e.get("type") == "application/ld+json"]
    read = json.loads(block.text or "")
    assert read["@context"] == "https://schema.org"
    nodes: list[dict[str, Any]] = read["@graph"]
    return nodes


def one(nodes: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    (found,) = [node for node in nodes if node["@type"] == kind]
    return found


def every_key(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for inner in value.values() for key in every_key(inner)}
    if isinstance(value, list):
        return {key for inner in value for key in every_key(inner)}
    return set()


# --- pages ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_home_page_is_the_clinic_as_its_foot_shows_it(shipped: None, client: Client) -> None:
    nodes = data(client, "/")
    clinic = one(nodes, "MedicalClinic")
    assert clinic["name"] == "Alder Row Skin Clinic"
    assert clinic["telephone"] == "01632 960001"
    assert clinic["address"] == {
        "@type": "PostalAddress",
        "streetAddress": "4 Alder Row",
        "addressLocality": "Larch Quay",
        "addressRegion": "England",
        "addressCountry": "GB",
    }
    late = next(row for row in clinic["openingHoursSpecification"] if row["dayOfWeek"] == "Thursday")
    assert clinic["medicalSpecialty"] == "https://schema.org/Dermatology"
    assert (late["opens"], late["closes"]) == ("09:00", "20:00")
    assert one(nodes, "WebSite")["publisher"]["@id"] == clinic["@id"]


@pytest.mark.django_db
def test_a_concern_is_a_condition(shipped: None, client: Client) -> None:
    page = one(data(client, "/concerns/boxcar/"), "MedicalWebPage")
    assert page["about"] == [
        {"@type": "MedicalCondition", "name": "Shallow boxcar scars"},
        {"@type": "MedicalCondition", "name": "Deep boxcar scars"},
    ]
    row = Page.objects.get(slug="boxcar")
    assert datetime.fromisoformat(page["dateModified"]) == row.updated_at, "the day when its words changed"
    assert page["author"]["name"] == row.written_by
    assert page["specialty"] == "https://schema.org/Dermatology"
    names = [cited["name"] for cited in page["citation"]]
    assert names and set(names) <= set(Source.objects.values_list("title", flat=True))
    assert all(cited["@type"] == "CreativeWork" for cited in page["citation"])


@pytest.mark.django_db
def test_a_page_says_who_checked_it_and_when(shipped: None, client: Client) -> None:
    ClinicProfile.objects.update(demo=False)
    farrow = Person.objects.get(slug="imogen-farrow")
    Suitability.objects.update(reviewed_by=farrow)
    Page.objects.filter(slug="milia").update(checked_by=farrow, checked_on=date(2026, 11, 16))
    page = one(data(client, "/concerns/milia/"), "MedicalWebPage")
    assert page["lastReviewed"] == "2026-11-16"
    assert page["reviewedBy"]["name"] == "Dr Imogen Farrow"
    assert page["reviewedBy"]["url"].endswith("/team/#person-imogen-farrow")


@pytest.mark.django_db
def test_a_concern_without_rows_goes_by_the_name_of_its_page(shipped: None, client: Client) -> None:
    Page.objects.get(slug="milia").concerns.clear()
    assert one(data(client, "/concerns/milia/"), "MedicalWebPage")["about"][0]["name"] == "Milia"


@pytest.mark.django_db
def test_a_treatment_is_a_procedure_or_a_therapy(shipped: None, client: Client) -> None:
    (needling,) = one(data(client, "/treatments/microneedling/"), "MedicalWebPage")["about"]
    assert needling["@type"] == "MedicalProcedure"
    assert needling["howPerformed"] == Treatment.objects.get(code="microneedling").how
    peels = one(data(client, "/treatments/chemical-peels/"), "MedicalWebPage")["about"]
    assert [peel["@type"] for peel in peels] == ["MedicalTherapy", "MedicalProcedure"]


@pytest.mark.django_db
def test_questions_have_one_home_with_their_answers_as_plain_text(shipped: None, client: Client) -> None:
    page = one(data(client, "/faqs/"), "FAQPage")
    names = [entry["name"] for entry in page["mainEntity"]]
    assert sorted(names) == sorted(FAQ.objects.values_list("question", flat=True))
    for entry in page["mainEntity"]:
        answer = entry["acceptedAnswer"]["text"]
        assert answer and "<" not in answer and "](" not in answer
    assert FAQ.objects.filter(pages__slug="ice-pick").exists()
    for path in ("/concerns/ice-pick/", "/team/", "/costs/"):
        assert "FAQPage" not in [node["@type"] for node in data(client, path)], path


@pytest.mark.django_db
def test_a_page_without_questions_has_no_empty_list_of_them(shipped: None, client: Client) -> None:
    FAQ.objects.all().delete()
    assert "FAQPage" not in [node["@type"] for node in data(client, "/faqs/")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("/concerns/ice-pick/", ["Home", "Skin concerns", "Ice pick scars"]),
        ("/treatments/microneedling/", ["Home", "Treatments", "Microneedling"]),
        ("/treatments/", ["Home", "Treatments"]),
        ("/costs/", ["Home", "Costs"]),
        ("/privacy/", ["Home", "Privacy and your data"]),
    ],
)
def test_the_way_to_a_page(shipped: None, client: Client, path: str, steps: list[str]) -> None:
    trail = one(data(client, path), "BreadcrumbList")["itemListElement"]
    assert [step["name"] for step in trail] == steps
    assert [step["position"] for step in trail] == list(range(1, len(steps) + 1))
    for step in trail:
        assert client.get("/" + step["item"].split("/", 3)[3]).status_code == 200


@pytest.mark.django_db
def test_every_page_says_something_and_none_sells_anything(shipped: None, client: Client) -> None:
    paths = [page.get_absolute_url() for page in Page.objects.published()]
    for path in [*paths, "/treatments/", "/costs/", "/team/", "/articles/"]:
        nodes = data(client, path)
        kinds = {node["@type"] for node in nodes}
        assert kinds & {"WebPage", "MedicalWebPage"} and "MedicalClinic" in kinds, path
        assert not every_key(nodes) & {"price", "priceRange", "offers", "aggregateRating", "review"}, path
        page = next(node for node in nodes if node["@type"] in ("WebPage", "MedicalWebPage"))
        assert page["name"] and page["url"].endswith(path), path


@pytest.mark.django_db
def test_the_addresses_are_those_of_the_site_and_not_of_the_request(
    shipped: None, client: Client, settings: Settings
) -> None:
    settings.SITE_URL = SITE
    settings.ALLOWED_HOSTS = ["elsewhere.test", "testserver"]
    html = client.get("/concerns/ice-pick/", HTTP_HOST="elsewhere.test").content.decode()
    assert "elsewhere.test" not in html
    assert one(data(client, "/concerns/ice-pick/"), "MedicalWebPage")["url"] == f"{SITE}/concerns/ice-pick/"


@pytest.mark.django_db
def test_no_private_page_carries_a_data_block(shipped: None, client: Client) -> None:
    for path in ("/consultations/times/", "/consultations/new-link/"):
        assert "ld+json" not in client.get(path).content.decode(), path


# --- the element ------------------------------------------------------------------------------------------------------

NASTY = "</script><script>alert(1)</script> <!-- & \u2028\u2029 \" ' \\ ]]>"


def test_nothing_can_end_the_element() -> None:
    text = structured_data.script([{"@type": "Thing", "name": NASTY}])
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text)["@graph"][0]["name"] == NASTY, "and nothing is lost"


@pytest.mark.django_db
def test_an_editor_s_title_cannot_end_it_on_the_page(shipped: None, client: Client) -> None:
    Page.objects.filter(slug="milia").update(title=NASTY, summary=NASTY)
    nodes = data(client, "/concerns/milia/")
    assert one(nodes, "MedicalWebPage")["name"] == NASTY
    tree = parsed(client.get("/concerns/milia/").content.decode())
    assert len(list(tree.iter("script"))) == 1
    assert "alert(1)" in words(next(tree.iter("h1")))


# --- the rules, without a database ------------------------------------------------------------------------------------


def test_a_clinic_says_only_what_it_has() -> None:
    bare = structured_data.clinic(ClinicProfile(name="Larch", short_name="Larch"), SITE, full=True)
    assert not {"telephone", "email", "address", "openingHoursSpecification"} & set(bare)
    assert bare["@id"] == f"{SITE}/#clinic"


def test_the_front_door_is_called_by_trade_and_place() -> None:
    bare = ClinicProfile(name="Larch Skin Clinic", short_name="Larch")
    assert bare.front_title == "Larch Skin Clinic"
    bare.trade, bare.part = "Acne scar clinic", "ENG"
    assert bare.front_title == "Acne scar clinic in England - Larch"
    bare.town = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
    assert bare.front_title == "Larch Skin Clinic", "no word is cut"


@pytest.mark.django_db
def test_browsers_and_phones_find_their_icons_at_the_root(shipped: None, client: Client) -> None:
    html = client.get("/").content.decode()
    assert "<title>Acne scar clinic in Larch Quay - Alder Row</title>" in html
    assert 'rel="apple-touch-icon" href="/apple-touch-icon.png"' in html
    for path, kind in (("/favicon.ico", "icon"), ("/apple-touch-icon.png", "image/png")):
        answer = client.get(path)
        assert answer.status_code == 200 and kind in answer.headers["Content-Type"], path
        assert len(b"".join(answer)) < 6_000, path


def test_an_address_that_is_one_text_stays_one_text() -> None:
    profile = ClinicProfile(name="Larch", address="4 Alder Row\nLarch Quay\nNW1 6XE")
    assert structured_data.clinic(profile, SITE, full=True)["address"] == "4 Alder Row, Larch Quay, NW1 6XE"


def test_an_address_in_parts_is_said_in_parts() -> None:
    profile = ClinicProfile(
        address="Elsewhere",
        street="Flat 2\r\n4 Quay",
        town="Cork",
        county="Munster",
        postcode="T12",
        country="IE",
    )
    assert structured_data.clinic(profile, SITE, full=True)["address"] == {
        "@type": "PostalAddress",
        "streetAddress": "Flat 2, 4 Quay",
        "addressLocality": "Cork",
        "addressRegion": "Munster",
        "postalCode": "T12",
        "addressCountry": "IE",
    }


def test_a_day_of_the_week_has_the_name_that_machines_expect() -> None:
    assert list(when.WEEKDAYS) == Weekday.labels


def test_a_page_that_nobody_checked_claims_no_review() -> None:
    page = Page(kind="duty", slug="x", updated_at=datetime(2026, 1, 2, tzinfo=UTC))
    node = structured_data.web_page("X", "Y", f"{SITE}/x/", SITE, page)
    assert node["@type"] == "WebPage"
    assert not {"reviewedBy", "lastReviewed"} & set(node)
    page.checked_by, page.checked_on = Person(slug="r", name="Rhea", role="Nurse"), date(2026, 1, 1)
    node = structured_data.web_page("X", "Y", f"{SITE}/x/", SITE, page)
    assert node["reviewedBy"]["jobTitle"] == "Nurse" and node["lastReviewed"] == "2026-01-01"
    node = structured_data.web_page("X", "Y", f"{SITE}/x/", SITE, page, invented=True)
    assert not {"reviewedBy", "lastReviewed"} & set(node)
