"""Editors take all content away as one file. The site writes down who did; nobody else can."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from clinic.foundation.models import AuditEntry
from content.files import export
from content.models import Picture
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LIST = reverse("admin:content_page_changelist")
URL = reverse("admin:content_page_export")


def signed_in(client: Client, name: str, *codenames: str) -> Client:
    user = User.objects.create_user(name, password=name, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    return client


def ed(client: Client, *, without: str = "") -> Client:
    views = Permission.objects.filter(content_type__app_label="content", codename__startswith="view_")
    return signed_in(client, "ed", *(set(views.values_list("codename", flat=True)) - {without}))


def test_the_list_of_pages_leads_to_a_zip_of_everything(shipped: None, client: Client) -> None:
    assert f'href="{URL}"' in ed(client).get(LIST).content.decode()
    response = client.get(URL)
    assert (response.status_code, response["Content-Type"]) == (200, "application/zip")
    assert response["Content-Disposition"].startswith('attachment; filename="content-20')
    assert "no-store" in response["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(response.getvalue())) as zipped:
        assert {name: zipped.read(name) for name in zipped.namelist()} == dict(export.files())


def test_who_took_it_is_written_down_each_time(shipped: None, client: Client) -> None:
    for reader in (ed(client), client):
        assert reader.get(URL).getvalue()
    entries = AuditEntry.objects.filter(action="export")
    assert [(entry.who, entry.object_label) for entry in entries] == [("ed", "content.clinicprofile")] * 2


@pytest.mark.once
@pytest.mark.parametrize("without", ["view_page", "view_source", "view_suitability", "view_clinicprofile"])
def test_anyone_who_may_not_see_a_part_cannot_take_the_whole(
    shipped: None, client: Client, without: str
) -> None:
    assert ed(client, without=without).get(URL).status_code == 403
    if without != "view_page":
        assert URL not in client.get(LIST).content.decode()
    assert not AuditEntry.objects.exists()


@pytest.mark.once
def test_eve_and_strangers_get_nothing(shipped: None, client: Client) -> None:
    assert client.get(URL).status_code == 302
    assert signed_in(client, "eve").get(URL).status_code == 403


@pytest.mark.once
def test_it_is_read_only(shipped: None, client: Client) -> None:
    assert ed(client).post(URL).status_code == 405


def test_a_picture_without_its_file_is_said_and_nothing_is_sent(shipped: None, client: Client) -> None:
    Picture.objects.create(name="gone", alt="-", widths=[480], width=480, height=300, uploaded_at=NOW)
    response = ed(client).get(URL, follow=True)
    assert response.redirect_chain == [(LIST, 302)]
    assert "The file of picture gone cannot be read." in response.content.decode()
    assert not AuditEntry.objects.filter(action="export").exists()
