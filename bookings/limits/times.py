"""How many free times are shown, and how far ahead."""

from __future__ import annotations

from datetime import timedelta

# Days of free times in one answer as JSON, and the most that an address may ask for.
TIMES_PAGE_DAYS = 7
TIMES_MOST_DAYS = 31
# The days that a client chooses from at once, whole weeks. Who has nothing free in the first of them has nothing soon.
TIMES_STRETCH = timedelta(weeks=2)
# The few times that are offered at once lie this far from each other: half an hour is no choice.
TIMES_APART = timedelta(hours=2)
# More free times than these on one day stand under the parts of the day.
TIMES_IN_A_ROW = 6
# So many people stand in the open above free times; more are a list in a fold.
PEOPLE_IN_THE_OPEN = 4
# The times of one day stand apart by whom they would be with, if that is not more than so many different answers.
PEOPLE_APART = 3
# And of more times than this each part is folded: nobody reads on in a longer list of times.
TIMES_UNFOLDED = 20
# On the desk: while somebody is on the phone, and beside a request.
PHONE_TIMES_DAYS = 21
# Days that stand in a row there, as buttons.
PHONE_DAYS_IN_A_ROW = 6
# Beside a request: from a week before the wish, for a little over three weeks.
DESK_TIMES_BEFORE, DESK_TIMES_DAYS = timedelta(days=7), 22
# How many times the desk is suggested to offer: three may be offered, and one more is a choice.
SUGGESTED_TIMES = 4
# Each of the others who wanted a time that was given away is offered so many: one is no choice, and all of them are held.
TIMES_FOR_A_RIVAL = 2
# Of other free times, as many as somebody looks through before asking for a day.
OTHER_TIMES_SHOWN = 24
# Times that the desk is suggested to offer lie at least this far apart.
SUGGESTED_TIMES_APART = timedelta(hours=2)
# Instead of a visit that cannot be kept so many times are proposed: as many as an offer may hold.
TIMES_INSTEAD = 3
# And they are looked for in so many days at most, however long the stretch that is blocked.
INSTEAD_DAYS = 62
# A longer absence is somebody who has left: then the practitioner is switched off.
BLOCKED_DAYS = 366
# A typed day without a year that was so long ago is past; if it was longer ago, next year's is meant.
PAST_DAYS = 183
# Ends of an offer to choose from, in minutes of opening hours: a working day is eight hours.
OFFER_ENDS = (480, 960, 1440, 2400)
# In the calendar: starts that a free stretch names, before only full hours and halves, and then full hours, are left.
CALENDAR_STARTS = 10
# And of a visit, the times to which one press moves it.
CALENDAR_MOVES = 6
# They lie on the days that it shows, or so many days after those.
CALENDAR_MOVES_DAYS = 7
# Up to so many practitioners stand side by side in a week; of more, each has a line.
WEEK_SHOWS_PEOPLE = 3
# Of a week of more people each cell names so many visits, and how many more there are.
WEEK_NAMES_VISITS = 5
# The hours that it shows where nobody works and nothing is booked.
CALENDAR_HOURS = (9, 17)
# How long before and after the working day what is booked still makes the calendar longer.
CALENDAR_BESIDE_MINUTES = 120
# How far from a visit the minutes kept free around it may reach (ConsultationType.buffer_before).
BUFFERS_REACH = timedelta(hours=4)
# No appointment takes longer, with the minutes kept free around it: eight hours and twice four (ConsultationType).
LONGEST_BLOCK = timedelta(days=1)
# A practitioner's own calendar app shows visits from so long ago to so far ahead.
DIARY_BEFORE, DIARY_AHEAD = timedelta(days=30), timedelta(days=366)
# On the day sheet a visit that begins within this time says in how many minutes; a gap in which no visit fits has a line
# only if it is as long as this; and somebody who is late is so by one of these, in minutes.
VISIT_SOON = timedelta(hours=1)
GAP_WORTH_A_LINE = timedelta(minutes=30)
LATE_BY = (10, 20, 30)
# While a visit is moving, buttons stand so many minutes apart at least: half an hour is as high as a finger needs.
CALENDAR_BUTTON_MINUTES = 30
# What is shorter has no room for two small lines at the usual height of an hour.
CALENDAR_SHORT_MINUTES = 30
# And no room for two of the usual size.
CALENDAR_TWO_LINES_MINUTES = 35
# For a session of a plan: so many free times to choose from, within so many days of its first.
SESSION_TIMES = 3
SESSION_TIMES_WITHIN = timedelta(days=28)
# No session of a plan is booked further ahead: no course of treatment takes so long.
SESSIONS_AHEAD = timedelta(days=3650)
# A client moves a session to a day up to so long after the one that it has: further, and the course falls apart.
SESSION_MOVES_WITHIN = timedelta(weeks=8)
