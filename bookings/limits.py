"""Every figure that limits a client, a member of staff or a machine on the way from a request to a visit.

What a clinic may want to change is not a constant but a row in the admin: the booking rules (`BookingRules` in
bookings/models/booking_rules.py: how long an unproved hold lasts, how long offers are held, the reply promise,
requests of one network and of an address) and the kinds of consultation (until when a client may move or cancel).
What depends on the machine is a setting: how long a link opens is LINK_DAYS. Signing in, uploads and bodies:
clinic/foundation/limits.py.
docs/operations.md lists those that somebody can run into.
"""

from __future__ import annotations

from datetime import timedelta

# --- Floods: how often, from one network or for one address -----------------------------------------------------------

# A whole request takes nine forms, so one hospital behind one address can send forty in the window, and half as many
# again with mistakes in them.
FORMS_PER_NETWORK = 600
FORMS_WINDOW = timedelta(minutes=10)
# Five begun for each that a network may send by the rules as they ship (40).
DRAFTS_PER_NETWORK_HOUR = 200
# Links that open nothing: a typing error or two a person, and nobody guesses 32 bytes twenty times an hour.
DEAD_LINKS_PER_NETWORK_HOUR = 20
NEW_LINKS_PER_NETWORK_HOUR = 20
NEW_LINKS_PER_ADDRESS_DAY = 3
# From a client's own page, where a session is open already.
NEW_LINKS_PER_REQUEST_DAY = 5
# Whoever asks for a new link gets one for so many of the newest requests of the address.
NEW_LINKS_AT_ONCE = 3
# To a mailbox that has never opened a link: docs/decisions/mail-limit.md. A day is 24 hours from each of them.
AUTOMATIC_MAILS_PER_MAILBOX_DAY = 3

# --- Too quick for a person -------------------------------------------------------------------------------------------

# Nobody reads and answers all pages in less. Anyone who does is asked to look and send once more, and told so.
HUMAN_SECONDS = 8
# A second look takes a person at least this long; a program that only repeats itself takes less than the other.
LOOK_SECONDS = 3
REPEAT_SECONDS = 1

# --- Periods: drafts, sessions, and what is kept ----------------------------------------------------------------------

# After the last answer.
DRAFT_MINUTES = 60
# That a draft was sent is remembered, without its answers, so that a second press leads to the same page.
SENT_DRAFT_DAYS = 1
# What came along from the page before, between its redirect and the start page: two opaque ids.
ALONG_SECONDS = 600
CLIENT_IDLE_MINUTES = 30
CLIENT_SESSION_MINUTES = 120
# Looking at a page by a link is written down at most this often.
LINK_SEEN_EVERY = timedelta(minutes=1)
# How long the client's page says "done" after something they did.
JUST_DONE = timedelta(minutes=1)
# What is forgotten, and when: bookings/queries/due.py. Why so: docs/decisions/periods.md.
SUSPECTED_DAYS = 30
UNCONVERTED_DAYS = 183
# Eight years: of a visit, whether or not somebody marked that it took place; and of who did what, which is about them.
RECORD_DAYS = 8 * 365 + 2
# A sent mail's text is kept as long as somebody may ask "what did you write to me".
MESSAGE_BODY_DAYS = 183
TIME_OFF_DAYS = 366
# The desk is reminded of an open request when it has been its turn, or the client's, for so long without an answer.
REMIND_DAYS = 30

# --- Deadlines and reminders ------------------------------------------------------------------------------------------

# The kind of each mail, and how long before the visit it goes.
VISIT_REMINDERS = (("reminder_48h", timedelta(hours=48)), ("reminder_2h", timedelta(hours=2)))
# The reminder of a question goes this long before the deadline (half-way there when that is sooner), and a request lapses no
# sooner than a day after it went.
ANSWER_REMINDER_BEFORE = timedelta(days=2)
LAPSE_AFTER_REMINDER = timedelta(days=1)
# Reception may mark somebody as arrived, or as not come, this long before the start.
MARK_VISIT_BEFORE_START = timedelta(minutes=15)
# A promise due within this much wall-clock time is "soon" in the worklist.
PROMISE_SOON = timedelta(hours=3)
# Days in a row without an opening after which we say that there is no promise to give.
LONGEST_CLOSURE_DAYS = 366
# How far ahead closures are read: no promise reaches further than the longest closure.
CLOSURES_AHEAD = timedelta(days=400)

# --- Times on offer ---------------------------------------------------------------------------------------------------

