"""The last save never wins: what somebody else has since changed or deleted is said, and what was typed is kept."""

from __future__ import annotations

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db.models import CharField, Model
from django.test import Client
from django.urls import reverse

from bookings.models import ConsultationRequest, FeeText, Message, Practitioner, RequestLimit, TimeOff
from bookings.models.message import WorkerBeat
from bookings.states import Status
from clinic.foundation.admin.confirmed import ConfirmedAdmin
from clinic.foundation.admin.fresh import FreshAdmin
from clinic.foundation.models import AuditEntry, SignIn
from content.admin.options import EditedAdmin
from content.models import FAQ, ExamplePlan, Page, Person, Suitability, Treatment
from tests import factories as make
from tests.content.html import filled, filled_from
from tests.desk.pages import html, page_of, words
from tests.publishing import documents

STALE = "Somebody changed this while you were editing"

DOCUMENTS: tuple[type[Model], ...] = (Page, Treatment, Suitability, ExamplePlan)
# Registered with the admin, but not saved by a form that compares: each with the reason.
NOT_BY_FORM: dict[type[Model], str] = {
    ConsultationRequest: "changed by verbs alone, which compare the version that the page showed",
    Message: "nothing is edited; sending again asks the database for the state that it stands on",
    **dict.fromkeys(
        DOCUMENTS,
        "changed by verbs alone, which compare the version and the event that the editor showed",
    ),
    AuditEntry: "nobody writes it",
    SignIn: "to read only",
    WorkerBeat: "to read only",
}


@pytest.fixture
def sue() -> Client:
    return _superuser("Sue Root")


@pytest.fixture
def gus() -> Client:
    return _superuser("Gus Early")


def _superuser(name: str) -> Client:
    client = Client()
    client.force_login(make.staff(name, is_superuser=True))
    return client


def address(row: Model, do: str = "change") -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{do}", args=[row.pk])


# --- every form there is ----------------------------------------------------------------------------------------------


def test_every_registered_form_compares_or_says_why_not() -> None:
    for model, options in admin.site._registry.items():
        assert isinstance(options, FreshAdmin) != (model in NOT_BY_FORM), model


def test_what_may_be_deleted_is_what_the_confirmation_showed() -> None:
    for model, options in admin.site._registry.items():
        never = model in (AuditEntry, ConsultationRequest, Message, SignIn, WorkerBeat)
        assert isinstance(options, ConfirmedAdmin) != never, model


# --- staff and roles --------------------------------------------------------------------------------------------------


def test_a_stale_surname_does_not_let_somebody_in_again(sue: Client, gus: Client) -> None:
    dee = make.staff()
    dee.groups.add(Group.objects.create(name="Helpers"))
    mine = filled(sue, address(dee)) | {"last_name": "Hart-Moss"}
    theirs = filled(gus, address(dee))
    del theirs["is_active"]
    assert gus.post(address(dee), theirs).status_code == 302

    page = sue.post(address(dee), mine)
    assert f"{STALE} (Gus Early, just now)" in words(page)
    assert 'value="Hart-Moss"' in html(page)
    dee.refresh_from_db()
    assert (dee.is_active, dee.last_name) == (False, "Hart")
    # Once told, Sue may save it all the same.
    again = filled_from(page)
    assert sue.post(address(dee), again).status_code == 302


@pytest.mark.once
def test_somebody_who_only_signs_in_makes_no_form_stale(sue: Client) -> None:
    dee = make.staff()
    mine = filled(sue, address(dee)) | {"last_name": "Hart-Moss"}
    User.objects.filter(pk=dee.pk).update(last_login=make.NOW)
    assert sue.post(address(dee), mine).status_code == 302
    dee.refresh_from_db()
    assert (dee.last_name, dee.last_login) == ("Hart-Moss", make.NOW)


@pytest.mark.once
def test_rights_taken_from_a_role_do_not_come_back_with_a_stale_name(sue: Client, gus: Client) -> None:
    role = Group.objects.create(name="Helpers")
    role.permissions.set(make.staff().user_permissions.all())
    mine = filled(sue, address(role)) | {"name": "Helpers"}
    assert gus.post(address(role), filled(gus, address(role)) | {"permissions": []}).status_code == 302

    page = sue.post(address(role), mine)
    assert STALE in words(page)
    assert 'value="Helpers"' in html(page)
    role.refresh_from_db()
    assert (role.name, role.permissions.count()) == ("Helpers", 0)


