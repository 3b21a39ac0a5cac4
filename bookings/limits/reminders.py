"""When a reminder goes: of a visit, of a question, and to the desk."""

from __future__ import annotations

from datetime import timedelta

# The kind of each mail, and how long before the visit it goes.
VISIT_REMINDERS = (("reminder_48h", timedelta(hours=48)), ("reminder_2h", timedelta(hours=2)))
# Where a visit can be moved online only until the first of them or longer before, that goes so long before this ends.
BEFORE_CUTOFF = timedelta(days=1)
# The reminder of a question goes this long before the deadline (half-way there when that is sooner), and a request lapses no
# sooner than a day after it went.
ANSWER_REMINDER_BEFORE = timedelta(days=2)
LAPSE_AFTER_REMINDER = timedelta(days=1)
# Whoever was spoken with so short a time ago need not be told on the phone as well what is then answered by mail.
JUST_SPOKEN = timedelta(minutes=30)
# So many calls in a row without an answer, and the desk is reminded that a request may be closed as unreachable.
CALLS_TRIED = 3
# The desk is reminded of an open request when it has been its turn, or the client's, for this long without an answer.
REMIND_DAYS = 30
# From this long before such a row would be erased, its reminder stands above every list of requests. Until then it stands
# above the list of those rows, and the rail counts them.
REMIND_BEFORE_ERASURE = timedelta(days=60)
