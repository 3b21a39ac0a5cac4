"""The clinic itself: how it is reached, where its clock is, when somebody answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from itertools import groupby
from typing import NamedTuple
from urllib.parse import urlencode
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from clinic.foundation import when
from clinic.foundation.countries import countries
from clinic.foundation.prepared import Prepared, at_hand
from content.models.coming import Coming

# Each returns how many future visits exist. The app that keeps visits adds one when it starts, because changing the
# clinic's zone moves the wall-clock time of every visit that is already agreed. This app imports no other.
zone_guards: list[Callable[[], int]] = []


def validate_time_zone(value: str) -> None:
    """Raise ValidationError unless this machine knows the IANA name."""
    if value not in available_timezones():
        raise ValidationError("Enter a time zone by its full name, like Europe/London.", code="unknown_zone")


validate_currency = RegexValidator(
    r"\A[A-Z]{3}\Z", "Enter three capital letters, like GBP.", "not_a_currency"
)


validate_dialled = RegexValidator(
    r"\A\+?[0-9][0-9 ]+\Z",
    "Enter the number as people dial it, in digits and spaces: 116 123.",
    "not_dialled",
)


class UrgentNumber(NamedTuple):
    """Whom to call when it cannot wait. `href` is the number as a link."""

    label: str
    number: str
    href: str
    when: str


class Weekday(models.IntegerChoices):
    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"
    SATURDAY = 5, "Saturday"
    SUNDAY = 6, "Sunday"


# What pages print of whom to call when it cannot wait, the most pressing first.
URGENT = tuple(
    f"{who}_{what}" for who in ("emergency", "advice", "talk") for what in ("label", "number", "when")
)


# What the clinic says of fillers before it suggests any (facts 101, 105 and 106 of corrections.md).
FILLERS = ("filler_kind", "filler_kit", "filler_call")


def _none_empty(*names: str) -> Q:
    condition = Q()
    for name in names:
        condition &= ~Q(**{name: ""})
    return condition


# A public map of nobody's shop. Readers who follow the link tell it the clinic's address, and it is told nothing before.
_MAP = "https://www.openstreetmap.org/search"


def _href(number: str) -> str:
    """A number as a link; an empty text when it has no digits."""
    digits = "".join(letter for letter in number if letter.isdigit() or letter == "+")
    return f"tel:{digits}" if digits else ""


# As much of a title as lists of results show.
TITLE_LETTERS = 60


class ClinicProfileQuerySet(models.QuerySet["ClinicProfile"]):
    def current(self) -> ClinicProfile:
        """The one clinic, or an unsaved one with the defaults while none is stored. Two statements at most."""
        return self.prefetch_related("opening_hours").alone()

    def alone(self) -> ClinicProfile:
        """The same, without its opening hours: one statement."""
        return self.first() or self.model(pk=1)

    def ready_for_fillers(self) -> ClinicProfileQuerySet:
        """The clinic, if it has said all that people must know before a filler; else nobody. See `fillers_ready`."""
        return self.filter(_none_empty(*FILLERS))


class ClinicProfile(Coming):
    """The clinic itself: one row."""

    name = models.CharField(
        max_length=120,
        default="The clinic",
        help_text="In full, as the public knows it: Alder Row Skin Clinic.",
    )
    short_name = models.CharField(
        max_length=60, default="The clinic", help_text="At the top of every page: Alder Row."
    )
    trade = models.CharField(
        max_length=30,
        blank=True,
        help_text="What you are, as people search for it: Acne scar clinic. The home page's title names it with your town.",
    )
    mail_name = models.CharField(
        max_length=60,
        default="The clinic",
        help_text="Who mails come from. Choose words that tell a stranger nothing about health: Alder Row.",
    )
    address = models.TextField(
        blank=True,
        help_text="As on an envelope, one part a line. Readers see this until the parts below are filled.",
    )
    street = models.TextField(
        blank=True, help_text="House and street, on two lines if need be: 4 Alder Row. Leave the town out."
    )
    town = models.CharField(max_length=80, blank=True, help_text="Town or city: Larch Quay.")
    county = models.CharField(
        max_length=80, blank=True, help_text="County or region, if it belongs on the envelope."
    )
    postcode = models.CharField(max_length=12, blank=True, help_text="Like NW1 6XE.")
    country = models.CharField(max_length=2, default="GB", choices=countries)
    part = models.CharField(
        max_length=3,
        blank=True,
        choices=[("ENG", "England"), ("SCT", "Scotland"), ("WLS", "Wales"), ("NIR", "Northern Ireland")],
        help_text="Of the United Kingdom only. Rules for clinics, and what the NHS pays, differ between them.",
    )
    phone = models.CharField(max_length=30, blank=True, help_text="As people say it: 01632 960001.")
    email = models.EmailField(blank=True, help_text="Where answers to our mails arrive.")
    emergency_label = models.CharField("emergency: name", max_length=60, default="Emergency services")
    emergency_number = models.CharField(
        "emergency: number", max_length=20, default="999", validators=[validate_dialled]
    )
    emergency_when = models.CharField(
        "emergency: when to call it", max_length=160, default="Somebody may be in danger. Day and night."
    )
    advice_label = models.CharField("advice: name", max_length=60, default="NHS urgent advice")
    advice_number = models.CharField(
        "advice: number", max_length=20, default="111", validators=[validate_dialled]
    )
    advice_when = models.CharField(
        "advice: when to call it",
        max_length=160,
        default="You need help now, and it is not an emergency. Day and night.",
    )
    talk_label = models.CharField("to talk: name", max_length=60, default="Samaritans")
    talk_number = models.CharField(
        "to talk: number", max_length=20, default="116 123", validators=[validate_dialled]
    )
    talk_when = models.CharField(
        "to talk: when to call it",
        max_length=160,
        default="You need somebody to talk to. Free, day and night, at any age.",
    )
    filler_kind = models.TextField(
        "which fillers we use",
        blank=True,
        help_text="The kind and its name, how long it lasts, and whether it can be dissolved.",
    )
    filler_kit = models.TextField(
        "what we keep ready",
        blank=True,
        help_text="What is in the room in case a filler blocks a blood vessel: the written plan, what dissolves the gel and "
        "how much of it, and who can prescribe it.",
    )
    filler_call = models.TextField(
        "whom to call after a filler",
        blank=True,
        help_text="By day, at night and at the weekend. If nobody answers then, say so, and until when you give fillers.",
    )
    time_zone = models.CharField(
        max_length=64,
        default="Europe/London",
        validators=[validate_time_zone],
        help_text="By its full name, like Europe/London. All times on the site are shown in it.",
    )
    currency = models.CharField(
        max_length=3,
        default="GBP",
        validators=[validate_currency],
        help_text="Three letters, like GBP, EUR or USD.",
    )
    consultation_fee = models.PositiveIntegerField(
        default=0, help_text="In minor units (pence): 4000 is £40.00. 0 is free."
    )
    review_grace_days = models.PositiveSmallIntegerField(
        default=60,
        help_text="So many days after its review date, a page tells its readers that its check is overdue.",
    )
    requests_closed = models.BooleanField(
        "closed to new requests",
        default=False,
        help_text="Nobody can send a request on the site, and no free times are shown. Clients with a request keep their "
        "link and all that it does, and the desk books by phone as ever. Untick it to open the form again.",
    )
    closed_words = models.TextField(
        "what people read then",
        blank=True,
        help_text="Why, and from when you take requests again, in plain words. Left empty, the page says only that you take "
        "no new ones just now, and whom to call.",
    )
    demo = models.BooleanField(
        default=False,
        help_text="The foot of every page says that the clinic and its people are invented, and every page asks search "
        "engines to leave it out.",
    )

    objects = ClinicProfileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "clinic profile"
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="there_is_one_clinic_profile"),
            models.CheckConstraint(condition=~Q(country=""), name="the_clinic_is_in_a_country"),
            models.CheckConstraint(
                condition=Q(part="") | Q(country="GB"),
                name="only_the_united_kingdom_has_these_parts",
                violation_error_message="Only the United Kingdom has these parts.",
            ),
            models.CheckConstraint(
                condition=Q(street="", town="", county="", postcode="") | (~Q(street="") & ~Q(town="")),
                name="an_address_in_parts_has_a_street_and_a_town",
                violation_error_message="An address in parts needs a street and a town.",
            ),
            models.CheckConstraint(
                condition=_none_empty(*URGENT),
                name="no_urgent_number_is_empty",
                violation_error_message="Whom to call when it cannot wait must never be empty.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> ClinicProfile:
        """The one clinic with its opening hours, as the queryset's method finds it: two statements, written once."""
        found: ClinicProfile | None = next(_CURRENT.models(()), None)
        if found is None:
            return cls(pk=1)
        at_hand(found, "opening_hours", list(_HOURS.models((found.pk,))))
        return found

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def phone_href(self) -> str:
        """The phone number as a link, or an empty text when the clinic has none."""
        return _href(self.phone)

    @property
    def map_href(self) -> str:
        """The address on a map, as a link that a reader may follow: nothing of the map is loaded here. Empty without one."""
        where = ", ".join(self.address_shown.splitlines())
        return f"{_MAP}?{urlencode({'query': where})}" if where else ""

    @property
    def video_words(self) -> str:
        """How a call by video begins, or whom to ask: nothing in this software sends the way in."""
        here = f" on {self.phone}" if self.phone else ""
        return self.video_call.strip() or f"To hear it, please call us{here} before."

    @property
    def front_title(self) -> str:
        """What the home page is called in a list of results: trade, place and name as far as 60 letters hold them whole."""
        place = self.town or self.get_part_display()
        if not (self.trade and place):
            return self.name
        told = f"{self.trade} in {place}"
        named = f"{told} - {self.short_name}"
        return next((title for title in (named, told) if len(title) < TITLE_LETTERS), self.name)

    @property
    def address_shown(self) -> str:
        """The address as readers see it, a line for each part: its parts once an editor has filled them, else the text."""
        if not self.street:
            return self.address
        return "\n".join(part for part in (self.street, self.town, self.county, self.postcode) if part)

    @property
    def urgent_numbers(self) -> list[UrgentNumber]:
        """Whom to call when it cannot wait, the most pressing first, whom to talk to last. Never empty."""
        rows = [
            (self.emergency_label, self.emergency_number, self.emergency_when),
            (self.advice_label, self.advice_number, self.advice_when),
            (self.talk_label, self.talk_number, self.talk_when),
        ]
        return [UrgentNumber(label, number, _href(number), words) for label, number, words in rows]

    @property
    def numbers(self) -> dict[str, str]:
        """Every number to call, as pages write it, with its `tel:` address."""
        own = {self.phone: self.phone_href} if self.phone_href else {}
        return {one.number: one.href for one in self.urgent_numbers} | own

    @property
    def fillers_ready(self) -> bool:
        """Whether it says which fillers it uses, what it keeps ready and whom to call. Until then none is suggested."""
        return all(getattr(self, name) for name in FILLERS)

    @property
    def call_words(self) -> str:
        """Whom to call when it cannot wait, as one sentence in plain text."""
        return f"Call {self.advice_number} for advice, or {self.emergency_number} in an emergency."

    @property
    def opening_lines(self) -> list[str]:
        """The week in words, days with the same hours together: ["Monday to Friday, 9am to 5pm"]."""
        if self._state.adding:
            return []
        hours = sorted(self.opening_hours.all(), key=lambda row: (row.weekday, row.opens))
        days = [
            (weekday, " and ".join(row.in_words() for row in rows))
            for weekday, rows in groupby(hours, key=lambda row: row.weekday)
        ]
        # Days that follow each other with the same words share their weekday minus their place in the list.
        runs = groupby(enumerate(days), key=lambda item: (item[1][0] - item[0], item[1][1]))
        lines = []
        for (_, words), members in runs:
            weekdays = [day for _, (day, _) in members]
            first, last = Weekday(weekdays[0]).label, Weekday(weekdays[-1]).label
            joint = " and " if len(weekdays) == 2 else " to "
            lines.append(f"{first}{joint}{last}, {words}" if len(weekdays) > 1 else f"{first}, {words}")
        return lines


