"""The shipped pages that no clinician has read as they stand. When somebody signs one, take it out here."""

from __future__ import annotations

# They took in facts of 29 November 2026.
UNREAD = {
    *(
        "acne-marks",
        "acne-scar-causes",
        "acne-scars",
        "active-acne",
        "blue-light",
        "boxcar",
        "deep-acne-scars",
    ),
    *("creams-and-sun-protection", "faqs", "ice-pick", "milia", "raised-scars", "rolling"),
    *("skin-tone-and-treatment", "under-18s"),
    *("chemical-peels", "dermabrasion", "dermal-fillers", "laser-resurfacing", "microdermabrasion"),
    *("microneedling", "prp-with-microneedling", "punch-techniques"),
    *(
        "aftercare",
        "before-you-decide",
        "consultations",
        "costs",
        "guide",
        "home",
        "safety-and-complaints",
        "treatments",
        "urgent-help",
    ),
}