@pytest.mark.once
def test_a_password_set_for_somebody_leaves_the_rest_as_it_is_by_then(sue: Client) -> None:
    dee = make.staff()
    url = f"/admin/auth/user/{dee.pk}/password/"
    sue.get(url)
    User.objects.filter(pk=dee.pk).update(is_active=False)
    sent = {
        "password1": "correct horse staple",
        "password2": "correct horse staple",
        "usable_password": "true",
    }
    assert sue.post(url, sent | {"set-password": "Change"}).status_code == 302
    dee.refresh_from_db()
    assert not dee.is_active
    assert dee.check_password("correct horse staple")


def away(person: Practitioner) -> Practitioner:
    """Five days off in December, "day 0" to "day 4"."""
    for day in range(5):
        TimeOff.objects.create(
            practitioner=person,
            starts_at=make.at(7 + day, 9),
            ends_at=make.at(7 + day, 17),
            label=f"day {day}",
        )
    return person


# --- what was deleted while its form was open -------------------------------------------------------------------------


@pytest.mark.once
def test_a_form_for_a_row_that_is_gone_says_so_and_keeps_what_was_typed(sue: Client, gus: Client) -> None:
    bo = make.practitioner("Bo Reyes")
    away(bo)
    data = filled(sue, address(bo)) | {"name": "Dr Bo Reyes", "time_off-0-label": "Course in Larch Quay"}
    assert gus.post(address(bo, "delete"), filled(gus, address(bo, "delete"))).status_code == 302

    page = sue.post(address(bo), data)
    assert page.status_code == 410
    shown = words(page)
    assert "This practitioner has been deleted" in shown
    assert "Gus Early deleted it just now. Nothing of yours is saved" in shown
    assert "Dr Bo Reyes" in shown
    assert "Course in Larch Quay" in shown
    assert "First consultation" in shown  # a tick box, by its name
    assert "csrf" not in shown and "TOTAL" not in shown


# One column of each, whose words are shown as they were typed.
WORDS: dict[type[Model], str] = {
    Person: "name",
    User: "username",
    Group: "name",
    Suitability: "reason",
    RequestLimit: "words",
    FeeText: "text",
}


@pytest.mark.once
def test_every_form_there_is_gives_back_what_was_typed(sue: Client) -> None:
    models: list[type[Model]] = [model for model in admin.site._registry if model not in NOT_BY_FORM]
    for model in (*models, *DOCUMENTS):
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[10**6])
        found = [f.name for f in model._meta.fields if isinstance(f, CharField) and not f.choices]
        name = WORDS.get(model) or (found[0] if found else "horizon_days")
        options = admin.site._registry[model]
        sent = options.editor_options.sent(name) if isinstance(options, EditedAdmin) else name
        page = sue.post(url, {sent: "An hour of careful words."})
        assert page.status_code == 410, model
        shown = words(page)
        assert "Somebody deleted it. Nothing of yours is saved." in shown, model
        assert "An hour of careful words." in shown, model


@pytest.mark.once
def test_every_confirmation_knows_what_it_shows(sue: Client) -> None:
    rows: list[Model] = [
        make.practitioner(),
        make.consultation_type(),
        Group.objects.create(name="Helpers"),
    ]
    rows += [make.concern(code="other"), make.staff(), documents.draft()]
    for row in rows:
        page = html(sue.get(address(row, "delete")))
        assert re.search(r'name="seen" value="[0-9a-f]{64}"', page), row


@pytest.mark.once
def test_long_words_keep_their_lines(sue: Client) -> None:
    answer = FAQ.objects.create(question="Does it hurt?", answer="A little.", slug="hurt", group="having")
    url = address(answer)
    data = filled(sue, url) | {"answer": "Less than\nyou think."}
    answer.delete()
    page = sue.post(url, data)
    assert page.status_code == 410
    assert "Somebody deleted it" in words(page)
    assert "Less than\nyou think." in html(page).replace("\r", "")
    assert "Having treatment" in words(page)


@pytest.mark.once
def test_a_password_that_was_typed_is_not_shown(sue: Client) -> None:
    dee = make.staff()
    url = address(dee)
    data = filled(sue, url) | {"last_name": "Hart-Moss", "password1": "correct horse battery"}
    dee.delete()
    page = sue.post(url, data)
    assert page.status_code == 410
    assert "Hart-Moss" in words(page) and "correct horse battery" not in html(page)


