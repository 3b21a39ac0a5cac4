"""What was typed on the desk outlives the sign-in, for the same person only, and nothing is sent by itself."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from cryptography.fernet import Fernet
from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from bookings.models import Closure, ConsultationRequest, Note
from clinic.foundation import limits
from clinic.foundation.limits.sign_in import DESK_FORM_LIFE, UNSENT_CHARACTERS
from clinic.foundation.signin import mark, unsent
from content.models import Page
from tests import factories as make
from tests.content.html import filled
from tests.desk.pages import WORKLIST, html, page_of, words
from tests.desk.test_schedule import fields as form_of

pytestmark = pytest.mark.once
PASSWORD = "correct horse battery"  # everybody's, in tests.factories
ADD = "/admin/content/page/add/"
CAREFUL = "An hour of careful words.\nAnd Cleo’s <b>ä</b> & “more”."


@pytest.fixture
def sue() -> Client:
    """Sue's browser, which looks after its tokens as a real one does. She may do everything."""
    make.staff("Sue Root", is_superuser=True)
    return signed_in("sue")


def signed_in(name: str, browser: Client | None = None) -> Client:
    browser = browser or Client(enforce_csrf_checks=True)
    there = browser.get("/admin/login/")
    if there.status_code == 200:
        assert sign_in(browser, there, name).status_code == 302
    return browser


