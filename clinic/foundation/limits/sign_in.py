"""How often a wrong password may be tried, and how long what belongs to signing in is kept."""

from __future__ import annotations

from datetime import timedelta

# Wrong passwords for one account, from one network, and from one browser that has signed in before; then each is closed.
WRONG_PASSWORDS = 10
# It opens again when the window ends. Windows begin with each hour, so that nobody is locked out for longer than one.
SIGN_IN_WINDOW = timedelta(hours=1)
# After `manage.py unlock`, for this long, each network has places of its own for the account.
UNLOCKED_FOR = timedelta(minutes=15)
# Refused attempts logged for one network in a window: a flood does not fill the disk.
REFUSED_SIGN_INS_LOGGED = 10
SIGN_IN_LOG_DAYS = 90
# A desk at which nobody opens a page or sends a form is signed out after this; settings.IDLE_MINUTES says otherwise.
IDLE_MINUTES = 15
# Who does something is noted at most this often: it is a write.
RENEWED_EVERY = timedelta(minutes=1)
# Since the password was last shown, however busy the desk is.
LONGEST_SESSION = timedelta(hours=12)
# Accounts, roles and exports ask once more who is there, unless somebody has signed in within this time: a screen that was
# left open opens none of them for long.
RECENT = timedelta(minutes=10)
# Wrong codes of the second step for one account, or from one browser that it has signed in with. In the same windows.
WRONG_CODES = 10
# From the password until the code, and from the first picture of a new key until its first code.
HALF_SIGN_IN = timedelta(minutes=15)
# What may be typed where a code goes: six digits or a recovery code, with all the blanks that were pasted with it.
CODE_CHARACTERS = 40
# Made at a time; each lets somebody in once.
RECOVERY_CODES = 8
# With fewer left, the account's page asks for others.
FEW_RECOVERY_CODES = 3
# A browser remembers its newest accounts for this long after the last sign-in.
ACCOUNTS_PER_BROWSER = 10
BROWSER_KNOWN_DAYS = 365
# A desk form that has been open for longer is no longer anybody's.
DESK_FORM_LIFE = timedelta(days=7)
# What was typed after a sign-in had ended, as carried, in characters. It has to come back within DESK_BODY_BYTES.
UNSENT_CHARACTERS = 1_900_000
# A page may lie open, or come back with the browser's Back button, for this long: its button pressed again does nothing
# twice.
PRESS_KEPT = timedelta(days=1)
