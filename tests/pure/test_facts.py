"""The shipped pages say what the checked notes say: the headings, the sources, the corrections, and none of the myths."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from django.conf import settings

from content import drawings, markdown
from content.models.page import Page
from tests.content.unread import UNREAD
from tests.docs.source import ROOT

FOLDER = ROOT / "content" / "demo"
PARTS_OF_OTHERS = {"/consultations/request/", "/consultations/times/"}

CONCERN = [
    "What it looks and feels like",
    "Why it happens",
    "Will it fade?",
    "What may help",
    "What does not help",
    "When to see a pharmacist, GP or dermatologist",
    "What to do next",
]
TREATMENT = [
    "What it is",
    "What it may help with, and what it will not",
    "What the evidence says",
    "How it is done and how long it takes",
    "How many sessions",
    "Recovery and aftercare",
    "Risks, and risks for brown and black skin",
    "When we would not do it or would wait",
    "Cost and how it is worked out",
    "Alternatives",
    "Questions to ask us",
]
# What a concern page has besides the seven.
MORE = {
    "acne-marks": {"Marks on different skin tones"},
    "milia": {"Milia are not acne"},
    "active-acne": {"Why we wait before treating scars"},
}
# The headings that the plan of the pages names, where they are not those of every concern or treatment. "Start with your
# skin concern", "Who will see you", the comparison, the prices and the example plans are printed by templates.
OWN = {
    "home": ["How a consultation works", "What treatment can and cannot do"],
    "acne-scars": [
        "Marks or scars?",
        "Types of acne scar",
        "What causes them",
        "Can they be treated?",
        "What affects your options",
    ],
    "blue-light": ["What it is", "Evidence for acne", "Why we do not suggest it for scars"],
    "acne-scar-causes": [
        "Inflammation in the deeper skin",
        "Too much or too little collagen",
        "Picking and squeezing",
        "Genes, skin tone and sun",
        "How to lower your risk",
    ],
    "deep-acne-scars": [
        "What counts as deep",
        "Why surface treatments fall short",
        "Punch techniques, laser and fillers compared",
        "Combining treatments",
    ],
    "skin-tone-and-treatment": [
        "How treatment can change skin colour",
        "Lower-risk options",
        "Test spots",
        "Sun",
    ],
    "before-you-decide": [
        "What improvement looks like",
        "Risks",
        "Taking time",
        "How you feel about your skin",
        "Choosing a practitioner",
    ],
    "aftercare": ["Normal or not", "Sun care", "Call us", "111 / 999"],
    "safety-and-complaints": ["Roles", "Registers", "Insurer", "Inspection status", "How to complain"],
    "consultations": [
        "Before",
        "On the day",
        "Who you will see",
        "Cost",
        "After: plan, time to think, no obligation",
    ],
    "treatments": ["How we choose"],
    "costs": ["How prices work", "Price table", "What is included", "Example plans"],
}

# Wrong claims of the texts that we started from, as patterns, each with what is true instead.
MYTHS = [
    (r"(filled with|full of|trapped) (trapped )?oil", "milia are keratin"),
    (r"from white blood cells", "PRP is plasma with platelets"),
    (r"milia (can )?(leave|cause)s? (mild |some )?(acne )?scars", "milia leave no scar"),
    (r"newer scars", "no evidence that blue light does anything for scars"),
    (r"cellulite", "not a matter of acne scars"),
    (r"photorejuvenation.{0,40}blue light", "two different things"),
    (r"better and better", "nothing shows that results go on growing"),
    (r"(50|fifty) ?(to|-|–) ?75", "the newer copy of the NHS text has no such number"),
    (r"\bscooped", "an ice pick scar is as if punctured"),
    (r"(lasers?|creams|fillers) (always )?fails?\b", "too broad"),
]
# Where a page names a myth in order to say that it is one.
REFUTED = [
    "You may read that milia are spots filled with trapped oil, and that they leave scars. Neither is true.",
    "It is not made from white blood cells.",
    "You may read elsewhere that it improves newer scars. We found no proof of that.",
]
# Words that promise, rush or belittle.
NEVER = [
    *("best", "painless", "pain-free", "no risk", "risk-free", "eliminates?", "eliminated", "removal"),
    *("dramatic(ally)?", "transform(s|ed|ation)?", "flawless", "perfect", "cures?", "guaranteed?", "miracle"),
    *("book now", "limited places", "last chance", "say goodbye", "normal skin", "scarless", "clear up"),
    *("completely safe", "permanent results?", "instant(ly)?"),
]
# What the corrections ask each page to say.
KEPT = {
    "acne-marks": ["usually fade", "more common on brown and black skin", "harder to see"],
    "acne-scars": ["95 in 100", "about 4 in 10 people improved by more than half", "A true scar stays"],
    "active-acne": [
        "a blocked pore, oil, bacteria and inflammation",
        "Your acne treatment does not: it goes on",
        "Pustules are sore spots that hold pus",
        "If you are under 18",
    ],
    "acne-scar-causes": ["If you are under 18"],
    "aftercare": ["We have no line of our own at night", "about a cold sore, skin that turns dark"],
    "before-you-decide": ["changed most, and deep pits least", "That is not a diagnosis"],
    "blue-light": ["14 trials", "Nothing is put on the skin first", "found none"],
    "chemical-peels": [
        *("up to 6 weeks", "your heart is watched throughout", "three depths"),
        *("It can improve narrow pits", "any heart or kidney problem"),
    ],
    "creams-and-sun-protection": [
        *("No cream fills a deep scar", "no comparison group", "run by its maker"),
        "Sun protection: every day, always",
    ],
    "dermabrasion": ["about 3 months", "sometimes the change is permanent"],
    "dermal-fillers": [
        *("77 in 100", "42 in 100", "blindness", "filler for looks to anybody under 18", "6 to 12 months"),
        "Serious risk: Rare: a blocked blood vessel",
    ],
    "ice-pick": ["deeper than it is wide", "darker or the scar wider"],
    "laser-resurfacing": ["60 people", "About 4 in 10", "About 3 in 10", "too few good studies"],
    "microdermabrasion": [
        "scratchy rather than painful",
        "30 to 40 minutes",
        "too shallow to rebuild a scar",
    ],
    "microneedling": ["is thought to", "58 studies", "aged 22 or over", "not a new idea", "tram-track"],
    "milia": ["keratin", "they leave no scar"],
    "prp-with-microneedling": ["platelets", "14 studies with 472 people", "HIV", "used once, for you only"],
    "privacy": ["Your health answers: Encrypted, except the kinds of scar or mark you tick"],
    "punch-techniques": [
        *("It trades one scar for a flatter one", "often from behind the ear", "per scar"),
        *("at least 4 to 5 millimetres apart", "We do not offer this form"),
    ],
    "raised-scars": [
        *("12 to 24 months", "grown beyond the edge", "thinner or paler"),
        *("Do not wait for a keloid", "Ask about first: Steroid injections"),
    ],
    "rolling": ["bands of scar tissue"],
    "safety-and-complaints": ["filler for looks to anybody under 18"],
    "skin-tone-and-treatment": ["Low to moderate risk: Light peels"],
    "urgent-help": ["Call 999 or 111, not us", "nobody may see it until Monday"],
}
# Shapes whose first topic is a laser, or may become one: their pages say what it can do to colour.
DIPS = ["ice-pick", "boxcar", "rolling"]
# What makes a new wound. Somebody who gets keloids hears of it on the page itself.
WOUNDS = [
    *("laser-resurfacing", "microneedling", "prp-with-microneedling", "chemical-peels"),
    *("microdermabrasion", "dermabrasion", "punch-techniques", "dermal-fillers"),
]


class Text(NamedTuple):
    slug: str
    values: dict[str, Any]
    body: str

    @property
    def headings(self) -> list[str]:
        return re.findall(r"^## (.+)$", self.body, re.MULTILINE)

    @property
    def words(self) -> str:
        """All that a reader sees of it, links without their addresses, on one line."""
        said = [
            str(self.values.get(name) or "") for name in ("title", "menu_title", "tell", "summary", "caption")
        ]
        said += [f"{label}: {fact}" for label, fact in self.values["at_a_glance"]]
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", "\n".join([*said, self.body]))
        return " ".join(text.split())


def read(path: Path) -> Text:
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    values = yaml.safe_load(front)
    return Text(values["slug"], values, body)


TEXTS = {path.stem: read(path) for path in sorted((FOLDER / "pages").glob("*.md"))}


def address(text: Text) -> str:
    return Page(kind=text.values["kind"], slug=text.slug).get_absolute_url()


@pytest.fixture(params=TEXTS.values(), ids=list(TEXTS))
def text(request: pytest.FixtureRequest) -> Text:
    found: Text = request.param
    return found


def myths(said: str) -> list[str]:
    """What is wrong in it, and what is true instead."""
    for sentence in REFUTED:
        said = said.replace(sentence, "")
    return [f"{pattern}: {true}" for pattern, true in MYTHS if re.search(pattern, said, re.IGNORECASE)]


def claims(said: str) -> list[str]:
    return [word for word in NEVER if re.search(rf"\b({word})\b", said, re.IGNORECASE)]


def money(said: str) -> list[str]:
    """Amounts of money. Prices are data with a date; a page that repeats one goes stale, or repeats somebody else's."""
    return re.findall(r"[£$€]\s?\d[\d,.]*|\d[\d,.]*\s?(?:pounds|dollars|euros)\b", said)


