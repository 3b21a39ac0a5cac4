"""The shipped pages that no clinician has read as they stand. When somebody signs one, take it out here."""

from __future__ import annotations

# They took in facts of 29 November 2026.
UNREAD = {
    *("active-acne", "boxcar", "ice-pick", "rolling", "skin-tone-and-treatment"),
    *("chemical-peels", "dermabrasion", "dermal-fillers", "laser-resurfacing", "microdermabrasion"),
    *("microneedling", "prp-with-microneedling", "punch-techniques", "blue-light"),
    *(
        "aftercare",
        "before-you-decide",
        "consultations",
        "costs",
        "safety-and-complaints",
        "treatments",
        "urgent-help",
    ),
}
