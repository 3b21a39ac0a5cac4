"""How long a text may be in general, in characters."""

from __future__ import annotations

# One editor's text where its column sets no limit. The longest that ships has under 10,000.
EDITOR_TEXT_CHARACTERS = 60_000
# This many may be typed for each one that is kept: accents of their own, line ends of two, what is taken out.
TYPED_FOR_EACH_KEPT = 4
# Tibetan and pointed Hebrew need up to nine marks on a letter; anyone who writes more of them draws.
MARKS_ON_A_LETTER = 12
# Of a price before the decimal point: nothing here costs a hundred million.
MONEY_DIGITS = 8
# Of what is typed into a desk search. SQLite takes no query with a thousand parts.
DESK_SEARCH_CHARACTERS, DESK_SEARCH_WORDS = 200, 12
# And so much of a name that is kept for searching is found by PostgreSQL, whose index takes no words of more than 2 KB. No
# name is so long but one made for it.
NAME_KEY_FOUND = 500
# Of an e-mail address (RFC 5321 4.5.3.1.3, without the brackets), of what comes before the @, of the domain and each part.
EMAIL_CHARACTERS = 254
EMAIL_CHARACTERS_BEFORE_THE_AT = 64
EMAIL_HOST_CHARACTERS = 253
EMAIL_LABEL_CHARACTERS = 63
# Longer than any address of a page that a mail carries.
MAILED_ADDRESS_CHARACTERS = 2000
