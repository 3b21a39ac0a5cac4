"""Before an editor changes or deletes something they see where it is used."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from content.models import FAQ, FormerSlug, Page, Person, Source, Suitability, Treatment, Version
from content.queries import usage
from tests.content.html import parsed, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def page(slug: str, **values: str) -> Page:
    return Page.objects.create(
        kind="article", slug=slug, title=slug, menu_title=slug.capitalize(), summary="-", **values
    )


def used(found: list[usage.Use]) -> dict[str, list[str]]:
    return {use.words: [str(row) for row in use.rows] for use in found}


def test_a_page_names_every_page_and_question_that_leads_to_it() -> None:
    sun = page("sun")
    FormerSlug.objects.create(kind="article", slug="sunlight", page=sun)
    page("straight", body="Read [more](/articles/sun/).")
    page("deep", body="- see\n  - [this part](/articles/sun/?a=b#how-much)\n")
    page("old", body="| a |\n| --- |\n| [cell](/articles/sunlight/) |")
    page(
        "away", body="/articles/sun/ is no link, `[nor](/articles/sun/)` this, nor [that](/articles/sunny/)."
    )
    FAQ.objects.create(slug="why", question="Why?", answer="[So](/articles/sun/)")
    FAQ.objects.create(slug="when", question="When?", answer="Noon").pages.add(sun)
    assert used(usage.of_page(sun)) == {
        "Pages that link to it": ["Deep", "Old", "Straight"],
        "Questions that link to it": ["Why?"],
        "Questions that it shows": ["When?"],
        "Former addresses that lead to it": ["Article: sunlight"],
    }
    assert usage.of_page(Page.objects.get(slug="away")) == []


def test_a_source_names_pages_treatments_and_cells(shipped: None) -> None:
    source = Source.objects.get(code="KHN")
    for page in Page.objects.filter(body__contains="KHN"):
        Page.objects.filter(pk=page.pk).update(body="No note.")
    found = {use.words: use.rows for use in usage.of_source(source)}
    assert set(found["Pages that name it"]) == set(Page.objects.filter(sources=source))
    assert set(found["Treatments that rest on it"]) == set(Treatment.objects.filter(sources=source))
    assert "Pages with a note on it" not in found
    milia = Page.objects.get(slug="milia")
    Page.objects.filter(pk=milia.pk).update(body="One. [^KHN] Two KHN.")
    assert {use.words: use.rows for use in usage.of_source(source)}["Pages with a note on it"] == (milia,)
    cells = Suitability.objects.filter(sources=source)
    assert set(found["Cells of the matrix that rest on it"]) == set(cells) != set()


def test_a_person_names_what_they_checked(shipped: None) -> None:
    imogen = Person.objects.get(slug="imogen-farrow")
    cell = Suitability.objects.all()[0]
    Suitability.objects.filter(pk=cell.pk).update(reviewed_by=imogen)
    found = {use.words: use.rows for use in usage.of_person(imogen)}
    assert len(found["Pages that they checked"]) == Page.objects.filter(checked_by=imogen).count() > 3
    assert found["Cells of the matrix that they reviewed"] == (cell,)
    assert usage.of_person(Person.objects.get(slug="ruth-calloway")) == []


def test_a_picture_names_the_pages_whose_text_shows_it() -> None:
    page("one", body="{{ picture room }}")
    page("two", body="{{ picture room-two }}\n\nroom")
    assert used(usage.of_picture("room")) == {"Pages that show it": ["One"]}


def test_statements_do_not_grow_with_the_content(
    shipped: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    milia, source = Page.objects.get(slug="milia"), Source.objects.get(code="KHN")
    imogen = Person.objects.get(slug="imogen-farrow")
    with django_assert_max_num_queries(4):
        used(usage.of_page(milia))
    with django_assert_max_num_queries(5):
        used(usage.of_source(source))
    with django_assert_max_num_queries(3):
        used(usage.of_person(imogen))


def ed(client: Client, *permissions: str) -> Client:
    """Signed in to the admin with these permissions and no other."""
    user = User.objects.create_user("ed", password="ed", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    return client


def form(client: Client, row: Source | Person) -> tuple[str, list[str]]:
    """The words of "Used by" on the row's form, and where its links lead."""
    url = reverse(f"admin:content_{row._meta.model_name}_change", args=[row.pk])
    tree = parsed(client.get(url).content.decode())
    box = next(element for element in tree.iter("fieldset") if "used" in (element.get("class") or "").split())
    return words(box), [link.get("href") or "" for link in box.iter("a")]


def test_the_form_of_a_source_lists_its_uses_with_links(shipped: None, client: Client) -> None:
    source = Source.objects.get(code="KHN")
    text, links = form(ed(client, "change_source", "view_page", "view_treatment", "view_suitability"), source)
    laser = Page.objects.get(slug="laser-resurfacing")
    assert "Used by" in text and laser.menu_title in text
    assert reverse("admin:content_page_change", args=[laser.pk]) in links
    assert all(client.get(link).status_code == 200 for link in links[:3] + links[-1:])


def test_anyone_who_may_not_open_a_page_gets_its_name_without_a_link(shipped: None, client: Client) -> None:
    imogen = Person.objects.get(slug="imogen-farrow")
    text, links = form(ed(client, "change_person"), imogen)
    assert "Our team" in text and links == []


def test_a_source_that_only_a_note_names_is_not_deleted(client: Client) -> None:
    source = Source.objects.create(code="NEW", title="A new one")
    url = reverse("admin:content_source_delete", args=[source.pk])
    ed(client, "view_source", "change_source", "delete_source")
    live = page("sun", body="Hot.[^NEW]")
    assert client.get(url).status_code == 403
    Page.objects.filter(pk=live.pk).update(body="Hot. `[^NEW]`")
    draft = Version.objects.create(
        page=live, number=1, data={"body": "Hot.[^NEW]"}, saved_by_name="Ed", saved_at=timezone.now()
    )
    assert used(usage.of_source(source)) == {"Drafts with a note on it": ["Sun"]}
    assert client.get(url).status_code == 403
    Version.objects.filter(pk=draft.pk).update(data={"body": "Hot."})
    assert client.get(url).status_code == 200


def test_what_nothing_uses_says_so(shipped: None, client: Client) -> None:
    new = Source.objects.create(code="NEW", title="A new one")
    assert "Nothing uses it." in form(ed(client, "change_source"), new)[0]
    response = client.get(reverse("admin:content_source_add"))
    assert response.status_code in (200, 403) and "used-heading" not in response.content.decode()
