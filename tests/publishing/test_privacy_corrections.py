"""What the pages about privacy said was not exact: a running clinic is told, and nobody rewrites its promise."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

import pytest
from django.apps import apps
from django.utils import timezone

from bookings import limits
from clinic.foundation.crypto import EncryptedTextField
from content.files import formats, load
from content.models import Correction, Page
from tests.publishing import documents

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MIGRATION = import_module("content.migrations.0025_what_is_plain_and_how_long")
WHO_READS = import_module("content.migrations.0027_who_reads_what")
FIGURES = import_module("content.migrations.0032_figures_and_diary")
PLANS = import_module("content.migrations.0036_plans_are_private")


def words(slug: str) -> str:
    """The text that ships today."""
    return formats.read_document(load.SHIPPED / "pages" / f"{slug}.md")[1]


def page(slug: str, body: str) -> Page:
    return documents.draft(slug=slug, kind="duty", menu_title=slug, title=f"About {slug}", body=body)


@pytest.mark.parametrize("slug", MIGRATION.WHY)
def test_a_page_of_before_is_named_and_not_touched(slug: str) -> None:
    old = page(slug, "Kept for 6 months.")
    before = Page.objects.filter(pk=old.pk).values().get()
    Page.objects.filter(pk=old.pk).update(body="Kept for 6 months.")
    MIGRATION.name_pages(apps, None)
    [named] = Correction.objects.all()
    assert named.admin_path == f"/admin/content/page/{old.pk}/change/"
    assert "6 months after anybody last did something" in named.why
    assert Page.objects.filter(pk=old.pk).values().get() == before | {"body": "Kept for 6 months."}
    MIGRATION.take_back(apps, None)
    assert not Correction.objects.exists()


@pytest.mark.parametrize("slug", MIGRATION.WHY)
def test_a_page_that_says_so_is_left_in_peace(slug: str) -> None:
    new = page(slug, words(slug))
    Page.objects.filter(pk=new.pk).update(body=words(slug))
    MIGRATION.name_pages(apps, None)
    assert not Correction.objects.exists()


def test_what_somebody_settled_stays_settled() -> None:
    page("privacy", "Kept for 6 months.")
    MIGRATION.name_pages(apps, None)
    Correction.objects.update(settled_at=timezone.now())
    MIGRATION.take_back(apps, None)
    assert Correction.objects.count() == 1


@pytest.mark.parametrize("migration", [WHO_READS, FIGURES, PLANS])
@pytest.mark.parametrize(
    "body", ["The front desk and the clinicians.", words("privacy")], ids=["before", "now"]
)
def test_a_page_that_does_not_say_it_is_named(body: str, migration: ModuleType) -> None:
    """Who reads what; what the figures count, and what a calendar app gets; what becomes of a plan."""
    old = page("privacy", body)
    Page.objects.filter(pk=old.pk).update(body=body)
    migration.name_page(apps, None)
    named = Correction.objects.filter(admin_path=f"/admin/content/page/{old.pk}/change/")
    assert named.exists() is (body != words("privacy"))
    migration.take_back(apps, None)
    assert not named.exists()


def test_the_page_names_what_is_plain() -> None:
    """Each plain column of the request that says something about a person has its words on the page."""
    plain = {
        "name": "your name",
        "email": "contact details",
        "phone": "contact details",
        "contact_by": "how we may reach you",
        "wished_start": "the times you asked for",
        "concerns": "kinds of scar or mark you ticked",
        "source_page": "the page you came from",
        "urgent": 'marks such as "urgent"',
        "needs_clinician": "for a clinician",
        "tags": "labels of a word or two",
        "decline_reason": "a code for why we said no",
        "cancel_reason": "called off a visit",
        "session_of": "which treatments, how many visits, the prices",
    }
    page = words("privacy")
    for name, phrase in plain.items():
        assert phrase in page, name
    encrypted = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedTextField)
    }
    assert encrypted == {
        "bookings.Answers.data",
        "bookings.SupportNeeds.data",
        "foundation.Factor.key",  # of staff, not of clients: the page does not name it
        "bookings.Note.body",
        "bookings.Draft.data",
        "bookings.ClientSession.typed",
        "bookings.Message.body",
        "bookings.VisitQuestion.body",
        "bookings.VisitQuestion.reply",
        "bookings.Plan.words",
        "bookings.Plan.although",
        "bookings.PlanLine.words",
        "bookings.PlanQuestion.body",
        "bookings.PlanQuestion.reply",
    }, "README, docs/operations.md and the privacy page name these: say there what is new"


def test_the_pages_name_the_periods_that_the_clock_has() -> None:
    assert (
        limits.retention.UNCONVERTED_DAYS,
        limits.retention.MESSAGE_BODY_DAYS,
        limits.retention.SUSPECTED_DAYS,
        limits.retention.RECORD_DAYS,
    ) == (
        183,
        183,
        30,
        2922,
    )
    for slug in MIGRATION.WHY:
        page = words(slug)
        for phrase in (
            "| 30 days",
            "6 months after it ended",
            "still open | 6 months",
            "8 years after that visit",
        ):
            assert phrase in page, (slug, phrase)
