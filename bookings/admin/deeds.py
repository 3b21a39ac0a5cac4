"""Every verb that staff may say, as it stands on the request's page: its words, its form, its mail, its call.

The state table says which of them are allowed now. To add a verb to the desk, add a Deed here.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User

from bookings.admin import forms
from bookings.admin.forms import VerbForm
from bookings.availability import Slot
from bookings.messages import render
from bookings.messages.render import Mail
from bookings.models import ConsultationRequest as Request
from bookings.models import Terms
from bookings.queries.clinic import Clinic, clinic
from bookings.table import DeclineReason, Status
from bookings.workflow import contact, desk, erasure, intake, reply, visit
from bookings.workflow.core import Actor

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """Who says it, when, and which version of the request they saw."""

    actor: Actor
    now: datetime
    version: int

    @property
    def how(self) -> dict[str, Any]:
        return {"actor": self.actor, "now": self.now, "version": self.version}


@dataclass(frozen=True)
class Deed:
    """One button. `{name}` in the words becomes the client's name. `mail` is the kind of message it owes, if any."""

    verb: str
    summary: str
    button: str
    say: Callable[[Request, Step, Data], Request]
    form: type[VerbForm] = VerbForm
    hint: str = ""
    mail: str = ""
    done: str = "Done."
    done_as_spam: str = ""  # said instead when the reason is spam
    stop: bool = False  # drawn as something that ends or removes
    code: str = ""  # of the button, where a verb has more than one
    right: str = ""  # a permission that it needs beside the one to answer requests

    @property
    def name(self) -> str:
        return self.code or self.verb

    def said(self, data: Data) -> str:
        """What is said once it is done; `{name}` in it becomes the client's name."""
        spam = data.get("reason") == DeclineReason.SPAM
        return self.done_as_spam if spam and self.done_as_spam else self.done


# --- the calls --------------------------------------------------------------------------------------------------------


def _offer(row: Request, step: Step, data: Data) -> Request:
    ends = None
    if data.get("until"):
        ends = clinic(step.now).offer_end(step.now, int(data["until"]))
    return reply.offer(row, **step.how, slots=data["slots"], note=data["note"], expires_at=ends)


def _confirm(row: Request, step: Step, data: Data) -> Request:
    slot: Slot = data["slots"][0]
    return reply.confirm(row, **step.how, slot=slot, note=data["note"])


def _assign(row: Request, step: Step, data: Data) -> Request:
    user = User.objects.get(pk=int(data["user"])) if data["user"] else None
    return desk.assign(row, **step.how, user=user)


def _correct_contact(row: Request, step: Step, data: Data) -> Request:
    return contact.correct_contact(
        row, **step.how, name=data["name"], email=data["email"], phone=data["phone"]
    )


def _take(row: Request, step: Step, data: Data) -> Request:
    return desk.assign(row, **step.how, user=User.objects.filter(pk=step.actor.id or 0).first())


