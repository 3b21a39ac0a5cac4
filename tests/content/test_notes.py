"""Notes on sources: a number behind a sentence, and one list at the foot of the page."""

from __future__ import annotations

import pytest
from django.test import Client

from content.forms.faq import FAQForm
from content.matrix import citations, fits
from content.models import Cited, Page, Source
from tests.content.html import parsed, words
from tests.content.test_publishing_check import problems, says

NAMED, ROW, WHOLE = (Cited(code, code) for code in ("ZZ", "MM", "AA"))


def test_the_text_is_numbered_first_then_the_rows_it_prints_then_what_it_leans_on() -> None:
    helps, does_not = (
        fits.Fit(score, "", (), "", sources) for score, sources in ((2, (ROW, NAMED)), (0, (WHOLE,)))
    )
    text = "One.[^ZZ GONE] Two.[^ZZ]\n\n{{ may-help }}"
    shown = citations.printed([fits.Block("", (helps, does_not))], None, text)
    assert shown == [helps]
    assert citations.codes(citations.numbered(text, [WHOLE, NAMED], shown)) == ["ZZ", "MM", "AA"]


def test_an_unknown_code_is_refused_at_publishing_and_a_known_one_is_a_source() -> None:
    (problem,) = problems(**says("So it is.[^COC NHS]"))
    assert (problem.code, problem.field, problem.blocks, problem.excerpt) == (
        "note_unknown",
        "body",
        True,
        "[^NHS]",
    )
    assert problems(**says("So it is.[^COC, NHSA] And so on.[^COC]") | {"sources": ()}) == []


def test_a_heading_has_no_note_and_stands_in_no_quotation_or_list() -> None:
    noted = problems(**says("## Sun [^COC]\n\nSo it is.[^COC]"))
    assert [(one.code, one.blocks, one.excerpt.strip()) for one in noted] == [("heading_noted", True, "Sun")]
    for nested in ("> ## Sun", "- # Sun", "1. Sun\n   ---"):
        found = problems(**says(f"{nested}\n\nSo it is.[^COC]"))
        assert [(one.code, one.blocks, one.excerpt) for one in found] == [("heading_nested", True, "Sun")]
    assert problems(**says("> ### Sun\n\n## Sun\n\nSo it is.[^COC]")) == []


@pytest.mark.django_db
@pytest.mark.once
def test_a_page_lists_each_source_once_with_its_address_or_why_there_is_none(client: Client) -> None:
    page = Page.objects.create(kind="article", slug="sun", title="Sun", body="Hot.[^MM ZZ] Very.[^ZZ]")
    Source.objects.create(code="MM", title="A leaflet")
    page.sources.add(Source.objects.create(code="ZZ", title="A study", url="https://example.org/z"))
    tree = parsed(client.get("/articles/sun/").content.decode())
    (fold,) = (each for each in tree.iter("details") if each.get("class") == "more src")
    assert [(li.get("id"), words(li)) for li in fold.iter("li")] == [
        ("s1", "A leaflet. We know of no lasting public page to link to."),
        ("s2", "A study"),
    ]
    notes = [a.get("href") for a in tree.iter("a") if a.get("class") == "note"]
    assert notes == ["#s1", "#s2", "#s2"]


@pytest.mark.django_db
@pytest.mark.once
def test_an_answer_to_a_question_has_no_notes() -> None:
    form = FAQForm({"question": "Why?", "group": "scars", "answer": "So.[^NHSA]", "order": 0})
    assert "links" not in form.errors and "no notes" in str(form.errors["answer"])
