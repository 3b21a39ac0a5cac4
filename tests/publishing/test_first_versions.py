"""Pages that were there before versions, and the shipped ones, begin with version 1: what they say now."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from content.files import load
from content.models import Page, Version
from content.publishing import reviewer, snapshots, verbs
from content.publishing.edit import Edit
from content.publishing.snapshots import PageSnapshot
from tests import factories as make
from tests.publishing import documents
from tests.publishing.documents import NOW

pytestmark = pytest.mark.django_db
MIGRATION = import_module("content.migrations.0009_first_versions")


def forget() -> None:
    """As it was before: pages without versions."""
    Page.objects.update(live=None)
    Version.objects.all().delete()


def test_the_migration_keeps_what_every_page_says() -> None:
    load.load()
    loaded = {version.page_id: version.data for version in Version.objects.all()}
    forget()
    Page.objects.filter(slug="milia").update(is_published=False)
    MIGRATION.give_first_versions(apps, None)
    for page in Page.objects.all():
        version = page.versions.get()
        assert PageSnapshot.from_data(version.data) == PageSnapshot.from_data(loaded[page.pk])
        assert page.live == (version if page.is_published else None)
        snapshot = reviewer.as_readers_get_it(version, make.LONDON)
        assert snapshot.tidy() == snapshots.of(page).tidy(), page.slug
    assert Page.objects.filter(live=None).count() == 1


def test_the_migration_can_be_taken_back() -> None:
    assert all(operation.reversible for operation in MIGRATION.Migration.operations)
    assert ("content", "0009_first_versions") in MigrationRecorder.Migration.objects.values_list(
        "app", "name"
    )


def _main(client: Client, page: Page) -> str:
    """What readers see of it: the head of the page also says when it was changed."""
    return client.get(page.get_absolute_url()).content.decode().partition("<body")[2]


def test_a_shipped_page_can_be_taken_off_and_put_back_with_its_check(client: Client) -> None:
    load.load()
    page = Page.objects.get(slug="cookies")
    before = _main(client, page)
    verbs.unpublish(page, Edit(documents.as_ed(), NOW))
    assert client.get(page.get_absolute_url()).status_code == 404
    verbs.publish(page, Edit(documents.as_ed(), NOW, 1))
    assert _main(client, page) == before


def test_loading_again_adds_no_version() -> None:
    load.load()
    count = Version.objects.count()
    load.load()
    assert Version.objects.count() == count == Page.objects.count()
