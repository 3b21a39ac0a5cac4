"""How long a draft and a session of a client last, and how long somebody of the desk counts as looking at a request."""

from __future__ import annotations

from datetime import timedelta

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
# That somebody at the desk has a request open: written down at most this often, said for so long, then forgotten.
PRESENCE_EVERY = timedelta(minutes=1)
PRESENCE_SHOWN = timedelta(minutes=2)
PRESENCE_KEPT = timedelta(hours=1)
