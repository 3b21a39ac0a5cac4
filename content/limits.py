"""Every figure that limits an editor, a reviewer, a reader or the worker in what the clinic says about itself.

What a clinic may want to change is not a constant but a row in the admin: for how long readers are not told of a late check
is `review_grace_days` of the clinic's profile. Uploads, bodies and texts in general: clinic/foundation/limits/. How many
suggestions the guide makes is a rule of medicine: content/guide/rules.py. docs/operations.md lists those that somebody can
run into.
"""

from __future__ import annotations

from datetime import timedelta

# --- Checks by a reviewer ---------------------------------------------------------------------------------------------

# A page shows in the list of what is due from this many days before its date.
REVIEW_SOON_DAYS = 30
# What a reviewer is offered as the next date.
REVIEW_AGAIN_DAYS = 365
# Two years: no page goes unchecked for longer, whatever date somebody types.
REVIEW_LATEST = timedelta(days=731)
# What a reviewer says who sends a draft back.
SEND_BACK_CHARACTERS = 1000

# --- What editors write -----------------------------------------------------------------------------------------------

# What is different, in a few words for the history.
NOTE_CHARACTERS = 200
# Why problems may stay. "x" is no reason.
OVERRIDE_REASON_CHARACTERS = 1000
OVERRIDE_REASON_LEAST_CHARACTERS = 10
# Texts that print in one line of a list or a panel. The column holds more; a reader does not.
FACT_LINE_CHARACTERS = 200
FACT_TEXT_CHARACTERS = 400
REASON_CODE_CHARACTERS = 10
# An amount of money as it is typed.
AMOUNT_CHARACTERS = 40
# A picture's name that is made from its words.
PICTURE_NAME_CHARACTERS = 40
# A page's address that is made from its title: room for a number behind it.
SLUG_CHARACTERS = 70
# Reading age in years. Pages are written for 9 to 11, and no shipped page measures more than 10.2.
READING_AGE_WARNS = 11
READING_AGE_BLOCKS = 14
# The age of fewer words than this is chance; a single fact has few.
READING_AGE_WORDS = 40
READING_AGE_WORDS_OF_A_FACT = 20

# --- Lists and comparisons on the desk --------------------------------------------------------------------------------

# Drafts under the grid. More are marked in it, and a reviewer who goes on meets them all.
GRID_DRAFTS_LISTED = 30
# Of one cell and of one document. Older versions are still there, and can be compared by their number.
CELL_HISTORY_LISTED = 50
HISTORY_LISTED = 200
SETTLED_CORRECTIONS_LISTED = 20
# What one chooser lists of each kind; more than that is found by the search of the desk.
CHOOSER_LISTED = 500
# Of a treatment's name, above its column. The whole name is read out, and stands in the cell's form.
COLUMN_NAME_CHARACTERS = 36
# Two texts with more lines, or more words and marks, together are shown one after the other: comparing takes too long.
COMPARED_LINES = 3000
COMPARED_WORDS = 3000

# --- Readers ----------------------------------------------------------------------------------------------------------

# A question to the search of the site, and how many of its words and of our guesses at one are looked for.
SEARCH_CHARACTERS = 300
SEARCH_WORDS = 60
SEARCH_GUESSES = 8
# What a process of the site keeps of ready pages (content/ready/): three forms of some seventy take five million.
READY_BYTES = 48_000_000
# A link to a draft, for somebody without an account.
SHARED_PREVIEW_LIFE = timedelta(days=1)
# An office reads, a program would not stop.
SHARED_PREVIEWS_PER_NETWORK_HOUR = 60

# --- The worker -------------------------------------------------------------------------------------------------------

# One tick puts this many live at most, so that no worker is away from its other work for long.
PUBLICATIONS_AT_ONCE = 200
# Files are written before their row: what is younger than this may still get one.
FILE_WITHOUT_ROW_KEPT = timedelta(hours=1)
# One sweep takes away this many folders at most, for the same reason.
FOLDERS_SWEPT_AT_ONCE = 200