def inputs(page: str) -> dict[str, Any]:
    """What the one form in the main part of a page would send."""
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input [^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="submit"' not in tag:
            found.setdefault(unescape(name[1]), []).append(unescape(value[1]) if value else "")
    return found


def sign_in(browser: Client, page: Any, name: str, password: str = PASSWORD) -> Any:
    """Fill in the sign-in page that is open."""
    sent = inputs(html(page)) | {"username": name, "password": password}
    return browser.post("/admin/login/", sent)


def kept_form(page: Any) -> tuple[str, dict[str, Any]]:
    """Where "Send it now" sends, and what."""
    [(action, body)] = re.findall(
        r'<form method="post" action="([^"]+)">((?:(?!</form>).)*Send it now)', html(page), flags=re.DOTALL
    )
    return unescape(action), inputs(body)


def typed(sent: dict[str, Any]) -> dict[str, list[str]]:
    """What was sent without tokens, each value as text."""
    return {
        name: [str(each) for each in (value if isinstance(value, list) else [value])]
        for name, value in sent.items()
        if name not in ("csrfmiddlewaretoken", mark.FIELD)
    }


def new_page(browser: Client, **changes: str) -> dict[str, Any]:
    data = {"title": "Long work", "menu_title": "Work", "slug": "work", "body": CAREFUL, "do": "save"}
    return filled(browser, ADD) | data | changes


def everything() -> str:
    """All rows but those that any visit leaves behind."""
    left = ("session", "counter", "signin", "auditentry", "user")
    models = [model for model in apps.get_models() if model._meta.model_name not in left]
    return repr([list(model._base_manager.order_by("pk").values_list()) for model in models])


# --- it comes back ----------------------------------------------------------------------------------------------------


def test_the_page_says_what_happened_and_the_words_come_back_to_be_sent(sue: Client) -> None:
    data = new_page(sue)
    Session.objects.all().delete()
    asked = sue.post(ADD, data)
    assert asked.status_code == 401
    assert "You were signed out. What you typed is not saved yet." in words(asked)
    [carried] = re.findall(rf'<input [^>]*name="{unsent.FIELD}"[^>]*>', html(asked))
    assert carried in html(asked).partition('id="login-form"')[2].partition("</form>")[0]
    shown = sign_in(sue, asked, "sue")
    assert shown.status_code == 200 and not Page.objects.filter(title="Long work").exists()
    assert "Nothing of this is saved yet. You sent it (new page) when" in words(shown)
    assert "An hour of careful words.\nAnd Cleo’s &lt;b&gt;ä&lt;/b&gt; &amp; “more”." in html(shown)
    sent = sue.post(*kept_form(shown))
    page = Page.objects.get(title="Long work")
    assert sent["Location"] == f"/admin/content/page/{page.pk}/change/"
    assert "careful words" in page.versions.get().data["body"]


def forms_of_the_desk(browser: Client) -> list[tuple[str, dict[str, Any]]]:
    """One form of each kind, as somebody has filled it in."""
    consultation, ana = make.submitted(), make.practitioner()
    own_page, person = page_of(consultation), f"/admin/bookings/practitioner/{ana.pk}/change/"
    phone, closure = f"{WORKLIST}add/", "/admin/bookings/closure/add/"
    days = {"name": "Holidays", "first_day": "2026-12-24", "last_day": "2026-12-26", "_save": "Save"}
    return [
        (ADD, new_page(browser)),
        (own_page, {"do": "note", "text": "She called twice.", "version": consultation.version}),
        (own_page, {"preview": "ask", "question": "Which cream?", "version": consultation.version}),
        (phone, form_of(browser, phone) | {"name": "Cleo Marsh", "anything_else": "Since June"}),
        (person, form_of(browser, person) | {"name": "Ana Lind-Moss", "_continue": "Save and stay"}),
        (closure, form_of(browser, closure) | days),
        ("/admin/bookings/practitioner/", {"action": "delete_selected", "_selected_action": [ana.pk, 7]}),
        (f"/admin/bookings/practitioner/{ana.pk}/delete/", {"post": "yes"}),
        ("/admin/content/faq/?q=laser&_changelist_filters=x%3D1", {"action": "", "_selected_action": []}),
    ]


def test_every_kind_of_form_comes_back_as_it_was_sent(sue: Client) -> None:
    token = inputs(html(sue.get(WORKLIST)))
    known = {name: token[name][0] for name in ("csrfmiddlewaretoken", mark.FIELD)}
    for url, data in forms_of_the_desk(sue):
        before = everything()
        Session.objects.all().delete()
        asked = sue.post(url, known | data)
        shown = sign_in(sue, asked, "sue")
        action, sent = kept_form(shown)
        assert action == url
        assert typed(sent) == {name: values for name, values in typed(data).items() if values}
        assert everything() == before
        known = {name: sent[name][0] for name in known}


def test_a_request_is_answered_late_and_once(dee: Client) -> None:
    consultation = make.submitted()
    token = inputs(html(dee.get(page_of(consultation))))[mark.FIELD][0]
    data = {"do": "note", "text": "She called twice.", "version": consultation.version, mark.FIELD: token}
    Session.objects.all().delete()
    shown = sign_in(dee, dee.post(page_of(consultation), data), "dee")
    assert not Note.objects.exists()
    action, sent = kept_form(shown)
    assert dee.post(action, sent).status_code == 303
    assert Note.objects.get().body == "She called twice."
    assert dee.post(action, sent).status_code == 303  # a button pressed twice
    assert Note.objects.count() == 1
    again = dee.post(action, data)  # what the form itself checks, it checks here too
    assert again.status_code == 409 and "She called twice." in html(again)


def test_a_wrong_password_costs_nothing(sue: Client) -> None:
    data = new_page(sue)
    Session.objects.all().delete()
    page = sue.post(ADD, data)
    for _ in range(2):
        page = sign_in(sue, page, "sue", "wrong")
        assert page.status_code == 200 and "What you typed is not saved yet." in words(page)
    assert typed(kept_form(sign_in(sue, page, "sue"))[1]) == typed(data)


def test_a_door_that_closes_meanwhile_costs_nothing_either(sue: Client) -> None:
    data = new_page(sue)
    Session.objects.all().delete()
    page = sue.post(ADD, data)
    for _ in range(10):
        page = sign_in(sue, page, "sue", "wrong")
    assert page.status_code == 429 and "What you typed is not saved yet." in words(page)
    with time_machine.travel(make.NOW + timedelta(hours=1), tick=False):
        assert typed(kept_form(sign_in(sue, page, "sue"))[1]) == typed(data)


def test_a_search_goes_on_after_the_sign_in(sue: Client) -> None:
    make.submitted(name="Cleo Marsh")
    Session.objects.all().delete()
    led = sue.get(f"{WORKLIST}?q=Marsh", follow=True)
    assert sign_in(sue, led, "sue")["Location"] == f"{WORKLIST}?q=Marsh"


def test_the_frame_beside_the_editor_says_what_to_press(sue: Client) -> None:
    """A sign-in page would not be shown there: none of our pages can be framed."""
    data, preview = new_page(sue), "/admin/content/page/preview/"
    for left in ("a session", "a token"):
        if left == "a session":
            Session.objects.all().delete()
        else:
            signed_in("sue", sue)
        answer = sue.post(preview, data, headers={"sec-fetch-dest": "iframe"})
        assert answer.status_code == 401 and "Press “Save draft” beside this" in words(answer), left
        assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self';" in answer.headers["Content-Security-Policy"] + ";"
        # editor.js shows neither what it is led to nor what is refused.
        script = sue.post(preview, data, headers={"sec-fetch-dest": "empty"})
        assert script.status_code == (302 if left == "a session" else 403)


# --- only to the same person ------------------------------------------------------------------------------------------


def test_somebody_else_sees_nothing_of_it_and_is_told(sue: Client) -> None:
    make.staff("Eve Nobody")
    data = new_page(sue)
    Session.objects.all().delete()
    answer = sign_in(sue, sue.post(ADD, data), "eve")
    assert answer["Location"] == "/admin/"
    page = sue.get("/admin/")
    assert "Somebody else had typed something here" in words(page)
    assert "careful" not in html(page) and "Long work" not in html(page)


def test_anyone_who_signed_in_meanwhile_in_another_tab_sees_nothing_either(sue: Client) -> None:
    make.staff("Eve Nobody")
    data = new_page(sue)
    sue.post("/admin/logout/", data)
    signed_in("eve", sue)
    answer = sue.post(ADD, data)
    assert answer["Location"] == "/admin/"
    page = sue.get("/admin/")
    assert "Somebody else had typed something here" in words(page) and "careful" not in html(page)


def test_before_the_sign_in_nobody_can_read_it(sue: Client) -> None:
    data, before = new_page(sue), everything()
    Session.objects.all().delete()
    asked = sue.post(ADD, data)
    assert "careful" not in html(asked) and "Long work" not in html(asked)
    assert asked.headers["Cache-Control"] == "no-store"
    assert everything() == before and not Session.objects.exists()  # it is nowhere but in the page
    shown = sign_in(sue, asked, "sue")
    assert shown.headers["Cache-Control"] == "no-store"
    assert "careful" not in repr(Session.objects.get().get_decoded())


def test_what_a_strangers_page_sends_is_never_offered_to_be_sent(sue: Client) -> None:
    """Signed in or not, with Eve's own mark or none: it is not a form that was made for Sue."""
    eves = mark.of(make.staff("Eve Nobody"), make.NOW)
    for forged in ({}, {mark.FIELD: ""}, {mark.FIELD: "x:y:z"}, {mark.FIELD: eves}):
        answer = sue.post(ADD, {"title": "Forged", "do": "publish"} | forged)
        assert answer.status_code in (302, 403) and "Forged" not in html(answer)
        if answer.status_code == 302:
            assert answer["Location"] == "/admin/"  # where Sue is told that somebody else's was not shown
    Session.objects.all().delete()
    for forged in ({}, {mark.FIELD: ""}, {mark.FIELD: "x:y:z"}):
        answer = sue.post(ADD, {"title": "Forged", "do": "publish"} | forged)
        assert "what you sent was not saved" in words(answer)
        assert unsent.FIELD not in inputs(html(answer))
    answer = sign_in(sue, sue.post(ADD, {"title": "Forged", mark.FIELD: eves}), "sue")
    assert answer.status_code == 302 and not Page.objects.filter(title="Forged").exists()


# --- the token of an earlier sign-in ----------------------------------------------------------------------------------


def test_signing_in_again_in_another_tab_costs_nothing(sue: Client) -> None:
    data = new_page(sue)
    Session.objects.all().delete()
    signed_in("sue", sue)
    shown = sue.post(ADD, data)
    assert shown.status_code == 403
    assert "Nothing of this is saved yet." in words(shown) and not Page.objects.exists()
    assert sue.post(*kept_form(shown)).status_code == 303
    assert Page.objects.get().title == "Long work"


def test_without_any_cookie_the_form_still_says_who_typed(sue: Client) -> None:
    data = new_page(sue)
    sue.cookies.clear()
    asked = sue.post(ADD, data)
    assert asked.status_code == 401
    assert typed(kept_form(sign_in(sue, asked, "sue"))[1]) == typed(data)


def test_the_sign_in_page_itself_may_be_too_old(sue: Client) -> None:
    """Its own token goes when somebody signs in elsewhere in this browser: once more, or straight on."""
    data = new_page(sue)
    Session.objects.all().delete()
    asked = sue.post(ADD, data)
    sue.cookies.pop("csrftoken")
    again = sign_in(sue, asked, "sue")
    assert again.status_code == 403 and "What you typed is not saved yet." in words(again)
    signed_in("sue", sue)
    assert typed(kept_form(sign_in(sue, again, "sue"))[1]) == typed(data)


def test_a_button_with_nothing_typed_asks_to_be_pressed_once_more(sue: Client) -> None:
    consultation = make.submitted()
    data = inputs(html(sue.get(page_of(consultation)))) | {"do": "take", "version": consultation.version}
    data = {name: data[name] for name in ("csrfmiddlewaretoken", mark.FIELD, "do", "version")}
    Session.objects.all().delete()
    shown = sign_in(sue, sue.post(page_of(consultation), data), "sue")
    assert "Press once more" in words(shown) and "“take”" in words(shown)
    assert sue.post(*kept_form(shown)).status_code == 303
    assert ConsultationRequest.objects.get().assigned_to == User.objects.get(username="sue")


# --- what cannot be kept is said --------------------------------------------------------------------------------------


def test_a_form_that_was_open_for_a_week_is_not_kept(sue: Client) -> None:
    data = new_page(sue)
    Session.objects.all().delete()
    with time_machine.travel(make.NOW + DESK_FORM_LIFE, tick=False):
        assert unsent.FIELD in inputs(html(sue.post(ADD, data)))
    with time_machine.travel(make.NOW + DESK_FORM_LIFE + timedelta(seconds=1), tick=False):
        late = sue.post(ADD, data)
    assert "You were signed out, and what you sent was not saved." in words(late)
    assert unsent.FIELD not in inputs(html(late))


def test_too_long_a_text_is_not_kept_and_the_longest_comes_back(
    sue: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = new_page(sue, body="ä" * 60_000)
    Session.objects.all().delete()
    asked = sue.post(ADD, data)
    assert len(urlencode(inputs(html(asked)), doseq=True)) < limits.bodies.DESK_BODY_BYTES
    assert typed(kept_form(sign_in(sue, asked, "sue"))[1]) == typed(data)
    assert len(urlencode({unsent.FIELD: "x" * UNSENT_CHARACTERS})) < limits.bodies.DESK_BODY_BYTES - 50_000
    monkeypatch.setattr(limits.sign_in, "UNSENT_CHARACTERS", 1000)
    Session.objects.all().delete()
    sue.cookies.clear()
    assert "It could not be kept either" in words(sue.post(ADD, data))


def test_what_no_key_opens_any_more_is_said_to_be_lost(sue: Client, settings: Settings) -> None:
    data = new_page(sue)
    Session.objects.all().delete()
    asked = sue.post(ADD, data)
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    assert sign_in(sue, asked, "sue")["Location"] == "/admin/"
    assert "What you had typed was not saved" in words(sue.get("/admin/all/"))


def test_passwords_and_files_are_not_kept_and_the_page_says_so(sue: Client) -> None:
    known = {mark.FIELD: mark.of(User.objects.get(username="sue"), make.NOW)}
    sue.cookies.clear()
    sent = known | {"username": "bo", "password1": "Bo's own secret", "password2": "Bo's own secret"}
    shown = sign_in(sue, sue.post("/admin/auth/user/add/", sent), "sue")
    assert "Please give again: Password1, Password2." in words(shown) and "own secret" not in html(shown)
    sue.cookies.clear()
    picture = SimpleUploadedFile("face.jpg", b"x", content_type="image/jpeg")
    asked = sue.post("/admin/content/picture/add/", known | {"alt": "A clear forehead", "upload": picture})
    assert "Files and passwords are not kept." in words(asked)
    shown = sign_in(sue, asked, "sue")
    assert "Please give again: Upload." in words(shown) and "A clear forehead" in html(shown)


# --- where a sign-in leads --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("going", ["", "https://elsewhere.example/", "/admin/logout/", "/admin/login/"])
def test_a_sign_in_leads_to_a_page_that_is_there(going: str) -> None:
    make.staff()
    browser = Client()
    sent = {"username": "dee", "password": PASSWORD, "next": going}
    led = browser.post("/admin/login/", sent, follow=True)
    assert led.status_code == 200 and led.request["PATH_INFO"] == "/admin/"


def test_no_address_of_the_desk_answers_405_to_somebody_who_was_led_there(sue: Client) -> None:
    assert sue.get("/admin/logout/")["Location"] == "/admin/"
    assert sue.get("/admin/content/page/due/1/done/").status_code in (302, 404)
    assert sue.put("/admin/logout/").status_code in (403, 405)


def test_a_new_password_and_a_sign_out_lead_to_pages_that_are_there(sue: Client) -> None:
    url, new = "/admin/password_change/", "another long one of Sue's"
    sent = form_of(sue, url) | {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    changed = sue.post(url, sent, follow=True)
    assert (changed.status_code, changed.request["PATH_INFO"]) == (200, "/admin/password_change/done/")
    left = sue.post("/admin/logout/", inputs(html(changed)))
    assert left.status_code == 200 and 'href="/admin/"' in html(left)


def test_signing_out_twice_is_no_form_to_be_kept(sue: Client) -> None:
    data = inputs(html(sue.get(WORKLIST)))
    Session.objects.all().delete()
    assert sue.post("/admin/logout/", data)["Location"] == "/admin/"


# --- the mark ---------------------------------------------------------------------------------------------------------


def test_every_form_of_the_desk_that_posts_says_whom_it_was_made_for(sue: Client) -> None:
    consultation, ana = make.submitted(), make.practitioner()
    shut = Closure.objects.create(name="Holidays", first_day="2026-12-24", last_day="2026-12-26")
    pages = [
        WORKLIST,
        page_of(consultation),
        f"{WORKLIST}add/",
        "/admin/bookings/closure/",
        f"/admin/bookings/practitioner/{ana.pk}/change/",
        f"/admin/bookings/closure/{shut.pk}/delete/",
        ADD,
        "/admin/password_change/",
    ]
    for url in pages:
        page = html(sue.get(url))
        assert page.count(f'name="{mark.FIELD}"') == page.count('name="csrfmiddlewaretoken"') > 0, url


def test_a_clients_form_says_nothing_of_the_kind(dee: Client) -> None:
    page = dee.get("/consultations/request/")
    assert "csrfmiddlewaretoken" in html(page) and mark.FIELD not in html(page)
    assert "sessionid" not in page.cookies
