"""Two to four treatments side by side: what a reader ticks on /treatments/ and gets on /treatments/compare/."""

from __future__ import annotations

from urllib.parse import urlencode
from xml.etree.ElementTree import Element

import pytest
from django.test import Client

from content.models import Concern, Treatment
from tests.content.html import only, parsed, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def address(*codes: str, concern: str = "") -> str:
    numbers = dict(Treatment.objects.values_list("code", "pk"))
    asked: dict[str, object] = {"with": [numbers[code] for code in codes]}
    if concern:
        asked["for"] = Concern.objects.get(code=concern).public_id
    return f"/treatments/compare/?{urlencode(asked, doseq=True)}"


def read(client: Client, path: str) -> Element:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store", "nobody keeps one of thousands of such pages"
    return only(parsed(response.content.decode()), "main")


def columns(main: Element) -> list[str]:
    return [words(th).replace("\u00ad", "") for th in main.findall(".//thead//th")]


def facts(main: Element) -> dict[str, list[str]]:
    """Each row by its head, without the name that phones show before the fact."""
    rows = main.findall(".//table/tbody/tr")
    return {words(row[0]): [words(cell[1]) for cell in row[1:]] for row in rows}


def ticked(main: Element) -> list[str]:
    boxes = main.findall(".//input[@type='checkbox']")
    labels = {label.get("for"): words(label) for label in main.iter("label")}
    return [labels[box.get("id")] for box in boxes if box.get("checked") is not None]


def test_what_is_ticked_in_the_table_stands_side_by_side(shipped: None, client: Client) -> None:
    table = parsed(client.get("/treatments/").content.decode())
    form = only(table, "main").find(".//form[@id='side']")
    assert form is not None and form.get("method", "get") == "get"
    boxes = {words(label): label.find("input") for label in table.findall(".//label[@class='tick']")}
    assert len(boxes) == Treatment.objects.offered().count()
    values = []
    for name in ("Compare Microneedling with PRP", "Compare Microneedling"):
        box = boxes[name]
        assert box is not None and box.get("form") == "side"
        values.append(("with", box.get("value")))
    main = read(client, f"{form.get('action')}?{urlencode(values)}")
    assert columns(main) == ["Microneedling", "Microneedling with PRP"], (
        "the order of the table, whatever came first"
    )
    told = facts(main)
    assert told["Visits"] == [
        "3 in the main trial, a month apart. Often more",
        "No agreed number. One trial used 2, 4 weeks apart",
    ]
    assert told["Recovery"][0] == "Usually red for 1 to 3 days"
    assert told["Risk of colour change in brown and black skin the same"] == ["Low", "Low"]
    assert told["Price"][0] == "£165 to £195 per visit"
    assert told["A whole course"] == [
        "About £495 to £585 for 3 visits, and more if it takes more",
        "Not known: no agreed number of visits",
    ]
    pks = dict(Treatment.objects.values_list("code", "pk"))
    ask = next(a for a in main.iter("a") if words(a) == "Request a consultation")
    assert (
        ask.get("href") == f"/consultations/request/?with={pks['microneedling']}.{pks['microneedling-prp']}"
    )
    assert client.get(f"{ask.get('href')}.999999.x.{pks['subcision']}").status_code == 303
    start = parsed(client.get("/consultations/request/").content.decode())
    chosen = [box.get("value") for box in start.iter("input") if box.get("checked") is not None]
    assert [one for one in chosen if one in pks] == ["microneedling", "microneedling-prp"], "and what we do"
    assert told["What it may help"] == [] and told["Rolling scars"] == ["May help", "May help"]
    assert told["Dark marks"] == ["Sometimes added", "Not suggested"], "each concern in one line"
    assert ticked(main) == ["Microneedling", "Microneedling with PRP"], "and the choice can be changed here"


