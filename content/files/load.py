"""Loads content from files: the clinic that ships with this site, or what was exported from another copy.

Rows that exist, by their key or by anything else that only one row may have, are left alone, links between rows
included: a second load never overwrites an edit. A row that an editor has deleted or renamed is made again, so `make run`
loads into an empty database only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from django.core.exceptions import SuspiciousFileOperation, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, models, transaction
from django.utils import timezone

from content.files import formats, shape
from content.files.formats import FileError
from content.files.shape import SHAPES, Lines, Shape
from content.models import Document, Page
from content.publishing import core

SHIPPED = Path(__file__).parent.parent / "demo"

# The rows that are in the database, by every name that a file may call them.
Known = Mapping[str, models.Model]


@dataclass(frozen=True)
class Entry:
    """One thing in a file: its values, and words that say where it stands."""

    where: str
    values: Mapping[str, Any]

    def wrong(self, key: str, problem: str) -> FileError:
        return FileError(f"{self.where}: {key}: {problem}")

    def one(self, key: str, name: Any, known: Known) -> models.Model:
        if not isinstance(name, str) or name not in known:
            raise self.wrong(key, f"there is no {name!r}")
        return known[name]

    def several(self, key: str, known: Known) -> list[models.Model]:
        """The rows that the list under `key` names."""
        named = self.values.get(key) or []
        if not isinstance(named, list):
            raise self.wrong(key, "should be a list")
        return [self.one(key, name, known) for name in named]


def load(folder: Path = SHIPPED) -> dict[str, int]:
    """Create what is missing, all or nothing; return how many rows of each kind are new.

    A file that is not there has nothing to add. Raises FileError, which names the file and the key.
    """
    if not any((folder / each.place).exists() for each in SHAPES):
        raise FileError(f"{folder}: there is no content in this folder")
    with transaction.atomic():
        new = {each.words: _load(each, folder) for each in SHAPES}
        # Editors compare with it, and come back to it. Everything else that is live gets its own at the first change.
        for row in (*new["pages"], *_unseen(new)):
            core.first_version(cast(Document, row), now=timezone.now(), by="The files")
    return {words: len(rows) for words, rows in new.items()}


def _unseen(new: Mapping[str, list[models.Model]]) -> list[models.Model]:
    """Treatments, cells and plans among the new rows that readers do not see: each gets its first draft."""
    rows = (row for words in ("treatments", "suitability", "plans") for row in new[words])
    return [row for row in rows if not cast(Document, row).is_published]


def _load(each: Shape, folder: Path) -> list[models.Model]:
    """Make what is missing of one model, with its links; return the new rows."""
    known = {name: _known(model) for name, model in each.links.items()}
    there = {names: _values_of(each.model, names) for names in _identities(each)}
    seen: set[tuple[Any, ...]] = set()
    many: dict[str, list[models.Model]] = {name: [] for name in known if each.many(name)}
    new: list[models.Model] = []
    for entry in _entries(each, folder):
        row = _row(each, entry, known)
        key = tuple(_plain(row, name) for name in each.key)
        if key in seen:
            raise FileError(f"{entry.where}: stands twice")
        seen.add(key)
        if any(tuple(_plain(row, name) for name in names) in values for names, values in there.items()):
            continue
        _save(row, entry)
        for path in each.stored(row):
            _store(folder, path, entry)
        for name, lines in each.lines.items():
            _save_lines(row, name, lines, entry)
        for name, links in many.items():
            links += _links(row, name, entry.several(name, known[name]))
        new.append(row)
    for name, links in many.items():
        through: Any = getattr(each.model, name).through
        through.objects.bulk_create(links)
    return new


def _identities(each: Shape) -> list[tuple[str, ...]]:
    """What tells rows apart: the key, and every other field that only one row may have."""
    alone = [
        (name,)
        for name in each.fields
        if name not in each.lines and getattr(each.model._meta.get_field(name), "unique", False)
    ]
    return [each.key, *(names for names in alone if names != each.key)]


def _values_of(model: type[models.Model], names: tuple[str, ...]) -> set[tuple[Any, ...]]:
    return set(model._default_manager.values_list(*names))


def _plain(row: models.Model, name: str) -> Any:
    """A field's value as `values_list` gives it: ids for rows."""
    field: Any = row._meta.get_field(name)
    return field.value_from_object(row)


def _known(model: type[models.Model]) -> dict[str, models.Model]:
    key = shape.of(model).key
    rows = {row.pk: row for row in model._default_manager.all()}
    keys = {pk: tuple(getattr(row, name) for name in key) for pk, row in rows.items()}
    known = {"/".join(map(str, parts)): rows[pk] for pk, parts in keys.items()}
    return known | {name: rows[pk] for pk, name in shape.names(keys).items()}


def _row(each: Shape, entry: Entry, known: Mapping[str, Known]) -> models.Model:
    """The row that the entry describes, not saved, its links to several rows left out."""
    for name in entry.values.keys() - set(each.fields):
        raise entry.wrong(str(name), "is not known here")
    values: dict[str, Any] = {}
    for name in each.fields:
        if name in each.lines or (name in known and each.many(name)):
            continue
        value = entry.values.get(name)
        if name in known:
            values[name] = entry.one(name, value, known[name]) if value else None
        elif value is not None:
            values[name] = value
        elif name in each.derived:
            values[name] = each.derived[name](entry.values)
        elif not _may_be_missing(each.model._meta.get_field(name)):
            raise entry.wrong(name, "is missing")
    if each.key == ("id",):
        values["id"] = 1
    row = each.model(**values)
    _clean(row, entry)
    return row


