"""The second step of an account's sign-in, as rows: its telephone and its recovery codes. Everything that writes them."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db import transaction

from clinic.foundation import limits
from clinic.foundation.crypto import opened
from clinic.foundation.models import Factor, RecoveryCode
from clinic.foundation.signin import totp

# Without signs that look alike: 0 and O, 1, I and L.
_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH = 8


def of(user: AbstractBaseUser | AnonymousUser) -> Factor | None:
    """The second step that `user` has set up. Read with the user (GuardedBackend.get_user), so asking costs nothing."""
    return getattr(user, "factor", None)


def codes_left(user: User) -> int:
    """How many recovery codes still work."""
    return RecoveryCode.objects.filter(factor__user=user, used_at=None).count()


def use_code(user: User, typed: str, now: datetime) -> bool:
    """Use the code that the telephone shows; False if it is wrong, too old, or used already, be it a moment ago."""
    factor = of(user)
    key = opened(factor, "key") if factor else None
    if factor is None or key is None:
        return False
    step = totp.step_of(key, totp.typed_code(typed), now)
    # Not the same code again, nor an older one; and of two who send it at once, this statement lets one in.
    newer = (
        Factor.objects.filter(pk=factor.pk, used_step__lt=step) if step is not None else Factor.objects.none()
    )
    return newer.update(used_step=step) == 1


def use_recovery_code(user: User, typed: str, now: datetime) -> bool:
    """Use a recovery code, with or without its dash, in small letters or capitals; False if it is none or used already."""
    code = "".join(sign for sign in typed.upper() if sign.isalnum())
    if len(code) != _LENGTH:
        return False
    unused = RecoveryCode.objects.filter(factor__user=user, used_at=None)
    found = next((row for row in unused if check_password(code, row.hashed)), None)
    if found is None:
        return False
    # By its own columns alone: with a join the condition would stand in a subquery, which PostgreSQL does not ask again
    # when somebody else has used the code meanwhile.
    return RecoveryCode.objects.filter(pk=found.pk, used_at=None).update(used_at=now) == 1


def set_up(user: User, key: str, step: int, now: datetime) -> list[str]:
    """From now on `user` signs in with this key, whose code of `step` was right; return the recovery codes, for once.

    What was set up before is gone, and with it whatever was signed in by it.
    """
    codes, hashed = _fresh()
    with transaction.atomic():
        User.objects.select_for_update().filter(pk=user.pk).first()
        Factor.objects.filter(user=user).delete()
        factor = Factor.objects.create(user=user, key=key, since=now, used_step=step)
        RecoveryCode.objects.bulk_create(RecoveryCode(factor=factor, hashed=each) for each in hashed)
    user.factor = factor
    return codes


def new_codes(user: User) -> list[str]:
    """Other recovery codes, returned for once. Those of before are worth nothing from now on."""
    factor = of(user)
    if factor is None:
        return []
    codes, hashed = _fresh()
    with transaction.atomic():
        Factor.objects.select_for_update().filter(pk=factor.pk).first()
        factor.recovery_codes.all().delete()
        RecoveryCode.objects.bulk_create(RecoveryCode(factor=factor, hashed=each) for each in hashed)
    return codes


def remove(user: User) -> bool:
    """Take the second step away, with every sign-in that was made by it; return whether there was one."""
    there = Factor.objects.filter(user=user).delete()[0] > 0
    user.refresh_from_db()
    return there


def _fresh() -> tuple[list[str], list[str]]:
    """Codes as people read them, and as they are kept."""
    codes = [
        "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH)) for _ in range(limits.sign_in.RECOVERY_CODES)
    ]
    return [f"{code[:4]}-{code[4:]}" for code in codes], [make_password(code) for code in codes]
