"""The questions that people ask: all answered, all on /faqs/ under addresses of their own, and on the pages they fit."""

from __future__ import annotations

import re
from importlib import import_module
from xml.etree.ElementTree import Element

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from content.files import load
from content.models import FAQ, Page
from content.text import reading_age
from content.text.markdown import prose
from tests.content.html import only, parsed, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# The questions of the domain notes, each by words that its own question has and no other.
PROMISED = (
    *(
        "taken away",
        "Marks or scars",
        "ice pick, boxcar or rolling",
        "laser better",
        "PRP add",
        "creams work",
    ),
    *(
        "peel fix",
        "How many sessions",
        "How long until",
        "hurt",
        "off work",
        "brown or black",
        "active spots",
    ),
    *(
        "isotretinoin: how long",
        "pregnant or breastfeeding",
        "keloids or cold sores",
        "milia acne",
        "worse with age",
        "why per scar",
    ),
    *(
        "too old",
        "one laser session",
        "radiofrequency",
        "roller",
        "cellulite",
        "dissolved",
        "may be pregnant",
    ),
    *("Which creams", "lightening", "Blood thinners", "NHS pay"),
    *("consultation free", "send photos", "Who does", "goes wrong", "bring someone", "my information"),
)
# What no text of ours may claim or sell with. "Best" and the others as whole words, whatever they begin with.
CLAIMS = re.compile(
    r"\b(best|painless\w*|pain-free|no risk|risk-free|eliminat\w*|remov\w*|dramatic\w*|perfect\w*|flawless|transform\w*"
    r"|guarantee\w*|book now|limited|hurry|offer ends|say goodbye|miracle|100%|cure[sd]?|botox)\b",
    re.IGNORECASE,
)


def page(client: Client) -> Element:
    response = client.get("/faqs/")
    assert response.status_code == 200
    return parsed(response.content.decode())


def answer_at(tree: Element, slug: str) -> Element:
    """The fold whose inside has this id: what the browser opens for /faqs/#slug."""
    folds = (each for each in tree.iter("details") if each.find(f"div[@id='{slug}']") is not None)
    (found,) = folds
    return found


# --- what is shipped --------------------------------------------------------------------------------------------------


def test_the_36_questions_are_there_and_no_other(shipped: None) -> None:
    asked = list(FAQ.objects.values_list("question", flat=True))
    assert len(asked) == len(PROMISED) == 36
    for words_of_one in PROMISED:
        assert len([question for question in asked if words_of_one in question]) == 1, words_of_one


def test_every_answer_has_two_to_six_sentences_that_are_short(shipped: None) -> None:
    for faq in FAQ.objects.all():
        read = reading_age.measure(faq.answer)
        assert 2 <= read.sentences <= 6, faq
        assert all(len(part.split()) <= 25 for part in read.long_sentences), faq


def test_no_question_and_no_answer_claims_too_much(shipped: None) -> None:
    for faq in FAQ.objects.all():
        text = " ".join([faq.question, *prose(faq.answer)])
        assert not CLAIMS.search(text), (faq.question, CLAIMS.search(text))


@pytest.mark.parametrize(
    "text", ["The best laser.", "Scar removal", "There is no risk.", "It is painless", "Book now"]
)
def test_the_list_of_claims_finds_them(text: str) -> None:
    assert CLAIMS.search(text)


def test_every_concern_and_every_treatment_answers_at_least_two_questions(
    shipped: None, client: Client
) -> None:
    for shown in Page.objects.filter(kind__in=[Page.Kind.CONCERN, Page.Kind.TREATMENT]):
        tree = parsed(client.get(shown.get_absolute_url()).content.decode())
        assert len(tree.findall(".//details[@class='more']")) >= 2, shown.slug
        assert "/faqs/" in {
            a.get("href") for a in only(tree, "main").iter("a") if words(a) == "All questions"
        }


# --- the page ---------------------------------------------------------------------------------------------------------