# --- headings ---------------------------------------------------------------------------------------------------------


def test_every_page_has_the_headings_of_its_kind_in_order(text: Text) -> None:
    if text.slug in OWN:
        assert text.headings == OWN[text.slug]
    elif text.values["kind"] == "concern":
        more = MORE.get(text.slug, set())
        assert [heading for heading in text.headings if heading not in more] == CONCERN
        assert more <= set(text.headings)
    elif text.values["kind"] == "treatment":
        assert text.headings == TREATMENT
    else:
        assert text.values["kind"] == "duty"


def test_concerns_and_treatments_show_the_matrix_where_they_promise_it(text: Text) -> None:
    kinds = {"concern": ["may-help", "does-not-help"], "treatment": ["matrix", "recovery"]}
    own = {"blue-light": [], "costs": ["prices", "plans"], "home": ["drawing"]}  # blue light is not offered
    slots = [part.content for part in markdown.parts(text.body) if part.kind == "slot"]
    assert slots == own.get(text.slug, kinds.get(text.values["kind"], []))
    assert markdown.unknown_slots(text.body) == []


# --- what every page carries ------------------------------------------------------------------------------------------


def test_every_page_says_who_checked_it_and_by_which_sources(text: Text) -> None:
    values = text.values
    assert values["sources"] and values["written_by"]
    assert len(values["sources"]) == len(set(values["sources"]))
    if text.slug in UNREAD:
        assert {"checked_by", "checked_on", "review_due"}.isdisjoint(values)
    else:
        assert values["checked_by"] and isinstance(values["checked_on"], date)
        assert values["checked_on"] < values["review_due"]


