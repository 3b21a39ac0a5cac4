"""How often something may be asked for, from one network or for one address."""

from __future__ import annotations

from datetime import timedelta

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
# Whoever asks for a new link gets one for this many of the newest requests of the address.
NEW_LINKS_AT_ONCE = 3
# From the page of somebody who wants to read what we wrote after their visit: each opens it once.
PLAN_LINKS_PER_REQUEST_DAY = 12
# Of practitioners' diaries: a clinic's phones behind one network, each asking every few minutes.
DIARIES_PER_NETWORK_HOUR = 600
# To a mailbox that has never opened a link: docs/decisions/mail-limit.md. A day is 24 hours from each of them.
AUTOMATIC_MAILS_PER_MAILBOX_DAY = 3
