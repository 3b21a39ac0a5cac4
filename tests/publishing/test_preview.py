"""The page beside the form: what readers would get, under a policy of its own, and nothing is kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from content.admin import form_values as as_typed
from content.files import load
from content.models import ExamplePlan, Page, PageEvent, Suitability, Treatment, Version
from tests import factories as make
from tests.content.html import filled, parsed
from tests.publishing import desk, documents, facts
from tests.publishing.desk import html, words

pytestmark = pytest.mark.once


def rows() -> list[Any]:
    return [list(model._default_manager.values_list()) for model in (Page, Version, PageEvent)]


def show(client: Client, page: Page | None = None, **typed: Any) -> Any:
    form = desk.change(client, page) if page else {"kind": "article"}
    return client.post(desk.preview(), form | typed)


def test_it_shows_what_was_typed_in_our_own_styles(ed: Client) -> None:
    page = documents.live()
    response = show(ed, page, title="Hats", body="## Why\n\nWear a **cap**.")
    tree = parsed(html(response))
    assert [heading.text for heading in tree.iter("h1")] == ["Hats"]
    assert '<h2 id="why">Why</h2>' in html(response) and "site.css" in html(response)
    assert "<strong>cap</strong>" in html(response)


def test_nothing_is_kept(ed: Client) -> None:
    page = documents.live()
    form, before = desk.change(ed, page), rows()
    ed.post(desk.preview(), form | {"title": "Hats", "slug": "hats", "kind": "treatment"})
    ed.get(desk.preview())
    show(ed, None, title="Never saved")
    assert rows() == before
    assert "Sun and scars</h1>" in html(ed.get("/articles/sun/"))


def test_it_is_the_very_page_that_readers_get(ed: Client, django_assert_max_num_queries: Any) -> None:
    load.load()
    # Two of each kind: one view and one template serve a kind.
    pages = [page for kind in Page.Kind for page in Page.objects.filter(kind=kind)[:2]]
    for page in pages:
        # The head of the real page also has its card for other sites and its facts for machines.
        for_readers = html(ed.get(page.get_absolute_url())).partition("<body")[2]
        shown = html(show(ed, page)).partition("<body")[2]
        assert shown.split() == for_readers.split(), page.slug


def test_its_policy_lets_nothing_run_and_only_us_frame_it(ed: Client) -> None:
    page = documents.live()
    for response in (
        show(ed, page),
        ed.get(f"/admin/content/page/{page.pk}/preview/1/"),
        ed.get(desk.preview()),
    ):
        policy = dict(part.split(" ", 1) for part in response["Content-Security-Policy"].split("; "))
        assert policy == {
            "default-src": "'none'",
            "style-src": "'self'",
            "img-src": "'self'",
            "font-src": "'self'",
            "base-uri": "'none'",
            "form-action": "'none'",
            "frame-ancestors": "'self'",
            "sandbox": "allow-same-origin allow-popups allow-popups-to-escape-sandbox",
        }
        assert response["X-Frame-Options"] == "SAMEORIGIN"
        assert response["Cache-Control"] == "no-store"
        assert "<script" not in html(response)


def test_only_the_editor_may_hold_a_frame(ed: Client) -> None:
    page = documents.live()
    assert "frame-src 'self'" in ed.get(desk.page_of(page))["Content-Security-Policy"]
    for url in (desk.history(page), desk.due(), "/admin/content/page/", "/articles/sun/"):
        response = ed.get(url)
        assert "frame-src" not in response["Content-Security-Policy"], url
        assert response["X-Frame-Options"] == "DENY", url


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"body": "Here.\n\n{{ magic }}"}, "Body: Nothing prints at {{ magic }}"),
        ({"at_a_glance": "Depth"}, "At a glance: Line 1 should be two texts"),
        ({"title": ""}, "Title: This field is required."),
        ({"title": "x" * 200}, "Title: Use 160 characters or fewer"),
        ({"slug": "no slug!"}, "Slug: "),
        ({"kind": "moon"}, "Kind: Select a valid choice."),
        ({"order": "first"}, "Order: Enter a whole number."),
        ({"sources": ["nine"]}, "Sources: "),
    ],
)
def test_a_mistake_is_said_above_it_and_the_rest_is_shown(
    ed: Client, typed: dict[str, Any], told: str
) -> None:
    page = documents.live()
    response = show(ed, page, **({"summary": "New summary."} | typed))
    assert response.status_code == 200
    assert f"Not shown as typed. {told}" in words(response)
    assert "New summary." in words(response)


def test_an_address_that_is_taken_spoils_nothing(ed: Client) -> None:
    documents.live(slug="light", title="Light")
    page = documents.live()
    assert "Sun and scars" in words(show(ed, page, slug="light"))


@pytest.mark.parametrize("slug", ["admin", "concerns", "preview"])
def test_an_address_of_the_site_itself_is_not_asked(ed: Client, slug: str) -> None:
    page = documents.live()
    response = show(ed, page, kind="duty", slug=slug)
    assert response.status_code == 200
    assert "<h1>Sun and scars</h1>" in html(response)


def test_a_page_that_is_not_there_yet_has_one(ed: Client) -> None:
    assert "Brand new</h1>" in html(show(ed, title="Brand new", slug="new", menu_title="New"))
    assert "Press “Show preview”" in words(ed.get(desk.preview()))


def test_an_old_version_is_shown_as_it_was(ed: Client) -> None:
    page = documents.live()
    documents.saved(page, number=1, title="Hats")
    assert "Sun and scars</h1>" in html(ed.get(f"/admin/content/page/{page.pk}/preview/1/"))
    assert "Hats</h1>" in html(ed.get(f"/admin/content/page/{page.pk}/preview/2/"))
    for number in (0, 3, 10**30):
        assert ed.get(f"/admin/content/page/{page.pk}/preview/{number}/").status_code == 404


def test_the_form_needs_no_script_to_show_it(ed: Client) -> None:
    page = documents.live()
    text = html(ed.get(desk.page_of(page)))
    assert f'formaction="{desk.preview()}" formtarget="preview"' in text
    assert (
        f'<iframe name="preview" title="Preview of the page" src="/admin/content/page/{page.pk}/preview/1/">'
        in text
    )


@pytest.mark.parametrize("kind", [Page, Treatment, Suitability, ExamplePlan])
def test_what_is_shown_right_or_wrong_has_no_column_that_is_too_short(kind: type[Model]) -> None:
    """SQLite takes any length; on PostgreSQL the preview would be an error."""
    lengths = {field.name: getattr(field, "max_length", None) for field in kind._meta.get_fields()}
    assert [name for name in as_typed._LONG if lengths.get(name)] == []


def test_a_treatment_with_too_many_words_about_its_evidence_is_shown_with_those_before(
    monday: None,
) -> None:
    treatment = facts.treatment()
    documents.live(kind="treatment", slug="peels", treatments=("peel",))
    tess = Client()
    tess.force_login(make.staff("Tess Moss", "content.view_treatment", "content.change_treatment"))
    sent = filled(tess, reverse("admin:content_treatment_change", args=[treatment.pk]))
    url = reverse("admin:content_treatment_preview")
    response = tess.post(
        url, sent | {"page": str(treatment.pk), "evidence_words": "x" * 301, "main_risk": "Pale marks"}
    )
    assert response.status_code == 200
    assert "Use 300 characters or fewer" in words(response) and "Pale marks" in words(response)