def test_a_summary_is_one_sentence_that_fits_a_search_result(text: Text) -> None:
    summary = text.values["summary"]
    assert summary.endswith(".") and len(summary) <= 180, len(summary)
    if text.slug != "home":  # its summary is the lead of the front door
        assert not re.search(r"[.!?] ", summary)


def test_every_drawing_exists_and_is_described(text: Text) -> None:
    assert drawings.exists(text.values["drawing"])
    assert text.values["kind"] == "duty" or len(text.values["drawing_alt"]) > 60


def test_no_two_pages_open_with_the_same_words() -> None:
    for name in ("title", "menu_title", "summary"):
        said = [text.values[name] for text in TEXTS.values()]
        assert len(said) == len(set(said)), name


# --- facts ------------------------------------------------------------------------------------------------------------


def test_no_page_repeats_a_myth_or_makes_a_claim(text: Text) -> None:
    assert myths(text.words) == []
    assert claims(text.words) == []
    assert money(text.words) == []


@pytest.mark.parametrize(
    "name", ["treatments.yaml", "suitability.csv", "faqs.yaml", "people.yaml", "concerns.yaml"]
)
def test_no_other_file_repeats_a_myth_or_makes_a_claim(name: str) -> None:
    said = (FOLDER / name).read_text(encoding="utf-8")
    assert myths(said) == []
    assert claims(said) == []
    assert money(said) == []


@pytest.mark.parametrize(
    ("said", "finds"),
    [
        ("Milia are spots filled with trapped oil.", myths),
        ("PRP is drawn from white blood cells.", myths),
        ("It improves newer scars.", myths),
        ("Professionals agree that laser is the best option.", claims),
        ("Several visits eliminate scars.", claims),
        ("It is painless.", claims),
        ("One visit is £180.", money),
        ("About $3,000 each.", money),
    ],
)
def test_the_watch_sees_what_it_is_for(said: str, finds: Any) -> None:
    assert finds(said)


