"""The comparison on /treatments/: what it lists, in which order, for which concern, and what its address gives away."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

import pytest
import yaml
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from content.display import visits
from content.files.load import SHIPPED
from content.guide.answers import HEALTH
from content.matrix import comparison, figures
from content.matrix.comparison import Sort
from content.models import Concern, Page, Treatment
from tests.content.html import only, parsed, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]
RISK = "Colour change, brown and black skin"
COLUMNS = ["Treatment", "Why", "Visits", "Recovery", RISK, "Evidence", "Price"]


def read(client: Client, query: str = "") -> Element:
    response = client.get(f"/treatments/{query}")
    assert response.status_code == 200
    return parsed(response.content.decode())


def for_(code: str, sort: str = "") -> str:
    chosen = Concern.objects.get(code=code).public_id
    return f"?for={chosen}" + (f"&sort={sort}" if sort else "")


def listed(tree: Element) -> list[str]:
    """The treatments of the tables, from the top of the page."""
    rows = tree.findall(".//table/tbody/tr")
    return [words(row[0]) for row in rows if row.get("class") not in ("score", "part")]


def row_of(tree: Element, name: str) -> dict[str, str]:
    """One row of a table by its column heads."""
    heads = [words(th) for th in next(tree.iter("thead")).iter("th")]
    row = next(row for row in tree.findall(".//table/tbody/tr") if words(row[0]) == name)
    return dict(zip(heads, map(words, row), strict=True))


def chooser(tree: Element) -> dict[str, Element]:
    return {words(a): a for a in tree.findall(".//ul[@class='forwhat']//a")}


# --- what it says -----------------------------------------------------------------------------------------------------


def test_all_treatments_that_are_offered_stand_side_by_side(shipped: None, client: Client) -> None:
    names = Treatment.objects.offered().values_list("name", flat=True)
    tree = read(client)
    assert sorted(listed(tree)) == sorted(names)
    told = row_of(tree, "Microneedling")
    assert told["Best for"].startswith("May help: Rolling scars and shallow boxcar scars More about")
    folded = told["Best for"].partition("More about")[2]
    for part in (
        "Sometimes added: Dark marks",
        "3 in the main trial, a month apart. Often more",
        "A numbing cream",
    ):
        assert part in folded, part
    assert "Usually red for 1 to 3 days" in folded and "£165 to £195 per visit" in folded
    assert (told["Visits"], told["Recovery"], told["Evidence"]) == ("3 or more", "1 to 3 days", "Trials")
    assert told[RISK] == "Low risk of colour change"
    assert told["Price"] == "from £165 per visit"


def test_for_a_concern_each_score_is_a_group_of_rows_the_best_first(shipped: None, client: Client) -> None:
    tree = read(client, for_("rolling"))
    scores = [row[0] for row in tree.iter("tr") if row.get("class") == "score"]
    assert {score.get("scope") for score in scores} == {"rowgroup"}
    assert list(map(words, scores)) == [
        *("Often discussed", "May help", "Sometimes added"),
        *("Often discussed", "Sometimes added"),
    ]
    part = next(row for row in tree.iter("tr") if row.get("class") == "part")
    assert words(part).startswith("Higher risk of colour change in brown or black skin. So these stand last")
    assert [*tree.iter("tr")].index(part) == [*tree.iter("tr")].index(
        next(r for r in tree.iter("tr") if scores[3] in r)
    ) - 1
    dots = only(scores[1], "span")
    assert [dot.tag for dot in dots] == ["b", "b", "i"] and dots.get("aria-hidden") == "true"
    table = only(tree, "table")
    assert words(only(table, "caption")) == "Treatments for rolling scars"
    assert [words(th) for th in table.findall("thead/tr/th")] == COLUMNS, "once for all groups"
    why = row_of(tree, "Dermal fillers")["Why"]
    assert why.startswith(
        "Lifts a soft dip from below. More about Dermal fillers The main trial, of 6 months, "
    )
    names = listed(tree)
    assert names[:5] == [  # by risk, then recovery, as on the concern's page and in the guide
        "Subcision",  # often discussed, though not done here
        *("Microneedling", "Microneedling with PRP", "Dermal fillers", "Non-ablative fractional laser"),
    ]
    assert names[-3:] == ["Fractional ablative laser (columns)", "Medium or deep peel", "Dermabrasion"]
    assert "Punch techniques" not in names, "its score is 0"


def test_each_reason_has_the_numbers_of_its_sources(shipped: None, client: Client) -> None:
    tree = read(client, for_("rolling"))
    notes = [a.get("href") for a in tree.findall(".//table//a[@class='note']")]
    there = {f"#{li.get('id')}" for li in tree.iter("li")}
    assert notes and set(notes) <= there


def test_what_is_not_suggested_stands_below_with_its_reason(shipped: None, client: Client) -> None:
    tree = read(client, for_("rolling"))
    below = next(details for details in tree.iter("details") if "do not suggest" in words(details))
    assert "Punch" in words(below) and "not soft slopes" in words(below)


def test_what_is_not_offered_is_in_the_table_only_if_it_is_often_discussed_and_says_so(
    shipped: None, client: Client
) -> None:
    """The same rule as on a concern's page and in the guide (content/matrix/order.py)."""
    refused = set(Treatment.objects.filter(offered=False).values_list("name", flat=True))
    often = {"Subcision", "Focal acid (TCA CROSS)", "Steroid injections"}
    seen = set()
    for concern in Concern.objects.all():
        for sort in ("", *Sort.values):
            found = refused & set(listed(read(client, for_(concern.code, sort))))
            assert found <= often, (concern.code, sort)
            seen |= found
    assert seen == often
    tree = read(client, for_("rolling"))
    row = row_of(tree, "Subcision")
    assert "Not done here. We can say who does it." in row["Why"] and row["Price"] == "Not done here"
    line = next(tr for tr in tree.iter("tr") if "frees the bands that hold" in words(tr))
    assert not [*line.iter("input"), *(a for a in line.iter("a") if a.get("class") != "note")]
    told = words(tree)
    assert "Also used, not done here: radiofrequency needling" in told
    assert told.index("Sometimes added") < told.index("Also used, not done here"), (
        "what is done here comes first"
    )


