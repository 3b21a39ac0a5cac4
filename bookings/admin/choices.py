"""What the forms of one request offer to choose from. Each part is read when a form first asks for it, and once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property

from django.contrib.auth.models import Permission, User
from django.db.models import Exists, OuterRef, Q

from bookings import limits
from bookings.models import Appointment, ConsultationRequest, Practitioner, Tag
from bookings.queries.clinic import Clinic, clinic
from bookings.states import OPEN
from clinic.foundation import when
from content.models import ClinicProfile, Concern


class Choices:
    """For the forms of `consultation` that `reader` sees at `now`. Making one asks the database nothing."""

    def __init__(
        self, consultation: ConsultationRequest, reader: User, now: datetime, profile: ClinicProfile
    ) -> None:
        self.consultation = consultation
        self.reader = reader
        self.now = now
        self.profile = profile

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
        theirs = Concern.objects.filter(requests=self.consultation.pk, practitioners=OuterRef("pk"))
        return list(Practitioner.objects.values_list("pk", "name", Exists(theirs)))

    @cached_property
    def staff(self) -> Mapping[str, User]:
        """Whom a request can be given to, by the value in the form."""
        rights = Permission.objects.filter(content_type__app_label="bookings", codename="read_health")
        own = rights.filter(user=OuterRef("pk"))
        by_role = rights.filter(group__user=OuterRef("pk"))
        found = User.objects.filter(is_staff=True, is_active=True).order_by("first_name", "username")
        reads = Q(is_superuser=True) | Q(Exists(own)) | Q(Exists(by_role))
        return {str(user.pk): user for user in found.annotate(reads_health=reads)}

    @property
    def clinicians(self) -> Mapping[str, User]:
        """Those of the staff who may read health answers: they are trained to ring. By the value in the form."""
        return {key: user for key, user in self.staff.items() if getattr(user, "reads_health", False)}

    @cached_property
    def tags(self) -> Sequence[Tag]:
        """The tags that the request can have: those in use, and those that it has. Each knows whether it is `worn`."""
        hung = ConsultationRequest.tags.through.objects.filter(
            tag=OuterRef("pk"), consultationrequest=self.consultation.pk
        )
        known = Tag.objects.annotate(worn=Exists(hung))
        return list(known.filter(Q(is_active=True) | Q(worn=True)))

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
