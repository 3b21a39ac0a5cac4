"""How long a text may be that somebody types, in characters."""

from __future__ import annotations

# What clients write: names and numbers as their columns hold them, words as long as somebody reads them on the desk.
NAME_CHARACTERS = 120
NAME_TO_USE_CHARACTERS = 60
PHONE_CHARACTERS = 40
# As typed, before it is cleaned; what is kept is an address of at most 254 (clinic/foundation/limits/texts.py).
EMAIL_TYPED_CHARACTERS = 1000
SUPPORT_CHARACTERS = 300
# A box for a few sentences, where nothing else is said.
AREA_CHARACTERS = 500
CLIENT_WORDS_CHARACTERS = 1000
# What they say of their times beside the ticks: one line, which the desk reads beside the free times.
TIMES_WORDS_CHARACTERS = 200
# What staff write to a client, or keep of what somebody said.
PERSONAL_NOTE_CHARACTERS = 1000
QUESTION_CHARACTERS = 2000
ADVICE_CHARACTERS = 2000
NOTE_CHARACTERS = 4000
# What a client wants to ask at the visit: as many as there is time to answer, each as long as a question is.
VISIT_QUESTIONS = 3
VISIT_QUESTION_CHARACTERS = 300
# The desk's own: a view of the worklist with the query of its address.
VIEW_NAME_CHARACTERS = 40
VIEW_QUERY_CHARACTERS = 500
# A day and a time, as somebody types them: "Wednesday 30 September 2026 at 10:30 am".
TYPED_TIME_CHARACTERS = 60
# A text in one piece (GSM 03.40).
TEXT_MESSAGE_LETTERS = 160
# No greeting uses a longer name.
GREETING_CHARACTERS = 40
# More than this in one form is answered at once and not kept: nobody types so much, and rows are for answers.
TYPED_KEPT_CHARACTERS = 20_000
# A page that says "too often" gives back this many characters in this many fields of what was typed: twice the longest form.
TYPED_BACK_CHARACTERS = 8000
TYPED_BACK_FIELDS = 100