def test_what_a_word_of_caution_says_is_in_the_cell_and_not_folded(shipped: None, client: Client) -> None:
    """The last words of a fact change it: how long it takes if it goes deeper, and that a gel wears off."""
    tree = read(client)
    laser = row_of(tree, "Fractional ablative laser (columns)")
    assert (
        laser["Recovery"] == "4 to 6 days, or longer"
        and "Longer if the laser goes deeper" in laser["Best for"]
    )
    assert row_of(tree, "Medium or deep peel")["Recovery"] == "Up to 6 weeks, or longer"
    assert row_of(tree, "Dermal fillers")["Visits"] == "1 to 3, or more"
    assert row_of(tree, "Microneedling with PRP")["Visits"] == "No agreed number"


def test_every_recovery_ends_when_the_day_says_that_it_is_sorted_by() -> None:
    days = {"day": 1, "week": 7, "month": 30}
    for row in yaml.safe_load((SHIPPED / "treatments.yaml").read_text("utf-8")):
        number = re.search(r"(\d+) (day|week|month)s?\b", figures.recovery(row["downtime"]))
        assert not number or int(number[1]) * days[number[2]] == row["downtime_days"], row["code"]


def test_sore_skin_can_leave_marks_and_every_page_says_so_of_creams(shipped: None, client: Client) -> None:
    """Nothing in a cream is rated as a risk, so it sorts first; what is left of the risk is told alike everywhere."""
    only_if = "only if skin gets sore"
    assert row_of(read(client), "Creams and sun protection")[RISK].casefold() == only_if
    asked = {"adult": "yes", "concerns": ["dark-marks"], "where": ["face"], "skin": "brown_black"}
    answer = client.post("/guide/", asked | dict.fromkeys(HEALTH, "no"))
    assert f"Colour change: {only_if}" in words(only(parsed(answer.content.decode()), "main"))
    for path in ("/treatments/creams-and-sun-protection/", "/articles/skin-tone-and-treatment/"):
        said = words(only(parsed(client.get(path).content.decode()), "main"))
        assert only_if in said.casefold() and "sore skin can leave" in said.casefold(), path


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
    assert row_of(tree, "Punch techniques")["Price"] == "Please ask us per scar"
    assert row_of(tree, "Dermal fillers")["Price"] == "Please ask us"
    assert "Comfort Not said" in row_of(tree, "Punch techniques")["Best for"].replace(
        "ComfortNot", "Comfort Not"
    )


