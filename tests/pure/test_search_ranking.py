"""What comes first, and how a query is read. Pure: no database."""

from __future__ import annotations

from typing import Any

import pytest

from content.search import words
from content.search.index import Document, Index, Section, build

SYNONYMS = (
    ("pits", "ice pick scars"),
    ("derma roller", "microneedling"),
    ("vampire facial", "PRP with microneedling"),
    ("sunscreen", "creams and sun protection"),
    ("how much", "cost"),
    ("accutane", "isotretinoin"),
)


def document(title: str, summary: str = "", **more: Any) -> Document:
    sections = tuple(Section(*section) for section in more.pop("sections", ()))
    url = f"/{title.lower().replace(' ', '-')}/"
    return Document(url=url, kind="Concern", title=title, summary=summary, sections=sections, **more)


PAGES = (
    document(
        "Ice pick scars",
        "Narrow, deep pits in the skin.",
        sections=[
            ("Why it happens", "why", "Collagen is lost. Squeezing a spot makes a scar more likely."),
            ("What does not help", "no-help", "Creams do not reach it.\nNeither does microneedling alone."),
        ],
    ),
    document("Rolling scars", "Broad, soft dips.", sections=[("Will it fade?", "fade", "It stays.")]),
    document(
        "Microneedling",
        "Fine needles make tiny channels in the skin.",
        sections=[("Cost and how it is worked out", "cost", "You pay for each visit.")],
    ),
    document("PRP with microneedling", "Needling, and plasma from your own blood."),
    document("Creams and sun protection", "The first step for dark marks.", tell="A cream, every day"),
    document("Isotretinoin and waiting", "A strong medicine for acne."),
    document("Milia", "Tiny white bumps. The colour of the skin is grey or pale."),
)


@pytest.fixture(scope="module")
def index() -> Index:
    return build(PAGES, SYNONYMS)


def titles(index: Index, query: str) -> list[str]:
    return [hit.title for hit in index.find(query)]


def first(index: Index, query: str) -> str:
    return (titles(index, query) or ["nothing"])[0]


# --- Order ------------------------------------------------------------------------------------------------------------


def test_a_title_beats_a_summary_and_a_summary_beats_a_text() -> None:
    index = build(
        [
            document("One", sections=[("Heading", "a", "keloid")]),
            document("Two", "keloid", sections=[("Heading", "a", "other words")]),
            document("Keloid", sections=[("Heading", "a", "other words")]),
            document("Four", sections=[("Keloid", "b", "more")]),
        ],
        (),
    )
    assert titles(index, "keloid") == ["Keloid", "Two", "Four", "One"]


def test_a_rare_word_counts_more_than_a_common_one(index: Index) -> None:
    assert first(index, "rolling scars") == "Rolling scars"
    assert first(index, "scars collagen") == "Ice pick scars"


def test_a_page_that_answers_all_of_the_question_goes_first(index: Index) -> None:
    assert first(index, "microneedling plasma") == "PRP with microneedling"
    assert first(index, "microneedling visit") == "Microneedling"


def test_a_title_that_is_the_query_word_by_word_goes_first() -> None:
    index = build([document("Treatment"), document("Who does the treatment?"), document("Other")], ())
    assert first(index, "who does the treatment") == "Who does the treatment?"
    assert first(index, "treatment") == "Treatment"


def test_a_long_text_gains_nothing_by_its_length() -> None:
    short = document("Short", sections=[("A", "a", "The peel stings.")])
    long = document(
        "Long", sections=[("A", "a", "The peel stings. " + "Other things are said here too. " * 60)]
    )
    assert first(build([long, short], ()), "peel") == "Short"


def test_importance_decides_between_equals() -> None:
    equal = [document("A page", "peel", importance=0.5), document("B page", "peel")]
    assert titles(build(equal, ()), "peel") == ["B page", "A page"]


