"""A request by phone, typed while somebody is on the line. With a time it is booked at once, else it becomes new.

Two buttons say which of the two is meant. Whatever else is pressed only looks at other times, and loses nothing.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Fieldset
from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from bookings import answers as words_of
from bookings import consents, limits, slot_text
from bookings.admin.decide import may
from bookings.admin.slot_forms import read_slot
from bookings.admin.times import Narrowed, by_day
from bookings.availability import Slot
from bookings.desk_site import DECIDE, clinic_of
from bookings.fields import Email, Name, Phone, area, e164
from bookings.models import (
    ConsultationType,
    ContactBy,
    Practitioner,
    Weekday,
    WishWindow,
)
from bookings.queries import slots as free
from bookings.queries.slots import Wanted
from bookings.workflow import intake
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import DifferentAnswers, Refused, SlotTaken
from bookings.workflow.submission import Submission
from clinic.foundation import when
from clinic.foundation.admin.fields import Ticks
from clinic.foundation.forms import CrispyForm, Several, button, folded
from clinic.foundation.responses import SeeOther
from clinic.foundation.text import id_in
from content.models import Concern

_NOTE = (
    "Booked: confirmed at once, and one mail with a calendar file goes out. "
    "Kept: a mail says that we have the request, and it waits under New."
)


def _card(key: str, title: str, *inside: Any, css_class: str = "card") -> Fieldset:
    return Fieldset(title, *inside, css_id=f"h-{key}", css_class=css_class, template="admin/card.html")


class PhoneForm(CrispyForm):
    """What is asked on the phone. It says nothing about times that have gone: the verb looks, under a lock."""

    # What is wrong with the form as a whole is about the chosen time.
    whole = "times"

    draft = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid"), "Please open this page again: part of it is missing."
        ),
    )
    adult = forms.BooleanField(
        label="They say that they are 18 or over",
        error_messages={"required": "Ask first: we cannot see anybody under 18."},
    )
    agreed = forms.BooleanField(
        label="They agree that we use what they say about their skin and health to reply and plan a consultation",
        error_messages={"required": "Ask first: without it nothing may be kept."},
    )
    name = Name(label="Name", required=True, error_messages={"required": "Enter the name."})
    phone = Phone(
        label="Phone (optional)", widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})
    )
    email = Email(
        label="E-mail",
        help_text="Needed: the answer goes there, with their link to move or cancel the visit.",
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Enter the e-mail address."},
    )
    contact_by = forms.ChoiceField(label="Reach them by", choices=ContactBy.choices, initial=ContactBy.EMAIL)
    may_leave_message = forms.BooleanField(label="We may leave a message", required=False)
    kind = forms.ModelChoiceField(
        label="Kind of consultation",
        queryset=ConsultationType.objects.filter(is_active=True),
        empty_label=None,
    )
    concerns = Several(
        label="About",
        required=False,
        widget=Ticks,
    )
    anything_else = area(
        "What they say (optional)",
        hint="In their words. Kept with the health answers.",
        limit=limits.texts.QUESTION_CHARACTERS,
    )
    day = forms.TypedChoiceField(
        label="Day that suits",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "Any day"), *((str(value), name) for value, name in Weekday.choices)],
    )
    part = forms.ChoiceField(
        label="Part of the day", required=False, choices=WishWindow.Part.choices, initial="any"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.practitioners = dict(Practitioner.objects.bookable().values_list("pk", "name"))
        concerns = self.fields["concerns"]
        assert isinstance(concerns, forms.MultipleChoiceField)
        self.about = dict(Concern.objects.values_list("code", "name"))
        concerns.choices = [*self.about.items(), *words_of.BESIDE_CONCERNS.items()]
        kinds = self.fields["kind"]
        assert isinstance(kinds, forms.ModelChoiceField)
        first = ConsultationType.objects.filter(is_active=True).first()
        kinds.initial = first.pk if first else None

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.form_class = "decide"
        return helper

    def layout(self) -> list[Any]:
        cards = (
            _card("first", "Ask first", "adult", "agreed"),
            _card("who", "Who is calling", "name", "phone", "email", "contact_by", "may_leave_message"),
            _card("what", "What it is about", "concerns", "anything_else"),
        )
        windows = self["day"].value() or self["part"].value() not in (None, "", "any")
        look = button(
            "Show the free times of this kind",
            name="times",
            value="1",
            formaction="#h-when",
            css_class="little",
        )
        times = _card(
            "when",
            "When",
            "kind",
            Div(look, css_class="btns"),
            HTML('{% include "admin/bookings/consultationrequest/phone_times.html" %}'),
            folded("If no time suits: what would", "day", "part", is_open=bool(windows)),
            Div(
                button("Book this time and send the mail", name="make", value="book", css_class="primary"),
                button("Keep as a new request without a time", name="make", value="keep"),
                css_class="go",
            ),
            HTML(f'<p class="note">{_NOTE}</p>'),
            css_class="card main",
        )
        return ["draft", Div(*cards, css_class="known pile"), Div(times, css_class="act pile")]

    @property
    def chosen(self) -> str:
        """The value of the chosen time, as posted; empty for none. Also of a form that is only looked through."""
        return str(self.data.get("slot", "") if self.is_bound else self.initial.get("slot", ""))

    def clean(self) -> dict[str, Any] | None:
        self._read_time()
        wanted = self.cleaned_data.get("contact_by")
        typed = str(self.data.get("phone", "")).strip()
        if wanted in (ContactBy.PHONE, ContactBy.TEXT) and not typed:
            self.add_error("phone", ValidationError("Enter the number to reach them by.", code="required"))
        return self.cleaned_data

    def _read_time(self) -> None:
        """The pressed button and the chosen time must agree: nobody is booked, or left without a time, by a slip."""
        kind, books = self.cleaned_data.get("kind"), self.data.get("make") != "keep"
        if not books and self.chosen:
            words = "A time is chosen. Book it, or choose “No time now” first."
            self.add_error(None, ValidationError(words, code="time_chosen"))
        elif books and not self.chosen:
            words = "Choose a time, or keep the request without one."
            self.add_error(None, ValidationError(words, code="no_time"))
        elif books and kind is not None:
            try:
                self.cleaned_data["slot"] = read_slot(self.chosen, self.practitioners, kind.minutes)
            except ValidationError as error:
                self.add_error(None, error)

    def submission(self) -> Submission:
        """What is handed to the verb. Call it on a valid form only."""
        data = self.cleaned_data
        slot: Slot | None = data.get("slot")
        return Submission(
            draft_id=data["draft"],
            consultation_type_id=data["kind"].pk,
            practitioner_id=slot.practitioner_id if slot else None,
            start=slot.start if slot else None,
            windows=() if slot else ((data["day"], data["part"] or "any"),),
            name=data["name"],
            email=data["email"],
            phone=e164(data["phone"]),
            contact_by=data["contact_by"],
            may_leave_message=data["may_leave_message"],
            answers={
                "concerns": data["concerns"],
                "areas": [],
                "treatments": [],
                "applies": [],
                "anything_else": data["anything_else"],
                "support": [],
                "support_note": "",
            },
            consents=((consents.HEALTH, consents.version(consents.HEALTH), True),),
        )


@may(DECIDE)
def page(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """The form; "make" makes the request. Every other button re-renders it with other times."""
    now = timezone.now()
    if request.method != "POST":
        return _shown(request, site, PhoneForm(initial={"draft": uuid.uuid4()}), now)
    form = PhoneForm(request.POST)
    if "make" not in request.POST:
        # Only looking: what is still missing is no error yet.
        return _shown(request, site, PhoneForm(initial=_typed(request)), now)
    if not form.is_valid():
        return _shown(request, site, form, now, taken=_taken(form, now))
    actor, wanted = Actor.staff(cast(User, request.user)), form.submission()
    try:
        made = (intake.book if wanted.start else intake.submit)(wanted, Origin(actor, now))
    except SlotTaken as error:
        return _shown(request, site, form, now, taken=error)
    except (Refused, DifferentAnswers) as error:
        return _shown(request, site, form, now, problem=str(error))
    done = (
        "Booked. They are told by e-mail."
        if wanted.start
        else "Kept as a new request. They are told by e-mail."
    )
    messages.success(request, done)
    return SeeOther(reverse("admin:bookings_consultationrequest_change", args=[made.pk]))


def _typed(request: HttpRequest) -> dict[str, Any]:
    typed: dict[str, Any] = dict(request.POST.items())
    return typed | {"concerns": request.POST.getlist("concerns")}


def _taken(form: PhoneForm, now: datetime) -> SlotTaken | None:
    """Has the chosen time gone while something else on the form was wrong? Then both are said at once."""
    slot: Slot | None = form.cleaned_data.get("slot")
    if slot is None:
        return None
    kind = form.cleaned_data["kind"]
    wanted = Wanted(kind=kind, concerns=tuple(form.cleaned_data.get("concerns", ())))
    if free.free_at(wanted.by(slot.practitioner_id), slot.start, now=now):
        return None
    return SlotTaken(free.nearest(wanted, slot.start, now=now))


def _shown(
    request: HttpRequest,
    site: AdminSite,
    form: PhoneForm,
    now: datetime,
    *,
    problem: str = "",
    taken: SlotTaken | None = None,
) -> HttpResponse:
    zone = clinic_of(request).zone
    kind = _kind(form)
    found: list[Slot] = []
    if kind is not None:
        ticked = form["concerns"].value() or ()
        wanted = Wanted(kind=kind, concerns=tuple(code for code in form.about if code in ticked))
        found = free.slots(
            wanted, now=now, first_day=when.local_day(now, zone), days=limits.times.PHONE_TIMES_DAYS
        )
    narrowed = Narrowed.read(request.POST)
    people = form.practitioners
    shown = narrowed.fit(found, zone)
    chosen = next((slot for slot in found if slot_text.of(slot) == form.chosen), None)
    context = site.each_context(request) | {
        "title": "New phone request",
        "form": form,
        "narrowed": narrowed,
        "chips": narrowed.rows(found, people, zone),
        "days": by_day(shown, people, zone, chosen=form.chosen, unfolded=bool(narrowed.day)),
        # A chosen time that the chips hide stays chosen, and in sight.
        "apart": _time(chosen, zone, form) if chosen and chosen not in shown else None,
        "nearest": [_time(slot, zone, form) for slot in taken.nearest] if taken else [],
        "problem": problem or (str(taken) if taken else ""),
        "no_time": form.chosen == "" and request.POST.get("slot") == "",
        "kind": kind,
    }
    status = 409 if context["problem"] else 200
    return render(request, "admin/bookings/consultationrequest/phone.html", context, status=status)


def _kind(form: PhoneForm) -> ConsultationType | None:
    kinds = ConsultationType.objects.filter(is_active=True)
    return kinds.filter(pk=id_in(str(form["kind"].value() or ""))).first() or kinds.first()


def _time(slot: Slot, zone: ZoneInfo, form: PhoneForm) -> dict[str, Any]:
    value = slot_text.of(slot)
    who = form.practitioners.get(slot.practitioner_id, "")
    return {"value": value, "when": when.short(slot.start, zone), "who": who, "chosen": value == form.chosen}
