"""A reviewer's name stands under what they have read, and under nothing else: not under prices, not under others' facts."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from content.display import signatures
from content.models import ClinicProfile, Page, Person, Suitability, Treatment
from tests.content.html import only, parsed, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]
UNSIGNED = "Not checked yet: no clinician has checked every fact about treatments on this page."
PRICES = "The check is not about prices."
PEELS = "/treatments/chemical-peels/"


def check(client: Client, path: str) -> str:
    """What the foot of the page says of its check."""
    tree = parsed(client.get(path).content.decode())
    found = [words(each) for each in only(tree, "main").iter("div") if each.get("class") == "check"]
    return " ".join(found)


def imogen() -> Person:
    return Person.objects.get(slug="imogen-farrow")


def sign(person: Person) -> None:
    for model in (Treatment, Suitability):
        model._default_manager.update(reviewed_by=person, reviewed_on=date(2026, 11, 16))


def checked(slug: str) -> None:
    Page.objects.filter(slug=slug).update(checked_by=imogen(), checked_on=date(2026, 11, 16))


@pytest.mark.parametrize("path", [PEELS, "/concerns/rolling/", "/treatments/"])
def test_facts_that_nobody_signed_are_not_under_the_name_of_whoever_checked_the_text(
    shipped: None, client: Client, path: str
) -> None:
    checked(path.strip("/").rpartition("/")[2])
    told = check(client, path)
    assert "Checked by Dr Imogen Farrow" in told and UNSIGNED in told
    sign(imogen())
    assert UNSIGNED not in check(client, path)


def test_whoever_signed_the_facts_is_named_beside_whoever_checked_the_text(
    shipped: None, client: Client
) -> None:
    checked("chemical-peels")
    sign(imogen())
    assert "The facts about treatments were checked" not in check(client, PEELS)
    ana = Person.objects.create(slug="ana", name="Dr Ana Lind", role="Dermatologist")
    Treatment.objects.filter(pages__slug="chemical-peels").update(reviewed_by=ana)
    assert "The facts about treatments were checked by Dr Ana Lind." in check(client, PEELS)


@pytest.mark.parametrize("path", [PEELS, "/treatments/", "/costs/", "/consultations/"])
def test_a_check_is_not_about_prices(shipped: None, client: Client, path: str) -> None:
    slug = path.strip("/").rpartition("/")[2]
    Page.objects.filter(slug=slug).update(checked_by=None)
    assert PRICES not in check(client, path)
    checked(slug)
    assert PRICES in check(client, path)
    assert PRICES not in check(client, "/concerns/milia/")


def test_machines_are_told_of_no_check_where_facts_are_unsigned(shipped: None, client: Client) -> None:
    ClinicProfile.objects.update(demo=False)
    checked("chemical-peels")
    assert "reviewedBy" not in client.get(PEELS).content.decode()
    sign(imogen())
    assert "reviewedBy" in client.get(PEELS).content.decode()


def test_only_what_is_printed_needs_a_name(shipped: None) -> None:
    page = Page.objects.get(slug="chemical-peels")
    cells, treatments = list(Suitability.objects.all()[:1]), list(Treatment.objects.offered()[:1])
    away = Treatment(offered=False)
    page.at_a_glance = []  # then the panel is filled from the treatments
    assert signatures.printed(page, [], cells, [*treatments, away]) == treatments
    page.at_a_glance = [["Visits", "3"]]
    assert signatures.printed(page, ["drawing"], cells, treatments) == []
    assert signatures.printed(page, ["matrix", "recovery"], cells, treatments) == [*cells, *treatments]


def test_names_cost_no_statement(
    shipped: None, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sign(imogen())
    rows = [
        *Suitability.objects.select_related("reviewed_by"),
        *Treatment.objects.select_related("reviewed_by"),
    ]
    with django_assert_num_queries(0):
        names = signatures.under(rows)
    assert (names.everything, [person.name for person in names.people]) == (True, ["Dr Imogen Farrow"])


def test_what_is_not_published_is_nowhere(shipped: None, client: Client) -> None:
    peel = Treatment.objects.filter(pages__slug="chemical-peels").first()
    assert peel is not None
    shown = ["/treatments/", PEELS, "/costs/", "/concerns/rolling/"]
    before = {path: client.get(path).content.decode() for path in shown}
    assert any(peel.name in html for html in before.values())
    Treatment.objects.filter(pages__slug="chemical-peels").update(is_published=False, name="Unseen peel")
    Suitability.objects.filter(concern__code="rolling").update(is_published=False, reason="Unseen reason.")
    for path in shown:
        html = client.get(path).content.decode()
        assert "Unseen" not in html and "unseen" not in html, path
