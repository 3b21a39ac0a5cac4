"""The client reads the plan behind a second link, which works once, and answers it there. Nothing of it is anywhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookings import links
from bookings.models import ConsultationRequest, Message, Plan, PlanQuestion, VisitQuestion
from bookings.models.message import PLAN
from bookings.models.plan import HOW_LONG
from bookings.workflow import plan as writing
from bookings.workflow import plan_answer
from bookings.workflow.core import Origin
from clinic.foundation import when
from tests.factories import LONDON, let_in
from tests.plans.writing import DAY, THEN, WORDS, ana, line, not_now, seen, sent, treatment

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LATER = THEN + DAY
PAGE = "/consultations/mine/plan/"


@pytest.fixture(autouse=True)
def later() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(LATER, tick=False) as clock:
        yield clock


def browser(cleo: ConsultationRequest, purpose: str = PLAN) -> Client:
    """Cleo's, with the session that a link of this purpose opens."""
    client = Client()
    _, cookie = let_in(links.mint(cleo, now=timezone.now(), purpose=purpose), timezone.now())
    client.cookies[settings.CLIENT_COOKIE_NAME] = cookie
    return client


def words(response: Any) -> str:
    """What the page says, on one line."""
    text = re.sub(r"<(style|script)[^>]*>.*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return " ".join(unescape(text).split())


def say(client: Client, cleo: ConsultationRequest, say: str, **fields: Any) -> Any:
    cleo.refresh_from_db()
    return client.post(PAGE, {"say": say, "version": cleo.version, **fields})


def test_the_first_link_shows_nothing_of_it_and_sends_the_second() -> None:
    cleo, _ = sent()
    client = browser(cleo, "manage")
    gate = client.get(PAGE).content.decode()
    assert "What we wrote to you" in gate
    assert not any(word in gate for word in ("scar", "Punch", "£", WORDS.findings))
    assert client.post(reverse("client:plan_link")).status_code == 303
    assert Message.objects.filter(kind="plan_link", request=cleo).count() == 1
    assert say(client, cleo, "yes", line=1).status_code == 200  # the gate again
    assert Plan.objects.get().status == "sent"


def test_the_second_link_opens_it_once_and_for_ten_minutes(later: time_machine.Traveller) -> None:
    cleo, _ = sent()
    link = links.mint(cleo, now=LATER, purpose=PLAN)
    address = f"/consultations/open/{links.token(link)}/"
    client = Client()
    door = client.get(address).content.decode()
    assert ("Open what we wrote" in door, "scar" in door) == (True, False)
    opened = client.post(address)
    assert (opened.status_code, opened["Location"]) == (303, PAGE)
    assert "Punch techniques" in client.get(PAGE).content.decode()
    used = Client().post(address)
    assert (used.status_code, "This link was used: it works once." in used.content.decode()) == (404, True)
    assert "Open my request" in client.get(address).content.decode()
    stale = links.mint(cleo, now=LATER, purpose=PLAN)
    later.move_to(LATER + timedelta(minutes=10))
    assert Client().post(f"/consultations/open/{links.token(stale)}/").status_code == 404


def test_everything_that_was_written_is_there() -> None:
    cleo, plan = sent(line(), line("Laser", sessions=(3, 4), gap_days=42, times=(3, 4)))
    page = browser(cleo).get(PAGE).content.decode()
    for words in (
        WORDS.findings, WORDS.because, WORDS.first, WORDS.can, WORDS.cannot, WORDS.next_step,
        "A strong peel", "It would darken your skin.", "3 to 4 visits", "6 weeks apart", "5 scars, £140 to £190 each",
        "£700 to £950", "For the narrow ones.", "A new scar.", plan.author_label,
    ):  # fmt: skip
        assert 0 < page.find(words) < page.index('id="answer"'), words  # all of it is read before an answer


def test_yes_to_what_is_ticked_and_the_page_says_what_follows() -> None:
    cleo, plan = sent(line(sessions=(2, 2)), line("Laser"))
    client, [first, _] = browser(cleo), plan.lines.all()
    assert say(client, cleo, "yes", line=[first.pk]).status_code == 303
    page = client.get(PAGE).content.decode()
    assert "Thank you. We have your answer." in page
    assert "You said yes on" in page
    assert "Punch techniques, visit 1 of 2" in page
    assert (
        "You said yes to some of it on Friday 4 December. Your yes is to Punch techniques. Open until" in page
    )
    assert "You hear from us about each later visit in the three weeks before its day, or sooner." in page
    # Of several, each is taken back by itself.
    assert "Take back this yes" not in page
    say(client, cleo, "back:plan")
    assert "You took back your yes. Nothing is booked. You can say yes again until" in words(
        browser(cleo).get(PAGE)
    )
    say(client, cleo, "yes", line=[one.pk for one in plan.lines.all()])
    assert "Take back this yes" in client.get(PAGE).content.decode()
    say(client, cleo, f"back:{first.pk}")
    page = client.get(PAGE).content.decode()
    assert "You have taken back your yes to Punch techniques. The rest stays as it is." in page
    assert [one.said for one in plan.lines.all()] == ["", "yes"]
    assert "Still open" in page
    second = plan.lines.all()[1]
    assert say(client, cleo, "yes", line=[second.pk]).status_code == 200  # no choice of the page any more


def test_what_is_left_and_what_was_said_yes_to_are_two_sums() -> None:
    cleo, plan = sent(line(), line("Laser", price=(1000, 1000), times=(1, 1), wait_days=60))
    client, [first, _] = browser(cleo), plan.lines.all()
    assert "can be on Sunday 13 December at the soonest" in words(client.get(PAGE))
    say(client, cleo, "yes", line=[first.pk])
    page = words(client.get(PAGE))
    assert "so you have time to think" not in page  # its day is later than that
    assert "You said yes to, as an estimate £700 to £950" in page
    assert "Still open £10" in page
    assert "What you said yes to, and what waits" in page
    assert "It can begin on Monday 1 February 2027, and end on Monday 1 March 2027 at the soonest." in page
    assert f"These prices hold until Wednesday 3 March {plan.valid_until.year}." in page
    # What is declined is in no sum, and a plan without anything to answer has no button.
    say(client, cleo, "no")
    page = words(client.get(PAGE))
    assert "You said yes to, as an estimate £700 to £950" in page
    assert "You said yes to some of it on Friday 4 December, and no to the rest." in page
    assert not any(
        gone in page for gone in ("Still open", "All of it", "Say yes", "time to think", "at the soonest")
    )


def test_what_they_had_wanted_to_know_and_what_became_of_it() -> None:
    cleo = seen()
    states = VisitQuestion.State
    for body, state in (("Will it darken?", states.ANSWERED), ("And my neck?", states.PUT_OFF)):
        VisitQuestion.objects.create(request=cleo, body=body, state=state, asked_at=THEN, settled_at=THEN)
    sent(cleo=cleo)
    page = words(browser(cleo).get(PAGE))
    assert "Will it darken? We answered it at your visit." in page
    assert "And my neck? We left it for later. Ask us whenever you like." in page
    VisitQuestion.objects.filter(state=states.PUT_OFF).update(reply="Your neck stays as it is.")
    assert "neck stays" not in words(browser(cleo).get(PAGE))
    VisitQuestion.objects.update(state=states.ANSWERED)
    assert "And my neck? Your neck stays as it is." in words(browser(cleo).get(PAGE))
    assert "darken" not in words(browser(cleo, "manage").get("/consultations/mine/"))


def test_what_is_only_done_after_another_is_said_beside_it_and_every_tick_stays() -> None:
    cleo, plan = sent(line(), line("Laser", after=0), line("Peel"))
    client, [first, laser, peel] = browser(cleo), plan.lines.all()
    page = words(client.get(PAGE))
    after = "Only after Punch techniques: at least 2 weeks after its last visit. It is not done without it."
    assert after in page
    assert "In which order the others come, we tell you when we book." in page
    answer = say(client, cleo, "yes", line=[laser.pk, peel.pk])
    assert (answer.status_code, Plan.objects.get().status) == (200, "sent")
    page = answer.content.decode()
    sentence = "Laser is only done after Punch techniques. Tick both, or leave this one out."
    assert page.count(sentence) == 2
    assert f'href="#id_line_{laser.pk}"' in page
    assert page.count('aria-describedby="id_line_error"') == 1
    assert page.index(f'id="id_line_{laser.pk}"') < page.index('id="id_line_error"')
    assert page.index('id="id_line_error"') < page.index(f'id="id_line_{peel.pk}"')
    assert page.count(" checked") == 2
    say(client, cleo, "yes", line=[first.pk, laser.pk])
    assert [one.said for one in plan.lines.all()] == ["yes", "yes", ""]


def test_how_it_feels_and_heals_is_what_the_content_said_when_it_was_sent() -> None:
    known = treatment(comfort="A numbing cream", downtime="Red for 3 days")
    treatment(
        "Peel",
        downtime="A dressing. Your care sheet says for how long",
        recovery=[["Days after", "Leave it alone. Your care sheet says when it comes off"]],
    )
    cleo, plan = sent(line(), line("Peel"))
    known.comfort = known.downtime = "Changed since"
    known.save()
    page = words(browser(cleo).get(PAGE))
    assert "What it feels like, and what numbs it: A numbing cream" in page
    assert "What shows afterwards, and for how long: Red for 3 days" in page
    assert page.count("What it feels like") == 1  # nothing of the other
    assert f"A dressing. Days after: Leave it alone. {HOW_LONG}" in page
    assert "care sheet" not in page
    assert "You see Ana Lind again" in page
    assert page.index("What we advise against") < page.index("Say yes to what I ticked")
    told = plan.lines.all()[0].told
    assert told is not None
    assert (plan.lines.all()[0].treatment_id, told.version) == (known.pk, known.live_id or 0)


def test_prices_and_visits_beyond_what_is_sure() -> None:
    cleo, plan = sent(line(sessions=(3, 4), gap_days=42, times=(3, 4)), line("Peel", sessions=(1, 3)))
    page = words(browser(cleo).get(PAGE))
    assert (
        "We arrange 3 visits for you. At the third we decide with you whether you need a fourth. "
        "The higher sum is with all of them." in page
    )
    assert "We arrange 1 visit for you. At the first we decide with you whether you need more. " in page
    late = "What you say yes to by then keeps its price, also for visits after that day."
    assert f"These prices hold until Wednesday 3 March 2027. {late}" in page
    say(browser(cleo), cleo, "yes", line=[one.pk for one in plan.lines.all()])
    kept = "What you said yes to keeps its price, also for visits after Wednesday 3 March 2027."
    assert kept in words(browser(cleo).get(PAGE))


def test_enter_in_a_box_says_nothing_and_keeps_the_tick_and_paper_has_name_and_days() -> None:
    cleo, plan = sent()
    client = browser(cleo)
    page = client.get(PAGE).content.decode()
    form = page[page.index('action="/consultations/mine/plan/"') :]
    assert form.index("<button") == form.index('<button class="vh" type="submit" name="say" value=""')
    again = say(client, cleo, "", line=plan.lines.get().pk).content.decode()
    assert " checked" in again
    assert "Error:" not in again
    assert "Written on Thursday 3 December 2026. Valid until Wednesday 3 March 2027." in page


def test_nothing_ticked_is_said_beside_the_boxes_and_what_was_typed_stays() -> None:
    cleo, plan = sent()
    [row] = plan.lines.all()
    page = say(browser(cleo), cleo, "yes", **{f"question_{row.pk}": "Does it hurt?"}).content.decode()
    assert "Error:" in page
    assert page.count("Tick at least one treatment, or choose") == 2
    assert "Does it hurt?" in page
    assert f'href="#id_line_{row.pk}"' in page


def test_a_question_is_asked_and_its_answer_read() -> None:
    cleo, plan = sent()
    client, [row] = browser(cleo), plan.lines.all()
    assert "Enter your question" in say(client, cleo, f"question:{row.pk}").content.decode()
    say(client, cleo, f"question:{row.pk}", **{f"question_{row.pk}": "Does it hurt?"})
    say(client, cleo, "question:plan", question_plan="May I bring my sister?")
    assert [(one.body, one.line_id) for one in PlanQuestion.objects.all()] == [
        ("Does it hurt?", row.pk), ("May I bring my sister?", None)
    ]  # fmt: skip
    assert "We answer by" in client.get(PAGE).content.decode()
    # Thanks and the promise stand at the question, where the page opens.
    asked = say(client, cleo, "question:plan", question_plan="And when?")
    assert asked["Location"] == f"{PAGE}#asked-{PlanQuestion.objects.latest('pk').pk}"
    by = when.moment(PlanQuestion.objects.latest("pk").due_at, LONDON)
    thanks = f"Thank you. We have your question. We answer by {by}. You asked: And when?"
    assert thanks in words(client.get(PAGE))
    PlanQuestion.objects.latest("pk").delete()
    too_long = say(client, cleo, "question:plan", question_plan="x" * 1001)
    assert too_long.status_code == 200
    assert PlanQuestion.objects.count() == 2


@pytest.mark.parametrize("button", ["yes", "think", "no", "question:plan"])
def test_what_is_typed_under_another_button_goes_along_and_a_second_press_sends_nothing(button: str) -> None:
    cleo, plan = sent()
    client, [row] = browser(cleo), plan.lines.all()
    typed = {"line": row.pk, f"question_{row.pk}": "Does it hurt?"}
    form = {"say": button, "version": cleo.version, **typed, "question_plan": "May I bring my sister?"}
    for _ in range(2):
        assert client.post(PAGE, form).status_code == 303
        asked = {(one.body, one.line_id) for one in PlanQuestion.objects.all()}
        assert asked == {("Does it hurt?", row.pk), ("May I bring my sister?", None)}
    assert PlanQuestion.objects.count() == 2
    thanks = words(client.get(PAGE))
    assert "We have your question" in thanks
    assert button != "yes" or "We have your answer. We have your question too." in thanks


def test_a_yes_says_when_it_would_suit_them_and_each_of_its_visits_keeps_that() -> None:
    cleo, plan = sent(line(sessions=(2, 2)))
    client, [row] = browser(cleo), plan.lines.all()
    shown = words(client.get(PAGE))
    assert "When would suit you? (optional)" in shown
    assert "The front desk reads this, so nothing about your health, please." in shown
    given = {"line": row.pk, "days": ["0", "3"], "parts": ["afternoon"], "about_times": "I work nights."}
    for wrong in ({"about_times": "x" * 201}, {"days": ["9"]}, {"parts": ["midnight"]}):
        refused = say(client, cleo, "yes", **given | wrong)
        assert (refused.status_code, Plan.objects.get().status) == (200, "sent"), wrong
        assert "Error:" in refused.content.decode()
    # It all stays beside a question, of which the address has the ticks alone.
    asked = say(client, cleo, "question:plan", **given, question_plan="Hm?")["Location"]
    assert asked.startswith(f"{PAGE}?line={row.pk}&days=0&days=3&parts=afternoon#asked-")
    page = client.get(asked).content.decode()
    assert page.count(" checked") == 4
    assert 'value="I work nights."' in page
    assert say(client, cleo, "yes", **given).status_code == 303
    assert "You asked for: Monday or Thursday, afternoon. We look there first." in words(client.get(PAGE))
    made = ConsultationRequest.objects.exclude(session_number=None).order_by("pk")
    assert [[str(one) for one in session.windows.all()] for session in made] == [
        ["Monday, afternoon", "Thursday, afternoon"]
    ] * 2
    assert [[(one.words, one.about_health) for one in session.notes.all()] for session in made] == [
        [("I work nights.", False)]
    ] * 2
    own = words(browser(made[0], "manage").get("/consultations/mine/"))
    assert "What would suit you Monday or Thursday, afternoon" in own
    assert "Your visit 1 of 2, " in own


def test_no_and_later_are_good_answers() -> None:
    cleo, _ = sent()
    client = browser(cleo)
    say(client, cleo, "think")
    assert "Nobody will chase you" in client.get(PAGE).content.decode()
    say(client, cleo, "no")
    page = client.get(PAGE).content.decode()
    assert "You said no to this plan. That is a good answer too." in page
    assert 'name="say" value="yes"' not in page


def test_a_replaced_plan_says_so_and_a_yes_from_its_old_page_changes_nothing() -> None:
    cleo, old = sent()
    client, version = browser(cleo), cleo.version
    cleo, _ = sent(cleo=cleo)
    answer = client.post(PAGE, {"say": "yes", "version": version, "line": old.lines.get().pk})
    assert answer.status_code == 409  # its boxes are not those of the new one
    assert "sent you your plan" in words(answer)
    assert not ConsultationRequest.objects.exclude(session_number=None).exists()
    earlier = client.get(f"{PAGE}1/").content.decode()
    assert "A newer plan has taken the place of this one" in earlier
    assert 'name="say" value="yes"' not in earlier
    assert client.get(f"{PAGE}7/").status_code == 404


def test_an_answer_about_an_earlier_plan_is_read_on_the_newest_and_on_its_own_page() -> None:
    cleo, old = sent()
    client, [row] = browser(cleo), old.lines.all()
    say(client, cleo, f"question:{row.pk}", **{f"question_{row.pk}": "Does it hurt?"})
    cleo.refresh_from_db()
    asked, origin = PlanQuestion.objects.get(), Origin(ana(), LATER, cleo.version)
    cleo = plan_answer.answer_about_plan(cleo, origin, question=asked.pk, text="We numb it first.")
    assert "About an earlier plan" not in words(client.get(PAGE))
    sent(cleo=cleo, now=LATER)
    newest, earlier = words(client.get(PAGE)), words(client.get(f"{PAGE}1/"))
    before = (
        "About an earlier plan You asked about Punch techniques: Does it hurt? Our answer: We numb it first."
    )
    assert before in newest
    assert "We numb it first." in earlier
    assert "About an earlier plan" not in earlier


def test_a_double_click_worked_and_somebody_else_first_is_said() -> None:
    cleo, plan = sent(line(), line("Laser"))
    client, [first, second] = browser(cleo), plan.lines.all()
    fields = {"say": "yes", "version": cleo.version, "line": first.pk}
    assert [client.post(PAGE, fields).status_code for _ in range(2)] == [303, 303]
    # Another tab, where the other one was ticked: nothing of that was taken.
    late = client.post(
        PAGE, {"say": "yes", "version": cleo.version, "line": second.pk, "question_plan": "Hm?"}
    )
    assert late.status_code == 409
    assert "You said yes to the plan" in words(late)
    assert [one.said for one in plan.lines.all()] == ["yes", ""]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"say": "dance"},
        {"say": "question:99"},
        {"say": "question"},
        {"say": "yes", "line": "x" * 9000},
        {"version": "é"},
    ],
)
def test_hostile_values_change_nothing(fields: dict[str, str]) -> None:
    cleo, _ = sent()
    assert browser(cleo).post(PAGE, {"version": cleo.version} | fields).status_code in (200, 303, 409)
    assert Plan.objects.get().status == "sent"
    assert not PlanQuestion.objects.exists()


def test_not_now_says_when_to_come_back_and_asks_for_no_answer() -> None:
    cleo = writing.send_plan(seen(), Origin(ana(), THEN), written=not_now())
    page = browser(cleo).get(PAGE).content.decode()
    assert "Not now, but later" in page
    assert "calm for three months" in page
    assert 'value="yes"' not in page
