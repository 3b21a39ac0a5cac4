"""Keeps the files of uploaded pictures beside their rows: written before the row is, taken away after it is gone.

A file without a row is rubbish that harms nobody; a row without its file would be a hole in a page. So the files come first.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from clinic.foundation import images
from clinic.foundation.images import Rendition
from content.models.picture import Picture, new_folder


def fill(picture: Picture, made: Iterable[Rendition], *, by: str, now: datetime) -> None:
    """Give a new or known picture this content, and save it. `made` is what `images.renditions` returned, by width.

    `by` is who uploaded it, in words. Raises what saving raises; then nothing has changed and no file is left behind.
    """
    sizes = list(made)
    before = picture.widths and [picture.path(width) for width in picture.widths]
    picture.folder = new_folder()
    picture.widths = [size.width for size in sizes]
    picture.width, picture.height = sizes[-1].width, sizes[-1].height
    picture.uploaded_by, picture.uploaded_at = by, now
    written: list[str] = []
    try:
        for size in sizes:
            written.append(default_storage.save(picture.path(size.width), ContentFile(size.content)))
        with transaction.atomic():
            picture.save()
            if before:
                transaction.on_commit(lambda: _forget(before))
    except BaseException:
        _forget(written)
        raise


def read(file: BinaryIO, size: int) -> list[Rendition]:
    """The sizes of an uploaded file. Raises `images.Rejected`."""
    file.seek(0)  # the same file may be looked at twice
    return images.renditions(file, size)


def remove(picture: Picture) -> None:
    """Delete the picture's row, then its files."""
    paths = [picture.path(width) for width in picture.widths]
    with transaction.atomic():
        picture.delete()
        transaction.on_commit(lambda: _forget(paths))


def _forget(paths: Iterable[str]) -> None:
    for path in paths:
        default_storage.delete(path)
