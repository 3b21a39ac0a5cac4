"""The check page's rows: what was answered, in words, and where to change it."""

from __future__ import annotations

from dataclasses import dataclass

from bookings import answers, consents, slot_text
from bookings.client import typed
from bookings.client.form import order
from bookings.client.times import windows
from bookings.client.times.words import in_zone, kind_words, zone_named
from bookings.models import ConsultationType, ContactBy, Draft, Practitioner
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


def review(draft: Draft, options: Options, place: Clinic) -> list[Group]:
    """Everything the client has told us, in the order in which it was asked."""
    data = draft.data
    concerns = {code: name for code, name, _ in options.concerns}
    treatments = {code: name for code, name, _ in options.treatments}

    def row(label: str, step: str, lines: list[str]) -> Row:
        return Row(label, [line for line in lines if line], step)

    def words(key: str, *names: dict[str, str]) -> list[str]:
        return answers.words(data.get(key, []), *names)

    skin = [
        row("What it is about", "about", words("concerns", concerns, answers.BESIDE_CONCERNS)),
        row("Where", "about", words("areas", answers.AREAS)),
        row(
            "Treatments of interest", "interests", words("treatments", treatments, answers.BESIDE_TREATMENTS)
        ),
        row("What applies to you", "before", words("applies", answers.APPLIES)),
        row("Anything else", "before", data.get("anything_else", "").split("\n")),
    ]
    visit = [
        row("When", "times", _when(data, place)),
        row(
            "Support",
            "support",
            [*words("support", answers.SUPPORT), *data.get("support_note", "").split("\n")],
        ),
    ]
    you = [
        row("Full name", "you", [data["name"]]),
        row("What we call you", "you", [data.get("name_to_use", "")]),
        row("Email address", "you", [data["email"]]),
        row(
            "How to contact you",
            "you",
            [f"By {ContactBy(data['contact_by']).label.lower()}"],
        ),
    ]
    if order.BY_NAME["phone"].needed(data):
        message = (
            "You can leave a message" if data.get("may_leave_message") else "We will not leave a voicemail"
        )
        texts = consents.text(consents.TEXTS, options.clinic) if order.texts_asked_there(data) else ""
        you.append(row("Phone", "phone", [data["phone"], texts, message]))
    return [Group("Your skin", skin), Group("Your visit", visit), Group("You", you)]


def told(data: order.Data, options: Options, place: Clinic) -> typed.Said:
    """Everything that a draft holds so far, page by page, also what was typed and not taken. For reading and copying."""
    said: typed.Said = []
    for step in order.STEPS:
        if step.form is None:
            said += _times_told(data, place)
        elif step.needed(data):
            said += typed.words(step.form(typed.kept(data, step.name), initial=data, options=options))
    return said


def _times_told(data: order.Data, place: Clinic) -> typed.Said:
    chosen = slot_text.read(data.get("slot", ""))
    lines = [when.moment(chosen[1], place.zone)] if chosen else []
    lines += windows.in_words(data.get("windows", []))
    return [("When", lines)] if lines else []


def guide_rows(data: order.Data, options: Options) -> list[tuple[str, list[str]]]:
    """What the guide was told and what it said, in words; empty if the client did not come from it."""
    if "guide" not in data:
        return []
    concerns = {code: name for code, name, _ in options.concerns}
    treatments = {code: name for code, name, _ in options.treatments}
    return kept.told(data["guide"], concerns, treatments)


def _when(data: order.Data, place: Clinic) -> list[str]:
    kind = ConsultationType.objects.filter(pk=data.get("type") or 0).first()
    chosen = slot_text.read(data.get("slot", ""))
    who = chosen[0] if chosen else data.get("practitioner")
    practitioner = Practitioner.objects.filter(pk=who).first() if who else None
    if chosen:
        theirs = in_zone(chosen[1], zone_named(data.get("time_zone", "")), place.zone)
        lines = [when.moment(chosen[1], place.zone) + (f" ({theirs})" if theirs else "")]
        also = windows.in_words(data.get("windows", []))
        lines += [f"If we cannot keep it: {'; '.join(also)}"] if also else []
    else:
        lines = windows.in_words(data.get("windows", []))
    lines.append(f"With {practitioner.name}" if practitioner else "With whoever is free first")
    if kind:
        lines.append(kind_words(kind, place.profile.currency))
    return lines
