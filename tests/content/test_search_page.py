"""/search/: results, help when there are none, and no trace of what somebody typed."""

from __future__ import annotations

import io
import logging
import re
from html import escape
from urllib.parse import quote

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from clinic.logs import PrivateFilter
from content.models import FAQ, Page, Person, Synonym
from content.search import cached_index
from content.search.medicines import PRESCRIPTION_ONLY
from tests.content.html import only, parsed, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HOSTILE = "<script>alert('keloid')</script> & <b onclick=\"x\">{{ clinic }}</b>"


def page(client: Client, query: str | None = None) -> str:
    response = client.get("/search/", {} if query is None else {"q": query})
    assert response.status_code == 200
    html: str = response.content.decode()
    parsed(html)
    return html


def found(html: str) -> list[str]:
    """The addresses of the results, in their order."""
    return [link.get("href") or "" for link in parsed(html).iterfind(".//ol/li/h3/a")]


# --- What it shows ----------------------------------------------------------------------------------------------------


def test_results_lead_to_the_place_with_the_words_marked(shipped: None, client: Client) -> None:
    html = page(client, "ice pick squeezing")
    assert found(html)[0] == "/concerns/ice-pick/#why-it-happens"
    first = parsed(html).find(".//ol/li")
    assert first is not None
    assert "Concern" in words(first) and "Narrow, deep pits" in words(first)
    assert words(only(first, "mark")) == "Squeezing"


def test_every_result_of_the_shipped_content_leads_to_an_id_that_is_there(
    shipped: None, client: Client
) -> None:
    queries = (
        "scar treatment",
        "risk colour brown black skin",
        "cost visit",
        "pain numbing",
        "fade months",
        "sun",
    )
    urls = {url for query in queries for url in found(page(client, query))}
    assert len(urls) > 15
    ids: dict[str, set[str | None]] = {}  # by page: each is asked for once
    for url in sorted(urls):
        path, _, anchor = url.partition("#")
        if path not in ids:
            response = client.get(path)
            assert response.status_code == 200, url
            ids[path] = {element.get("id") for element in parsed(response.content.decode()).iter()}
        assert not anchor or anchor in ids[path], url


def test_a_corrected_query_says_how_it_was_read(shipped: None, client: Client) -> None:
    html = page(client, "keliod")
    assert "We read this as <strong>keloid</strong>" in html
    assert found(html)[0].startswith("/concerns/raised-scars/")
    assert "We read this as" not in page(client, "keloid")


def test_nothing_typed_shows_a_field_and_where_to_begin(shipped: None, client: Client) -> None:
    for html in (page(client), page(client, ""), page(client, "   ")):
        tree = parsed(html)
        field = only(tree, "input")
        assert (field.get("name"), field.get("type"), field.get("maxlength")) == ("q", "search", "300")
        popular = [link.get("href") or "" for link in tree.iterfind(".//ul[@class='jump']/li/a")]
        assert len(popular) >= 5
        assert all(found(client.get(address).content.decode()) for address in popular)


def test_nothing_found_helps_on(shipped: None, client: Client) -> None:
    html = page(client, "bilia")
    tree = parsed(html)
    links = {link.get("href") for link in tree.iter("a")}
    assert found(html) == []
    assert "/search/?q=milia" in links
    assert {
        "/consultations/request/",
        "/urgent-help/",
        "/guide/",
        "tel:01632960001",
        "/concerns/ice-pick/",
    } <= links
    assert "We found nothing for" in html


def test_the_field_is_on_the_page_for_what_was_not_found(client: Client) -> None:
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    form = only(parsed(response.content.decode()), "form")
    assert (form.get("action"), form.get("method")) == ("/search/", None)
    assert only(form, "input").get("name") == "q"


def test_every_page_leads_to_the_search(shipped: None, client: Client) -> None:
    for path in ("/", "/concerns/", "/concerns/ice-pick/", "/treatments/", "/privacy/", "/search/"):
        links = [
            link.get("href") for link in parsed(client.get(path).content.decode()).iterfind(".//header/a")
        ]
        assert "/search/" in links, path


# --- What cannot be found ---------------------------------------------------------------------------------------------


def test_what_is_not_published_is_never_found(shipped: None, client: Client) -> None:
    assert found(page(client, "milia"))[0] == "/concerns/milia/"
    Page.objects.filter(slug="milia").update(is_published=False)
    urls = found(page(client, "milia")) + found(page(client, "tiny white bumps"))
    assert urls and not any(url.startswith("/concerns/milia/") for url in urls)


def test_a_question_leads_to_its_answer(shipped: None, client: Client) -> None:
    question = FAQ.objects.get(slug="are-milia-acne")
    assert f"/faqs/#{question.slug}" in found(page(client, question.question))


