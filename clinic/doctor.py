"""What is wrong with this server, in plain words, for whoever runs it: `manage.py doctor`.

Each look gives sentences, one for each thing that is wrong, with what to do about it. None holds anybody's name or address,
since they go into a mail and into logs. The looks of bookings are in bookings/symptoms.py.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import NamedTuple

from django.apps import apps
from django.conf import settings
from django.core.checks import WARNING, run_checks
from django.db import DatabaseError, connection
from django.utils import timezone

from clinic import backups
from clinic.foundation import limits, rotation

log = logging.getLogger(__name__)

Look = Callable[[], Iterable[str]]

# Where a proxy on this machine, or in a container beside the site, speaks from.
_PROXIES = [ip_network("127.0.0.0/8"), ip_network("172.16.0.0/12"), ip_network("::1/128")]


class Finding(NamedTuple):
    """What one look found: its name, and a sentence for each thing that is wrong."""

    name: str
    wrong: list[str]


def examine() -> list[Finding]:
    """Look at everything. Raises nothing: a look that cannot be made is something wrong."""
    return [Finding(name, _looked(name, look)) for name, look in _looks.items()]


def register(name: str, look: Look) -> None:
    """Add a look. It may read the database and raise what that raises."""
    _looks[name] = look


def _looked(name: str, look: Look) -> list[str]:
    try:
        return list(look())
    except DatabaseError:
        return ["Nobody knows: the database did not answer."]
    except Exception as error:  # whatever is wrong with one look, the others are still worth making
        log.exception("The look at %s could not be made", name)
        return [f"Nobody knows: the look itself failed ({type(error).__name__})."]


def _settings() -> Iterator[str]:
    """All that `check --deploy --database default` says, the database and its migrations included."""
    for found in run_checks(include_deployment_checks=True, databases=["default"]):
        if found.level >= WARNING and not found.is_silenced():
            yield f"{found.msg} {found.hint or ''}".strip() + f" ({found.id})"


def _proxies() -> Iterator[str]:
    """Where people seem to sign in from. All of them from where a proxy stands: then one of ours is not counted."""
    since = timezone.now() - limits.server.SIGN_INS_LOOKED_AT
    recent = apps.get_model("foundation", "SignIn")._default_manager.filter(at__gte=since)
    networks = set(recent.order_by().values_list("network", flat=True).distinct())
    if settings.PRODUCTION and networks and all(_is_of_a_proxy(network) for network in networks):
        yield (
            f"Everybody seems to sign in from the proxy itself, so all clients share one limit: PROXY_HOPS is "
            f"{settings.PROXY_HOPS}, and there is one proxy more."
        )


def _is_of_a_proxy(network: str) -> bool:
    found = ip_network(network)
    return any(found.version == known.version and found.overlaps(known) for known in _PROXIES)


def _keys() -> Iterator[str]:
    if rotation.newest_open() == "unreadable":
        yield "FIELD_KEYS do not open the newest answers. Put back the key that is missing; lose none that stands there."


def _disk() -> Iterator[str]:
    """Each disk on which we write, once. Where PostgreSQL writes is not ours to see."""
    seen = set()
    for folder in _folders():
        disk = folder.stat().st_dev
        if disk in seen:
            continue
        seen.add(disk)
        total, _, free = shutil.disk_usage(folder)
        if free < max(limits.server.DISK_LEAST_BYTES, limits.server.DISK_LEAST_SHARE * total):
            yield f"Little space is left on the disk of {folder}: {free / 1e9:.1f} GB of {total / 1e9:.0f} GB."


def _backups() -> Iterator[str]:
    """Whether one was made last night, as far as this machine can see."""
    if settings.BACKUPS is None:
        if settings.PRODUCTION:
            yield "Nobody knows whether backups are made: set BACKUPS to the folder of `manage.py backup`."
        return
    made = backups.newest(settings.BACKUPS)
    if made is None:
        yield f"There is no backup in {settings.BACKUPS} that can be read here."
    elif timezone.now() - made > limits.server.BACKUP_OLD:
        yield f"The newest backup in {settings.BACKUPS} is of {made:%a %d %b %Y %H:%M} UTC."


def _folders() -> Iterator[Path]:
    wanted = [Path(settings.MEDIA_ROOT), Path(tempfile.gettempdir())]
    if connection.vendor == "sqlite":
        wanted.append(Path(settings.DATABASES["default"]["NAME"]).absolute().parent)
    for folder in wanted:  # one that is made later is on the disk of the folder around it
        yield next(above for above in (folder, *folder.parents) if above.exists())


_looks: dict[str, Look] = {
    "settings": _settings,
    "proxies": _proxies,
    "keys": _keys,
    "disk": _disk,
    "backups": _backups,
}