_ALL = (
    Deed(
        "confirm",
        "Confirm the time they asked for",
        "Confirm {wish} and tell {name}",
        _confirm,
        forms.WishForm,
        mail="confirmed",
        done="Confirmed. {name} is told by e-mail.",
        code="confirm_wish",
    ),
    Deed(
        "offer",
        "Offer times",
        "Offer the ticked times and tell {name}",
        _offer,
        forms.SlotsForm,
        mail="offered",
        done="The times are held, and {name} is told by e-mail.",
    ),
    Deed(
        "confirm",
        "Confirm the ticked time",
        "Confirm the one ticked time and tell {name}",
        _confirm,
        forms.SlotForm,
        mail="confirmed",
        done="Confirmed. {name} is told by e-mail.",
    ),
    Deed(
        "ask",
        "Ask a question",
        "Ask and tell {name}",
        lambda row, step, data: reply.ask(row, **step.how, question=data["question"]),
        forms.AskForm,
        hint="the promise pauses until they answer",
        mail="question",
        done="Asked. The promise pauses until {name} answers.",
    ),
    Deed(
        "assess",
        "Say that a clinician is looking at it",
        "Tell {name} that we are looking at it",
        lambda row, step, data: reply.assess(row, **step.how),
        hint="the promise goes on",
        mail="assessing",
        done="{name} is told that we are looking at it.",
    ),
    Deed(
        "decline",
        "Decline, with advice or a reason",
        "Decline and tell {name}",
        lambda row, step, data: reply.decline(row, **step.how, reason=data["reason"], note=data["note"]),
        forms.DeclineForm,
        hint="closes the request",
        mail="declined",
        done="Declined. {name} is told by e-mail.",
        done_as_spam="Declined as spam. Nobody is told.",
        stop=True,
    ),
    Deed(
        "rescue",
        "A person after all",
        "Move to New and tell {name} that we have it",
        lambda row, step, data: intake.rescue(row, **step.how),
        hint="the promise starts now",
        mail="received",
        done="Moved to New. {name} is told that we have the request.",
    ),
    Deed(
        "discard",
        "A bot",
        "Close as spam, tell nobody",
        lambda row, step, data: intake.discard(row, **step.how),
        hint="closes it as spam",
        done="Closed as spam.",
        stop=True,
    ),
    Deed(
        "attend",
        "They came",
        "Mark as attended",
        lambda row, step, data: visit.attend(row, **step.how),
        hint="from 15 minutes before the start",
        done="Marked as attended.",
    ),
    Deed(
        "miss",
        "They did not come",
        "Mark as did not attend",
        lambda row, step, data: visit.miss(row, **step.how),
        hint="from 15 minutes before the start",
        done="Marked as did not attend.",
    ),
    Deed(
        "correct",
        "Correct the attendance",
        "Correct it to “{other}”",
        lambda row, step, data: visit.correct(row, **step.how),
        hint="on the day of the visit",
        done="Corrected.",
    ),
    Deed(
        "reschedule",
        "Move the visit",
        "Move the visit and tell {name}",
        lambda row, step, data: visit.reschedule(row, **step.how, slot=data["slots"][0]),
        forms.MoveForm,
        mail="changed",
        done="Moved. {name} is told by e-mail.",
    ),
    Deed(
        "let_stand",
        "Keep the visit as it is",
        "Keep the visit as it is",
        lambda row, step, data: visit.let_stand(row, **step.how),
        hint="although it is in doubt; nobody is mailed",
        done="The visit stays as it is.",
    ),
    Deed(
        "cancel",
        "Cancel the visit",
        "Cancel the visit and tell {name}",
        lambda row, step, data: visit.cancel(row, **step.how, reason=data["reason"], text=data["text"]),
        forms.CancelForm,
        hint="frees the time",
        mail="cancelled",
        done="Cancelled. {name} is told by e-mail.",
        stop=True,
    ),
    Deed(
        "reopen",
        "Open it again",
        "Open it again",
        lambda row, step, data: desk.reopen(row, **step.how),
        hint="nothing is held; a new promise starts",
        done="Open again, with a new promise.",
    ),
    Deed(
        "assign",
        "Take it",
        "Take it",
        _take,
        hint="assigns it to you",
        done="It is yours.",
        code="take",
    ),
    Deed(
        "assign",
        "Assign",
        "Assign",
        _assign,
        forms.AssignForm,
        done="Assigned.",
    ),
    Deed(
        "tag",
        "Tags",
        "Keep tags",
        lambda row, step, data: desk.tag(row, **step.how, tags=data["tags"]),
        forms.TagForm,
        done="Tags kept.",
    ),
    Deed(
        "note",
        "Internal note",
        "Keep note",
        lambda row, step, data: desk.note(row, **step.how, text=data["text"]),
        forms.NoteForm,
        done="Note kept.",
    ),
    Deed(
        "add_information",
        "Add what they told you",
        "Keep it with the request",
        lambda row, step, data: contact.add_information(row, **step.how, text=data["text"]),
        forms.InformationForm,
        done="Kept with the request.",
    ),
    Deed(
        "correct_contact",
        "Correct the contact details",
        "Save the contact details",
        _correct_contact,
        forms.ContactForm,
        hint="a new address ends the old links and gets a mail of its own",
        done="Contact details saved.",
    ),
    Deed(
        "erase",
        "Erase everything personal",
        "Erase for good, tell nobody",
        lambda row, step, data: erasure.erase(row, **step.how),
        forms.SureForm,
        hint="a booked visit is cancelled first; this cannot be undone",
        done="Erased.",
        stop=True,
        right="bookings.erase_request",
    ),
)

DEEDS: Mapping[str, Deed] = {deed.name: deed for deed in _ALL}

# Where each stands on the page. Whatever is left stands under "Or answer in another way".
IN_TIMES = ("confirm_wish", "offer", "confirm")
IN_WHO = ("add_information", "correct_contact")
IN_HISTORY = ("note",)
IN_KEEPING = ("take", "assign", "tag", "erase")


# --- the mail, before it is sent --------------------------------------------------------------------------------------


def preview(deed: Deed, row: Request, data: Data, note: str, place: Clinic, now: datetime) -> Mail | None:
    """The mail that `deed` would queue now, made by the renderer that will make it. None if it owes none (spam).

    `data` holds what the form has: "slots", "until" (open minutes), "reason".
    """
    facts: dict[str, Any] = {}
    slots = sorted(data.get("slots", ()))
    match deed.mail:
        case "":
            return None
        case "offered":
            minutes = int(data["until"]) if data.get("until") else None
            until = min(place.offer_end(now, minutes), slots[-1].start)
            facts = {"slots": slots, "until": until.isoformat()}
        case "confirmed":
            facts = {"slots": slots[:1], "terms": _held_terms(row, slots[0], now)}
        case "changed":
            booked = row.appointments.booked().get()
            facts = {"slots": slots[:1], "old_start": booked.starts_at.isoformat(), "terms": booked.terms}
        case "question":
            facts = {"answer_by": place.answer_end(now).isoformat()}
        case "cancelled":
            facts = {
                "appointment": row.appointments.booked().get().pk,
                "reason": data.get("reason"),
                "by": "staff",
            }
        case "declined":
            facts = {"reason": data.get("reason")}
        case "received":
            # The promise starts with the rescue.
            row = copy.copy(row)
            row.promise_due_at = place.promise_from(now)
    return render.preview(row, deed.mail, facts, note, now, place.profile)


def _held_terms(row: Request, slot: Slot, now: datetime) -> Terms | None:
    """Those of the time if the request holds it already: confirming turns the hold into the visit."""
    held = row.appointments.held().filter(held_until__gt=now)
    mine = held.filter(starts_at=slot.start, practitioner=slot.practitioner_id).first()
    return mine.terms if mine else None


def other_attendance(row: Request) -> str:
    """What "correct" would make of it, in words."""
    return Status.NO_SHOW.words if row.status == Status.ATTENDED else Status.ATTENDED.words
