"""Keeps the files of uploaded pictures beside their rows: written before the row is, taken away after it is gone.

A file without a row is rubbish that nobody can open; a row without its file would be a hole in a page. So the files come
first, and what is left over when something breaks in between is swept away later.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from clinic.foundation import image_process
from clinic.foundation.images import Rendition
from content import limits
from content.models.picture import FOLDER, PICTURES, Picture, new_folder

log = logging.getLogger(__name__)


def fill(picture: Picture, made: Iterable[Rendition], *, by: str, now: datetime) -> None:
    """Give a new or known picture this content, and save it. `made` is what `images.renditions` returned, by width.

    `by` is who uploaded it, in words. Raises what saving raises; then nothing has changed and no file is left behind.
    """
    sizes = list(made)
    before = picture.folder if picture.widths else ""
    picture.folder = new_folder()
    picture.widths = [size.width for size in sizes]
    picture.width, picture.height = sizes[-1].width, sizes[-1].height
    picture.uploaded_by, picture.uploaded_at = by, now
    try:
        for size in sizes:
            default_storage.save(picture.path(size.width), ContentFile(size.content))
        with transaction.atomic():
            picture.save()
            if before:
                transaction.on_commit(lambda: _forget(before))
    except BaseException:
        _forget(picture.folder)  # the last file may be half a file: a full disk leaves it
        raise


def read(file: BinaryIO, size: int) -> list[Rendition]:
    """The sizes of an uploaded file. Raises `images.Rejected`, after three seconds of work at most."""
    file.seek(0)  # the same file may be looked at twice
    return image_process.renditions(file, size)


def remove(picture: Picture) -> None:
    """Delete the picture's row, then its files."""
    folder = picture.folder
    with transaction.atomic():
        picture.delete()
        transaction.on_commit(lambda: _forget(folder))


def sweep(now: datetime) -> int:
    """Take away the folders that belong to no row and are older than limits.FILE_WITHOUT_ROW_KEPT; return how many.

    They are left when a process ends between file and row, when a load of content fails, or when a row is deleted by hand.
    A folder that cannot be taken away is logged and left for the next sweep. Only what we named ourselves is touched, and
    nothing while there is no row at all: a worker that is pointed at an empty database must not empty the folder of another.
    """
    try:
        folders = [name for name in default_storage.listdir(PICTURES)[0] if FOLDER.fullmatch(name)]
    except FileNotFoundError:  # nobody has uploaded anything yet
        return 0
    kept = set(Picture.objects.values_list("folder", flat=True))
    if not kept:
        return 0
    swept = 0
    for folder in [name for name in folders if name not in kept][: limits.FOLDERS_SWEPT_AT_ONCE]:
        try:
            if (
                default_storage.get_modified_time(f"{PICTURES}/{folder}")
                <= now - limits.FILE_WITHOUT_ROW_KEPT
            ):
                _forget(folder)
                swept += 1
        except OSError:
            log.exception("A picture's folder without a row could not be taken away")
    return swept


def _forget(folder: str) -> None:
    """Delete a picture's folder with the files in it, as far as it is there."""
    place = f"{PICTURES}/{folder}"
    if default_storage.exists(place):
        for name in default_storage.listdir(place)[1]:
            default_storage.delete(f"{place}/{name}")
        default_storage.delete(place)
