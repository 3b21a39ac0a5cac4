"""While a plan is written it is kept behind the page: nothing typed is lost, and nobody's draft is written over."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from bookings.admin.plan.forms import NEXT_STEP, NEXT_STEPS
from bookings.models import ConsultationRequest, Plan, PlanPhrase, VisitQuestion
from bookings.states import CallOutcome
from bookings.workflow import calls
from bookings.workflow import plan as verbs
from bookings.workflow.core import Actor, Origin
from bookings.workflow.undo import undo
from tests.factories import staff
from tests.plans.test_desk_page import LATER, address, signed_in, typed
from tests.plans.test_desk_page import ana as at_the_desk
from tests.plans.test_desk_page import later as later
from tests.plans.writing import RIGHTS, seen, written

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def keep(cleo: ConsultationRequest, **changes: Any) -> Any:
    return at_the_desk().post(address(cleo), typed(cleo, "behind", **changes))


def test_what_is_typed_is_kept_and_the_history_has_one_line_of_it() -> None:
    cleo = seen()
    told = keep(cleo, findings="Four").json()
    assert (told["said"], told["version"], told["again"]) == ("Kept at 15:00.", cleo.version + 1, True)
    assert (told["sums"], told["total"], told["rules"]) == (["£700 to £950"], "£700 to £950", [])
    cleo.refresh_from_db()
    assert keep(cleo, findings="Four dips.").json()["version"] == cleo.version + 1
    draft = Plan.objects.get()
    assert draft.told is not None
    assert (draft.told.findings, draft.lines.count()) == ("Four dips.", 1)
    page = signed_in(staff("Bo Reed", *(f"bookings.{right}" for right in RIGHTS))).get(
        address(cleo, "change")
    )
    assert page.content.decode().count("Draft of the plan") == 1


def test_a_draft_that_somebody_else_kept_is_not_written_over() -> None:
    cleo = seen()
    bo = Actor.staff(staff("Bo Reed"))
    verbs.write_plan(ConsultationRequest.objects.get(pk=cleo.pk), Origin(bo, LATER), written=written())
    lost = keep(cleo, findings="Mine.")
    assert (lost.status_code, lost.json()["again"]) == (409, False)
    assert "Bo Reed" in lost.json()["said"]
    assert Plan.objects.get().told == written().words


def test_a_call_that_was_noted_meanwhile_stands_in_nobodys_way() -> None:
    cleo = seen()
    called = calls.call(
        ConsultationRequest.objects.get(pk=cleo.pk),
        Origin(Actor.staff(staff()), LATER),
        outcome=CallOutcome.NO_ANSWER,
    )
    assert keep(cleo).json()["version"] == called.version + 1


def test_what_is_half_typed_is_kept_as_far_as_it_can_be_read() -> None:
    cleo = seen()
    keep(cleo)
    cleo.refresh_from_db()
    told = keep(cleo, findings="New.", against_0="A peel", **{"line-0-price_from": "x"}).json()
    assert told["said"].startswith("Kept at 15:00, all but the treatments. Punch techniques: ")
    draft = Plan.objects.get()
    assert draft.told is not None
    assert (draft.told.findings, draft.told.against[0].name) == ("New.", "A peel")
    assert draft.lines.get().price_from == 14000
    cleo.refresh_from_db()
    assert 'value="A peel"' in at_the_desk().get(address(cleo)).content.decode()
    refused = keep(cleo, findings="x" * 9000)
    assert (refused.status_code, refused.json()["again"]) == (422, True)


def test_who_may_only_read_keeps_nothing() -> None:
    cleo = seen()
    reader = signed_in(staff("Bo Reed", "bookings.view_consultationrequest", "bookings.read_health"))
    assert reader.post(address(cleo), typed(cleo, "behind")).status_code == 403


def test_from_the_page_that_they_will_read_the_draft_is_sent_as_it_was_kept() -> None:
    cleo, client = seen(), at_the_desk()
    keep(cleo, against_0="A peel")
    cleo.refresh_from_db()
    preview = client.get(address(cleo, "plan_preview"))
    assert "Send it as it is here" in preview.content.decode()
    press = {"do": "send_kept", "version": cleo.version}
    refused = client.post(address(cleo), press)
    assert "Say what you advised against, and why." in refused.content.decode()
    keep(cleo)
    cleo.refresh_from_db()
    assert client.post(address(cleo), press | {"version": cleo.version}).status_code == 303
    assert Plan.objects.get().status == "sent"
    assert "Send it as it is here" not in client.get(address(cleo, "plan_preview") + "?sent").content.decode()


def test_a_phrase_of_the_clinic_is_put_in_with_one_press_and_only_where_it_fits() -> None:
    cleo, client = seen(), at_the_desk()
    always = PlanPhrase.objects.create(place="first", words="Use sun protection every day.")
    spots = PlanPhrase.objects.create(
        place="first", words="Your spots are treated first.", only_if="active_spots"
    )
    peel = PlanPhrase.objects.create(place="against", name="A strong peel", words="It may darken your skin.")
    PlanPhrase.objects.create(place="can", words="Not any more.", is_active=False)
    page = client.post(address(cleo), typed(cleo, f"phrase:{always.pk}", first="Wait."))
    assert page.context["forms"].words["first"].value() == "Wait. Use sun protection every day."
    assert {place: len(found) for place, found in page.context["phrases"].items()} == {
        "first": 1, "can": 0, "cannot": 0, "against": 1
    }  # fmt: skip
    ticked = typed(cleo, f"phrase:{peel.pk}", applies=["adult", "active_spots"], against_0="Laser")
    page = client.post(address(cleo), ticked)
    assert page.context["phrases"]["first"] == [always, spots]
    words = page.context["forms"].words
    assert (words["against_1"].value(), words["against_why_1"].value()) == (
        "A strong peel",
        "It may darken your skin.",
    )
    assert client.post(address(cleo), typed(cleo, "phrase:x")).status_code == 200


def test_my_own_draft_is_never_in_my_way_and_a_colleagues_is() -> None:
    cleo, client = seen(), at_the_desk()
    page = client.get(address(cleo)).content.decode()
    assert f'name="version" value="{cleo.version}" autocomplete="off"' in page
    keep(cleo, findings="First words.")
    assert client.post(address(cleo), {"do": "at"}).json() == {"version": cleo.version + 1}
    # `cleo` is as it was before: a page that was read before those words were kept.
    again = keep(cleo, findings="First words. Second words.")
    assert (again.status_code, again.json()["version"]) == (200, cleo.version + 2)
    assert client.post(address(cleo), typed(cleo, "see", findings="Third.")).status_code == 303
    draft = Plan.objects.get()
    assert draft.told is not None
    assert draft.told.findings == "Third."
    bo = signed_in(staff("Bo Reed", *(f"bookings.{right}" for right in RIGHTS)))
    assert bo.post(address(cleo), typed(cleo, "behind")).status_code == 409
    refused = bo.post(address(cleo), typed(cleo, "draft"))
    assert (refused.status_code, 'data-keep="no"' in refused.content.decode()) == (409, True)
    assert "The other draft differs here" in refused.content.decode()
    # A second press asks, until somebody has said which of the two is kept.
    version = refused.context["consultation"].version
    fields = typed(cleo, "draft", version=version, asked_whose="1")
    assert [one.words for one in bo.post(address(cleo), fields).context["theirs"]] == ["Third."]
    draft.refresh_from_db()
    assert draft.told.findings == "Third."
    assert bo.post(address(cleo), fields | {"mine": "1"}).status_code == 303


def test_another_tab_of_my_own_is_asked_about_too_and_what_i_answer_is_kept() -> None:
    cleo, client = seen(), at_the_desk()
    one = VisitQuestion.objects.create(request=cleo, body="Pain?", asked_at=LATER)
    kept = keep(cleo, findings="From tab A.", **{f"answer-{one.pk}": "A little."}).json()
    assert kept["ready"]  # what is answered in writing is answered by the plan
    one.refresh_from_db()
    assert (one.state, one.reply) == ("open", "A little.")
    other = keep(cleo, findings="From tab B.", tab="tab2")
    assert (other.status_code, other.json()["again"]) == (409, False)
    page = client.post(address(cleo), typed(cleo, f"put_off:{one.pk}", version=kept["version"]))
    assert "A little." in page.content.decode()
    version = page.context["consultation"].version
    page = client.post(
        address(cleo), typed(cleo, f"answered:{one.pk}", version=version, **{f"answer-{one.pk}": "No."})
    )
    version = page.context["consultation"].version
    page = client.post(
        address(cleo), typed(cleo, f"answered:{one.pk}", version=version, **{f"answer-{one.pk}": "Yes."})
    )
    one.refresh_from_db()
    assert (one.state, one.reply, page.status_code) == ("answered", "Yes.", 200)
    assert keep(page.context["consultation"]).json()["ready"]


def test_an_answer_of_a_colleague_is_shown_beside_mine_and_nothing_is_written_over_unseen() -> None:
    """Neither by the second press, nor by a look in between, nor by a draft or a plan that is sent."""
    cleo, ana = seen(), at_the_desk()
    one = VisitQuestion.objects.create(request=cleo, body="Pain?", asked_at=LATER)
    mine = {f"seen-{one.pk}": "open", f"answer-{one.pk}": "Hardly any."}
    bo = signed_in(staff("Bo Reed", *(f"bookings.{right}" for right in RIGHTS)))
    bo.post(address(cleo), typed(cleo, f"answered:{one.pk}", **{f"answer-{one.pk}": "It is numbed."}))
    looked = ana.post(address(cleo), typed(cleo, "sum", **mine))
    assert (looked.context["version"], looked.context["questions"][0].theirs) == (
        cleo.version,
        "It is numbed.",
    )
    for press in (f"answered:{one.pk}", f"put_off:{one.pk}", "draft", "send", f"answered:{one.pk}"):
        page = ana.post(address(cleo), typed(cleo, press, **mine))
        assert (page.status_code, "It is numbed." in page.content.decode()) == (409, True)
        assert "Hardly any." in page.content.decode()
        mine[f"seen-{one.pk}"] = page.context["questions"][0].seen
        cleo.version = page.context["version"]
    one.refresh_from_db()
    assert (one.state, one.reply) == ("answered", "It is numbed.")
    [answer] = ana.post(address(cleo), typed(cleo, f"take:{one.pk}", **mine)).context["questions"]
    assert (answer.typed, answer.theirs) == ("It is numbed.", None)
    cleo.refresh_from_db()
    assert ana.post(address(cleo), typed(cleo, "draft", **mine, **{f"mine-{one.pk}": "1"})).status_code == 303
    one.refresh_from_db()
    assert one.reply == "Hardly any."


def test_what_is_answered_in_writing_needs_no_press_of_its_own(settings: Any) -> None:
    settings.UNDO_MINUTES = 3
    cleo, client = seen(), at_the_desk()
    one = VisitQuestion.objects.create(request=cleo, body="Pain?", asked_at=LATER)
    typed_so_far = typed(cleo, "see", **{f"answer-{one.pk}": "A little."})
    assert "A little." in client.post(address(cleo), typed_so_far, follow=True).content.decode()
    cleo.refresh_from_db()
    client.post(address(cleo), {"do": "send_kept", "version": cleo.version})
    one.refresh_from_db()
    assert (one.state, one.reply) == ("answered", "A little.")
    ana = Actor.staff(staff("Ana Lind"))
    undo(cleo, Origin(ana, LATER))
    one.refresh_from_db()
    assert (one.state, one.reply) == ("open", "A little.")


def test_a_line_moves_up_with_one_press_and_takes_along_what_follows_it() -> None:
    cleo, client = seen(), at_the_desk()
    names = {"lines": "3", "line-1-name": "Laser", "line-2-name": "Peel", "line-2-after": "1"}
    page = client.post(address(cleo), typed(cleo, "up:1", **names))
    assert [(one.form["name"].value(), one.form.follows) for one in page.context["lines"]] == [
        ("Laser", ""), ("Punch techniques", ""), ("Peel", "Laser")
    ]  # fmt: skip


def test_what_keeps_it_from_being_sent_is_said_at_once_and_its_button_is_plain_till_then() -> None:
    cleo, client = seen(), at_the_desk()
    VisitQuestion.objects.create(request=cleo, body="Pain?", asked_at=LATER)
    page = client.post(address(cleo), typed(cleo, "send", applies=["active_spots"], findings=""))
    assert page.context["forms"].problems == [("id_findings", "Say what you saw, in plain words.")]
    assert [place for place, _ in page.context["still_open"]] == ["id_applies_0", "line-0", "h-questions"]
    assert not page.context["is_ready"]
    # Each keep says what is left by now, so that no line stands that is true no more.
    told = keep(cleo, applies=["active_spots"], findings="").json()
    assert [place for place, _ in told["left"]] == ["id_findings", "id_applies_0", "line-0", "h-questions"]
    assert told["unanswered"] == "1 question of theirs is neither answered nor put off"
    assert told["stands"][0].startswith("Nobody under 18")
    cleo.refresh_from_db()
    told = keep(cleo, **{f"answer-{VisitQuestion.objects.get().pk}": "A little."}).json()
    assert (told["stands"], told["unanswered"], told["left"], told["ready"]) == ([], "", [], True)
    cleo.refresh_from_db()
    VisitQuestion.objects.all().delete()
    assert client.post(address(cleo), typed(cleo, "sum")).context["is_ready"]


def test_what_stands_in_a_field_is_kept_as_a_phrase_but_never_half_of_it() -> None:
    cleo = seen()
    client = signed_in(staff("Ana Lind", *(f"bookings.{right}" for right in (*RIGHTS, "add_planphrase"))))
    for _ in range(2):
        client.post(address(cleo), typed(cleo, "keep_phrase:first", first="Use sun protection every day."))
    pair = {"against_0": "A strong peel", "against_why_0": "It may darken your skin."}
    client.post(address(cleo), typed(cleo, "keep_phrase:against_0", **pair))
    client.post(address(cleo), typed(cleo, "keep_phrase:against_0", **pair | {"against_0": ""}))
    client.post(address(cleo), typed(cleo, "keep_phrase:findings"))
    assert list(PlanPhrase.objects.values_list("place", "name")) == [
        ("against", "A strong peel"),
        ("first", ""),
    ]
    half = PlanPhrase(place="against", words="It may darken your skin.")
    with pytest.raises(ValidationError) as refused:
        half.full_clean()
    assert list(refused.value.message_dict) == ["name"]
    bo = signed_in(staff("Bo Reed", *(f"bookings.{right}" for right in RIGHTS)))
    assert bo.post(address(cleo), typed(cleo, "keep_phrase:first", first="Wait.")).status_code == 403


@pytest.mark.parametrize("outcome", ["not_suitable", "not_now"])
def test_the_next_step_that_nobody_typed_is_that_of_the_decision(outcome: str) -> None:
    cleo = seen()
    fields = typed(cleo, "send", outcome=outcome, back="In May.", next_step=NEXT_STEP)
    assert at_the_desk().post(address(cleo), fields).status_code == 303
    told = Plan.objects.get().told
    assert told is not None
    assert told.next_step == NEXT_STEPS[outcome]


def test_what_follows_another_treatment_stands_after_it_everywhere() -> None:
    cleo, client = seen(), at_the_desk()
    one = {name: value for name, value in typed(cleo, "").items() if name.startswith("line-0-")}
    other = {name.replace("line-0", "line-1"): value for name, value in one.items()}
    changes = one | other | {"lines": "2", "line-0-name": "Laser", "line-0-after": "1"}
    looked = client.post(address(cleo), typed(cleo, "sum", **changes))
    assert [one.form.follows for one in looked.context["lines"]] == ["", "Punch techniques"]
    client.post(address(cleo), typed(cleo, "draft", **changes))
    rows = Plan.objects.get().lines.all()
    assert [(row.told and row.told.name, row.after) for row in rows] == [
        ("Punch techniques", None), ("Laser", rows[0])
    ]  # fmt: skip


def test_until_it_can_no_longer_be_taken_back_nobody_is_told(settings: Any) -> None:
    settings.UNDO_MINUTES = 3
    cleo = seen()
    page = at_the_desk().post(address(cleo), typed(cleo, "send"), follow=True).content.decode()
    assert "The plan is sent. Cleo will be told at 15:03." in page