def test_each_question_opens_under_its_own_address(shipped: None, client: Client) -> None:
    tree = page(client)
    for faq in FAQ.objects.all():
        fold = answer_at(tree, faq.slug)
        assert words(only(fold, "summary/h3")) == faq.question
        assert words(fold).count(prose(faq.answer)[0]) == 1, faq


def test_the_questions_stand_under_their_headings_in_order(shipped: None, client: Client) -> None:
    tree = page(client)
    headings = [words(h2) for h2 in only(tree, "main").iter("h2")]
    assert headings == [str(label) for label in FAQ.Group.labels]
    for section in tree.iter("section"):
        group = (section.get("aria-labelledby") or "").partition(".")[2]
        asked = [words(h3) for h3 in section.iter("h3")]
        assert asked == list(FAQ.objects.filter(group=group).values_list("question", flat=True))


def test_an_answer_leads_to_the_published_pages_that_show_it_and_to_no_other(
    shipped: None, client: Client
) -> None:
    def linked() -> set[str]:
        item = answer_at(page(client), "are-milia-acne")
        return {a.get("href") or "" for a in item.iter("a")}

    assert linked() == {"/concerns/milia/"}
    Page.objects.filter(slug="milia").update(is_published=False)
    assert linked() == set()


def test_every_question_leads_to_at_least_one_page(shipped: None, client: Client) -> None:
    tree = page(client)
    for faq in FAQ.objects.prefetch_related("pages"):
        linked = {a.get("href") for a in answer_at(tree, faq.slug).iter("a")}
        assert faq.pages.exists()
        assert {shown.get_absolute_url() for shown in faq.pages.all()} <= linked, faq


def test_the_page_costs_as_many_statements_with_twice_the_questions(shipped: None, client: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as counted:
            client.get("/faqs/")
        return len(counted)

    before = cost()
    for number in range(25):
        faq = FAQ.objects.create(
            slug=f"q-{number}", question=f"Question {number}?", answer="Yes.", group="scars"
        )
        faq.pages.set(Page.objects.all()[:5])
    assert cost() == before <= 8


def test_an_editor_may_write_words_above_the_questions(shipped: None, client: Client) -> None:
    text = {
        "title": "Ask us",
        "menu_title": "Questions",
        "summary": "What people ask.",
        "body": "Call if yours is missing.",
    }
    Page.objects.update_or_create(kind=Page.Kind.DUTY, slug="faqs", defaults=text)
    tree = page(client)
    assert words(only(tree, "h1")) == "Ask us"
    assert "Call if yours is missing." in words(only(tree, "main"))
    assert Page.objects.get(slug="faqs").get_absolute_url() == "/faqs/"


def test_the_call_to_ask_is_on_the_page(shipped: None, client: Client) -> None:
    links = {a.get("href") for a in only(page(client), "main").iter("a") if "btn" in (a.get("class") or "")}
    own = Page.objects.filter(kind=Page.Kind.DUTY, slug="faqs").first()
    assert links == {f"/consultations/request/?page={own.public_id}" if own else "/consultations/request/"}


# --- loading and moving up --------------------------------------------------------------------------------------------


def test_a_second_load_knows_a_question_by_its_address_or_its_words(shipped: None) -> None:
    FAQ.objects.filter(slug="are-milia-acne").update(question="Is this acne?", answer="No.")
    FAQ.objects.filter(slug="do-scar-creams-work").update(slug="creams")
    assert load.load()["questions"] == 0
    assert FAQ.objects.get(slug="are-milia-acne").answer == "No."


def test_questions_from_before_get_the_addresses_that_the_files_give_them(shipped: None) -> None:
    before = dict(FAQ.objects.values_list("question", "slug"))
    for number, faq in enumerate(FAQ.objects.all()):
        FAQ.objects.filter(pk=faq.pk).update(slug=f"old-{number}")
    import_module("content.migrations.0002_faq_address_and_group").make_slugs(apps, None)
    assert dict(FAQ.objects.values_list("question", "slug")) == before