@pytest.mark.parametrize("sentence", REFUTED)
def test_a_myth_is_named_only_where_a_page_refutes_it(sentence: str) -> None:
    assert sum(sentence in text.words for text in TEXTS.values()) == 1


@pytest.mark.parametrize("slug", KEPT)
def test_the_corrections_stay(slug: str) -> None:
    said = TEXTS[slug].words.lower()
    assert [words for words in KEPT[slug] if words.lower() not in said] == []


# --- safety -----------------------------------------------------------------------------------------------------------


def answers() -> dict[str, str]:
    """What the questions say, by slug, on one line each."""
    rows = yaml.safe_load((FOLDER / "faqs.yaml").read_text(encoding="utf-8"))
    return {row["slug"]: " ".join(row["answer"].split()) for row in rows}


RAW = {slug: text.body for slug, text in TEXTS.items()} | answers()
SAID = {slug: text.words for slug, text in TEXTS.items()} | answers()


def naming(word: str) -> list[str]:
    """The pages and answers that name it."""
    return [slug for slug, said in SAID.items() if word in said.lower()]


def pieces(slug: str) -> list[str]:
    """The parts of a page or answer that a reader may see alone: each fact at a glance, each part under a heading."""
    if slug not in TEXTS:
        return [SAID[slug]]
    text = TEXTS[slug]
    facts = [f"{label}: {fact}" for label, fact in text.values["at_a_glance"]]
    return [text.values["summary"], *facts, *re.split(r"^## ", text.body, flags=re.MULTILINE)]


PREGNANT = "i-am-pregnant-or-breastfeeding-can-i-come"
# "Do not stop it", however it is put. What stops a program or a request is not meant.
DO_NOT_STOP = re.compile(
    r"\b(?:do not|don't|never|must not|should not|keep from|without)\s+stop(?:ping)?\s+"
    r"(?:it\b(?! with)|them\b|taking\b|your\b|a medicine|(?:the )?(?:medicines?|tablets|capsules|isotretinoin)\b)",
    re.IGNORECASE,
)


def blocks(said: str) -> list[str]:
    """Paragraphs and lines of lists: what a reader takes in at once."""
    return [" ".join(block.split()) for block in re.split(r"\n\s*\n|\n(?=\s*(?:[-*]|\d+\.)\s)", said)]


def stops_without_exception(said: str) -> list[str]:
    """The blocks that say "do not stop it" and not what to do in pregnancy: a harm, facts 62 and 66."""
    return [
        block
        for block in blocks(said)
        if DO_NOT_STOP.search(block)
        and not re.search(r"isotretinoin and are pregnant, or think you may be, take no more\b", block)
    ]


@pytest.mark.parametrize("slug", [slug for slug in naming("isotretinoin") if slug != PREGNANT])
def test_who_names_isotretinoin_says_not_to_stop_it(slug: str) -> None:
    assert re.search(r"\b(do not|never) stop (it|a medicine)\b", SAID[slug], re.IGNORECASE)


@pytest.mark.parametrize("slug", sorted({*naming("isotretinoin"), PREGNANT}))
def test_and_the_one_exception_with_whom_to_call_and_when(slug: str) -> None:
    (exception,) = [block for block in blocks(RAW[slug]) if "take no more" in block]
    assert "if you take isotretinoin and are pregnant, or think you may be" in exception.lower()
    assert "today" in exception and "If nobody answers, call your GP or 111." in exception
    if slug in TEXTS:
        assert {"ISN", "UKT"} <= set(TEXTS[slug].values["sources"])


def test_trying_for_a_baby_means_a_month_without_capsules() -> None:
    assert "badly harm an unborn baby" in SAID["active-acne"]
    assert "wait for a month after the last capsule" in SAID["active-acne"]


SHIPPED = [
    path
    for folder in ("bookings", "clinic", "content", "static", "templates")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in {".py", ".html", ".txt", ".md", ".yaml", ".csv", ".js", ".json", ".svg"}
    and "migrations" not in path.parts
]


