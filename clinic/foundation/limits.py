"""Every figure that limits somebody in what both apps stand on: signing in, bodies, texts, uploads, rows, waits.

The limits of requests and visits are in bookings/limits.py, those of pages in content/limits.py. docs/operations.md lists
those that somebody can run into.
"""

from __future__ import annotations

from datetime import timedelta

# --- Signing in -------------------------------------------------------------------------------------------------------

# Wrong passwords for one account, from one network, and from one browser that has signed in before; then each is closed.
WRONG_PASSWORDS = 10
# It opens again when the window ends. Windows begin with each hour, so that nobody is closed out for longer than one.
SIGN_IN_WINDOW = timedelta(hours=1)
# After `manage.py unlock`, for so long, each network has places of its own at the account.
UNLOCKED_FOR = timedelta(minutes=15)
# Refused tries in the log, of one network in a window: a flood does not fill the disk.
REFUSED_SIGN_INS_LOGGED = 10
SIGN_IN_LOG_DAYS = 90
# The newest accounts of a browser stay known to it, for so long after the last sign-in.
ACCOUNTS_PER_BROWSER = 10
BROWSER_KNOWN_DAYS = 365
# A form of the desk that has been open for longer is nobody's any more.
DESK_FORM_LIFE = timedelta(days=7)
# What was typed when a sign-in had ended, as it is carried, in characters. It has to come back within DESK_BODY_BYTES.
UNSENT_CHARACTERS = 1_900_000
# A page may lie open, or come back with the browser's Back button, for so long: its button pressed again does nothing twice.
PRESS_KEPT = timedelta(days=1)

# --- Bodies, in bytes -------------------------------------------------------------------------------------------------

# A client's longest form has 2 KB, an editor's longest text 60,000 characters of up to 12 bytes as a form sends them. An
# upload is a picture and the form around it. docs/nginx.conf has the same sizes.
PICTURE_BYTES = 10 * 1024 * 1024
PUBLIC_BODY_BYTES = 256 * 1024
DESK_BODY_BYTES = 2 * 1024 * 1024
UPLOAD_BODY_BYTES = PICTURE_BYTES + 1024 * 1024
# Of a body that is too large so many times the limit is taken off the line and thrown away, so that the sender hears the
# answer. Anyone who sends more finds the connection closed.
BODY_THROWN_AWAY_TIMES = 4

# --- Texts, in characters ---------------------------------------------------------------------------------------------

# One text of an editor where its column sets no limit. The longest that ships has under 10,000.
EDITOR_TEXT_CHARACTERS = 60_000
# So many may be typed for each one that is kept: accents of their own, line ends of two, what is taken out.
TYPED_FOR_EACH_KEPT = 4
# Tibetan and pointed Hebrew need up to nine marks on a letter; anyone who writes more of them draws.
MARKS_ON_A_LETTER = 12
# Of a price before the comma: nothing here costs a hundred million.
MONEY_DIGITS = 8
# Of what is typed into a search of the desk. SQLite takes no question with a thousand parts.
DESK_SEARCH_CHARACTERS, DESK_SEARCH_WORDS = 200, 12
# Of an e-mail address (RFC 5321 4.5.3.1.3, without the brackets), of what stands before the @, of the domain and each part.
EMAIL_CHARACTERS = 254
EMAIL_CHARACTERS_BEFORE_THE_AT = 64
EMAIL_HOST_CHARACTERS = 253
EMAIL_LABEL_CHARACTERS = 63
# Longer than any address of a page that a mail carries.
MAILED_ADDRESS_CHARACTERS = 2000

# --- Uploaded pictures ------------------------------------------------------------------------------------------------

PICTURE_PIXELS = 25_000_000
# In pixels: WebP knows no side above 16,383, and a strip of screenshots is no picture; less is a blur even on a phone.
PICTURE_LONGEST_SIDE = 8000
PICTURE_SHORTEST_SIDE = 200
# Processor time for one picture. The largest that we accept needs about a second of it.
PICTURE_PROCESSOR_SECONDS = 3
# On a machine that is busy with other things the same work takes longer by the clock on the wall.
PICTURE_WAIT_SECONDS = 30

# --- Rows -------------------------------------------------------------------------------------------------------------

# Of one table in a form. Django would draw two thousand for anyone who says so: seven seconds of work.
FORM_ROWS = 300
# That one transaction of `rotatekeys` changes, and that are in memory at a time: the largest value is a mail of some 20 KB.
ROTATION_ROWS = 200
# Of the rows that were written last, so many are looked at for one that holds a value.
ROTATION_NEWEST_ROWS = 5

# --- Waiting ----------------------------------------------------------------------------------------------------------

# A row that somebody else holds is waited for so long. Readers give up on a page that takes longer than a statement may.
LOCK_WAIT = timedelta(seconds=8)
STATEMENT_TIME = timedelta(seconds=30)
# A writer waits for readers when SQLite's log is emptied. Waiting longer would keep every other writer waiting too.
SQLITE_LOG_WAIT_SECONDS = 0.2
# When a page says that the site is away for a moment, a program is told to ask again after so long.
RETRY_SECONDS = 30
# `manage.py serve` gives its processes so long to end.
STOP_SECONDS = 15
# security.txt says that it is true for so long.
SECURITY_TXT_DAYS = 90

# --- Logs: frames of a trace ------------------------------------------------------------------------------------------

# Of the way there: our own frames and the last few of others, and of these the end.
TRACE_FRAMES, TRACE_END_FRAMES = 12, 4
# Exceptions of one chain.
TRACE_CHAIN = 5
