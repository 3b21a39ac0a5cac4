"""Every model of the app: Django looks for them here. Each room holds one subject."""

from bookings.models.appointment import Appointment
from bookings.models.booking_rules import BookingRules
from bookings.models.desk import Presence, SavedView, Tag
from bookings.models.fee_text import FeeText
from bookings.models.feed import CalendarFeed
from bookings.models.health import Answers, SupportNeeds
from bookings.models.history import Event, Note
from bookings.models.message import ClientLink, ClientSession, MailHold, Message, WorkerBeat
from bookings.models.plan import Plan, PlanLine, PlanQuestion
from bookings.models.plan_phrase import PlanPhrase
from bookings.models.request import (
    Consent,
    ConsultationRequest,
    ContactBy,
    Draft,
    WishWindow,
    windows_in_words,
)
from bookings.models.request_limit import RequestLimit
from bookings.models.schedule import (
    Closure,
    ConsultationType,
    Practitioner,
    Terms,
    TimeOff,
    WorkingHours,
)
from bookings.models.tally import TalliedUntil, Tally
from bookings.models.together import Together
from bookings.models.undo import Undo
from bookings.models.visit_question import VisitQuestion
from content.models import Weekday

__all__ = [
    "Answers",
    "Appointment",
    "BookingRules",
    "CalendarFeed",
    "ClientLink",
    "ClientSession",
    "Closure",
    "Consent",
    "ConsultationRequest",
    "ConsultationType",
    "ContactBy",
    "Draft",
    "Event",
    "FeeText",
    "MailHold",
    "Message",
    "Note",
    "Plan",
    "PlanLine",
    "PlanPhrase",
    "PlanQuestion",
    "Practitioner",
    "Presence",
    "RequestLimit",
    "SavedView",
    "SupportNeeds",
    "Tag",
    "TalliedUntil",
    "Tally",
    "Terms",
    "TimeOff",
    "Together",
    "Undo",
    "VisitQuestion",
    "Weekday",
    "WishWindow",
    "windows_in_words",
    "WorkerBeat",
    "WorkingHours",
]
