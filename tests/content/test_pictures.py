"""Editors upload pictures: kept in several sizes, in words for people who cannot see, never taken from under a page."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from clinic.foundation.images import Rendition
from content.models import Page, Picture
from content.pictures import uploads
from content.publishing import snapshots, verbs
from content.publishing.edit import Edit, Editor
from content.queries import public, usage
from tests.content.html import filled, parsed
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ADD = "/admin/content/picture/add/"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def editor(client: Client) -> Client:
    user = User.objects.create_user("ed", password="ed", is_staff=True, first_name="Ed", last_name="Moss")
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="content"))
    client.force_login(user)
    return client


def jpeg(width: int = 1000, colour: str = "white") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, 600), colour).save(out, "JPEG")
    return out.getvalue()


def form(**override: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "name": "waiting-room",
        "alt": "Three chairs by a window.",
        "caption": "",
        "consent": "",
    }
    values |= {"file": SimpleUploadedFile("IMG_1234.JPG", jpeg(), "image/jpeg")}
    return {name: value for name, value in (values | override).items() if value is not None}


def uploaded(client: Client, **override: Any) -> Picture:
    response = client.post(ADD, form(**override))
    assert response.status_code == 302, response.content.decode()
    return Picture.objects.get(name=override.get("name", "waiting-room"))


def files(media: Path) -> list[str]:
    return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())


def test_it_works(editor: Client, media: Path) -> None:
    row = uploaded(editor)
    assert (row.widths, row.width, row.height, row.uploaded_by) == ([480, 960, 1000], 1000, 600, "Ed Moss")
    assert files(media) == sorted(row.path(width) for width in row.widths)
    assert "IMG" not in "".join(files(media))


def test_anybody_may_look_and_keep_it_for_a_day(editor: Client, client: Client) -> None:
    row = uploaded(editor)
    client.logout()
    response = client.get(row.url(480))
    assert response.status_code == 200
    assert response["Content-Type"] == "image/webp"
    assert response["Cache-Control"] == "public, max-age=86400"
    assert not response.cookies
    assert Image.open(io.BytesIO(response.content)).size == (480, 288)
    assert client.head(row.url(480)).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        *("0123456789abcdef/480.webp", "../../settings.py", "0123456789abcdef/0480.webp", "x/480.webp", ""),
        *("a" * 300 + "/480.webp", "0123456789abcdef/" + "9" * 300 + ".webp"),
    ],
)
def test_what_is_not_there_is_not_found(client: Client, media: Path, path: str) -> None:
    (media / "pictures").mkdir(parents=True)
    assert client.get(f"/pictures/{path}").status_code == 404


def test_the_row_decides_what_is_served(editor: Client, client: Client, media: Path) -> None:
    row = uploaded(editor)
    (media / row.path(481)).write_bytes(b"a file that the row does not name")
    assert client.get(row.url(481)).status_code == 404
    Picture.objects.all().delete()  # by hand, so that its files stay
    assert files(media)
    assert client.get(row.url(480)).status_code == 404


def test_with_a_proxy_the_row_is_looked_at_and_the_proxy_sends_the_file(
    editor: Client, client: Client, media: Path, settings: Any
) -> None:
    settings.PROXY_SERVES_PICTURES = True
    row = uploaded(editor)
    told = client.get(row.url(480))
    assert (told.status_code, told.content) == (200, b"")
    assert told["X-Accel-Redirect"] == f"/-/media/{row.path(480)}"
    assert (told["Content-Type"], told["Cache-Control"]) == ("image/webp", "public, max-age=86400")
    (media / row.path(481)).write_bytes(b"a file that the row does not name")
    (media / row.path(960)).unlink()
    assert [client.get(row.url(width)).status_code for width in (481, 960)] == [404, 404]


def test_a_row_whose_file_is_lost_is_not_found(editor: Client, client: Client, media: Path) -> None:
    row = uploaded(editor)
    (media / row.path(480)).unlink()
    assert client.get(row.url(480)).status_code == 404


def test_a_page_prints_it_in_every_size_with_its_words(editor: Client) -> None:
    row = uploaded(editor, caption="Where you wait")
    Page.objects.create(
        kind="article",
        slug="visit",
        title="Your visit",
        summary="s",
        body="In.\n\n{{ picture waiting-room }}\n\nSit.",
    )
    tree = parsed(editor.get("/articles/visit/").content.decode())
    (image,) = [one for one in tree.iter("img") if one.get("src", "").startswith("/pictures/")]
    assert image.get("alt") == "Three chairs by a window."
    assert (image.get("width"), image.get("height")) == ("1000", "600")
    assert image.get("srcset", "").count("w, ") == 2
    assert all(row.url(width) in image.get("srcset", "") for width in row.widths)


def test_a_text_asks_once_for_all_its_pictures_and_not_at_all_without(
    editor: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    uploaded(editor)
    uploaded(editor, name="door")
    with django_assert_num_queries(1):
        found = public.pieces(
            "a\n\n{{ picture door }}\n\nb\n\n{{ picture waiting-room }}\n\n{{ picture gone }}"
        )
    assert [piece.picture and piece.picture.name for piece in found if piece.kind == "picture"] == [
        "door",
        "waiting-room",
        None,
    ]
    with django_assert_num_queries(0):
        public.pieces("a\n\n{{ recovery }}")


def test_a_picture_that_is_gone_leaves_no_hole(client: Client) -> None:
    Page.objects.create(
        kind="article", slug="visit", title="Your visit", summary="s", body="{{ picture gone }}"
    )
    response = client.get("/articles/visit/")
    assert response.status_code == 200
    assert "gone" not in response.content.decode()


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ({"file": None}, "Choose a picture: a JPEG, PNG or WebP file."),
        ({"file": SimpleUploadedFile("a.svg", b"<svg/>")}, "Choose a picture: a JPEG, PNG or WebP file."),
        ({"alt": ""}, "Say in words what the picture shows, or tick that it is decorative."),
        ({"decorative": "on"}, "Say in words what the picture shows, or tick that it is decorative."),
        ({"shows_a_person": "on"}, "Say where the written consent of the person shown is kept."),
        ({"name": "two words"}, "Enter a valid"),
    ],
)
def test_a_mistake_is_said_and_nothing_is_kept(
    editor: Client, media: Path, override: dict[str, Any], words: str
) -> None:
    response = editor.post(ADD, form(**override))
    assert response.status_code == 200
    assert words in response.content.decode()
    assert not Picture.objects.exists()
    assert files(media) == []


def test_a_decorative_picture_is_read_to_nobody(editor: Client) -> None:
    assert uploaded(editor, alt="", decorative="on").alt == ""


def test_the_database_refuses_it_as_well() -> None:
    row = Picture(name="a", widths=[480], width=480, height=300, uploaded_at=NOW)
    with pytest.raises(ValidationError, match="what the picture shows"):
        row.validate_constraints()
    with pytest.raises(IntegrityError):
        row.save()


def test_new_content_has_a_new_address_and_the_old_files_go(
    editor: Client, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    row = uploaded(editor)
    change = reverse("admin:content_picture_change", args=[row.pk])
    seen = editor.get(change).context["seen"]
    new = SimpleUploadedFile("b.jpg", jpeg(500, "black"), "image/jpeg")
    with django_capture_on_commit_callbacks(execute=True):
        assert editor.post(change, form(file=new, seen=seen)).status_code == 302
    again = Picture.objects.get()
    assert again.folder != row.folder
    assert files(media) == sorted(again.path(width) for width in (480, 500))


def test_its_words_change_without_a_new_file(editor: Client, media: Path) -> None:
    row = uploaded(editor)
    change = reverse("admin:content_picture_change", args=[row.pk])
    seen = editor.get(change).context["seen"]
    assert editor.post(change, form(file=None, alt="Four chairs.", seen=seen)).status_code == 302
    assert (Picture.objects.get().alt, Picture.objects.get().folder) == ("Four chairs.", row.folder)


def test_what_a_page_shows_is_neither_deleted_nor_renamed(editor: Client, media: Path) -> None:
    row = uploaded(editor)
    page = Page.objects.create(
        kind="article", slug="visit", title="Your visit", summary="s", body="{{ picture waiting-room }}"
    )
    change = reverse("admin:content_picture_change", args=[row.pk])
    assert reverse("admin:content_page_change", args=[page.pk]) in editor.get(change).content.decode()
    delete = reverse("admin:content_picture_delete", args=[row.pk])
    assert editor.post(delete, {"post": "yes"}).status_code == 403
    seen = editor.get(change).context["seen"]
    response = editor.post(change, form(file=None, name="lobby", seen=seen))
    assert "It is used under its old name on 1 page." in response.content.decode()
    assert Picture.objects.get().name == "waiting-room"
    page.delete()
    assert editor.post(delete, filled(editor, delete)).status_code == 302
    assert not Picture.objects.exists()


def test_what_a_draft_shows_is_not_deleted_either(editor: Client) -> None:
    row = uploaded(editor)
    page = Page.objects.create(
        kind="article", slug="visit", title="Your visit", summary="s", body="No picture yet."
    )
    snapshot = replace(snapshots.of(page), body="{{ picture waiting-room }}")
    verbs.save_draft(page, Edit(Editor("Ed"), NOW, 1), snapshot)
    assert [(use.words, use.rows) for use in usage.of_picture("waiting-room")] == [
        ("Drafts that show it", (page,))
    ]
    delete = reverse("admin:content_picture_delete", args=[row.pk])
    assert editor.post(delete, {"post": "yes"}).status_code == 403


def test_files_go_with_their_picture(
    editor: Client, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    row = uploaded(editor)
    with django_capture_on_commit_callbacks(execute=True):
        uploads.remove(row)
    assert files(media) == []


def test_a_row_that_cannot_be_saved_leaves_no_files(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Picture, **kwargs: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(Picture, "save", full)
    made = uploads.read(io.BytesIO(jpeg()), 1000)
    with pytest.raises(DatabaseError):
        uploads.fill(Picture(name="a", alt="b"), made, by="Ed", now=NOW)
    assert files(media) == []


def left_over(media: Path, folder: str, *, hours: float) -> Path:
    """A folder of pictures without a row, this old."""
    place = media / "pictures" / folder
    place.mkdir(parents=True)
    (place / "480.webp").write_bytes(b"RIFF")
    moment = (NOW - timedelta(hours=hours)).timestamp()
    os.utime(place, (moment, moment))
    return place


def test_what_has_no_row_is_swept_away_after_an_hour(editor: Client, media: Path) -> None:
    row = uploaded(editor)
    old, fresh = left_over(media, "a" * 16, hours=1.1), left_over(media, "b" * 16, hours=0.9)
    not_ours = left_over(media, "holiday", hours=100)
    assert uploads.sweep(NOW) == 1
    assert (old.exists(), fresh.exists(), not_ours.exists()) == (False, True, True)
    assert all((media / row.path(width)).exists() for width in row.widths)
    assert uploads.sweep(NOW) == 0


def test_a_database_without_pictures_empties_no_folder(media: Path) -> None:
    kept = left_over(media, "a" * 16, hours=100)
    assert uploads.sweep(NOW) == 0
    assert kept.exists()


def test_a_folder_that_cannot_be_swept_stops_no_other(
    editor: Client, media: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    uploaded(editor)
    left_over(media, "a" * 16, hours=2)
    left_over(media, "b" * 16, hours=2)
    delete = default_storage.delete

    def refuses_one(name: str) -> None:
        if "aaaa" in name:
            raise PermissionError
        delete(name)

    monkeypatch.setattr(default_storage, "delete", refuses_one)
    assert uploads.sweep(NOW) == 1
    assert "PermissionError" in caplog.text


def test_nothing_was_ever_uploaded(media: Path) -> None:
    assert uploads.sweep(NOW) == 0


def test_no_transaction_waits_while_a_picture_is_read(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    depth: list[int] = []
    read = uploads.read

    def watched(file: Any, size: int) -> list[Rendition]:
        depth.append(len(connection.savepoint_ids))
        return read(file, size)

    monkeypatch.setattr(uploads, "read", watched)
    outside = len(
        connection.savepoint_ids
    )  # the test itself is one transaction; Django's admin would open another
    uploaded(editor)
    assert depth == [outside]


def test_a_disk_that_is_full_leaves_no_row_and_no_half(
    editor: Client, monkeypatch: pytest.MonkeyPatch, media: Path
) -> None:
    """The disk fills up in the middle of the second size."""
    save = default_storage.save

    def full(name: str, content: Any) -> str:
        if not name.endswith("/480.webp"):
            save(name, ContentFile(b"half of it"))
            raise OSError(28, "No space left on device")
        return save(name, content)

    monkeypatch.setattr(default_storage, "save", full)
    response = editor.post(ADD, form())
    assert response.status_code == 200
    assert "The picture could not be kept" in response.content.decode()
    assert not Picture.objects.exists()
    assert list((media / "pictures").iterdir()) == []


def test_eve_may_see_nothing(client: Client) -> None:
    client.force_login(User.objects.create_user("eve", is_staff=True))
    for path in (ADD, "/admin/content/picture/"):
        assert client.get(path).status_code == 403