# Days of free times on one page of the client's, and the most that an address may ask for.
TIMES_PAGE_DAYS = 7
TIMES_MOST_DAYS = 31
# More free times than these on one day stand under the parts of the day.
TIMES_IN_A_ROW = 6
# On the desk: while somebody is on the phone, and beside a request.
PHONE_TIMES_DAYS = 21
DESK_TIMES_SPAN = timedelta(days=14)
# Times that the desk is suggested to offer lie at least this far apart.
SUGGESTED_TIMES_APART = timedelta(hours=2)
# Ends of an offer to choose from, in minutes of opening hours: a working day is eight hours.
OFFER_ENDS = (480, 960, 1440, 2400)

# --- Texts that somebody types, in characters -------------------------------------------------------------------------

# What clients write: names and numbers as their columns hold them, words as long as somebody reads them on the desk.
NAME_CHARACTERS = 120
NAME_TO_USE_CHARACTERS = 60
PHONE_CHARACTERS = 40
# As typed, before it is cleaned; what is kept is an address of at most 254 (clinic/foundation/limits.py).
EMAIL_TYPED_CHARACTERS = 1000
SUPPORT_CHARACTERS = 300
# A box for a few sentences, where nothing else is said.
AREA_CHARACTERS = 500
CLIENT_WORDS_CHARACTERS = 1000
# What staff write to a client, or keep of what somebody said.
PERSONAL_NOTE_CHARACTERS = 1000
QUESTION_CHARACTERS = 2000
ADVICE_CHARACTERS = 2000
NOTE_CHARACTERS = 4000
TAGS_CHARACTERS = 200
# A greeting with a longer name is none.
GREETING_CHARACTERS = 40
# More than this in one form is answered at once and not kept: nobody types so much, and rows are for answers.
TYPED_KEPT_CHARACTERS = 20_000
# A page that says "too often" gives back so many characters in so many fields of what was typed: twice the longest form.
TYPED_BACK_CHARACTERS = 8000
TYPED_BACK_FIELDS = 100

# --- Mail -------------------------------------------------------------------------------------------------------------

# One conversation with the mail server. Each wait lasts EMAIL_TIMEOUT at most; a server that says a letter now and then
# would still keep us for days.
MAIL_CONVERSATION = timedelta(minutes=3)
# Longer than the longest conversation; a dead worker's mail goes out again within five minutes.
MAIL_LEASE = timedelta(minutes=4)
# Waits after the first, second, ... try; the last one repeats.
MAIL_WAITS = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=30),
    timedelta(hours=1),
)
# 30 tries with these waits span a little more than 24 hours. Counting tries, not hours, keeps this true when a clock jumps.
MAIL_TRIES = 30
# A server that gets a mail and never says whether it has it: so many copies at most.
MAIL_UNANSWERED_COPIES = 3
# How many due messages one claim looks at before it gives way to the workers that were faster.
MAIL_CLAIM_ROWS = 16
# A worker that starts after a longer silence holds the mail. Shorter is a restart, an update, or a night's maintenance.
MAIL_HELD_AFTER_SILENCE = timedelta(hours=1)
# The site went on for longer than this without a worker: so it was the worker that was away, and not the database.
SITE_WITHOUT_WORKER = timedelta(minutes=5)
# A calendar file has the rules of its zone for this long around the visit, which may still move within it.
CALENDAR_ZONE_SPAN = timedelta(days=400)

# --- The worker -------------------------------------------------------------------------------------------------------

# Longer than the longest conversation with a mail server, so that a worker that waits for one does not look stuck.
WORKER_SILENT = timedelta(minutes=5)
# When the database is away: wait this long, then twice as long, up to the last.
DATABASE_FIRST_WAIT_SECONDS, DATABASE_LAST_WAIT_SECONDS = 1.0, 30.0
# While there is more to do than one look does, the next follows at once; but a worker that is told to end must.
WORKER_TURN_SECONDS = 20.0
# What clients and staff delete goes from SQLite's log as well, at the latest so long after.
SQLITE_LOG_EMPTIED_EVERY = timedelta(minutes=1)
# One tick does so much of a kind at a time, so that no worker is away from the mails for long.
CLOCK_BATCH_ROWS = 200
# As much as two clocks that are set by the network never differ, even on a machine that has just woken up.
CLOCK_MOST_OFF = timedelta(seconds=30)

# --- Lists ------------------------------------------------------------------------------------------------------------

# Appointments that a warning of the desk names; the rest are counted.
NAMED_IN_A_WARNING = 10
# "Next request" on the desk looks along so many of the list that it came from.
NEXT_IN_LIST_ROWS = 500
# Ticked times that a form of the desk reads; it offers three.
TICKED_TIMES_READ = 20
