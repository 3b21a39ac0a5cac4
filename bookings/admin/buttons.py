"""The buttons of a request's page: which there are now, what each says, and the form beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.forms import CharField

from bookings import limits
from bookings.admin import actions, mail_preview, mark_actions
from bookings.admin.action import Action
from bookings.admin.actions import ACTIONS
from bookings.admin.case import Case
from bookings.admin.forms import VerbForm
from bookings.admin.mark_actions import ONLY_WHEN_POSSIBLE, TAKES_BACK
from bookings.admin.slot_forms import SlotsForm, slot_words
from bookings.availability import Slot
from bookings.desk_site import CORRECTS_LATE
from bookings.models import ConsultationRequest
from bookings.queries import marks, one_request, plans
from bookings.queries.desk import SETTLED
from bookings.states import CallOutcome, Status, Who, allowed_verbs
from clinic.foundation import when


@dataclass
class Attempt:
    """What came of a POST that did not go through: the bound form, its preview, and what to say on top of the page."""

    action: Action
    form: VerbForm
    problem: str = ""
    nearest: list[Slot] = field(default_factory=list)
    preview: bool = False


@dataclass(frozen=True)
class Button:
    """An action on the page: its words with names filled in, and its form. `mail` is there once somebody asks to see it.

    `exact`: the mail is made of what was chosen, not of an example. `on_page`: words that only the client's page shows.
    """

    action: Action
    words: str
    hint: str
    form: VerbForm
    open: bool
    mail: Mapping[str, str] | None
    exact: bool
    on_page: str

    @property
    def simple(self) -> bool:
        """Nothing to type and nothing to read first: drawn as a button at once."""
        return not self.form.fields and not self.action.mail and not self.open


def lost(attempt: Attempt | None, buttons: Mapping[str, Button], zone: ZoneInfo) -> list[tuple[str, str]]:
    """What somebody typed or ticked for an action that is no longer allowed: shown, so that it can be copied."""
    if attempt is None or attempt.action.name in buttons:
        return []
    lost = []
    if isinstance(attempt.form, SlotsForm) and attempt.form.boxes:
        times = [slot_words(value, zone) for value in attempt.form.boxes[: limits.lists.TICKED_TIMES_READ]]
        lost.append(("The times you ticked", ", ".join(words for words in times if words)))
    for box in attempt.form.visible_fields():
        typed = str(attempt.form.data.get(box.html_name, ""))
        if isinstance(box.field, CharField) and typed.strip() and typed != str(box.initial or ""):
            lost.append((str(box.label), typed))
    return lost


def buttons_of(
    known: Case, attempt: Attempt | None, now: datetime, typed: Mapping[str, str]
) -> dict[str, Button]:
    """A button for every action that is allowed now, and for no other. `typed` stood beside another one (typed_words.py)."""
    allowed = allowed_verbs(known.consultation.status, Who.STAFF)
    if attempt:  # its form was made when the press came in: the request may be another one by now
        attempt.form.choices = known.choices
    shown, possible = {}, _possible_marks(known)
    for name, action in ACTIONS.items():
        may = not action.right or known.reader.has_perm(action.right)
        if action.verb in allowed and may and not _is_idle(name, action, known, possible):
            shown[name] = _button(action, known, attempt, now, typed)
    return shown


def _is_idle(name: str, action: Action, known: Case, possible: Collection[str]) -> bool:
    """Whether there is nothing for this action to do, although its verb is allowed. `possible`: marks that may be made."""
    consultation = known.consultation
    if consultation.erased_at is not None and name in actions.TO_SOMEBODY:
        return True
    match name:
        case "confirm_wish":
            return known.wish is None
        case actions.HAND_OVER:
            return known.reads_health or not consultation.must_be_rung or not known.choices.clinicians
        case "answer_question" | "put_off_question":
            return not known.consultation.visit_questions.all()
        case "take":
            return consultation.assigned_to_id == known.reader.pk
        case CallOutcome.LEFT_MESSAGE:
            return not (consultation.phone and consultation.may_leave_message)
        case CallOutcome.TEXTED:
            return not consultation.wants_text
        case CallOutcome.SPOKE | CallOutcome.NO_ANSWER:
            return not consultation.phone
        case "no_follow_up":
            return consultation.follow_up_on is None
        case "call_off" if known.of_plan is not None:  # one that went with their yes is not to be anyway
            return not consultation.is_open and plans.yes_is_gone(known.of_plan.session)
        case mark if mark in ONLY_WHEN_POSSIBLE:
            return mark not in possible
    if action.only_of_plan:
        return consultation.session_number is None
    return (action.only_in_doubt and not known.off) or (action.only_if_proposed and known.proposal is None)


def _possible_marks(known: Case) -> list[str]:
    if known.visit is None:
        return []
    settled = known.consultation.status in SETTLED
    corrects = settled and (
        known.reader.has_perm(CORRECTS_LATE)
        or marks.may_correct(known.visit, known.reader.pk, known.now, known.zone)
    )
    return marks.possible(known.consultation.status, known.visit, known.now, known.zone, corrects=corrects)


def marks_in_reach(known: Case, buttons: Mapping[str, Button]) -> list[tuple[str, str]]:
    """The marks of a visit as the day sheet has them, each the button that it presses, and its words: on the day of the
    visit, and for as long as nobody has marked what became of it.
    """
    if known.visit is None or (known.consultation.status in SETTLED and not _is_today(known)):
        return []
    offered = mark_actions.presses(known.visit, _possible_marks(known))
    named = [(sent.partition(":")[0], words) for sent, words in offered if not sent.startswith("late:")]
    return [(name, words) for name, words in named if name in buttons]


def _is_today(known: Case) -> bool:
    return known.visit is not None and when.same_day(known.visit.starts_at, known.now, known.zone)


def _when_it_began(known: Case) -> str:
    """'Today 10:30'; of a visit of another day 'Fri 3 Oct 10:30'."""
    if known.visit is None:
        return ""
    begins = known.visit.starts_at
    return f"Today {when.digits(begins, known.zone)}" if _is_today(known) else when.short(begins, known.zone)


def _button(
    action: Action, known: Case, attempt: Attempt | None, now: datetime, typed: Mapping[str, str]
) -> Button:
    tried = attempt is not None and attempt.action is action
    form = attempt.form if attempt and tried else action.made(choices=known.choices)
    written = not tried and form.write_again(typed)
    words = action.button.format(
        name=known.consultation.called or "the client",
        wish=when.short(known.wish.start, known.zone) if known.wish else "",
        other=other_attendance(known.consultation),
    )
    frees = action.verb == "ask" and known.consultation.status == Status.OFFERED
    hint = f"the offered times are freed; {action.hint}" if frees else action.hint
    mail, exact = _mail(action, form, known, now) if attempt and tried and attempt.preview else (None, False)
    return Button(action, words, hint, form, tried or written, mail, exact, form.typed_note)


def _mail(
    action: Action, form: VerbForm, known: Case, now: datetime
) -> tuple[Mapping[str, str] | None, bool]:
    """The mail as it would go now, and whether it is exactly that one.

    It is made of what was chosen as far as that is valid, and otherwise of what the form starts from.
    """
    data: dict[str, Any] = known.defaults(action)
    exact = form.is_bound and form.is_valid()
    if form.is_bound:
        data |= form.cleaned_data
    if isinstance(form, SlotsForm):
        exact = exact and bool(form.ticked)
    if (action.mail in ("offered", "confirmed", "changed", "move_proposed") and not data.get("slots")) or (
        action.mail in ("declined", "cancelled") and not data.get("reason")
    ):
        return None, False
    data["people"] = known.choices.practitioners
    mail = mail_preview.preview(action.mail, known.consultation, data, form.typed_note, known.place, now)
    return (mail_preview.readable(mail) if mail else None), exact


def places(known: Case, buttons: Mapping[str, Button]) -> dict[str, Any]:
    """Where each stands on the page. Whatever has no place of its own is another way to answer."""

    def some(names: Iterable[str]) -> list[Button]:
        return [buttons[name] for name in names if name in buttons]

    calls = some(actions.IN_CALL)
    placed = {*actions.IN_TIMES, *actions.IN_MOVE, *actions.BESIDES}
    is_marked = bool(known.visit) and known.consultation.status in SETTLED
    return {
        "marks": marks_in_reach(known, buttons),
        "marks_when": _when_it_began(known),
        # Who may take back how the visit was marked, where the reader may not.
        "managers": one_request.managers() if buttons and is_marked and TAKES_BACK not in buttons else (),
        "others": some(name for name in buttons if name not in placed),
        "who_buttons": some(actions.IN_WHO),
        "calls": calls,
        "pressed": next((button for button in calls if button.open), calls[0]) if calls else None,
        "coming_back": some(actions.IN_FOLLOW_UP),
        "keeping": some(actions.IN_KEEPING),
    }


def other_attendance(consultation: ConsultationRequest) -> str:
    """What "correct" would make of it, in words."""
    return Status.NO_SHOW.words if consultation.status == Status.ATTENDED else Status.ATTENDED.words