# --- Bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", [HOSTILE, f"keloid {HOSTILE}", "'\"><img src=x onerror=x>", "{% debug %}"])
def test_a_hostile_query_is_printed_as_text(shipped: None, client: Client, query: str) -> None:
    html = page(client, query)
    tree = parsed(html)
    assert only(tree, "input").get("value") == query
    assert f'value="{escape(query)}"' in html
    assert (
        not list(tree.iter("script")) and not list(tree.iter("b")) and tree.find(".//img[@src='x']") is None
    )


def test_hostile_content_is_printed_as_text(db: None, client: Client) -> None:
    Page.objects.create(
        kind=Page.Kind.ARTICLE,
        slug="hostile",
        title=f"Wibble {HOSTILE}",
        menu_title="Wibble",
        tell=HOSTILE,
        summary=f"Wibble {HOSTILE}",
        body=f"## Wobble {HOSTILE}\n\nWubble {HOSTILE} <mark>wubble</mark>",
        at_a_glance=[["Wabble", HOSTILE]],
    )
    Synonym.objects.create(phrase="<i>wobbel</i>", means="<i>wobble</i>")
    for query in ("wibble", "wobble", "wubble", "wabble", "script", "wobbel"):
        html = page(client, query)
        tree = parsed(html)
        assert len(found(html)) == 1, query
        assert not list(tree.iter("script")) and not list(tree.iter("b")) and 'onclick="' not in html
        assert all(word.isalnum() for mark in tree.iter("mark") for word in words(mark).split()), query
    assert [words(mark) for mark in parsed(page(client, "wubble")).iter("mark")] == ["Wubble", "wubble"]


def test_a_line_break_in_a_search_parts_its_words(shipped: None, client: Client) -> None:
    pasted, typed = page(client, "ice pick\nscars"), page(client, "ice pick scars")
    assert only(parsed(pasted), "input").get("value") == "ice pick scars"
    assert found(pasted) == found(typed) != []


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("keloid\x07", "This holds a character that we cannot keep"),
        ("keloid\x07go", "This holds a character that we cannot keep"),
    ],
)
def test_what_cannot_be_read_is_said_beside_the_field(
    shipped: None, client: Client, query: str, problem: str
) -> None:
    html = page(client, query)
    tree = parsed(html)
    assert problem in words(tree)
    field = only(tree, "input")
    assert field.get("value") == query.replace("\x07", "").replace("\n", "")
    assert field.get("aria-describedby") == "q-problem" and field.get("aria-invalid") == "true"
    assert tree.find(".//*[@id='q-problem']") is not None
    assert words(only(tree, "title")).startswith("Error: ")
    assert found(html) == []


def test_a_long_question_is_cut_and_not_refused(shipped: None, client: Client) -> None:
    sentence = "I had bad spots as a teenager and now there are ice pick scars on both of my cheeks, "
    html = page(client, sentence * 4)
    assert "We read the first 300 letters" in html and found(html)[0].startswith("/concerns/ice-pick/")
    assert only(parsed(html), "input").get("value") == (sentence * 4)[:300].rpartition(" ")[0].strip()
    assert "We read the first" not in page(client, (sentence * 4)[:300])
    assert "We found nothing" in page(client, "a" * 1_000_000)


def test_words_of_alarm_bring_help_first_and_no_pun(shipped: None, client: Client) -> None:
    for query in (
        "dead skin",
        "hives",
        "eye after filler",
        "ugly",
        "bdd",
        "i feel so ugly",
        "necrosis",
    ):
        html = page(client, query)
        assert found(html)[0].startswith("/urgent-help/"), query
        assert "We read this as" not in html and "Did you mean" not in html, query
        numbers = [link.get("href") for link in parsed(html).iterfind(".//main//a[@class='tel']")]
        # Whom to talk to is named where somebody may not go on, and only there.
        talk = ["tel:116123"] if query in ("ugly", "bdd", "i feel so ugly") else []
        assert numbers == ["tel:999", "tel:111", *talk], query
        assert parsed(html).find(".//nav[@class='bar']") is None, "nobody in fear is asked for a request"
    assert parsed(page(client, "keloid")).find(".//nav[@class='bar']") is not None


def test_an_alarm_after_a_filler_says_in_one_line_what_it_is_about(shipped: None, client: Client) -> None:
    sight, other = (
        "Trouble seeing after a filler is an emergency: call 999 now.",
        "may be a blocked blood vessel",
    )
    for query in ("cant see after filler", "blind after filler", "eye pain after filler"):
        html = page(client, query)
        assert sight in html, query
        assert [url.partition("#")[0] for url in found(html)[:2]] == [
            "/urgent-help/",
            "/articles/aftercare/",
        ], query
    html = page(client, "skin turning white after filler")
    assert other in html and sight not in html
    for query in ("dead skin", "filler cost", "want to die"):
        html = page(client, query)
        assert sight not in html and other not in html, query