def test_nothing_that_ships_says_do_not_stop_it_without_the_exception() -> None:
    assert len(SHIPPED) > 300
    found = {
        str(path.relative_to(ROOT)): wrong
        for path in SHIPPED
        if (wrong := stops_without_exception(path.read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    "said",
    [
        "Do not stop it for a laser: ask the doctor who prescribed it.",
        "Never stop taking your tablets.",
        "- Never stop a medicine.\n- If you take isotretinoin and are pregnant, or think you may be, take no more.",
        "Carry on without stopping isotretinoin.",
    ],
)
def test_the_watch_over_medicines_sees_what_it_is_for(said: str) -> None:
    assert stops_without_exception(said)


def test_every_treatment_that_wounds_names_isotretinoin() -> None:
    assert set(WOUNDS) <= set(naming("isotretinoin"))


@pytest.mark.parametrize("slug", naming("mottled"))
def test_white_or_mottled_skin_is_an_alarm_after_a_filler_and_each_part_says_so(slug: str) -> None:
    alarms = [piece for piece in pieces(slug) if "mottled" in piece.lower()]
    assert alarms and [piece for piece in alarms if "after a filler" not in piece.lower()] == []


@pytest.mark.parametrize("slug", naming("retinoid"))
def test_who_names_retinoids_says_not_while_pregnant_or_trying(slug: str) -> None:
    assert re.search(r"if you are pregnant or trying", SAID[slug])
    assert re.search(r"breastfeeding", SAID[slug])


def test_the_row_of_creams_says_pregnant_or_trying() -> None:
    rows = yaml.safe_load((FOLDER / "treatments.yaml").read_text(encoding="utf-8"))
    assert "pregnant or trying" in next(row["main_risk"] for row in rows if row["code"] == "topical")


@pytest.mark.parametrize(
    "slug",
    [
        *("laser-resurfacing", "chemical-peels", "acne-marks", "skin-tone-and-treatment"),
        "is-it-safe-for-brown-or-black-skin",
    ],
)
def test_a_test_spot_is_for_skin_that_tans_easily_too(slug: str) -> None:
    promised = [
        sentence
        for sentence in re.split(r"(?<=[.?!]) ", SAID[slug])
        if re.search(r"\bsmall (test )?spot\b", sentence)
    ]
    assert promised and [sentence for sentence in promised if "tans easily" not in sentence] == []


@pytest.mark.parametrize("slug", DIPS)
def test_a_page_about_dips_says_what_the_stronger_laser_can_do_to_colour(slug: str) -> None:
    facts = dict(TEXTS[slug].values["at_a_glance"])
    assert "high" in facts["If your skin is brown or black, or tans easily"]
    assert "/articles/skin-tone-and-treatment/" in links(TEXTS[slug])


@pytest.mark.parametrize("slug", WOUNDS)
def test_every_treatment_that_wounds_names_keloids_and_medicines_that_thin_blood(slug: str) -> None:
    waits = next(piece for piece in pieces(slug) if piece.startswith("When we would not do it or would wait"))
    assert "keloid" in waits
    assert re.search(r"other raised scars|a clinician has to decide", waits)
    assert "blood thinners" in waits


@pytest.mark.parametrize("slug", ["punch-techniques", "deep-acne-scars"])
def test_nobody_who_gets_keloids_is_invited_to_a_punch(slug: str) -> None:
    assert re.search(r"If you get keloids, we do not suggest a punch", SAID[slug])


@pytest.mark.parametrize("slug", naming("77 in 100"))
def test_the_trial_of_a_filler_is_not_told_as_one_of_gels_that_wear_off(slug: str) -> None:
    told = next(piece for piece in pieces(slug) if "77 in 100" in piece)
    assert "permanent" in told and "little about gels that wear off" in told


def test_no_gap_from_the_trials_is_given_for_prp() -> None:
    assert not re.search(r"\b4 weeks", SAID["prp-with-microneedling"])
    rows = yaml.safe_load((FOLDER / "treatments.yaml").read_text(encoding="utf-8"))
    assert "weeks" not in next(row["sessions"] for row in rows if row["code"] == "microneedling-prp")


def test_one_page_alone_gives_the_share_of_people_with_scars() -> None:
    assert naming("95 in 100") == ["acne-scars"]


# --- prices and cookies -----------------------------------------------------------------------------------------------


def test_prices_are_none_of_those_in_the_notes() -> None:
    """The notes hold other people's prices, as indications only: here in minor units, as lowest and highest."""
    theirs = {
        *((200000, 400000), (100000, 250000), (20000, 70000), (15000, 30000), (6000, 10000)),
        *((150000, 200000), (300000, None), (5000, None), (50000, None)),
    }
    for row in yaml.safe_load((FOLDER / "treatments.yaml").read_text(encoding="utf-8")):
        assert (row["price_from"], row["price_to"]) not in theirs, row["code"]
        assert row["offered"] == (row["price_from"] is not None), row["code"]


def test_the_cookies_page_names_every_cookie() -> None:
    said = TEXTS["cookies"].words
    names = [settings.CLIENT_COOKIE_NAME, settings.DRAFT_COOKIE_NAME, "along", "csrf", "session"]
    names += [settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_NAME]
    assert [name for name in names if f"`{name}`" not in said] == []


# --- links ------------------------------------------------------------------------------------------------------------


def links(text: Text) -> list[str]:
    return re.findall(r"\]\((/[^)#?]*)", text.body)


def test_every_internal_link_is_a_page_of_ours(text: Text) -> None:
    known = {address(other) for other in TEXTS.values()} | PARTS_OF_OTHERS
    assert [link for link in links(text) if link not in known] == []


def test_every_page_leads_on_and_can_be_reached_from_another(text: Text) -> None:
    here = address(text)
    assert [link for link in links(text) if link != here], "a dead end"
    in_every_frame = {"/", "/concerns/", "/treatments/", "/consultations/", "/privacy/", "/urgent-help/"}
    elsewhere = {link for other in TEXTS.values() if other.slug != text.slug for link in links(other)}
    assert here in elsewhere | in_every_frame


# --- an order of asking -----------------------------------------------------------------------------------------------


# What a page calls a treatment when it says what to ask about first.
CALLED = {
    "punch": "Punch techniques",
    "tca-cross": "TCA CROSS",
    "laser-fractional-ablative": "Ablative fractional laser",
    "subcision": "Subcision",
    "steroid-injection": "Steroid injections",
    "topical": "creams",
}
# The best trial used a permanent filler (fact 102): the page does not put ours first, whatever the row says.
NOT_FIRST = {("rolling", "filler")}


def first() -> dict[str, str]:
    """By concern: what its page says to ask about first, without what it says of other skin."""
    said: dict[str, str] = {}
    for text in TEXTS.values():
        facts = [fact for label, fact in text.values["at_a_glance"] if label.startswith("Ask about first")]
        said |= {concern: " ".join(facts) for concern in text.values["concerns"] if facts}
    return said


def test_ask_about_first_names_what_the_matrix_puts_first_also_what_is_not_done_here() -> None:
    with (FOLDER / "suitability.csv").open(encoding="utf-8") as file:
        scores = {(row["concern"], row["treatment"]): row["score"] for row in csv.DictReader(file)}
    for concern, said in first().items():
        leading = {
            treatment
            for (row, treatment), score in scores.items()
            if row == concern and score == "3" and (row, treatment) not in NOT_FIRST
        }
        assert [code for code in leading if CALLED[code].lower() not in said.lower()] == [], concern
        named = {code for code, name in CALLED.items() if name.lower() in said.lower()}
        assert {code for code in named if scores[concern, code] == "0"} == set(), concern


@pytest.mark.parametrize("slug", DIPS)
def test_for_skin_that_marks_easily_no_dip_puts_the_stronger_laser_first(slug: str) -> None:
    """Rule 7 of the guide: every option of lower risk comes before every option of higher risk."""
    fact = dict(TEXTS[slug].values["at_a_glance"])["If your skin is brown or black, or tans easily"]
    gentle, strong = re.search(r"microneedling|punch", fact, re.IGNORECASE), fact.index("stronger laser")
    assert gentle and gentle.start() < strong and " too" not in fact
    answer = SAID["which-treatment-suits-ice-pick-boxcar-or-rolling-scars"]
    assert "before laser: its risk of colour change is lower" in answer


def test_the_order_forbids_nothing_and_experts_differ() -> None:
    said = SAID["skin-tone-and-treatment"]
    assert "an order in which to ask, and it forbids nothing" in said and "do not all agree" in said
    assert {"NAV", "SAL"} <= set(TEXTS["skin-tone-and-treatment"].values["sources"])
