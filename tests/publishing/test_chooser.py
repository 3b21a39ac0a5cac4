"""Ed puts a link or a picture into a text without knowing how it is written, and nothing that he typed is lost or saved."""

from __future__ import annotations

import errno
import io
import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from content.admin import insert
from content.models import FAQ, Page, Picture
from content.pictures import uploads
from tests.content.html import errors, filled
from tests.publishing import desk, documents
from tests.publishing.desk import html, words

pytestmark = pytest.mark.once
ADD = reverse("admin:content_page_add")


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def may_upload(ed: Client) -> None:
    User.objects.get(username="ed").user_permissions.add(Permission.objects.get(codename="add_picture"))


def photo() -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (400, 300), "teal").save(file, "PNG")
    return SimpleUploadedFile("room.png", file.getvalue(), "image/png")


def test_a_page_a_question_and_a_picture_can_be_chosen(ed: Client) -> None:
    page = documents.live()
    documents.live(slug="hats", title="Hats [soft]", menu_title="Hats [soft]")
    FAQ.objects.create(question="Does it hurt?", answer="A little.", slug="hurt")
    shown = html(ed.get(desk.page_of(page)))
    offered = {unescape(text) for text in re.findall(r'<option value="([^"]*)">', shown)}
    assert {
        r"[Hats \[soft\]](/articles/hats/)",
        "[Does it hurt?](/faqs/#hurt)",
        "[Sun](/articles/sun/)",
    } <= offered


def test_what_is_chosen_stands_at_the_end_and_nothing_is_saved(ed: Client) -> None:
    page = documents.live()
    form = desk.change(ed, page)
    typed = form | {
        "title": "",
        "body": "New words.",
        "note": "why",
        "do": "insert",
        "chosen": "[Hats](/articles/hats/)",
    }
    shown = ed.post(desk.page_of(page), typed)
    assert shown.status_code == 200
    assert "New words.\n\n[Hats](/articles/hats/)\n</textarea>" in html(shown)
    assert 'value="why"' in html(shown)
    assert "at the end of the text" in words(shown) and "required" not in errors(html(shown))
    assert page.versions.count() == 1


def test_a_colleague_who_saved_meanwhile_is_not_saved_over_afterwards(ed: Client) -> None:
    page = documents.live()
    form = desk.change(ed, page)
    documents.saved(page, number=1, title="Hers")
    shown = ed.post(desk.page_of(page), form | {"title": "His", "do": "insert", "chosen": "x"})
    assert f'name="seen" value="{form["seen"]}"' in html(shown)
    response = ed.post(desk.page_of(page), form | {"title": "His", "do": "save"})
    assert response.status_code == 200 and "Nothing of yours is saved" in words(response)


def test_a_new_page_takes_one_as_well(ed: Client) -> None:
    typed = filled(ed, ADD) | {"title": "Sun", "do": "insert", "chosen": "[Hats](/articles/hats/)"}
    shown = ed.post(ADD, typed)
    assert "[Hats](/articles/hats/)\n</textarea>" in html(shown) and 'value="Sun"' in html(shown)
    assert not Page.objects.exists()


def test_nothing_chosen_is_said(ed: Client) -> None:
    page = documents.live()
    assert "Choose what to put in first." in words(desk.press(ed, page, "insert", chosen=""))


def test_a_picture_is_uploaded_in_place(ed: Client, may_upload: None) -> None:
    page = documents.live()
    typed = {"picture-file": photo(), "picture-alt": "A bright waiting room.", "body": "Look."}
    shown = ed.post(desk.page_of(page), desk.change(ed, page) | typed | {"do": "upload"})
    picture = Picture.objects.get()
    assert (picture.name, picture.uploaded_by) == ("a-bright-waiting-room", "Ed Moss")
    assert f"Look.\n\n{{{{ picture {picture.name} }}}}\n</textarea>" in html(shown)
    assert page.versions.count() == 1


def test_what_a_new_picture_lacks_is_said_beside_it_and_the_text_is_kept(
    ed: Client, may_upload: None
) -> None:
    page = documents.live()
    typed = desk.change(ed, page) | {"picture-file": photo(), "body": "Kept words.", "do": "upload"}
    shown = ed.post(desk.page_of(page), typed)
    assert "Say in words what the picture shows" in words(shown) and "Kept words." in html(shown)
    assert not Picture.objects.exists()
    again = ed.post(desk.page_of(page), typed | {"picture-file": SimpleUploadedFile("x.png", b"no picture")})
    assert again.status_code == 200 and not Picture.objects.exists()


def test_whoever_may_not_upload_has_no_form_for_it(rhea: Client, ed: Client) -> None:
    page = documents.live()
    typed = desk.change(ed, page) | {"picture-file": photo(), "picture-alt": "A room.", "do": "upload"}
    assert rhea.post(desk.page_of(page), typed).status_code == 403
    assert rhea.post(desk.page_of(page), typed | {"do": "insert"}).status_code == 403
    assert "chooser" not in html(rhea.get(desk.page_of(page)))