def test_a_passing_mention_is_noise_beside_the_page_itself() -> None:
    mention = document("Other", sections=[("A", "a", "Not a peel. " + "Something else is said here. " * 60)])
    index = build([document("Peel"), mention, document("Third", "x")], ())
    assert titles(index, "peel") == ["Peel"]


def test_half_of_what_a_synonym_means_is_worth_little() -> None:
    half = document("Rolling ball")
    whole = document("Page", sections=[("A", "a", "A rolling scar.")])
    assert first(build([half, whole, document("Third")], [("wavy", "rolling scars")]), "wavy") == "Page"


def test_no_more_than_the_limit(index: Index) -> None:
    many = build([document(f"Peel {number}", "peel") for number in range(40)], ())
    assert len(many.find("peel")) == 10
    assert len(many.find("peel", limit=3)) == 3


def test_the_same_query_always_gives_the_same_order(index: Index) -> None:
    assert titles(index, "skin scars") == titles(build(PAGES, SYNONYMS), "skin scars")


# --- Where a result leads ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "url", "section"),
    [
        ("ice pick scars", "/ice-pick-scars/", ""),
        ("ice pick squeezing", "/ice-pick-scars/#why", "Why it happens"),
        ("rolling scars fade", "/rolling-scars/#fade", "Will it fade?"),
        ("microneedling cost", "/microneedling/#cost", "Cost and how it is worked out"),
        ("microneedling how much", "/microneedling/#cost", "Cost and how it is worked out"),
        ("fine needles", "/microneedling/", ""),
    ],
)
def test_a_result_leads_to_the_section_that_answers(index: Index, query: str, url: str, section: str) -> None:
    hit = index.find(query)[0]
    assert (hit.url, hit.section) == (url, section)


def test_a_fact_of_the_panel_leads_to_the_panel() -> None:
    index = build(
        [document("Raised scars", "Firm bumps.", facts="Two kinds: one is a keloid"), document("Other")], ()
    )
    hit = index.find("keloid")[0]
    assert (hit.url, hit.section) == ("/raised-scars/#glance", "At a glance")


def test_a_page_is_listed_once(index: Index) -> None:
    urls = [hit.url.partition("#")[0] for hit in index.find("skin scars microneedling cost creams")]
    assert len(urls) == len(set(urls)) >= 3


# --- How a query is read ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "title"),
    [
        # endings, case, signs
        ("ROLLING  scar", "Rolling scars"),
        ("needle", "Microneedling"),
        ("ice-pick", "Ice pick scars"),
        ("What's a milia?!", "Milia"),
        # British and American
        ("gray", "Milia"),
        ("grey color", "Milia"),
        ("colour", "Milia"),
        # two words written as one, one written as two
        ("icepick", "Ice pick scars"),
        ("micro needling", "Microneedling"),
        ("dermaroller", "Microneedling"),
        # not finished yet
        ("micron", "Microneedling"),
        ("isotr", "Isotretinoin and waiting"),
        # typing errors
        ("microneedlling", "Microneedling"),
        ("rollng", "Rolling scars"),
        ("imlia", "Milia"),
        ("isotretinion", "Isotretinoin and waiting"),
        # what clients call it, even with a typing error, even in a sentence
        ("pits", "Ice pick scars"),
        ("pit", "Ice pick scars"),
        ("do i need a derma roller", "Microneedling"),
        ("vampire facial", "PRP with microneedling"),
        ("vampire", "PRP with microneedling"),
        ("vampyre facial", "PRP with microneedling"),
        ("acutane", "Isotretinoin and waiting"),
        ("sunscreens", "Creams and sun protection"),
    ],
)
def test_a_query_is_read_as_it_was_meant(index: Index, query: str, title: str) -> None:
    assert first(index, query) == title