def test_with_a_concern_each_says_how_it_fits_and_on_what_that_rests(shipped: None, client: Client) -> None:
    main = read(client, address("microneedling", "punch", "topical", concern="rolling"))
    row = dict(zip(columns(main), facts(main)["How it fits rolling scars"], strict=True))
    assert row["Microneedling"].startswith("May helpIt is thought to start new collagen")
    assert row["Punch techniques"].startswith("Not suggestedPunching suits narrow or steep scars")
    assert main.findall(".//ol/li[@id='s1']") and main.findall(".//a[@href='#s1']")
    main = read(client, address("microneedling", "topical", concern="hypertrophic"))
    [_, needles] = next(iter(facts(main).values()))  # creams come first
    assert needles == "Only a specialist can decide, and it is never a first step"
    ask = next(a.get("href", "") for a in main.iter("a") if words(a) == "Request a consultation")
    assert client.get(ask).status_code == 303
    start = parsed(client.get("/consultations/request/").content.decode())
    chosen = {box.get("value") for box in start.iter("input") if box.get("checked") is not None}
    assert chosen >= {"hypertrophic", "microneedling", "topical"}, "the concern goes along too"


def test_one_of_three_can_be_left_out_and_of_two_none(shipped: None, client: Client) -> None:
    main = read(client, address("microneedling", "filler", "punch", concern="rolling"))
    leave = {words(a): a.get("href", "") for a in main.findall(".//tfoot//a")}
    main = read(client, f"/treatments/compare/{leave['Leave out Punch techniques']}")
    assert columns(main) == ["Microneedling", "Dermal fillers"]
    assert "How it fits rolling scars" in facts(main), "the concern stays"
    assert main.find(".//tfoot") is None


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        ([], "Tick two to four"),
        (["microneedling"], "That is one treatment. Please tick one more."),
        (["microneedling"] * 3, "That is one treatment. Please tick one more."),
        (["microneedling", "punch", "filler", "topical", "dermabrasion"], "You ticked 5. At most four fit"),
    ],
)
def test_too_few_and_too_many_are_said_and_every_tick_is_kept(
    shipped: None, client: Client, codes: list[str], said: str
) -> None:
    main = read(client, address(*codes))
    assert said in words(main) and main.find(".//table") is None
    names = Treatment.objects.filter(code__in=codes).values_list("name", flat=True)
    assert sorted(ticked(main)) == sorted(names)


def test_what_is_not_offered_cannot_be_compared(shipped: None, client: Client) -> None:
    main = read(client, address("microneedling", "punch", "subcision"))
    assert columns(main) == ["Microneedling", "Punch techniques"]
    assert "It is left out" in words(main) and "Subcision" not in words(main)


@pytest.mark.parametrize(
    "query",
    [
        "with=x&with=%F0%9F%92%A9&for=zzz",
        "with=" + "9" * 5000,
        "with=-1&with=1%20OR%201&with=%C2%B2",
        "with[]=1&with=<script>",
        "&".join(f"with={number}" for number in range(900, 1800)),
    ],
)
def test_a_hostile_address_finds_the_ticks_and_none_of_its_words(
    shipped: None, client: Client, query: str
) -> None:
    main = read(client, f"/treatments/compare/?{query}")
    assert ticked(main) == [] and "It is left out" in words(main)
    assert "script" not in words(main)
    assert client.post(f"/treatments/compare/?{query}").status_code == 405


def test_a_concern_page_leads_to_what_may_help_it_and_to_nothing_else(shipped: None, client: Client) -> None:
    for path, codes in (
        ("rolling", ["rolling"]),
        ("boxcar", ["boxcar-shallow", "boxcar-deep"]),
        ("milia", []),
        ("active-acne", []),
    ):
        main = only(parsed(client.get(f"/concerns/{path}/").content.decode()), "main")
        led = [a.get("href") for a in main.findall(".//p[@class='compare']/a")]
        ids = [Concern.objects.get(code=code).public_id for code in codes]
        assert led == [f"/treatments/?for={one}#compared" for one in ids], path
