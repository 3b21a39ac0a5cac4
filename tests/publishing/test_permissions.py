"""Who may open and press what: editor, reviewer, both, reception, Eve, a stranger; every address, every button."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from bookings.roles import grants, table
from content.models import Page, Person
from content.publishing import states, verbs
from content.publishing.edit import Edit
from content.publishing.reviewer import REVIEW
from tests import factories as make
from tests.publishing import desk, documents

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PEOPLE = {
    "editor": ("Editors",),
    "reviewer": ("Reviewers",),
    "both": ("Editors", "Reviewers"),
    "reception": ("Front desk",),
    "eve": (),
}
EDITS, READS = {"editor", "both"}, {"editor", "reviewer", "both"}


@pytest.fixture
def beside(monday: None) -> Page:
    """A live page with a draft beside it."""
    grants.give(make.NOW)
    page = documents.live()
    documents.saved(page, number=1, title="Draft")
    return page


def browser(who: str) -> Client:
    user = User.objects.create_user(who, password="x", first_name=who, is_staff=True)
    user.groups.set(Group.objects.filter(name__in=PEOPLE[who]))
    Person.objects.create(slug=who, name=f"Dr {who}", role="Dermatologist", account=user)
    client = Client()
    client.force_login(user)
    return client


def addresses(page: Page) -> dict[str, set[str]]:
    """Every address of a page in the admin, with who may open it."""
    return {
        reverse("admin:content_page_changelist"): READS,
        reverse("admin:content_page_add"): EDITS,
        desk.page_of(page): READS,
        desk.history(page): READS,
        desk.compare(page): READS,
        desk.preview(): READS,
        reverse("admin:content_page_version", args=[page.pk, 1]): READS,
        desk.due(): READS,
        reverse("admin:content_page_delete", args=[page.pk]): set(),  # readers have had it
    }


@pytest.mark.parametrize("who", PEOPLE)
def test_who_opens_what(beside: Page, who: str) -> None:
    client = browser(who)
    for url, allowed in addresses(beside).items():
        assert (client.get(url).status_code == 200) is (who in allowed), url
        if who not in allowed:
            assert client.get(url).status_code == 403, url


def test_a_stranger_is_led_to_the_sign_in(beside: Page) -> None:
    for url in addresses(beside):
        for method in ("get", "post"):
            assert getattr(Client(), method)(url)["Location"].startswith("/admin/login/"), url


def seen(page: Page) -> str:
    """What the forms of its editor carry."""
    return states.of(page, make.LONDON).seen


BUTTONS: dict[str, tuple[set[str], dict[str, Any]]] = {
    "save": (EDITS, {"title": "Other", "menu_title": "Sun", "kind": "article", "slug": "sun", "order": "0"}),
    "publish": (EDITS, {}),
    "schedule": (EDITS, {"publish_at": "2027-01-01T09:00"}),
    "unschedule": (EDITS, {}),
    "unpublish": (EDITS, {}),
    "discard": (EDITS, {}),
    "restore": (EDITS, {"version": "1"}),
    "share": (READS, {}),
    "approve": ({"reviewer", "both"}, {}),
    "send_back": ({"reviewer", "both"}, {"word": "Say how long."}),
}


@pytest.mark.parametrize("do", BUTTONS)
def test_who_presses_what(beside: Page, do: str) -> None:
    allowed, sent = BUTTONS[do]
    if do == "unschedule":
        verbs.schedule(
            beside, Edit(documents.as_ed(), documents.NOW, 2), publish_at=documents.NOW + documents.DAY
        )
    form, before = {"do": do, "seen": seen(beside)} | sent, documents.told(beside)
    for who in PEOPLE:
        with make.undone():
            response = browser(who).post(desk.page_of(beside), form)
            status, told = (303, [*before, do]) if who in allowed else (403, before)
            assert response.status_code == status, f"{who}: {desk.words(response)}"
            assert documents.told(beside) == told, who


def test_what_a_reviewer_types_past_the_form_is_not_saved(beside: Page) -> None:
    client = browser("reviewer")
    response = client.post(desk.page_of(beside), {"do": "approve", "seen": seen(beside), "title": "Mine"})
    assert response.status_code == 303
    assert beside.versions.count() == 2
    assert beside.versions.get(number=2).approved_by == Person.objects.get(slug="reviewer")


def test_only_a_superuser_says_whose_account_a_person_is(beside: Page) -> None:
    client, rhea = browser("both"), documents.rhea()
    person = Person.objects.create(slug="ana", name="Dr Ana", role="Dermatologist")
    url = reverse("admin:content_person_change", args=[person.pk])
    sent = {"slug": "ana", "name": "Dr Ana", "role": "Nurse", "order": "0", "account": str(rhea.pk)}
    form = client.get(url)
    assert 'name="account"' not in desk.html(form)
    seen = desk.html(form).split('name="seen" value="')[1].split('"')[0]
    assert client.post(url, sent | {"seen": seen}).status_code == 302
    person.refresh_from_db()
    assert (person.role, person.account) == ("Nurse", None)


def test_roles_are_shipped() -> None:
    rights = {role.code: role.rights for role in table.ROLES}
    assert REVIEW in rights["reviewers"] and REVIEW not in rights["editors"]
    assert "content.publish_page" in rights["editors"]
    assert make.staff("Eve Nobody").has_perm(REVIEW) is False


def test_whoever_may_write_sees_what_they_write(beside: Page) -> None:
    client = Client()
    client.force_login(make.staff("Cy Wright", "content.change_page"))
    for url in (
        desk.page_of(beside),
        desk.preview(),
        reverse("admin:content_page_version", args=[beside.pk, 1]),
    ):
        assert client.get(url).status_code == 200, url
