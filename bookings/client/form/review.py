"""The check page's rows: what was answered, in words, and where to change it."""

from __future__ import annotations

from dataclasses import dataclass

from bookings import answers, consents
from bookings.client import typed
from bookings.client.form import order
from bookings.client.form.draft_data import DraftData
from bookings.client.times.words import in_zone, kind_words, zone_named
from bookings.models import ConsultationType, ContactBy, Practitioner, windows_in_words
from bookings.queries.client import Options
from bookings.queries.clinic import Clinic
from clinic.foundation import when
from content.guide import kept


@dataclass(frozen=True)
class Row:
    label: str
    lines: list[str]  # empty: not provided
    step: str


@dataclass(frozen=True)
class Group:
    heading: str
    rows: list[Row]


def review(data: DraftData, options: Options, place: Clinic) -> list[Group]:
    """Everything the client has told us, in the order in which it was asked."""
    concerns = {code: name for code, name, _ in options.concerns}
    treatments = {code: name for code, name, _ in options.treatments}

    skin = [
        _row("What it is about", "about", answers.words(data.concerns, concerns, answers.BESIDE_CONCERNS)),
        _row("Where", "about", answers.words(data.areas, answers.AREAS)),
        _row(
            "Treatments of interest",
            "interests",
            answers.words(data.treatments, treatments, answers.BESIDE_TREATMENTS),
        ),
        _row("What applies to you", "before", answers.words(data.applies, answers.APPLIES)),
        _row("Anything else", "before", data.anything_else.split("\n")),
    ]
    visit = [
        _row("When", "times", _when(data, place)),
        _row(
            "Support",
            "support",
            [*answers.words(data.support, answers.SUPPORT), *data.support_note.split("\n")],
        ),
    ]
    return [Group("Your skin", skin), Group("Your visit", visit), Group("You", _you(data, options))]


def _you(data: DraftData, options: Options) -> list[Row]:
    you = [
        _row("Full name", "you", [data.name]),
        _row("What we call you", "you", [data.name_to_use]),
        _row("Email address", "you", [data.email]),
        _row(
            "How to contact you",
            "you",
            [f"By {ContactBy(data.contact_by).label.lower()}"],
        ),
    ]
    if data.wants_a_call:
        message = "You can leave a message" if data.may_leave_message else "We will not leave a voicemail"
        texts = consents.text(consents.TEXTS, options.clinic) if data.wants_texts else ""
        you.append(_row("Phone", "phone", [data.phone, texts, message]))
    return you


def _row(label: str, step: str, lines: list[str]) -> Row:
    return Row(label, [line for line in lines if line], step)


def told(data: DraftData, options: Options, place: Clinic) -> typed.Lines:
    """Everything that a draft holds so far, page by page, including what was typed and refused. For reading and copying."""
    typed_lines: typed.Lines = []
    for step in order.STEPS:
        if step.form is None:
            typed_lines += _times_told(data, place)
        elif step.needed(data):
            typed_lines += typed.words(
                step.form(data.typed_on(step.name), initial=data.initial(), options=options)
            )
    return typed_lines


def _times_told(data: DraftData, place: Clinic) -> typed.Lines:
    chosen = data.chosen
    lines = [when.moment(chosen[1], place.zone)] if chosen else []
    lines += windows_in_words(data.windows)
    return [("When", lines)] if lines else []


def guide_rows(data: DraftData, options: Options) -> list[tuple[str, list[str]]]:
    """What the guide was told and what it answered, in words; empty if the client did not come from it."""
    if data.guide is None:
        return []
    concerns = {code: name for code, name, _ in options.concerns}
    treatments = {code: name for code, name, _ in options.treatments}
    return kept.told(data.guide, concerns, treatments)


def _when(data: DraftData, place: Clinic) -> list[str]:
    kind = ConsultationType.objects.filter(pk=data.type or 0).first()
    chosen = data.chosen
    who = chosen[0] if chosen else data.practitioner
    practitioner = Practitioner.objects.filter(pk=who).first() if who else None
    if chosen:
        theirs = in_zone(chosen[1], zone_named(data.time_zone), place.zone)
        lines = [when.moment(chosen[1], place.zone) + (f" ({theirs})" if theirs else "")]
        also = windows_in_words(data.windows)
        lines += [f"If we cannot keep it: {'; '.join(also)}"] if also else []
    else:
        lines = windows_in_words(data.windows)
    lines.append(f"With {practitioner.name}" if practitioner else "With whoever is free first")
    if kind:
        lines.append(kind_words(kind, place.profile.currency))
    return lines
