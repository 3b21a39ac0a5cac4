"""Where passwords are checked. It is the only backend, so there is no way round it."""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import get_hashers
from django.contrib.auth.models import AnonymousUser, Permission, User
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from clinic.foundation.prepared import Prepared
from clinic.foundation.signin.guard import Guess, is_name


class GuardedBackend(ModelBackend):
    """Django's own, behind the guard."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """The user, or None for a wrong name or password. Raises Closed when there have been too many of them.

        Even the guess that uses up the last place raises it, though it was looked at: the door is closed from then on.
        """
        if username is None or password is None or not is_name(username) or not _is_text(password):
            return None
        user = User.objects.filter(username=username).first()
        guess = Guess.of(request, username, user, timezone.now())
        if not guess.take():
            guess.was_refused()
            raise guess.closed()
        found = super().authenticate(request, username=username, password=password, **kwargs)
        if found is not None:
            guess.was_right()
        else:
            _even_out(user, password)
            if guess.was_wrong():
                raise guess.closed()
        return found

    async def aauthenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """The same: Django's would check the password itself, bypassing the guard."""
        return await sync_to_async(self.authenticate)(request, username, password, **kwargs)

    def get_user(self, user_id: int) -> User | None:
        """As Django's, with the second step in the same statement, but not its key."""
        user: User | None = next(ACCOUNT.models((user_id,)), None)
        return user if user is not None and self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj: User | AnonymousUser, obj: Model | None = None) -> set[str]:
        """As Django's, which reads a user's own permissions and those of their groups one after the other."""
        if user_obj.is_active and not user_obj.is_superuser and not hasattr(user_obj, "_perm_cache"):
            found = {f"{app}.{name}" for app, name in RIGHTS.rows((user_obj.pk,))}
            user_obj._perm_cache = found  # type: ignore[attr-defined]  # where Django keeps it, and looks for it
        return super().get_all_permissions(user_obj, obj)

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        """Only staff have accounts here. Anyone who stops being staff is signed out at once."""
        return super().user_can_authenticate(user) and bool(getattr(user, "is_staff", False))


def account(given: tuple[int], _: None) -> QuerySet[Any]:
    """An account, by its key."""
    return User.objects.select_related("factor").defer("factor__key").filter(pk=given[0])


def rights(given: tuple[int], _: None) -> QuerySet[Any, Any]:
    """What an account may do, by its key: (app, codename), some twice."""
    named = ("content_type__app_label", "codename")
    own = Permission.objects.filter(user=given[0]).order_by().values_list(*named)
    of_groups = Permission.objects.filter(group__user=given[0]).order_by().values_list(*named)
    return own.union(of_groups, all=True)


# Every page of the desk asks both.
ACCOUNT, RIGHTS = Prepared(account), Prepared(rights)


def _even_out(user: User | None, password: str) -> None:
    """Hash a wrong password by each method that some account still has, but for the one that was used already.

    Otherwise accounts that have not signed in since the method changed would take another time than names that are no
    account's. Once the last of them has signed in, this is one small query.
    """
    first, *older = get_hashers()
    used = next((each for each in older if user and user.password.startswith(f"{each.algorithm}$")), first)
    if user is not None and used is not first:
        used.harden_runtime(password, user.password)
        first.encode(password, first.salt())
    for hasher in older:
        there = User.objects.filter(password__startswith=f"{hasher.algorithm}$").exists()
        if there and hasher is not used:
            hasher.encode(password, hasher.salt())


def _is_text(password: str) -> bool:
    try:
        password.encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which no hasher takes
        return False
    return True
