"""How much a plan after a visit may hold."""

from __future__ import annotations

# Nobody chooses between more treatments than this, and the page stays short enough to read.
MOST_LINES = 12
# A phrase that the clinic keeps for plans: two or three sentences. And so many are offered in all.
PHRASE_CHARACTERS = 400
PHRASES_OFFERED = 60
# What was advised against: the boxes that the page has.
MOST_AGAINST = 3
# Sessions, scars or syringes of one line: more is a slip of the finger.
MOST_TIMES = 99
# A price each time, in minor units. A column of PostgreSQL holds little more.
MOST_PRICE = 2_000_000_000
# Days between two sessions, or before the first: two years.
MOST_DAYS = 730
# What a treatment is called, and what its price is for: as long as in the content.
LINE_NAME_CHARACTERS = 120
LINE_BASIS_CHARACTERS = 40
LINE_RISK_CHARACTERS = 300