@pytest.mark.once
def test_whoever_may_not_save_is_told_nothing(dee: Client, gus: Client) -> None:
    bo = make.practitioner("Bo Reyes")
    url = address(bo)
    bo.delete()
    assert dee.post(url, {"name": "Bo"}).status_code == 403


@pytest.mark.once
def test_an_address_that_nothing_stands_under_leads_back(sue: Client) -> None:
    assert sue.get("/admin/bookings/practitioner/99999999/change/").status_code == 302


# --- rows of its table that were deleted meanwhile --------------------------------------------------------------------


def test_a_row_deleted_meanwhile_is_said_beside_it_and_comes_back_if_it_is_sent_again(
    sue: Client, gus: Client
) -> None:
    ana = away(make.practitioner())
    mine = filled(sue, address(ana)) | {"time_off-1-label": "Course", "time_off-4-label": "Wedding"}
    theirs = filled(gus, address(ana)) | {"time_off-1-DELETE": "on"}
    assert gus.post(address(ana), theirs).status_code == 302

    page = sue.post(address(ana), mine)
    assert STALE in words(page)
    assert "Somebody deleted this row while you were editing" in words(page)
    # All five rows are still there, with what was typed, including the last one.
    again = filled_from(page)
    assert (again["time_off-1-label"], again["time_off-4-label"]) == ("Course", "Wedding")
    assert not ana.time_off.filter(label="Wedding").exists()

    assert sue.post(address(ana), again).status_code == 302
    assert ana.time_off.count() == 5
    assert [row.label for row in ana.time_off.all()] == ["day 0", "Course", "day 2", "day 3", "Wedding"]


def test_or_it_stays_deleted_with_a_tick(sue: Client, gus: Client) -> None:
    ana = away(make.practitioner())
    mine = filled(sue, address(ana)) | {"name": "Dr Ana Lind"}
    ana.time_off.get(label="day 1").delete()
    page = sue.post(address(ana), mine)
    assert 'name="time_off-1-DELETE"' in html(page)
    again = filled_from(page) | {"name": "", "time_off-1-label": "Course"}
    page = sue.post(address(ana), again)
    assert 'name="time_off-1-DELETE"' in html(page)  # even while something else is wrong
    assert 'value="Course"' in html(page)
    again = filled_from(page) | {"name": "Dr Ana Lind", "time_off-1-DELETE": "on"}
    assert sue.post(address(ana), again).status_code == 302
    assert [row.label for row in ana.time_off.all()] == ["day 0", "day 2", "day 3", "day 4"]


@pytest.mark.once
def test_each_row_of_a_refused_form_stands_beside_its_own_name(sue: Client, gus: Client) -> None:
    ana = away(make.practitioner())
    mine = filled(sue, address(ana)) | {"time_off-0-ends_at": "later"}
    ana.time_off.get(label="day 0").delete()
    page = html(sue.post(address(ana), mine))
    originals = re.findall(r'<td class="original">(.*?)</td>', page, flags=re.DOTALL)
    assert "day 0" not in originals[0] and "day 1" in originals[1] and "day 4" in originals[4]


def test_a_made_up_row_of_somebody_elses_is_left_alone(sue: Client) -> None:
    ana, bo = away(make.practitioner()), away(make.practitioner("Bo Reyes"))
    his = bo.time_off.get(label="day 0")
    data = filled(sue, address(ana)) | {"time_off-0-id": str(his.pk), "time_off-0-label": "Course"}
    sue.post(address(ana), data)
    his.refresh_from_db()
    assert (his.practitioner, his.label) == (bo, "day 0")


# --- a request that the clock has deleted -----------------------------------------------------------------------------


@pytest.mark.once
def test_words_for_a_request_that_is_gone_can_be_copied(dee: Client, eve: Client) -> None:
    consultation = make.in_state(Status.SUSPECTED)
    url = page_of(consultation)
    typed = {
        "do": "correct_contact",
        "version": consultation.version,
        "name": "Cleo Marsh-Hill",
        "phone": "01632 960 009",
    }
    consultation.delete()
    page = dee.post(url, typed)
    assert page.status_code == 410
    assert "This request has been deleted" in words(page)
    assert "It was suspected spam, and its time was over. Nothing of yours is saved" in words(page)
    assert "Cleo Marsh-Hill" in words(page) and "01632 960 009" in words(page)
    assert dee.get(url).status_code == 404
    assert dee.post(url, {"do": "approve"}).status_code == 404
    assert eve.post(url, typed).status_code == 403
