"""The check page's rows: what was answered, in words, and where to change it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bookings import answers
from bookings.client import typed
from bookings.client.form import order
from bookings.client.form.draft_data import DraftData
from bookings.client.times.words import in_zone, kind_words, zone_named
from bookings.models import ContactBy, windows_in_words
from bookings.queries import any_practitioner
from bookings.queries.client import Options, kind_with, practitioner_name, real_concerns
from bookings.queries.clinic import Clinic
from bookings.queries.slots import Wanted
from clinic.foundation import when
from content.guide import kept


@dataclass(frozen=True)
class Row:
    """One answer, or a few that belong together. Without `lines` it was left empty."""

    label: str
    lines: list[str]
    step: str
    place: str = ""  # the id of what a change leads to on its page, where that is folded

    @property
    def change(self) -> str:
        """The value of its button: a page, and a place on it."""
        return f"{self.step}#{self.place}" if self.place else self.step


def review(data: DraftData, options: Options, place: Clinic, now: datetime) -> list[Row]:
    """Everything the client has told us, in the order in which it was asked."""
    concerns = {code: name for code, name, *_ in options.concerns}
    treatments = {code: name for code, name, _ in options.treatments}
    about = answers.words(data.concerns, concerns, answers.BESIDE_CONCERNS)
    where = answers.words(data.areas, answers.AREAS)
    interests = answers.words(data.treatments, treatments, answers.BESIDE_TREATMENTS)
    needs = answers.support_told(data.support)
    name = f"{data.name} ({data.name_to_use})" if data.name_to_use else data.name
    message = "You can leave a message" if data.may_leave_message else "We will not leave a voicemail"
    return [
        _row("About", [", ".join(about), ", ".join(where)], "about"),
        _row("Treatments", interests, "about", "id_treatments_0"),
        _row("Health", answers.words(data.applies, answers.APPLIES), "before"),
        _row("More", data.anything_else.split("\n"), "before", "id_anything_else"),
        _row("Support", [*needs, *data.support_note.split("\n")], "before", "id_support_0"),
        _row("When", _when(data, place, now), "times"),
        _row("You", [name, data.email, f"By {ContactBy(data.contact_by).label.lower()}"], "you"),
        _row("Phone", [data.phone, message] if data.phone else [], "you", "id_phone"),
    ]


def _row(label: str, lines: list[str], step: str, place: str = "") -> Row:
    return Row(label, [line for line in lines if line], step, place)


def told(data: DraftData, options: Options, place: Clinic) -> typed.Lines:
    """Everything that a draft holds so far, page by page, including what was typed and refused. For reading and copying."""
    typed_lines: typed.Lines = []
    for step in order.STEPS:
        if step.form is None:
            typed_lines += _times_told(data, place)
        else:
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
    concerns = {code: name for code, name, *_ in options.concerns}
    treatments = {code: name for code, name, _ in options.treatments}
    return kept.told(data.guide, concerns, treatments)


def _when(data: DraftData, place: Clinic, now: datetime) -> list[str]:
    kind = kind_with(data.type)
    chosen = data.chosen
    who = practitioner_name(chosen[0] if chosen else data.practitioner, place)
    who = who or (data.with_whom if chosen else "")
    if chosen:
        theirs = in_zone(chosen[1], zone_named(data.time_zone), place.zone)
        lines = [when.moment(chosen[1], place.zone) + (f" ({theirs})" if theirs else "")]
        also = windows_in_words(data.windows)
        lines += [f"If we cannot keep it: {'; '.join(also)}"] if also else []
    else:
        lines = windows_in_words(data.windows)
    if not who and chosen and kind:
        wanted = Wanted(kind=kind, concerns=tuple(real_concerns(data.concerns)))
        likely = any_practitioner.likely(wanted, chosen[1], now=now, place=place)
        lines.append(f"Probably with {likely.name}" if likely else "With whoever is free then")
    else:
        lines.append(f"With {who}" if who else "With whoever is free first")
    if kind:
        lines.append(kind_words(kind, place.profile.currency))
        lines += [kind.paid] if kind.paid else []
    return lines
