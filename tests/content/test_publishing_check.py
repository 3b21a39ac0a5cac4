"""Before a page goes live its problems are named, with the place and what to do; what is well is left in peace."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from content.models import FormerSlug, Page, Source
from content.publishing import check, link_check, snapshots
from content.publishing.check import FIELDS, HEADINGS, Problem, Site
from content.publishing.link_check import Place
from content.text import forbidden_words
from tests import work
from tests.content.unread import UNREAD

BODY = "".join(f"## {heading}\n\nA plain sentence.\n\n" for heading in HEADINGS["concern"])
GOOD = snapshots.PageSnapshot(
    kind="concern",
    slug="dips",
    title="Dips",
    menu_title="Dips",
    summary="A dip is a scar that lies below the skin around it.",
    body=BODY,
    at_a_glance=(("Kind", "A scar"),),
    drawing="dips",
    drawing_alt="Skin cut through from the side, with a dip.",
    caption="A dip.",
    sources=("NHSA",),
    checked_by="ana-lind",
    checked_on=date(2026, 11, 1),
    review_due=date(2027, 11, 1),
)
SITE = Site(
    today=date(2026, 11, 30),
    places={
        "/concerns/milia/": Place("## Are they acne?\n\nNo.", published=True),
        "/articles/sun/": Place("", published=False),
        "/treatments/": Place("", published=True, prints_more=True),
    },
    former={"/concerns/whiteheads/": "/concerns/milia/"},
    drawings=frozenset({"dips"}),
    concerns=frozenset({"ice"}),
    treatments=frozenset({"peel"}),
    sources=frozenset({"NHSA", "COC"}),
    people=frozenset({"ana-lind"}),
    pictures=frozenset({"waiting-room"}),
)


def problems(**changes: Any) -> list[Problem]:
    return check.problems(replace(GOOD, **changes), SITE)


def codes(**changes: Any) -> list[str]:
    return [problem.code for problem in problems(**changes)]


def says(text: str) -> dict[str, Any]:
    """The good page with this paragraph in its body."""
    return {"body": f"{BODY}{text}\n"}


def test_a_page_without_problems_has_none() -> None:
    assert problems() == []


# code, whether it blocks, the field to go to, a page that has it, one that has not
CASES: list[tuple[str, bool, str, dict[str, Any], dict[str, Any]]] = [
    ("summary_missing", True, "summary", {"summary": " \n"}, {}),
    (
        "summary_long",
        False,
        "summary",
        {"summary": "A dip. It stays. Ask."},
        {"summary": "At 2.5 mm. A dip."},
    ),
    ("summary_long", False, "summary", {"summary": "Dip? Yes. No."}, {"kind": "home", "summary": "A. B. C."}),
    ("glance_missing", False, "at_a_glance", {"at_a_glance": ()}, {"kind": "article", "at_a_glance": ()}),
    ("slot_unknown", True, "body", says("{{ may-hlep }}"), says("{{ may-help }}")),
    ("count_wrong", True, "body", says("{{ of-100 165 | people }}"), says("{{ of-100 65 | people }}")),
    ("tones_unknown", True, "body", says("{{ tones ice-pack }}"), says("{{ tones dips }}")),
    ("slot_inside", True, "body", says("See {{ picture door }} here."), says("See the door here.")),
    (
        "headings_missing",
        False,
        "body",
        {"body": BODY.replace("Will it fade?", "Does it go?")},
        says("## One more"),
    ),
    ("headings_missing", False, "body", {"kind": "treatment"}, {"kind": "article"}),
    ("sources_missing", True, "sources", {"sources": ()}, {"sources": ("COC",)}),
    ("sources_missing", True, "sources", {"kind": "article", "sources": ()}, {"kind": "duty", "sources": ()}),
    ("sources_missing", True, "sources", {"sources": ("GONE",)}, {}),
    ("source_gone", False, "sources", {"sources": ("COC", "GONE")}, {"sources": ("COC", "NHSA")}),
    ("reviewer_missing", True, "checked_by", {"checked_by": ""}, {"kind": "article", "checked_by": ""}),
    ("reviewer_missing", True, "checked_by", {"checked_by": "nobody"}, {}),
    ("review_missing", False, "review_due", {"review_due": None}, {}),
    (
        "review_past",
        False,
        "review_due",
        {"review_due": date(2026, 11, 29)},
        {"review_due": date(2026, 11, 30)},
    ),
    ("drawing_unknown", True, "drawing", {"drawing": "dipz"}, {"drawing": ""}),
    (
        "drawing_alt_missing",
        True,
        "drawing_alt",
        {"drawing_alt": " "},
        {"drawing": "", "drawing_alt": "", "caption": ""},
    ),
    (
        "drawing_alt_missing",
        True,
        "drawing_alt",
        {"kind": "duty", "drawing_alt": ""},
        {"kind": "duty", "drawing_alt": "", "caption": ""},
    ),
    ("picture_markdown", True, "body", says("![](/media/a.webp)"), says("{{ picture waiting-room }}")),
    ("picture_markdown", True, "body", says("[![A dip](/a.webp)](/concerns/milia/)"), says("`![A dip](a)`")),
    ("row_gone", True, "concerns", {"concerns": ("ice", "GONE")}, {"concerns": ("ice",)}),
    ("row_gone", True, "treatments", {"treatments": ("GONE",)}, {"treatments": ("peel",)}),
    ("link_broken", True, "body", says("[a](/concerns/nose/)"), says("[a](/concerns/milia/)")),
    ("link_broken", True, "body", says("[a](/concerns/milia)"), says("[a](/concerns/milia/?page=2)")),
    ("link_broken", True, "body", says("[a](concerns/milia/)"), says("[a](/consultations/request/)")),
    ("link_broken", True, "body", says("[a]()"), says("[a](/static/site.css)")),
    ("link_broken", True, "body", says("[a](//example.org/)"), says("[a](https://example.org/)")),
    ("link_broken", True, "body", says("[a](ftp://example.org/)"), says("[a](tel:+441632960001)")),
    ("link_broken", True, "body", says("[a](sms:01632960001)"), says("[a](mailto:a@example.org)")),
    ("link_broken", True, "body", says("[a](/no/such/place/)"), says("[a](/concerns/dips/)")),
    ("link_anchor", True, "body", says("[a](#why-it-hapens)"), says("[a](#why-it-happens)")),
    (
        "link_anchor",
        True,
        "body",
        says("[a](/concerns/milia/#acne)"),
        says("[a](/concerns/milia/#are-they-acne)"),
    ),
    ("link_anchor", True, "body", says("[a](/concerns/milia/#acne)"), says("[a](/concerns/milia/#glance)")),
    ("link_anchor", True, "body", says("[a](/concerns/dips/#acne)"), says("[a](/treatments/#not-offered)")),
    ("link_unpublished", False, "body", says("[a](/articles/sun/)"), says("[a](/concerns/milia/)")),
    ("link_moved", False, "body", says("[a](/concerns/whiteheads/)"), says("[a](/concerns/milia/)")),
    ("link_insecure", False, "body", says("[a](http://example.org/)"), says("[a](https://example.org/)")),
    ("percent", False, "body", says("It helped 30% of people."), says("A 30% glycolic acid peel.")),
    ("percent", False, "summary", {"summary": "It helped 43 per cent."}, {"summary": "It helped 4 in 10."}),
]


@pytest.mark.parametrize(("code", "blocks", "field", "bad", "good"), CASES)
def test_each_problem_is_found_and_only_where_it_is(
    code: str, blocks: bool, field: str, bad: dict[str, Any], good: dict[str, Any]
) -> None:
    [found] = [problem for problem in problems(**bad) if problem.code == code]
    assert (found.blocks, found.field) == (blocks, field)
    assert found.message.endswith(".") and len(found.message) > 20
    assert code not in codes(**good)


# code, whether it blocks, sentences that say it
CLAIMED = {
    ("best", True): [
        "The best laser in town.",
        "This works best.",
        "Not the cheapest, but the best.",
        "Best results.",
    ],
    ("painless", True): [
        "It is painless.",
        "Pain-free treatment.",
        "Quick and with no pain.",
        "“Painless and quick care”",
    ],
    ("no_risk", True): [
        "There is no risk.",
        "A risk-free way.",
        "It is completely safe.",
        "No side effects.",
    ],
    ("guaranteed", True): [
        "Results guaranteed.",
        "It works for everyone.",
        "Instant results.",
        "Our guarantee.",
    ],
    ("eliminate", True): ["We eliminate scars.", "It eradicates spots.", "The scar is eliminated."],
    ("removal", True): [
        *(
            "Scar removal by laser.",
            "It removes deep scars.",
            "Get rid of your acne scars.",
            "Erase dark marks.",
        ),
        *("Removal of old scars.", "It clears up scarring."),
    ],
    ("dramatic", True): ["A dramatic change.", "Dramatically smoother."],
    ("perfect", True): ["Flawless.", "Perfect skin in weeks.", "A scar-free face."],
    ("goodbye", True): ["Say goodbye to scars."],
    ("rush", True): [
        *("Limited places.", "Only 3 places left.", "Offer ends Friday.", "This week only.", "Hurry."),
        *("The price ends tonight.", "Don’t miss it.", "Last chance."),
    ],
    ("prize", True): ["Join our prize draw.", "Win a free treatment."],
    ("prescription", True): ["We give Botox.", "Do you take Roaccutane?", "We do not offer Dysport."],
    ("before_after", True): ["See our before and after photos.", "Before-and-after pictures below."],
    ("stop_medicine", True): [
        "If you take isotretinoin, do not stop it to be treated sooner.",
        "Isotretinoin: never stop taking your capsules.",
        "If you take it, you should not stop isotretinoin for a peel.",
    ],
    ("discount", False): ["20% off.", "A discount for students.", "Special offer."],
    ("transform", False): ["It transforms your skin.", "A transformation."],
    ("book_now", False): ["Book now."],
    ("normal_skin", False): ["As smooth as normal skin."],
    ("puffery", False): ["A breakthrough.", "Clinically proven."],
}
LEFT_IN_PEACE = [
    "No single treatment is best.",
    "The best time to come is the morning.",
    "At best, it is softer.",
    "We do our best to answer within a day.",
    "Is it painless?",
    "No treatment is painless or free of risk.",
    "It is never quite painless.",
    "Some call it “painless”.",
    "There is no risk-free treatment.",
    "Ask about risk factors.",
    "Nobody can guarantee a result.",
    "We cannot promise perfect skin.",
    "Can acne scars be removed completely?",
    "The stitches are removed after a week.",
    "Laser does not remove scars.",
    "Sunscreen is removed with water. Scars stay.",
    "A true scar cannot be eliminated.",
    "There is no offer that ends.",
    "If anybody tells you that a price ends tonight, that is a reason to wait.",
    "Wear sun protection every day, before and after.",
    "Before and after photos are shown only with consent.",
    "We never write of normal skin.",
    "We give no discounts.",
    "Isotretinoin can make skin dry.",
    "Do not stop it. But if you take it and are pregnant, take no more and call your doctor today.",
    "You can stop it at any time.",
    "Do not stop here.",
    # The exception is isotretinoin's alone.
    "Never stop taking your blood thinner.",
    "Antibiotics: do not stop it before the course ends.",
    "Do not stop taking your tablets.",
]


@pytest.mark.parametrize(
    ("code", "blocks", "text"), [(*kind, text) for kind, texts in CLAIMED.items() for text in texts]
)
def test_a_claim_is_found_with_why_and_what_to_write_instead(code: str, blocks: bool, text: str) -> None:
    [found] = [problem for problem in problems(**says(text)) if problem.code == f"claim_{code}"]
    assert (found.blocks, found.field) == (blocks, "body")
    assert found.excerpt.strip(".…") in text and found.message.count(".") >= 2
    assert [problem.field for problem in problems(tell=text) if problem.code == found.code] == ["tell"]


@pytest.mark.parametrize("text", LEFT_IN_PEACE)
def test_a_denial_a_question_and_a_harmless_use_are_left_in_peace(text: str) -> None:
    assert codes(**says(text)) == []


@pytest.mark.parametrize(
    ("text", "is_claimed"),
    [
        ("Do not stop it to be treated sooner.", True),
        ("Never stop taking it.", True),
        ("Never stop taking your capsules.", True),
        ("You must not stop your medicine.", True),
        ("Never stop taking your blood thinner.", False),
        ("Do not stop taking antibiotics early.", False),
    ],
)
def test_it_is_isotretinoin_where_the_text_names_it_elsewhere(text: str, is_claimed: bool) -> None:
    assert ("claim_stop_medicine" in codes(**says(f"## Isotretinoin\n\n{text}"))) is is_claimed
    assert ("claim_stop_medicine" in codes(tell=text, summary="Isotretinoin and you.")) is is_claimed


@pytest.mark.parametrize(
    "text",
    [
        "## The best laser",
        "- The best laser",
        "| a |\n| --- |\n| The best laser |",
        "The **best** laser",
        "[best laser](#)",
    ],
)
def test_a_claim_is_found_wherever_it_stands(text: str) -> None:
    assert "claim_best" in codes(**says(text))


def test_what_is_code_is_no_claim() -> None:
    assert "claim_best" not in codes(**says("    the best laser"))


def test_a_claim_in_the_panel_or_a_drawing_is_lines_its_field() -> None:
    found = problems(at_a_glance=(("Comfort", "Painless"),), drawing_alt="The best skin.")
    assert [(problem.code, problem.field) for problem in found] == [
        ("claim_painless", "at_a_glance"),
        ("claim_best", "drawing_alt"),
    ]


def test_an_excerpt_shows_the_words_around_and_not_the_whole_page() -> None:
    text = f"{'long ' * 40}and painless for all {'words ' * 40}"
    [found] = problems(**says(text))
    assert "and painless for all" in found.excerpt and len(found.excerpt) < 130
    assert found.excerpt.startswith("... ") and found.excerpt.endswith(" ...")


@pytest.mark.parametrize(
    ("number", "better"),
    [
        ("30%", "“3 in 10”"),
        ("25%", "“1 in 4”"),
        ("43 %", "“43 in 100”"),
        ("2.5%", "out of 10"),
        ("250%", "out of 10"),
    ],
)
def test_a_share_is_offered_in_words(number: str, better: str) -> None:
    [found] = problems(**says(f"It helped {number} of them."))
    assert better in found.message


def test_what_blocks_comes_first_and_then_the_form_is_followed() -> None:
    found = problems(
        sources=(),
        review_due=None,
        summary="",
        at_a_glance=(),
        body="[a](/x/) [b](http://b.example) the best",
        checked_by="",
    )
    assert [problem.blocks for problem in found] == sorted(
        (problem.blocks for problem in found), reverse=True
    )
    for blocks in (True, False):
        places = [FIELDS.index(problem.field) for problem in found if problem.blocks is blocks]
        assert places == sorted(places) and len(places) > 2


def test_the_same_words_are_named_once() -> None:
    assert codes(**says("The best.\n\nThe best.")) == ["claim_best"]


EASY = "The skin heals. It takes a week. You may see a red mark. " * 6
HARD = (
    "Considerable improvement following fractional resurfacing necessitates appropriate preparation beforehand. "
    * 6
)
HARDER = (
    "Fractional photothermolysis necessitates individualised periprocedural considerations regarding pigmentation. "
    * 6
)


def test_a_text_that_is_hard_to_read_is_named_and_a_very_hard_one_blocks() -> None:
    assert codes(body=BODY + EASY) == []
    for text, blocks in ((EASY * 2 + HARD, False), (HARDER, True)):
        [found] = problems(body=BODY + text)
        assert (found.code, found.blocks, found.field) == ("reading_age", blocks, "body"), found


def test_a_name_that_the_text_needs_does_not_make_it_hard() -> None:
    text = "Photothermolysis is here. Photothermolysis may sting. Photothermolysis can help. " * 5
    known = replace(SITE, names=("Photothermolysis",))
    assert "reading_age" in codes(body=BODY + text)
    assert check.problems(replace(GOOD, body=BODY + text), known) == []


def test_a_page_without_an_address_yet_is_checked_too() -> None:
    assert codes(slug="") == [] and codes(slug="no such slug!") == []


def test_a_long_text_takes_no_long_time() -> None:
    assert set(codes(**says("the best " * 20_000))) == {"reading_age", "claim_best"}


@pytest.mark.django_db
def test_the_shipped_pages_have_no_problem_that_blocks(
    shipped: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(7):
        site = check.site(SITE.today)
    found = [
        (page.slug, problem)
        for page in Page.objects.all()
        for problem in check.problems(snapshots.of(page), site)
    ]
    blocked = [(slug, problem.code) for slug, problem in found if problem.blocks]
    # What nobody has read since it changed wants a clinician, and says so to readers.
    assert {slug for slug, code in blocked} <= UNREAD and {code for _, code in blocked} == {
        "reviewer_missing"
    }
    found = [(slug, problem) for slug, problem in found if problem.field not in ("checked_by", "review_due")]
    lines = [f"{slug}: {problem.message} {problem.excerpt}" for slug, problem in found]
    print("\n".join(lines))  # noqa: T201  (pytest -s shows what editors are told of the shipped pages)
    assert len(lines) <= Page.objects.count() // 5, lines


@pytest.mark.django_db
def test_the_site_knows_pages_drawings_codes_and_where_pages_have_been(shipped: None) -> None:
    milia = Page.objects.get(slug="milia")
    FormerSlug.objects.create(kind="concern", slug="whiteheads", page=milia)
    Page.objects.filter(slug="boxcar").update(is_published=False)
    site = check.site(SITE.today)
    assert site.places["/concerns/milia/"] == Place(milia.body, True)
    assert not site.places["/concerns/boxcar/"].published and site.places["/consultations/"].prints_more
    assert site.former == {"/concerns/whiteheads/": "/concerns/milia/"}
    assert {"milia", "ice-pick", "laser"} <= site.drawings
    assert site.sources == set(Source.objects.values_list("code", flat=True))
    assert "imogen-farrow" in site.people


@pytest.mark.parametrize(
    "target", ["https://[", "//[/", "/%00/", "?", "/\N{PILE OF POO}/", "/" * 5000, "#%00", "\\"]
)
def test_no_link_is_too_odd_to_be_checked(target: str) -> None:
    fault = link_check.fault(target, "/concerns/dips/", SITE.places, SITE.former)
    assert fault is None or fault.message


def test_a_paragraph_of_many_sentences_is_read_once() -> None:
    # Each sentence read the whole paragraph again: 13 s.
    assert work.within(3, lambda: list(forbidden_words.found("a. " * 10_000))) == []
