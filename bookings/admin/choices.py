"""What the forms of one request offer to choose from. Each part is read when a form first asks for it, and once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property

from django.contrib.auth.models import User

from bookings import limits
from bookings.models import Appointment, ConsultationRequest, Tag
from bookings.queries import one_request
from bookings.queries.clinic import Clinic, clinic
from bookings.states import OPEN
from clinic.foundation import when
from content.models import ClinicProfile


class Choices:
    """For the forms of `consultation` that `reader` sees at `now`. Making one asks the database nothing."""

    def __init__(
        self, consultation: ConsultationRequest, reader: User, now: datetime, profile: ClinicProfile
    ) -> None:
        self.consultation = consultation
        self.reader = reader
        self.now = now
        self.profile = profile
        self.suggested_with: int | None = None  # whose all suggested times are (a key), once they are known

    @cached_property
    def clinic(self) -> Clinic:
        return clinic(self.now, self.profile)

    @cached_property
    def minutes(self) -> int:
        """How long a time for this request is: as long as its booked visit, else as its kind is now."""
        if self.consultation.consultation_type_id is None:
            return 0  # a request that has been deleted meanwhile
        kind = self.consultation.consultation_type
        if self.consultation.status in OPEN:
            return kind.minutes
        booked = Appointment.State.BOOKED
        return next(
            (a.minutes for a in self.consultation.appointments.all() if a.state == booked), kind.minutes
        )

    @cached_property
    def practitioners(self) -> Mapping[int, str]:
        """Names by key: everybody, since what is switched off is for the verb to refuse, in words."""
        return {key: name for key, name, _ in self._people}

    @cached_property
    def specialists(self) -> frozenset[int]:
        """The practitioners who name something that the request is about among what they see."""
        return frozenset(key for key, _, names_it in self._people if names_it)

    @cached_property
    def _people(self) -> list[tuple[int, str, bool]]:
        known = getattr(self.consultation, "its_people", None)
        if known is None:
            return list(one_request.PEOPLE.rows((self.consultation.pk,)))
        return [(key, name, bool(names_it)) for key, name, names_it in sorted(known, key=lambda row: row[1])]

    @cached_property
    def staff(self) -> Mapping[str, User]:
        """Whom a request can be given to, by the value in the form. Each knows whether they read health answers."""
        known = getattr(self.consultation, "its_staff", None)
        if known is None:
            found = one_request.staff().order_by("first_name", "username")
            return {str(user.pk): user for user in found}
        people = {}
        for first, username, last, key, reads, clinician in sorted(known):
            user = User(pk=key, first_name=first, last_name=last, username=username)
            user.__dict__.update(reads_health=bool(reads), is_clinician=bool(clinician))
            people[str(key)] = user
        return people

    @property
    def readers(self) -> Mapping[str, User]:
        """Those of the staff who may read health answers, by the value in the form."""
        return {key: user for key, user in self.staff.items() if getattr(user, "reads_health", False)}

    @property
    def clinicians(self) -> Mapping[str, User]:
        """Those of the readers who are trained to ring. Where nobody is known as one, every reader: somebody must ring."""
        trained = {key: user for key, user in self.readers.items() if getattr(user, "is_clinician", False)}
        return trained or self.readers

    @cached_property
    def tags(self) -> Sequence[Tag]:
        """The tags that the request can have: those in use, and those that it has. Each knows whether it is `worn`."""
        known = getattr(self.consultation, "its_tags", None)
        if known is None:
            return list(one_request.tags(self.consultation.pk))
        tags = []
        for name, key, is_active, worn in sorted(known):
            tag = Tag(pk=key, name=name, is_active=bool(is_active))
            tag.__dict__["worn"] = bool(worn)
            tags.append(tag)
        return tags

    @property
    def worn(self) -> Sequence[Tag]:
        """The tags that the request has."""
        return [tag for tag in self.tags if getattr(tag, "worn", False)]

    def is_end(self, minutes: str) -> bool:
        """Whether an offer may end so many minutes of opening hours from now: a value of `ends`."""
        return minutes in map(str, limits.times.OFFER_ENDS) or minutes == self.usual_end

    @cached_property
    def usual_end(self) -> str:
        return str(self.clinic.rules.offer_minutes)

    @cached_property
    def ends(self) -> Sequence[tuple[str, str]]:
        """The ends of an offer: (minutes of opening hours, when that is in words)."""
        place = self.clinic
        return [
            (str(minutes), when.short(place.offer_end(self.now, minutes), place.zone))
            for minutes in sorted({*limits.times.OFFER_ENDS, int(self.usual_end)})
        ]
