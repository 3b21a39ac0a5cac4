"""How many rows a list or a warning of the desk names."""

from __future__ import annotations

# Appointments that a warning of the desk names; the rest are counted.
NAMED_IN_A_WARNING = 10
# "Next request" on the desk looks along this many of the list that it came from.
NEXT_IN_LIST_ROWS = 500
# Requests on a page of the worklist; so many can be ticked, and changed by one press.
WORKLIST_ROWS = 50
# And so many pages of it can be asked for by number.
PAGES = 10_000
# What is typed into the search, and how often an address may name the same filter.
SEARCH_CHARACTERS = 100
VALUES_OF_A_FILTER = 5
# Things to take back that the bar of the desk names: more are done at once only with many requests ticked.
UNDOS_SHOWN = 3
# Others who want the same time, on a request's page; and so many are offered other times by one press.
RIVALS = 8
# Views of the worklist that a person keeps.
VIEWS_A_PERSON = 20
# Clients that a blocked stretch asks about at once: a full day of two practitioners. Of a longer one, those that come first.
TOUCHED_AT_ONCE = 40
# Requests that times are offered to by one press: for each, free times are looked for.
OFFERS_AT_ONCE = 10
# Health answers that are opened to find who is interested in a treatment: the newest open requests.
ANSWERS_OPENED = 200
# Ticked times that a form of the desk reads; it offers three.
TICKED_TIMES_READ = 20
# Other requests that may come from the same person, on a request's page.
SAME_PERSON_ROWS = 8
# Above the day sheet, earlier visits that nobody has marked; the rest are on the worklist. And notes on a line of it.
UNMARKED_ON_A_DAY = 20
NOTES_ON_A_DAY = 2
# So many people are told above it who need something ready; the rest stand on their own lines.
READY_ON_A_DAY = 4
# Closed requests beside their tab: "1000+" says as much as a number that takes a second to count among a million.
CLOSED_COUNTED = 1_000
# Requests that wait for an answer, on the start page: what fits above the fold. And of every other list there so many.
START_ROWS = 8
START_FEW = 5
# Clients with accepted sessions to arrange, on a page of their list.
SESSIONS_A_PAGE = 40
