"""How often and how long a mail is tried."""

from __future__ import annotations

from datetime import timedelta

# The part of a conversation with the mail server that is about one mail. Each wait lasts EMAIL_TIMEOUT at most; a server
# that sends one character at a time could hold us for days.
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
# A server that gets a mail and never says whether it has it: this many copies at most.
MAIL_UNANSWERED_COPIES = 3
# A mail that has been due for longer is a sign that something is wrong.
MAIL_WAITS_LONG = timedelta(minutes=10)
# How many mails one look of a worker sends before it shows that it is alive and asks for its clock; the next look follows at
# once while there are more.
MAIL_LOOK_ROWS = 50
# How many mails one worker claims, makes and stores together. Nobody else has them, or goes before them, meanwhile.
MAIL_BATCH_ROWS = 20
# After this long what is left of them goes back: behind a slow server a mail that is new waits for one other, as ever.
MAIL_BATCH = timedelta(seconds=2)
# How many more due messages a claim looks at: some are given up, and some that workers died with go alone.
MAIL_CLAIM_ROWS = 16
# That the server took a mail is written down with the next one's beginning, if the server was as quick as this. Otherwise at
# once: no lease ends, and no worker dies, while what was taken waits to be written down.
MAIL_TAKEN_QUICKLY = timedelta(milliseconds=100)
# A worker that starts after a longer silence holds the mail. Shorter is a restart, an update, or a night's maintenance.
MAIL_HELD_AFTER_SILENCE = timedelta(hours=1)
# The site went on for longer than this without a worker: so it was the worker that was away, and not the database.
SITE_WITHOUT_WORKER = timedelta(minutes=5)
# A calendar file has the rules of its zone for this long around the visit, which may still move within it.
CALENDAR_ZONE_SPAN = timedelta(days=400)
# How long before a visit a calendar that took our file reminds of it.
CALENDAR_ALARM_BEFORE = timedelta(days=1)
# As long as it may take until somebody reads it: a mail made at 8:55am says nothing of a phone that is answered from 9am.
MAIL_READ_AFTER = timedelta(minutes=10)