class OpeningHours(models.Model):
    """One stretch of a week in which somebody answers the phone, in the clinic's own zone."""

    profile = models.ForeignKey(ClinicProfile, on_delete=models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    opens = models.TimeField(help_text="For example 09:00.")
    closes = models.TimeField(
        help_text="For example 17:00, or 00:00 for midnight. For a lunch break enter the day twice."
    )

    class Meta:
        ordering = ["weekday", "opens"]
        verbose_name = verbose_name_plural = "opening hours"
        constraints = [
            models.CheckConstraint(
                condition=Q(opens__lt=F("closes")) | Q(closes=time.min),
                name="the_clinic_closes_after_it_opens",
                violation_error_message="The clinic must close after it opens.",
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="opening_hours_fall_on_a_weekday"),
            models.UniqueConstraint(
                fields=["profile", "weekday", "opens"],
                name="a_stretch_of_opening_hours_is_given_once",
                violation_error_message="This day already has hours that start then.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()}, {self.in_words()}"

    def in_words(self) -> str:
        """9am to 5:30pm."""
        return f"{when.time_words(self.opens)} to {when.time_words(self.closes)}"


# Nearly every page reads them: docs/decisions/prepared.md.
_CURRENT: Prepared[tuple[()]] = Prepared(lambda _, __: ClinicProfile.objects.order_by("pk")[:1])
_HOURS: Prepared[tuple[int]] = Prepared(lambda given, _: OpeningHours.objects.filter(profile=given[0]))
