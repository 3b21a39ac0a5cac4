"""What the clinic can treat and what it says about it: all of it data that editors change in the admin.

Nothing here knows a skin concern by name. Words are those of the design: concern, treatment, suitability, page, person.
"""

from __future__ import annotations

from content.models.clinic import ClinicProfile, OpeningHours, Weekday, zone_guards
from content.models.correction import Correction
from content.models.edition import Edition
from content.models.elsewhere import VisitFee, closures, printed_too, visit_fees
from content.models.example_plans import ExamplePlan, ExamplePlanLine
from content.models.matrix import Cited, Concern, Source, Suitability, Treatment
from content.models.page import FAQ, FormerSlug, Page
from content.models.person import Person
from content.models.picture import Picture
from content.models.search import Synonym
from content.models.version import Document, PageEvent, Version

__all__ = [
    "FAQ",
    "Cited",
    "ClinicProfile",
    "Concern",
    "Correction",
    "Document",
    "Edition",
    "ExamplePlan",
    "ExamplePlanLine",
    "FormerSlug",
    "OpeningHours",
    "Page",
    "PageEvent",
    "Person",
    "Picture",
    "Source",
    "Suitability",
    "Synonym",
    "Treatment",
    "Version",
    "VisitFee",
    "Weekday",
    "closures",
    "printed_too",
    "visit_fees",
    "zone_guards",
]