def test_no_result_shows_the_row_of_a_table_of_many_columns(shipped: None, client: Client) -> None:
    html = page(client, "cant see after filler")
    assert "Punch: Laser" not in words(only(parsed(html), "main"))
    assert "\t" not in words(only(parsed(html), "main"))


def test_what_people_need_of_a_clinic_is_told_from_its_profile(shipped: None, client: Client) -> None:
    for query in ("opening times", "is there parking nearby", "are you open on saturdays", "phone number"):
        text = words(only(parsed(page(client, query)), "main"))
        assert "4 Alder Row" in text and "Thursday" in text and "01632 960001" in text, query
    assert 'id="reach"' not in page(client, "throbbing hours after filler")


def test_spanish_finds_the_page_and_is_told_so(shipped: None, client: Client) -> None:
    html = page(client, "cicatrices de acné")
    assert found(html)[0].startswith("/concerns/")
    assert 'We read “<span lang="es">cicatrices de acné</span>” as <strong>acne scars</strong>' in html
    assert "Nuestras páginas" not in page(client, "acne laser")


def test_a_medicine_on_prescription_is_found_and_never_offered(shipped: None, client: Client) -> None:
    assert found(page(client, "isotretinoin"))
    assert not PRESCRIPTION_ONLY & {
        word
        for query in ("isotretino", "xtretinoin", "adapalane")
        for text in cached_index.index().suggestions(query)
        for word in text.split()
    }
    offered = {
        phrase for phrase, means in Synonym.objects.values_list("phrase", "means") if means != "isotretinoin"
    }
    assert not PRESCRIPTION_ONLY & {word for phrase in offered for word in phrase.split()}
    for path in ("/", "/costs/"):  # with what their rows and tables say
        text = words(only(parsed(client.get(path).content.decode()), "main")).lower()
        assert not PRESCRIPTION_ONLY & set(re.findall("[a-z]+", text)), path


@pytest.mark.parametrize("address", ["/search/?q=%00", "/search/?q=keloid%00", "/search/?q=%ff"])
def test_what_is_no_text_is_refused_at_the_door(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 400
    assert "<h1>" in response.content.decode()


def test_odd_requests_break_nothing(shipped: None, client: Client) -> None:
    assert found(client.get("/search/?q=acne&q=milia").content.decode())[0] == "/concerns/milia/"
    assert client.get("/search/?q[]=1&x=2").status_code == 200
    assert client.head("/search/?q=milia").status_code == 200
    assert client.post("/search/", {"q": "milia"}).status_code == 405
    for query in ("🙂", "٣", "ﷺ" * 50, "\u202egnihcton", "a\u0301" * 40, "-" * 100, "x " * 50):
        page(client, query)


# --- What stays private -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/search/", "/search/?q=keloid", "/search/?q=xyzzyx", "/search/?q=%00"])
def test_nobody_keeps_or_lists_the_answer(shipped: None, client: Client, address: str) -> None:
    response = client.get(address)
    assert response.headers["Cache-Control"] == "no-store"
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


def test_the_page_sends_its_words_to_nobody(shipped: None, client: Client) -> None:
    response = client.get("/search/", {"q": "keloid"})
    assert response.headers["Referrer-Policy"] == "no-referrer"
    html = response.content.decode()
    assert "keloid" not in words(only(parsed(html), "title"))
    assert 'name="robots" content="noindex"' in html


def test_words_that_were_searched_for_reach_no_log(shipped: None, client: Client) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(PrivateFilter())
    handler.setLevel(logging.DEBUG)
    root = logging.getLogger()
    loggers = [root, *(logging.getLogger(name) for name in ("django.request", "django.server", "content"))]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        for address in ("/search/?q=wibblekeloid", "/search/?q=wibblekeloid%00", "/search?q=wibblekeloid"):
            client.get(address)
        client.post("/search/?q=wibblekeloid")
        root.warning("Something about %s", "/search/?q=" + quote("wibblekeloid is bad"))
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
    written = stream.getvalue()
    assert "/search/" in written
    assert "wibble" not in written


# --- What it costs ----------------------------------------------------------------------------------------------------


def test_a_search_takes_four_statements_whatever_it_finds(
    shipped: None, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cached_index.index()
    for query in ("scar", "ice pick scars that will not fade", "micron"):
        with django_assert_num_queries(4):  # the stamp, the clinic, its hours, the footer
            client.get("/search/", {"q": query})
    with django_assert_num_queries(5):  # and the tiles
        client.get("/search/", {"q": "xyzzyx"})
    with django_assert_num_queries(3):  # no stamp
        client.get("/search/")


def test_people_are_found(shipped: None, client: Client) -> None:
    person = Person.objects.earliest("order")
    assert found(page(client, person.name))[0] == f"/team/#person-{person.slug}"
