"""Editors keep the questions: addresses are made, mistakes are named, old questions get addresses too."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from content.models import FAQ
from tests.content.html import parsed, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def ed(client: Client) -> Client:
    """Ed edits."""
    user = User.objects.create_user("ed", password="ed", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="content"))
    client.force_login(user)
    return client


def asked(client: Client, **override: str) -> list[str]:
    """Add a question in the admin; the messages of the form if it is refused."""
    typed = {"question": "Can I swim?", "answer": "Ask us.", "slug": "", "group": "having", "order": "0"}
    response = client.post(reverse("admin:content_faq_add"), typed | override)
    if response.status_code == 302:
        return []
    return [
        words(item) for item in parsed(response.content.decode()).iterfind(".//ul[@class='errorlist']/li")
    ]


def test_ed_adds_a_question_and_its_address_is_made_from_it(ed: Client) -> None:
    assert asked(ed) == []
    assert FAQ.objects.get().get_absolute_url() == "/faqs/#can-i-swim"
    ids = [e.get("id") for e in parsed(ed.get("/faqs/").content.decode()).iter()]
    assert ids.count("can-i-swim") == 1


def test_an_address_that_ed_types_is_kept(ed: Client) -> None:
    assert asked(ed, slug="swimming") == []
    assert FAQ.objects.get().slug == "swimming"


@pytest.mark.parametrize(
    ("typed", "phrase"),
    [
        ({"answer": "It is painless and guaranteed."}, "painless"),
        ({"answer": "Read [more](/no-such-page/)."}, "/no-such-page/"),
        ({"slug": "two words"}, "valid “slug”"),
        ({"slug": "main"}, "The page itself uses this name"),
        ({"slug": "a" * 1000}, "at most 100"),
        ({"question": "?!"}, "letters or digits that people can see"),
        ({"question": "これは？"}, "letters from a to z"),
        ({"question": "", "slug": "x"}, "required"),
        ({"answer": "## Yes\n\nYou can."}, "no headings"),
        ({"group": "weather"}, "not one of the available choices"),
        ({"group": ""}, "required"),
        ({"order": "soon"}, "whole number"),
        ({"pages": "999999"}, "not one of the available choices"),
    ],
)
def test_what_ed_cannot_mean_is_named(ed: Client, typed: dict[str, str], phrase: str) -> None:
    problems = asked(ed, **typed)
    assert any(phrase in problem for problem in problems), problems
    assert not FAQ.objects.exists()


def test_two_questions_cannot_share_an_address_typed_or_made(ed: Client) -> None:
    assert asked(ed) == []
    for typed in ({"slug": "can-i-swim", "question": "Other?"}, {"question": "Can I swim"}):
        assert any("already exists" in problem for problem in asked(ed, **typed))
    assert FAQ.objects.count() == 1


def test_a_question_knows_when_it_was_changed(db: None) -> None:
    with time_machine.travel("2026-11-02 09:00Z", tick=False):
        faq = FAQ.objects.create(slug="x", question="X?", answer="Yes.", group="scars")
    with time_machine.travel("2026-11-03 09:00Z", tick=False):
        faq.save()
    assert FAQ.objects.get().updated_at == datetime(2026, 11, 3, 9, tzinfo=UTC)


def test_without_any_question_the_page_says_so(client: Client) -> None:
    assert "Nothing is answered here yet" in client.get("/faqs/").content.decode()


def test_questions_from_before_that_look_alike_or_have_no_letters_get_addresses_too(db: None) -> None:
    for number, question in enumerate(["Main?", "Main!", "???", "w" * 200]):
        FAQ.objects.create(
            slug=f"old-{number}", question=question, answer="Yes.", group="scars", order=number
        )
    import_module("content.migrations.0002_faq_address_and_group").make_slugs(apps, None)
    assert list(FAQ.objects.values_list("slug", flat=True)) == ["main-2", "main-3", "question", "w" * 96]