@pytest.mark.parametrize(
    ("title", "slug"),
    [("Sun & scars", "sun-scars"), ("Zoë’s cap", "zoes-cap"), ("x" * 100, "x" * 70), ("Taken", "taken-2")],
)
def test_the_address_is_made_from_the_title(ed: Client, title: str, slug: str) -> None:
    documents.draft(slug="taken")
    typed = {"title": title, "menu_title": "Sun", "slug": "", "body": "Words.", "do": "save"}
    assert ed.post(ADD, filled(ed, ADD) | typed).status_code == 303
    assert Page.objects.latest("pk").slug == slug


def test_the_short_heading_is_the_title_until_somebody_writes_one(ed: Client) -> None:
    typed = {"title": "Sun and scars", "menu_title": "", "body": "Words.", "do": "save"}
    assert ed.post(ADD, filled(ed, ADD) | typed).status_code == 303
    assert Page.objects.latest("pk").menu_title == "Sun and scars"


def test_a_title_without_letters_for_an_address_is_asked_for_one(ed: Client) -> None:
    typed = {"title": "皮膚", "menu_title": "皮膚", "slug": "", "body": "Words.", "do": "save"}
    assert "Write an address in letters from a to z." in errors(html(ed.post(ADD, filled(ed, ADD) | typed)))


def test_a_drawing_is_chosen_by_its_name(ed: Client) -> None:
    page = documents.live()
    shown = html(ed.get(desk.page_of(page)))
    assert '<option value="ice-pick">Ice pick</option>' in shown
    assert "There is no drawing" not in html(
        desk.press(ed, page, "save", drawing="ice-pick", drawing_alt="Skin.")
    )


# --- a picture that cannot be kept, or is sent twice --------------------------------------------------------------------

KEPT = "The picture is kept, and stands at the end of the text."


def a_picture(client: Client, page: Page, **more: Any) -> dict[str, Any]:
    """What the button sends. The same token each time: it is the same page."""
    form = desk.change(client, page) | {"csrfmiddlewaretoken": "x" * 64, "do": "upload"}
    return form | {"picture-alt": "A bright room.", "body": "Kept words."} | more


def test_a_full_disk_is_said_beside_the_file_and_nothing_typed_is_lost(
    ed: Client, may_upload: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any, **more: Any) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    page = documents.live()
    sent = a_picture(ed, page)
    monkeypatch.setattr(default_storage, "save", full)
    shown = ed.post(desk.page_of(page), sent | {"picture-file": photo()})
    assert shown.status_code == 200
    assert "The picture could not be kept: the disk may be full." in errors(html(shown))
    assert "Kept words.</textarea>" in html(shown) and "A bright room." in html(shown)
    assert KEPT not in words(shown) and not Picture.objects.exists()


def test_pressed_twice_the_picture_is_kept_once_and_both_answers_are_the_same(
    ed: Client, may_upload: None
) -> None:
    page = documents.live()
    sent = a_picture(ed, page)
    answers = [ed.post(desk.page_of(page), sent | {"picture-file": photo()}) for _ in range(2)]
    assert all(KEPT in words(answer) for answer in answers)
    slot = "Kept words.\n\n{{ picture a-bright-room }}\n</textarea>"
    assert all(slot in html(answer) for answer in answers)
    assert Picture.objects.count() == 1


@pytest.mark.parametrize(("where", "moment"), [(uploads, "read"), (insert, "_keep")])
def test_a_press_that_comes_while_the_first_is_done_gets_the_same_answer(
    ed: Client, may_upload: None, monkeypatch: pytest.MonkeyPatch, where: Any, moment: str
) -> None:
    page = documents.live()
    sent = a_picture(ed, page)
    real = getattr(where, moment)

    def after_the_other(*args: Any, **more: Any) -> Any:
        monkeypatch.setattr(where, moment, real)
        assert KEPT in words(ed.post(desk.page_of(page), sent | {"picture-file": photo()}))
        return real(*args, **more)

    monkeypatch.setattr(where, moment, after_the_other)
    shown = ed.post(desk.page_of(page), sent | {"picture-file": photo()})
    assert KEPT in words(shown) and "{{ picture a-bright-room }}" in html(shown)
    assert Picture.objects.count() == 1


def test_a_name_that_another_takes_at_the_same_moment_is_said(
    ed: Client, may_upload: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = documents.live()
    sent = a_picture(ed, page)
    real = insert._keep

    def after_another(*args: Any) -> Any:
        monkeypatch.setattr(insert, "_keep", real)
        ed.post(desk.page_of(page), sent | {"picture-file": photo(), "picture-caption": "Hers"})
        return real(*args)

    monkeypatch.setattr(insert, "_keep", after_another)
    shown = ed.post(desk.page_of(page), sent | {"picture-file": photo()})
    assert shown.status_code == 200 and "already exists" in errors(html(shown))
    assert "Kept words.</textarea>" in html(shown)
    assert [picture.caption for picture in Picture.objects.all()] == ["Hers"]


def test_the_words_of_a_new_picture_are_cleaned_like_everywhere(ed: Client, may_upload: None) -> None:
    page = documents.live()
    hidden = {
        "picture-alt": "A room\u202e\u200b.",
        "picture-caption": "Our\u202e room",
        "picture-shows_a_person": "on",
        "picture-consent": "Folder\u200b 3",
    }
    ed.post(desk.page_of(page), a_picture(ed, page, **hidden) | {"picture-file": photo()})
    picture = Picture.objects.get()
    assert (picture.alt, picture.caption, picture.consent) == ("A room.", "Our room", "Folder 3")
