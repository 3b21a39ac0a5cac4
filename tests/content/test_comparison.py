"""The comparison on /treatments/: what it lists, in which order, for which concern, and what its address gives away."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from content.matrix import comparison
from content.matrix.comparison import Sort
from content.models import Concern, Page, Treatment
from tests.content.html import only, parsed, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]
COLUMNS = [
    *("Treatment", "How well it fits", "Visits", "Recovery", "Comfort"),
    *("Colour change, brown and black skin", "Cost", "Evidence"),
]


def read(client: Client, query: str = "") -> Element:
    response = client.get(f"/treatments/{query}")
    assert response.status_code == 200
    return parsed(response.content.decode())


def for_(code: str, sort: str = "") -> str:
    chosen = Concern.objects.get(code=code).public_id
    return f"?for={chosen}" + (f"&sort={sort}" if sort else "")


def listed(tree: Element) -> list[str]:
    """The treatments of the table, from its top."""
    body = tree.find(".//table/tbody")
    return [] if body is None else [words(row[0]) for row in body]


def row_of(tree: Element, name: str) -> dict[str, str]:
    """One row of the table by its column heads."""
    heads = [words(th) for th in tree.findall(".//table/thead/tr/th")]
    row = next(row for row in only(tree, "tbody") if words(row[0]) == name)
    return dict(zip(heads, map(words, row), strict=True))


def chooser(tree: Element) -> dict[str, Element]:
    return {words(a): a for a in tree.findall(".//nav[@class='choose']//a")}


# --- what it says -----------------------------------------------------------------------------------------------------


def test_all_treatments_that_are_offered_stand_side_by_side(shipped: None, client: Client) -> None:
    names = Treatment.objects.offered().values_list("name", flat=True)
    tree = read(client)
    assert listed(tree) == sorted(names, key=str.casefold)
    told = row_of(tree, "Microneedling")
    assert told["What it may help"].startswith("May help Rolling scars and shallow boxcar scars")
    assert told["Recovery"] == "Usually red for 1 to 3 days"
    assert told["Colour change, brown and black skin"] == "Low"
    assert told["Cost"] == "£165 to £195 per visit"


def test_for_a_concern_it_shows_the_fit_in_dots_and_in_words(shipped: None, client: Client) -> None:
    tree = read(client, for_("rolling"))
    assert [words(th) for th in tree.findall(".//table/thead/tr/th")] == COLUMNS
    told = row_of(tree, "Dermal fillers")["How well it fits"]
    assert told.startswith("May help Lifts a soft dip from below. The main trial, of 6 months, ")
    cell = next(row for row in only(tree, "tbody") if words(row[0]) == "Microneedling")[1]
    dots = next(span for span in cell.iter("span") if span.get("class") == "dots")
    assert [dot.tag for dot in dots] == ["b", "b", "i"] and dots.get("aria-hidden") == "true"


def test_it_lists_what_may_help_the_best_first_and_then_by_name(shipped: None, client: Client) -> None:
    names = listed(read(client, for_("rolling")))
    assert names[:3] == ["Fractional ablative laser (columns)", "Dermal fillers", "Microneedling"]
    assert names[3:5] == ["Microneedling with PRP", "Non-ablative fractional laser"]
    assert "Punch techniques" not in names, "its score is 0"


def test_what_it_says_of_its_order_is_so(shipped: None, client: Client) -> None:
    """The guide lists lower risks first (tests/pure/test_guide.py, rule 7); here equal fits stand by name."""
    phrase = (
        "Equal fits stand in order of name. The guide puts lower-risk ways first if your skin marks easily."
    )
    assert phrase in words(read(client, for_("rolling")))
    assert phrase not in words(read(client, for_("rolling", "risk")))
    assert "in order of name" not in words(read(client))


def test_what_is_not_suggested_stands_below_with_its_reason(shipped: None, client: Client) -> None:
    tree = read(client, for_("rolling"))
    below = next(details for details in tree.iter("details") if "do not suggest" in words(details))
    assert "Punch" in words(below) and "not soft slopes" in words(below)


def test_what_is_not_offered_is_never_in_the_table(shipped: None, client: Client) -> None:
    refused = set(Treatment.objects.filter(offered=False).values_list("name", flat=True))
    assert "Subcision" in refused
    for concern in Concern.objects.all():
        for sort in ("", *Sort.values):
            assert not refused & set(listed(read(client, for_(concern.code, sort)))), (concern.code, sort)
    phrase = "Also used for this, but we do not offer them: radiofrequency needling and subcision."
    assert phrase in words(read(client, for_("rolling")))


def test_what_a_specialist_decides_is_never_in_the_table(shipped: None, client: Client) -> None:
    tree = read(client, for_("hypertrophic"))
    assert "Microneedling" not in listed(tree)
    assert "Only a specialist can decide on these" in words(tree)


def test_a_concern_that_nothing_helps_says_so(shipped: None, client: Client) -> None:
    tree = read(client, for_("milia"))
    assert tree.find(".//table") is None
    assert "We suggest none of our treatments for this." in words(tree)


def test_no_price_and_no_words_leave_no_hole(shipped: None, client: Client) -> None:
    Treatment.objects.filter(code="punch").update(price_from=None, price_to=None, comfort="")
    Treatment.objects.filter(code="filler").update(price_from=None, price_to=None, cost_basis="")
    tree = read(client)
    assert row_of(tree, "Punch techniques")["Cost"] == "Per scar. Please ask us"
    assert row_of(tree, "Dermal fillers")["Cost"] == "Please ask us"
    assert row_of(tree, "Punch techniques")["Comfort"] == "Not said"


def test_each_cell_carries_its_label_for_phones_and_the_table_stays_one(
    shipped: None, client: Client
) -> None:
    table = only(read(client), "table")
    assert table.get("role") == "table"
    assert {row.get("role") for row in table.iter("tr")} == {"row"}
    for row in only(table, "tbody"):
        assert row[0].get("role") == "rowheader" and row[0].get("scope") == "row"
        for cell in row[1:]:
            assert cell.get("role") == "cell"
            assert cell.get("data-l") or cell.get("class") == "fits"


# --- choosing and sorting ---------------------------------------------------------------------------------------------


def test_every_concern_can_be_chosen_and_the_chosen_one_is_marked(shipped: None, client: Client) -> None:
    links = chooser(read(client))
    assert list(links) == list(Concern.objects.values_list("name", flat=True))
    assert not [a for a in links.values() if a.get("aria-current")]
    marked = chooser(read(client, links["Dark marks"].get("href", "").removeprefix("/treatments/")))
    assert [name for name, a in marked.items() if a.get("aria-current")] == ["Dark marks"]


def test_no_address_carries_a_word_about_health(shipped: None, client: Client) -> None:
    tree = read(client, for_("rolling", "visits"))
    queries = [a.get("href", "").partition("?")[2].partition("#")[0] for a in only(tree, "main").iter("a")]
    queries = [query for query in queries if query]
    assert len(queries) > 12
    for query in queries:
        assert re.fullmatch(r"(for|page)=[a-z0-9]{12}(&sort=[a-z]+)?|sort=[a-z]+", query), query


@pytest.mark.parametrize(
    ("sort", "first", "last"),
    [
        (
            "recovery",
            "Creams and sun protection",
            "Dermabrasion",
        ),  # three months
        ("visits", "Creams and sun protection", "Non-ablative fractional laser"),  # "3 or more" neither
        ("risk", "Creams and sun protection", "Medium or deep peel"),
        ("name", "Creams and sun protection", "Non-ablative fractional laser"),
    ],
)
def test_it_can_be_sorted(shipped: None, client: Client, sort: str, first: str, last: str) -> None:
    tree = read(client, for_("rolling", sort))
    assert (listed(tree)[0], listed(tree)[-1]) == (first, last)
    current = [a for a in tree.findall(".//p[@class='sort']/a") if a.get("aria-current")]
    assert [words(a) for a in current] == [Sort(sort).label]
    assert len([th for th in tree.iter("th") if th.get("aria-sort")]) == 1


def test_choosing_keeps_the_order_and_sorting_keeps_the_concern(shipped: None, client: Client) -> None:
    dark = Concern.objects.get(code="dark-marks").public_id
    tree = read(client, for_("rolling", "risk"))
    assert chooser(tree)["Dark marks"].get("href") == f"/treatments/?for={dark}&sort=risk#compared"
    sorts = {words(a): a.get("href") for a in tree.findall(".//p[@class='sort']/a")}
    rolling = Concern.objects.get(code="rolling").public_id
    assert sorts["Name"] == f"/treatments/?for={rolling}&sort=name#compared"
    assert sorts["Best fit"] == f"/treatments/?for={rolling}#compared", "the usual order needs no word"


def test_anyone_who_did_not_sort_gets_the_best_fit_after_choosing(shipped: None, client: Client) -> None:
    assert "sort" not in (chooser(read(client))["Rolling scars"].get("href") or "")


def test_without_a_concern_there_is_no_fit_to_sort_by(shipped: None, client: Client) -> None:
    assert "Best fit" not in [words(a) for a in read(client).findall(".//p[@class='sort']/a")]
    assert listed(read(client, "?sort=fit")) == listed(read(client))


@pytest.mark.parametrize(
    "query", ["?for=rolling", "?for=zzzzzzzzzzzz", "?for=%F0%9F%92%A9", "?for=" + "9" * 5000]
)
def test_a_concern_that_is_not_there_is_said_and_everything_shown(
    shipped: None, client: Client, query: str
) -> None:
    tree = read(client, query)
    assert "That link does not lead to a concern any more" in words(tree)
    assert len(listed(tree)) == Treatment.objects.offered().count()


@pytest.mark.parametrize("query", ["?sort=price", "?sort=", "?sort=risk&sort=cheap", "?for=", "?sort[]=risk"])
def test_an_order_that_is_not_there_is_the_usual_one(shipped: None, client: Client, query: str) -> None:
    tree = read(client, query)
    assert listed(tree) == listed(read(client))
    assert "does not lead" not in words(tree)


def test_nul_is_refused_at_the_door(shipped: None, client: Client) -> None:
    assert client.get("/treatments/?for=%00").status_code == 400


def test_the_heading_of_the_tab_names_the_concern_and_the_canonical_address_does_not(
    shipped: None, client: Client
) -> None:
    tree = read(client, for_("rolling"))
    assert words(only(tree, "title")).startswith("Treatments for rolling scars")
    assert [words(h1) for h1 in tree.iter("h1")] == ["Treatments"]
    link = tree.find(".//link[@rel='canonical']")
    assert link is not None and (link.get("href") or "").endswith("/treatments/")


def test_the_headings_of_a_chosen_concern_skip_no_level(shipped: None, client: Client) -> None:
    for concern in Concern.objects.all():
        tree = read(client, for_(concern.code))
        levels = [int(e.tag[1]) for e in tree.iter() if re.fullmatch("h[1-6]", str(e.tag))]
        assert max(b - a for a, b in zip(levels, levels[1:], strict=False)) <= 1, (concern.code, levels)
        ids = [e.get("id") for e in tree.iter() if e.get("id")]
        assert len(ids) == len(set(ids)), concern.code


def test_an_editors_text_and_questions_stand_under_the_table(shipped: None, client: Client) -> None:
    text = {"title": "Compare", "summary": "Side by side.", "body": "## How we choose\n\nWe look first."}
    page, _ = Page.objects.update_or_create(kind="duty", slug="treatments", defaults=text)
    assert page.get_absolute_url() == "/treatments/"
    tree = read(client)
    assert words(only(tree, "h1")) == "Compare"
    headings = [words(h2) for h2 in tree.iter("h2")]
    assert headings.index("All treatments") < headings.index("How we choose")
    assert headings.index("How we choose") < headings.index("What we do not offer and why")


@pytest.mark.parametrize("code", ["", "rolling", "keloid", "milia"])
def test_it_costs_few_statements_whatever_is_chosen(
    shipped: None, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries, code: str
) -> None:
    query = for_(code) if code else ""
    with django_assert_max_num_queries(11):
        client.get(f"/treatments/{query}")


# --- the order, as a rule ---------------------------------------------------------------------------------------------


def line(name: str, **facts: object) -> comparison.Line:
    return comparison.Line(Treatment(name=name, **facts), "", "")


def ordered(lines: list[comparison.Line], sort: Sort) -> list[str]:
    return [each.treatment.name for each in comparison.in_order(lines, sort)]


def test_what_has_no_number_comes_last_and_nought_comes_first() -> None:
    lines = [line("None"), line("Week", downtime_days=7), line("Nought", downtime_days=0)]
    assert ordered(lines, Sort.RECOVERY) == ["Nought", "Week", "None"]
    lines = [line("None"), line("Six", sessions_most=6), line("Nought", sessions_most=0)]
    assert ordered(lines, Sort.VISITS) == ["Nought", "Six", "None"]


def test_risk_runs_from_low_to_high_and_not_by_the_alphabet() -> None:
    risks = ["high", "low", "", "moderate", "none", "low-moderate", "moderate-high"]
    lines = [line(risk or "unrated", pigment_risk=risk) for risk in risks]
    assert ordered(lines, Sort.RISK) == [
        *("none", "low", "low-moderate", "moderate", "moderate-high", "high", "unrated"),
    ]


def test_each_risk_has_its_place_in_the_scale_and_what_is_not_rated_has_none() -> None:
    ranks = [line(risk, pigment_risk=risk).treatment.pigment_rank for risk in Treatment.PigmentRisk]
    assert ranks == [0, 1, 2, 3, 4, 5]
    assert line("unrated", pigment_risk="").treatment.pigment_rank is None


def test_a_price_orders_nothing() -> None:
    cheap, dear = line("Zinc", price_from=1), line("acid", price_from=99_999)
    for sort in Sort:
        assert ordered([cheap, dear], sort) == ordered([dear, cheap], sort) == ["acid", "Zinc"]