def _may_be_missing(field: Any) -> bool:
    return bool(field.null or field.blank or field.has_default())


def _links(row: models.Model, name: str, others: list[models.Model]) -> list[models.Model]:
    """Rows of the table between the two, for all of them to be saved at once."""
    field: Any = row._meta.get_field(name)
    through = field.remote_field.through
    here, there = field.m2m_field_name(), field.m2m_reverse_field_name()
    return [through(**{here: row, there: other}) for other in dict.fromkeys(others)]


def _save_lines(row: models.Model, name: str, lines: Lines, entry: Entry) -> None:
    """The rows inside the entry, a list for each."""
    for values in entry.values.get(name) or []:
        if not isinstance(values, list) or len(values) != len(lines.fields):
            raise entry.wrong(name, f"{values!r} is not [{', '.join(lines.fields)}]")
        found = {}
        for field, value in zip(lines.fields, values, strict=True):
            other = lines.model._meta.get_field(field).related_model
            found[field] = entry.one(name, value, _known(other)) if isinstance(other, type) else value
        line = lines.model(**{lines.parent: row}, **found)
        try:
            line.clean_fields()
        except ValidationError as error:
            raise entry.wrong(name, f"{values!r}: {' '.join(error.messages)}") from error
        _save(line, entry)


def _clean(row: models.Model, entry: Entry) -> None:
    """The fields' own checks; constraints are left to the database. A page that readers cannot open may be unfinished.

    A row that another one names was found by its name a moment ago, so the database is not asked whether it is there.
    """
    unfinished = isinstance(row, Page) and not row.is_published
    empty = {field.name for field in row._meta.fields if unfinished and getattr(row, field.attname) == ""}
    linked = {field.name for field in row._meta.fields if field.is_relation and getattr(row, field.attname)}
    try:
        row.clean_fields(exclude=empty | linked)
    except ValidationError as error:
        key, problems = next(iter(error.message_dict.items()))
        raise entry.wrong(key, " ".join(problems)) from error


def _save(row: models.Model, entry: Entry) -> None:
    try:
        row.save(force_insert=True)
    except (DatabaseError, ValueError) as error:  # a constraint; a zero byte, which PostgreSQL refuses
        raise FileError(f"{entry.where}: the database refuses it: {error}") from error


def _store(folder: Path, path: str, entry: Entry) -> None:
    """Keep a picture's file. If the load fails later, it is a file without a row, and is swept away after an hour."""
    try:
        content = (folder / path).read_bytes()
        if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
            raise FileError(f"{entry.where}: {path}: is not a WebP picture")
        if not default_storage.exists(path):
            _write(path, content)
    except (OSError, SuspiciousFileOperation) as error:
        raise FileError(f"{entry.where}: {path}: cannot be read or kept: {error}") from error


def _write(path: str, content: bytes) -> None:
    try:
        default_storage.save(path, ContentFile(content))
    except OSError:
        default_storage.delete(path)  # a full disk leaves half a file
        raise


def _entries(each: Shape, folder: Path) -> Iterator[Entry]:
    """The things in the shape's file or folder, each with words for where it stands."""
    path = folder / each.place
    if not path.exists():
        return
    if each.place.endswith("/"):
        yield from _documents(each, path)
    elif each.place.endswith(".csv"):
        for number, cells in enumerate(formats.read_table(path), 2):
            yield Entry(f"{path.name}: line {number}", _typed(each, cells))
    elif each.key == ("id",):
        yield Entry(path.name, formats.read_yaml(path, dict))
    else:
        for number, values in enumerate(formats.read_yaml(path, list), 1):
            if not isinstance(values, dict) or not values.keys() >= set(each.key):
                raise FileError(f"{path.name}: entry {number}: {each.key[-1]}: is missing")
            yield Entry(f"{path.name}: {values[each.key[-1]]}", values)


def _documents(each: Shape, folder: Path) -> Iterator[Entry]:
    for path in sorted(folder.glob("*.md")):
        head, body = formats.read_document(path)
        entry = Entry(f"{folder.name}/{path.name}", {**head, each.fields[-1]: body})
        kind, slug = (head.get(name) for name in each.key)
        if path.stem not in (slug, f"{kind}.{slug}"):
            raise entry.wrong("slug", f"is {slug!r}, but the file is {path.name}")
        yield entry


def _typed(each: Shape, cells: Mapping[str, str]) -> dict[str, Any]:
    """The texts of a table as the values that YAML would give."""
    values: dict[str, Any] = {}
    for name, text in cells.items():
        field: Any = each.model._meta.get_field(name) if name in each.fields else None
        if field is not None and field.many_to_many:
            values[name] = [code for code in text.split() if code != "-"]
        elif isinstance(field, models.BooleanField):
            values[name] = {"yes": True, "no": False}.get(text, text or None)
        else:
            values[name] = None if text == "" and field is not None and field.null else text
    return values
