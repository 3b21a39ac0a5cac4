"""Editors keep the pages in the admin, without JavaScript, and are stopped before a mistake shows."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.db.models import ManyToManyField
from django.forms import CharField, MultipleChoiceField
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from content.models import (
    FAQ,
    ClinicProfile,
    Concern,
    ExamplePlan,
    OpeningHours,
    Page,
    Person,
    Source,
    Suitability,
    Synonym,
    Treatment,
)
from content.publishing import verbs
from content.publishing.edit import Edit, Editor
from tests import factories as make
from tests.content.html import errors, filled, filled_from, parsed, parsed_loosely

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MODELS = (FAQ, ClinicProfile, Concern, ExamplePlan, Page, Person, Source, Suitability, Synonym, Treatment)


@pytest.fixture
def editor(client: Client) -> Client:
    """Somebody who may change everything of this app and nothing else."""
    user = User.objects.create_user("ed", password="ed", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="content"))
    client.force_login(user)
    return client


@pytest.mark.parametrize("model", MODELS)
def test_every_list_and_form_opens(shipped: None, editor: Client, model: Any) -> None:
    name = f"admin:content_{model._meta.model_name}"
    assert editor.get(reverse(f"{name}_changelist"), follow=True).status_code == 200
    row = model._default_manager.first()
    assert editor.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200
    if model is not ClinicProfile:
        assert editor.get(reverse(f"{name}_add")).status_code == 200


def test_no_form_needs_javascript() -> None:
    for model in MODELS:
        options = admin.site._registry[model]
        assert not options.autocomplete_fields and not options.raw_id_fields and not options.filter_horizontal
        assert not options.prepopulated_fields
        assert all(inline.extra >= 1 for inline in options.inlines)
        for field in model._meta.get_fields():
            if isinstance(field, ManyToManyField):
                widget = options.formfield_overrides[ManyToManyField]["widget"]
                assert widget().input_type == "checkbox"


def test_a_page_saved_unchanged_stays_as_it_was(shipped: None, editor: Client) -> None:
    page = Page.objects.get(slug="ice-pick")
    before = (
        page.title,
        page.body.split(),
        page.at_a_glance,
        page.checked_on,
        page.sources.count(),
        page.public_id,
    )
    url = reverse("admin:content_page_change", args=[page.pk])
    response = editor.post(url, filled(editor, url))
    assert response.status_code == 303, errors(response.content.decode())
    assert page.versions.count() == 1
    page.refresh_from_db()
    after = (
        page.title,
        page.body.split(),
        page.at_a_glance,
        page.checked_on,
        page.sources.count(),
        page.public_id,
    )
    assert after == before


def test_an_edit_shows_on_the_page_once_it_is_published(shipped: None, editor: Client) -> None:
    page = Page.objects.get(slug="ice-pick")
    url = reverse("admin:content_page_change", args=[page.pk])
    typed = {"title": "Pits", "at_a_glance": "Depth | Deep\n\nWidth | Narrow"}
    assert editor.post(url, filled(editor, url) | typed | {"do": "save"}).status_code == 303
    assert "Ice pick scars</h1>" in editor.get(page.get_absolute_url()).content.decode()
    assert "A reviewer must approve this version." in editor.get(url).content.decode()
    rhea = User.objects.get(username="ed")
    Person.objects.update(account=None)
    Person.objects.filter(slug="imogen-farrow").update(account=rhea)
    verbs.approve(page, Edit(Editor.staff(rhea), timezone.now(), 2))
    keys = re.findall(r'name="override" value="(\w+)"', editor.get(url).content.decode())
    ticked = {"override": keys, "reason": "Only a test of it."}
    assert editor.post(url, filled(editor, url) | ticked | {"do": "publish"}).status_code == 303
    html = editor.get(page.get_absolute_url()).content.decode()
    assert "<h1>Pits</h1>" in html and "<dt>Depth</dt><dd>Deep</dd>" in html and "<dt>Width</dt>" in html
    parsed(html)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"body": "Text\n\n{{ magic }}\n"}, "Nothing prints at {{ magic }}"),
        ({"drawing": "unicorn"}, "There is no drawing of that name"),
        ({"drawing_alt": ""}, "Say in words what the drawing shows"),
        ({"at_a_glance": "Depth | Deep\nWidth"}, "Line 2 should be two texts"),
        ({"slug": "rolling"}, "Another page of this kind has this address"),
        ({"kind": "hub"}, "There is one already"),
        ({"kind": "duty", "slug": "admin"}, "This address belongs to another part of the site"),
        ({"title": ""}, "This field is required"),
        ({"body": "x" * 60_001}, "Use 60000 characters or fewer"),
    ],
)
def test_a_mistake_is_named_before_readers_see_it(
    shipped: None, editor: Client, changes: dict[str, str], told: str
) -> None:
    page = Page.objects.get(slug="ice-pick")
    url = reverse("admin:content_page_change", args=[page.pk])
    response = editor.post(url, filled(editor, url) | changes)
    assert response.status_code == 200
    assert told in errors(response.content.decode())
    page.refresh_from_db()
    assert page.title == "Ice pick scars" and page.slug == "ice-pick"


def test_every_text_in_the_admin_is_cleaned_in_one_place(rf: RequestFactory) -> None:
    """Names, titles and labels of every form and table: a new admin without CleanWords is found here."""
    request = rf.get("/")
    request.user = User(is_superuser=True, is_active=True)
    loose = []
    for model, page in admin.site._registry.items():
        if not page.has_add_permission(request) and not page.has_change_permission(request):
            continue
        # Rows that are only read have no field to type into.
        beside = [
            rows.form
            for rows, inline in page.get_formsets_with_inlines(request)
            if inline.has_add_permission(request, None) or inline.has_change_permission(request)
        ]
        for form in (page.get_form(request), *beside):
            for name, field in form.base_fields.items():
                if type(field) in (CharField, MultipleChoiceField):
                    loose.append(f"{model.__name__}.{name}")
    # Passwords are nobody's to tidy, and a request has forms of its own (bookings/admin/forms.py).
    assert [name for name in loose if "password" not in name and "ConsultationRequest" not in name] == []


@pytest.mark.parametrize("title", ["\u200b", "\u3164", "\u2800", "—"])
def test_a_title_that_shows_nothing_is_refused(shipped: None, editor: Client, title: str) -> None:
    page = Page.objects.get(slug="ice-pick")
    url = reverse("admin:content_page_change", args=[page.pk])
    told = errors(editor.post(url, filled(editor, url) | {"title": title, "do": "save"}).content.decode())
    assert "Use letters or digits that people can see" in told or "This field is required" in told


def test_the_cells_of_a_concern_are_read_there_and_changed_by_themselves(
    shipped: None, editor: Client
) -> None:
    cell = Suitability.objects.filter(concern__code="milia").first()
    assert cell is not None
    url = reverse("admin:content_concern_change", args=[cell.concern_id])
    shown = editor.get(url).content.decode()
    assert reverse("admin:content_suitability_change", args=[cell.pk]) in shown
    sent = {"suitability-0-id": str(cell.pk), "suitability-0-score": "3", "suitability-0-reason": "New."}
    rows = {"suitability-TOTAL_FORMS": "1", "suitability-INITIAL_FORMS": "1"}
    assert editor.post(url, filled(editor, url) | rows | sent).status_code == 302
    assert not Suitability.objects.filter(reason="New.").exists()


def test_a_new_cell_can_wait_in_pregnancy(shipped: None, editor: Client) -> None:
    """Or what is known of a retinoid would be listed in pregnancy until somebody opened the cell again."""
    concern = make.concern(code="bumps")
    url = f"{reverse('admin:content_suitability_changelist')}?cell=bumps.topical"
    cell = {"score": "2", "waits_in_pregnancy": "on", "reason": "A retinoid.", "do": "save"}
    response = editor.post(url, filled(editor, url) | cell)
    assert response.status_code == 303, errors(response.content.decode())
    assert Suitability.objects.get(concern=concern).waits_in_pregnancy is True


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("microneedling", "microneedling"),
        ("", ""),
        ("gone", None),
        ("microneedling-prp", None),
        ("filler", None),
    ],
)
def test_what_only_adds_to_another_names_one_that_stands_by_itself(
    shipped: None, editor: Client, typed: str, kept: str | None
) -> None:
    """Or the guide would never name it. Neither itself nor what adds to something can be named."""
    Treatment.objects.filter(code="filler").update(adds_to="punch")
    row = Treatment.objects.get(code="microneedling-prp")
    url = f"/admin/content/treatment/{row.pk}/change/"
    response = editor.post(
        url, filled(editor, url) | {"adds_to": typed, "hold_in_pregnancy": "retinol,  arbutin"}
    )
    newest = row.versions.first()
    if kept is None:
        assert response.status_code == 200 and "stands by itself" in response.content.decode()
        assert newest is None
    else:
        assert response.status_code == 303 and newest is not None
        assert (newest.data["adds_to"], newest.data["hold_in_pregnancy"]) == (kept, "retinol arbutin")
    row.refresh_from_db()
    assert row.adds_to == "microneedling"


def test_every_cell_of_a_table_says_its_column_and_row(shipped: None, editor: Client) -> None:
    tree = parsed_loosely(
        editor.get(reverse("admin:content_clinicprofile_change", args=[1])).content.decode()
    )
    named = {
        e.get("name"): e.get("aria-label")
        for e in tree.iter()
        if (e.get("name") or "").startswith("opening_hours-")
    }
    assert named["opening_hours-0-weekday"] == "Weekday, row 1"
    assert named["opening_hours-3-weekday"] == "Weekday, row 4"
    assert named["opening_hours-3-closes"] == "Closes, row 4"


def test_the_clinic_opens_as_one_form_and_cannot_be_deleted(shipped: None, editor: Client) -> None:
    response = editor.get(reverse("admin:content_clinicprofile_changelist"))
    url = reverse("admin:content_clinicprofile_change", args=[1])
    assert response.status_code == 302 and response["Location"] == url
    assert editor.get(reverse("admin:content_clinicprofile_add")).status_code == 403
    assert (
        editor.post(reverse("admin:content_clinicprofile_delete", args=[1]), {"post": "yes"}).status_code
        == 403
    )


def test_a_new_clinic_is_made_from_the_same_door(editor: Client) -> None:
    ClinicProfile.objects.all().delete()
    response = editor.get(reverse("admin:content_clinicprofile_changelist"))
    url = reverse("admin:content_clinicprofile_add")
    assert response["Location"] == url
    row = {
        "opening_hours-0-weekday": "0",
        "opening_hours-0-opens": "09:00",
        "opening_hours-0-closes": "17:00",
    }
    response = editor.post(url, filled(editor, url) | {"name": "Larch"} | row)
    assert response.status_code == 302, errors(response.content.decode())
    assert ClinicProfile.current().opening_lines == ["Monday, 9am to 5pm"]


def test_the_clinic_keeps_its_hours_when_saved(shipped: None, editor: Client) -> None:
    url = reverse("admin:content_clinicprofile_change", args=[1])
    response = editor.post(url, filled(editor, url) | {"phone": "01632 960999"})
    assert response.status_code == 302, errors(response.content.decode())
    assert OpeningHours.objects.count() == 5
    assert "01632 960999" in editor.get("/").content.decode()


def test_anyone_who_checked_a_page_cannot_be_deleted(shipped: None, editor: Client) -> None:
    person = Person.objects.get(slug="imogen-farrow")
    editor.post(reverse("admin:content_person_delete", args=[person.pk]), {"post": "yes"})
    assert Person.objects.filter(pk=person.pk).exists()


def test_eve_sees_nothing_of_it(shipped: None, client: Client) -> None:
    client.force_login(User.objects.create_user("eve", password="eve", is_staff=True))
    for model in MODELS:
        assert client.get(reverse(f"admin:content_{model._meta.model_name}_changelist")).status_code == 403


def test_a_page_that_somebody_else_has_saved_is_not_saved_over(shipped: None, editor: Client) -> None:
    page = Page.objects.get(slug="ice-pick")
    url = reverse("admin:content_page_change", args=[page.pk])
    first, second = filled(editor, url), filled(editor, url)
    assert editor.post(url, first | {"title": "Pits"}).status_code == 303
    response = editor.post(url, second | {"summary": "Small deep marks."})
    assert response.status_code == 200
    told = errors(response.content.decode())
    assert "ed saved version 2 just now. Nothing of yours is saved" in told
    assert "[taken out: Ice pick scars] [put in: Pits]" in told
    assert "Small deep marks.</textarea>" in response.content.decode()
    assert [version.data["title"] for version in page.versions.all()] == ["Pits", "Ice pick scars"]
    # Knowing that, they may put theirs on top: nothing is lost, because every version is kept.
    again = filled_from(response) | {"summary": "Small deep marks."}
    assert editor.post(url, again).status_code == 303
    assert page.versions.count() == 3


def test_a_row_beside_it_counts_as_the_same_form(shipped: None, editor: Client) -> None:
    url = reverse("admin:content_clinicprofile_change", args=[1])
    first, second = filled(editor, url), filled(editor, url)
    assert editor.post(url, first | {"opening_hours-0-closes": "16:00"}).status_code == 302
    response = editor.post(url, second | {"opening_hours-1-closes": "15:00"})
    assert "Somebody changed this" in errors(response.content.decode())
    assert not OpeningHours.objects.filter(closes="15:00").exists()


@pytest.mark.parametrize("model", MODELS)
def test_every_form_knows_what_it_replaces(shipped: None, editor: Client, model: Any) -> None:
    row = model._default_manager.first()
    url = reverse(f"admin:content_{model._meta.model_name}_change", args=[row.pk])
    assert 'name="seen"' in editor.get(url).content.decode()


def test_an_editor_adds_a_search_word_and_the_next_search_knows_it(editor: Client) -> None:
    Page.objects.create(
        kind=Page.Kind.ARTICLE, slug="wibble", title="Wibble", menu_title="Wibble", summary="About it."
    )
    assert "/articles/wibble/" not in editor.get("/search/?q=thingummy").content.decode()
    url = reverse("admin:content_synonym_add")
    response = editor.post(url, filled(editor, url) | {"phrase": "thingummy bob", "means": "wibble"})
    assert response.status_code == 302
    assert "/articles/wibble/" in editor.get("/search/?q=thingummy+bob").content.decode()


@pytest.mark.parametrize(
    ("phrase", "means", "problem"),
    [
        ("??", "wibble", "Use letters or digits that people can see."),
        ("thingummy", "...", "Use letters or digits that people can see."),
        ("gronk", "wibble", "This pair is there already."),
        ("x" * 61, "wibble", "Use 60 characters or fewer"),
        ("thing\x00ummy", "wibble", "400"),
    ],
)
def test_a_search_word_that_could_never_be_met_is_refused(
    editor: Client, phrase: str, means: str, problem: str
) -> None:
    Synonym.objects.create(phrase="gronk", means="wibble")
    before = Synonym.objects.count()
    url = reverse("admin:content_synonym_add")
    response = editor.post(url, filled(editor, url) | {"phrase": phrase, "means": means})
    assert problem in (errors(response.content.decode()) or str(response.status_code))
    assert Synonym.objects.count() == before


@pytest.mark.parametrize("model", [Treatment, Suitability, ExamplePlan])
def test_a_shipped_row_saved_unchanged_is_no_draft(shipped: None, editor: Client, model: Any) -> None:
    """Or a price could not go live without a reviewer: the form would have changed a fact by itself."""
    for row in model._default_manager.order_by("pk")[:2]:
        url = reverse(f"admin:content_{model._meta.model_name}_change", args=[row.pk])
        assert editor.post(url, filled(editor, url) | {"do": "save"}).status_code == 303
        assert row.versions.count() <= 1
