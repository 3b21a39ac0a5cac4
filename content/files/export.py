"""Writes all content as files that `load` reads again: the same rows give the same bytes, on every machine."""

from __future__ import annotations

import os
import re
import shutil
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time
from operator import attrgetter
from pathlib import Path
from typing import Any, BinaryIO

from django.core.files.storage import default_storage
from django.db import models

from content.files import formats, shape
from content.files.shape import SHAPES, Shape

# Zip keeps a time for each file. A fixed one, so that the same content is the same archive.
_NO_TIME = (1980, 1, 1, 0, 0, 0)

# By model: what each row is called, by its id.
Names = dict[type[models.Model], dict[int, str]]


class ExportRefused(Exception):
    """The folder holds something that an export must not replace, or a picture has lost its file; the text says what."""


def files() -> Iterator[tuple[str, bytes]]:
    """Every file with its path. As many statements as there are models and kinds of link. Raises ExportRefused."""
    rows = {each.model: _rows(each) for each in SHAPES}
    names: Names = {
        each.model: shape.names(
            {row.pk: tuple(getattr(row, name) for name in each.key) for row in rows[each.model]}
        )
        for each in SHAPES
    }
    for each in SHAPES:
        for path, text in sorted(_files(each, rows[each.model], names).items()):
            yield path, text.encode()
        for row in rows[each.model]:
            for path in each.stored(row):
                yield path, _stored(row, path)


def archive(target: BinaryIO) -> None:
    """Write the same files to `target` as one zip. Raises ExportRefused."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path, content in files():
            zipped.writestr(zipfile.ZipInfo(path, _NO_TIME), content, zipfile.ZIP_DEFLATED)


def write(folder: Path, *, overwrite: bool = False) -> int:
    """Write the files; return how many. The folder is whole or as it was, never half written.

    Raises OSError, and ExportRefused for a folder that is not empty or, with `overwrite`, holds more than an earlier export.
    """
    folder = folder.resolve()
    _refuse_others(folder, overwrite)
    made = 0
    fresh = folder.with_name(f".{folder.name}.new-{os.getpid()}")
    old = folder.with_name(f".{folder.name}.old-{os.getpid()}")
    try:
        for path, content in files():
            target = fresh / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            made += 1
        if folder.exists():
            folder.rename(old)
        try:
            fresh.rename(folder)
        except OSError:
            if old.exists():
                old.rename(folder)
            raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)
    return made


def _refuse_others(folder: Path, overwrite: bool) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise ExportRefused(f"{folder} is a file. Name a folder.")
    inside = [path for path in folder.rglob("*") if not path.is_dir()]
    if any(folder.iterdir()) and not overwrite:
        raise ExportRefused(
            f"{folder} is not empty. Name another folder, or add --overwrite to replace an earlier export."
        )
    for path in sorted(inside):
        name = path.relative_to(folder).as_posix()
        if not any(name == each.place or _is_document(each, name) for each in SHAPES) and not _is_picture(
            name
        ):
            raise ExportRefused(f"{folder} holds {name}, which is no part of an export. Move it away first.")


def _is_document(each: Shape, name: str) -> bool:
    return each.place.endswith("/") and name.startswith(each.place) and name.endswith(".md")


def _is_picture(name: str) -> bool:
    return re.fullmatch(r"pictures/[0-9a-f]{16}/[0-9]+\.webp", name) is not None


def _stored(row: models.Model, path: str) -> bytes:
    try:
        with default_storage.open(path) as file:
            content: bytes = file.read()
    except OSError as error:
        raise ExportRefused(
            f"The file of {row._meta.verbose_name} {row} cannot be read. Upload it again."
        ) from error
    return content


def _rows(each: Shape) -> list[Any]:
    """All rows with what they name, sorted here and not by the database: two databases sort letters in two ways."""
    one = [name for name in each.links if not each.many(name)]
    several = [name for name in each.links if each.many(name)]
    rows: Any = each.model._default_manager.order_by()
    if one:
        rows = rows.select_related(*one)
    return sorted(rows.prefetch_related(*several, *each.lines), key=attrgetter(*each.order))


def _files(each: Shape, rows: list[Any], names: Names) -> dict[str, str]:
    entries = [{name: _value(each, row, name, names) for name in each.fields} for row in rows]
    if each.place.endswith("/"):
        return _documents(each, entries)
    if each.place.endswith(".csv"):
        cells = [[_as_cell(value) for value in entry.values()] for entry in entries]
        return {each.place: formats.as_table(each.fields, cells)}
    if each.key == ("id",):
        return {each.place: formats.as_yaml(entries[0])} if entries else {}
    return {each.place: formats.as_yaml(entries)}


def _documents(each: Shape, entries: list[dict[str, Any]]) -> dict[str, str]:
    """A file for each page, named by its slug, with its kind before it if pages of two kinds share the slug."""
    slugs = Counter(entry["slug"].casefold() for entry in entries)  # some disks take A and a for one name
    made = {}
    for entry in entries:
        name = entry["slug"] if slugs[entry["slug"].casefold()] == 1 else f"{entry['kind']}.{entry['slug']}"
        body = entry.pop(each.fields[-1])
        made[f"{each.place}{name}.md"] = formats.as_document(entry, body)
    return made


def _value(each: Shape, row: Any, name: str, names: Names) -> Any:
    """What a file says for that field."""
    if name in each.lines:
        fields = each.lines[name].fields
        return [[_simple(line, field, names) for field in fields] for line in getattr(row, name).all()]
    if name in each.links and each.many(name):
        called = names[each.links[name]]
        return sorted(called[other.pk] for other in getattr(row, name).all())
    return _simple(row, name, names)


def _simple(row: Any, name: str, names: Names) -> Any:
    field = row._meta.get_field(name)
    value = field.value_from_object(row)
    if field.is_relation:
        return names[field.related_model][value] if value is not None else None
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("auto" if value.second or value.microsecond else "minutes")
    return value


def _as_cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " ".join(value)
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
