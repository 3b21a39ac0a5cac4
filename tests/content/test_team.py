"""/team/: who works here, which register lists them, what they do, and which pages they checked."""

from __future__ import annotations

from datetime import date
from xml.etree.ElementTree import Element

import pytest
from django.db.models import ProtectedError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from content.models import Page, Person, Picture
from tests import factories as make
from tests.content.html import only, parsed, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def read(client: Client) -> Element:
    response = client.get("/team/")
    assert response.status_code == 200
    return parsed(response.content.decode())


def entry(tree: Element, slug: str) -> Element:
    return next(li for li in tree.iter("li") if li.get("id") == f"person-{slug}")


def test_everybody_is_shown_in_their_order_with_role_register_and_text(shipped: None, client: Client) -> None:
    tree = read(client)
    people = list(Person.objects.all())
    assert [words(h3) for h3 in tree.iter("h3")] == [person.name for person in people]
    for person in people:
        told = words(entry(tree, person.slug))
        assert person.role in told and person.register in told and " ".join(person.text.split()) in told


def test_it_lists_the_pages_that_somebody_checked_and_readers_can_open(shipped: None, client: Client) -> None:
    Page.objects.filter(slug__in=["raised-scars", "milia"]).update(
        checked_by=Person.objects.get(slug="imogen-farrow")
    )
    checked = Page.objects.published().filter(checked_by__slug="imogen-farrow")
    Page.objects.filter(slug="milia").update(is_published=False)
    mine = entry(read(client), "imogen-farrow")
    assert (
        words(only(mine, "summary"))
        == f"Checked {checked.count()} pages on this site, 1 of them about health"
    )
    links = {a.get("href") for a in mine.iter("a")}
    assert "/concerns/raised-scars/" in links and "/concerns/milia/" not in links
    assert entry(read(client), "ruth-calloway").find(".//details") is None


def test_somebody_with_a_picture_is_shown_and_the_others_have_their_initials(
    shipped: None, client: Client
) -> None:
    face = Picture.objects.create(
        name="imogen",
        alt="A woman with grey hair.",
        widths=[400, 800],
        width=800,
        height=800,
        uploaded_at=make.NOW,
    )
    Person.objects.filter(slug="imogen-farrow").update(portrait=face)
    Person.objects.filter(slug="tomas-adeyemi").update(portrait=None)
    tree = read(client)
    shown = only(entry(tree, "imogen-farrow"), "img")
    assert (shown.get("src"), shown.get("alt")) == (face.thumbnail, "A woman with grey hair.")
    assert (
        only(entry(tree, "ruth-calloway"), "img").get("alt", "").startswith("Drawing of a woman")
    )  # as shipped
    assert words(only(entry(tree, "tomas-adeyemi"), "span")) == "TA"
    with pytest.raises(ProtectedError):
        face.delete()


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Dr Imogen Farrow", "IF"),
        ("Prof. Ana de la Cruz", "AC"),
        ("Bo", "B"),
        ("Dr", "D"),
        ("\u0644\u064a\u0644\u0649", "\u0644"),
    ],
)
def test_initials_leave_the_title_out(name: str, initials: str) -> None:
    assert Person(name=name).initials == initials


def test_the_first_sentence_goes_on_after_a_title() -> None:
    farrow = Person(text="Dr. Farrow sees everybody first.\nShe then decides. Nobody else does.")
    assert farrow.first_sentence == "Dr. Farrow sees everybody first."
    assert Person(text="Runs the desk").first_sentence == "Runs the desk."


def test_a_page_leads_to_who_checked_it(shipped: None, client: Client) -> None:
    Page.objects.filter(slug="raised-scars").update(
        checked_by=Person.objects.get(slug="imogen-farrow"), checked_on=date(2026, 11, 16)
    )
    tree = parsed(client.get("/concerns/raised-scars/").content.decode())
    link = next(a for a in tree.iter("a") if words(a) == "Dr Imogen Farrow")
    path, _, anchor = (link.get("href") or "").partition("#")
    assert path == "/team/"
    assert any(e.get("id") == anchor for e in read(client).iter())


def test_a_heading_with_somebodys_name_does_not_take_their_anchor(shipped: None, client: Client) -> None:
    Page.objects.update_or_create(
        kind="duty",
        slug="team",
        defaults={"title": "Who we are", "menu_title": "Team", "summary": "S.", "body": "## Imogen Farrow\n"},
    )
    tree = read(client)
    assert words(only(tree, "h1")) == "Who we are"
    ids = [e.get("id") for e in tree.iter() if e.get("id")]
    assert len(ids) == len(set(ids)) and "imogen-farrow" in ids


def test_it_costs_nine_statements_however_many_people(
    shipped: None, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    Page.objects.update_or_create(
        kind="duty", slug="team", defaults={"title": "T", "menu_title": "T", "summary": "S."}
    )
    for number in range(20):
        person = Person.objects.create(slug=f"p{number}", name=f"P {number}", role="Nurse")
        Page.objects.create(kind="article", slug=f"a{number}", title="A", menu_title="A", checked_by=person)
    with django_assert_max_num_queries(9):
        client.get("/team/")


def test_it_is_only_read(shipped: None, client: Client) -> None:
    assert client.post("/team/").status_code == 405