def test_a_real_table_needs_no_roles_and_a_row_opens_the_rest(shipped: None, client: Client) -> None:
    table = only(read(client), "table")
    assert not [cell for cell in table.iter() if cell.get("role")]
    for row in only(table, "tbody"):
        assert row[0].get("scope") == "row"
        assert words(row.findall(".//summary")[0]) == f"More about {words(row[0])}"


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
        ("recovery", "Creams and sun protection", "Punch techniques"),  # its words name no time
        ("visits", "Creams and sun protection", "Light peel"),  # no number of visits
        ("risk", "Creams and sun protection", "Dermabrasion"),  # of the high ones the longest
        ("name", "Creams and sun protection", "Punch techniques"),
    ],
)
def test_it_can_be_sorted(shipped: None, client: Client, sort: str, first: str, last: str) -> None:
    tree = read(client, f"?sort={sort}")
    assert (listed(tree)[0], listed(tree)[-1]) == (first, last)
    current = [a for a in tree.findall(".//p[@class='sort']/a") if a.get("aria-current")]
    assert [words(a) for a in current] == [Sort(sort).label]
    assert len([th for th in tree.iter("th") if th.get("aria-sort")]) == 1


def test_fewest_visits_follows_the_number_that_the_table_shows(shipped: None, client: Client) -> None:
    assert listed(read(client, "?sort=visits")) == [
        "Creams and sun protection",  # no visits
        "Punch techniques",  # one or more, and the lower risk
        "Medium or deep peel",  # deep: usually once
        "Dermabrasion",  # usually once
        "Dermal fillers",  # 1 to 3
        "Microneedling",  # 3
        "Non-ablative fractional laser",  # 3 or more
        "Fractional ablative laser (columns)",  # 3 to 4
        "No set number of visits",
        "Microdermabrasion",  # a series
        "Microneedling with PRP",  # no agreed number, whatever one trial used
        "Light peel",  # a course
    ]
    assert listed(read(client, "?sort=recovery"))[-2:] == ["No set time to recover", "Punch techniques"]


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ("3 to 4 in the main study, 6 weeks apart", (3, 4)),
        ("No agreed number. One trial used 2, 4 weeks apart", None),
        ("Medium: may be repeated every 6 to 12 months. Deep: usually once", (1, 1)),
        ("One or more. Your plan says how many", (1, 1)),
        ("No visits. A cream: often 3 to 6 months", (0, 0)),
        ("Every 10 to 12 weeks", None),
        ("A course, repeated", None),
        ("", None),
    ],
)
def test_a_time_between_visits_is_no_number_of_visits(said: str, numbers: tuple[int, int] | None) -> None:
    assert visits.said(said) == numbers


def test_choosing_keeps_the_order_and_sorting_keeps_the_concern(shipped: None, client: Client) -> None:
    dark = Concern.objects.get(code="dark-marks").public_id
    tree = read(client, for_("rolling", "name"))
    assert chooser(tree)["Dark marks"].get("href") == f"/treatments/?for={dark}&sort=name"
    sorts = {words(a): a.get("href") for a in tree.findall(".//p[@class='sort']/a")}
    rolling = Concern.objects.get(code="rolling").public_id
    assert sorts["Fewest visits"] == f"/treatments/?for={rolling}&sort=visits#compared"
    usual = "Lowest colour risk"
    assert sorts[usual] == f"/treatments/?for={rolling}#compared", "the usual order needs no word"


@pytest.mark.parametrize(
    "query", ["?for=rolling", "?for=zzzzzzzzzzzz", "?for=%F0%9F%92%A9", "?for=" + "9" * 5000]
)
def test_a_concern_that_is_not_there_is_said_and_everything_shown(
    shipped: None, client: Client, query: str
) -> None:
    tree = read(client, query)
    assert "That link does not lead to a concern any more" in words(tree)
    assert len(listed(tree)) == Treatment.objects.offered().count()


@pytest.mark.parametrize(
    "query", ["?sort=price", "?sort=fit", "?sort=", "?sort=name&sort=cheap", "?for=", "?sort[]=risk"]
)
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
    assert [words(h1) for h1 in tree.iter("h1")] == ["What may help rolling scars"]
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
    lines = [
        line("Unsaid", downtime="A stitch", downtime_days=2),
        line("Said", downtime="A week", downtime_days=7),
    ]
    assert ordered(lines, Sort.RECOVERY) == ["Said", "Unsaid"], (
        "the order follows the words that the table shows"
    )
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