@pytest.mark.parametrize(
    "query", ["", "   ", "?!", "xyzzyx", "12345", "pus", "dir", "bilia", "qq", "\x00", "’s", "🙂"]
)
def test_what_is_not_there_is_not_found(index: Index, query: str) -> None:
    """Short words must be right, and the first letter too: a wrong guess is worse than none."""
    assert index.find(query) == []


def test_a_query_of_small_words_only_keeps_them(index: Index) -> None:
    assert "Milia" in titles(index, "of the")


def test_only_the_last_word_may_be_unfinished(index: Index) -> None:
    assert first(index, "scars isotr") == "Isotretinoin and waiting"
    assert "Isotretinoin and waiting" not in titles(index, "isotr scars")


def test_a_synonym_goes_one_way_only(index: Index) -> None:
    index = build([document("Pits"), document("Ice pick scars")], [("pits", "ice pick scars")])
    assert set(titles(index, "pits")) == {"Pits", "Ice pick scars"}
    assert titles(index, "ice pick") == ["Ice pick scars"]


def test_a_phrase_may_mean_several_things() -> None:
    index = build(PAGES, [("dents", "ice pick scars"), ("dents", "rolling scars")])
    assert set(titles(index, "dents")) == {"Ice pick scars", "Rolling scars"}


def test_the_longest_phrase_wins() -> None:
    index = build(PAGES, [("sun", "milia"), ("sun spots", "rolling scars")])
    assert first(index, "sun spots") == "Rolling scars"


def test_a_synonym_that_names_a_page_leads_to_it_however_common_its_words_are() -> None:
    mentions = [
        document(f"Page {n}", "compare", sections=[("Treatments", "t", "treatments")]) for n in range(5)
    ]
    index = build([*mentions, document("Treatments")], [("compare", "treatments")])
    assert first(index, "compare") == "Treatments"


@pytest.mark.parametrize("pair", [("", "milia"), ("pits", ""), ("?", "!"), ("the", "of")])
def test_a_synonym_without_words_harms_nobody(pair: tuple[str, str]) -> None:
    assert first(build(PAGES, [pair]), "milia") == "Milia"


def test_a_correction_is_told_and_anything_else_is_not(index: Index) -> None:
    assert index.answer("isotretinion scars").corrected == "isotretinoin scars"
    for query in ("milia", "micron", "icepick", "micro needling", "pits", "Scars", ""):
        assert index.answer(query).corrected == "", query


def test_suggestions_are_queries_of_words_that_can_be_found(index: Index) -> None:
    suggested = index.suggestions("tell me about bilia")
    assert "tell me about milia" in suggested
    assert all(index.find(query) for query in suggested)
    assert index.suggestions("xyzzyx") == [] == index.suggestions("")


def test_an_empty_index_finds_nothing_and_breaks_nothing() -> None:
    empty = build((), SYNONYMS)
    assert (empty.find("pits"), empty.answer("pitss").corrected, empty.suggestions("pitss")) == ([], "", [])


def test_a_long_query_is_read_as_far_as_people_write(index: Index) -> None:
    assert first(index, "milia " + "word " * 5_000) == "Milia"
    assert index.find("word " * 60 + "milia") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("colour", "colors"),
        ("grey", "gray"),
        ("anaesthetic", "anesthetic"),
        ("moisturiser", "moisturizing"),
        ("oedema", "edema"),
        ("tumour", "tumor"),
        ("centre", "center"),
        ("scarring", "scars"),
        ("needles", "needling"),
        ("Zoë", "zoe"),
    ],
)
def test_two_spellings_are_one_word(one: str, other: str) -> None:
    stem = words.stemmer()
    assert words.stems(one, stem) == words.stems(other, stem)


def test_two_words_stay_two() -> None:
    stem = words.stemmer()
    for one, other in (
        ("hour", "horn"),
        ("four", "for"),
        ("course", "coarse"),
        ("scar", "scare"),
        ("pit", "pet"),
    ):
        assert stem(one) != stem(other), (one, other)
