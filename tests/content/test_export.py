"""Everything that editors keep can be taken away as files, and the files make the same clinic again."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from content.files import export, formats, load
from content.files.formats import FileError
from content.files.shape import LEFT_OUT, SHAPES
from content.models import (
    FAQ,
    ClinicProfile,
    Concern,
    FormerSlug,
    OpeningHours,
    Page,
    Person,
    Picture,
    Source,
    Suitability,
    Treatment,
)
from content.pictures import uploads

pytestmark = pytest.mark.once

AWKWARD = (
    'He said: "no" - and it\'s #1, {not} [a list] & *not* a |pipe|, 100% @ 3: 4',
    "---\nkind: duty\n---\n",
    "yes",
    "2026-11-30",
    "null",
    "007",
    "1e3",
    "=1+1",
    "  spaces before and after  ",
    "one\r\ntwo\rthree\n",
    "a carriage\rreturn",
    "\n\nlines before",
    "a line\n   \n\ttab\nlast ",
    "Zoë, 皮膚, 🌿, \u2028, \u00a0, \ufeff, \x85, \x1b",
    "x" * 140_000,
    "# not a comment",
    "- not a list",
    "{{ may-help }}",
    "...",
    "",
)


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """Every row that is exported, by what tells it apart on any machine."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for shape in SHAPES:
        lines = []
        for row in shape.model._default_manager.all():
            values: list[Any] = []
            for name in shape.fields:
                value = getattr(row, name)
                if name in shape.lines:
                    fields = shape.lines[name].fields
                    value = sorted(str([getattr(line, each) for each in fields]) for line in value.all())
                elif name in shape.links:
                    value = sorted(str(other) for other in value.all()) if shape.many(name) else str(value)
                values.append(value)
            lines.append(tuple(values))
        found[shape.words] = sorted(lines, key=repr)
    return found


def emptied() -> None:
    for shape in reversed(SHAPES):
        shape.model._default_manager.all().delete()


def fill() -> None:
    """A clinic whose every text is hard to write down."""
    clinic = ClinicProfile.objects.create(
        pk=1, name="A: 'B' \"C\"", address="1\r\n2\n\n3", phone="012", demo=True
    )
    OpeningHours.objects.create(profile=clinic, weekday=0, opens=time(9), closes=time(12, 30))
    OpeningHours.objects.create(profile=clinic, weekday=0, opens=time(13, 0, 5), closes=time(17))
    for number, text in enumerate(AWKWARD):
        text = text or "-"
        short = text[:60]
        source = Source.objects.create(code=f"{number:03}", title=short, url="")
        person = Person.objects.create(
            slug=f"p{number}", name=short, role=short, text=text.strip("-"), order=3
        )
        concern = Concern.objects.create(code=f"c{number}", group="no", name=short, tell=short)
        treatment = Treatment.objects.create(
            code=f"t{number}",
            name=short,
            short=short,
            how=text,
            evidence="X",
            evidence_words=short,
            recovery=[[short, text], ["null", "~"]] if text.strip() else [],
            price_from=number or None,
            price_reviewed_on=date(2026, 1, 1) if number else None,
            reviewed_by=person if number % 2 else None,
            reviewed_on=date(2026, 2, 3) if number % 2 else None,
            is_published=number % 3 != 1,
        )
        treatment.sources.add(source)
        cell = Suitability.objects.create(
            concern=concern,
            treatment=treatment,
            score=number % 4,
            reason=text,
            reason_code="R22" if number % 2 else "",
            specialist_only=number % 3 == 0,
            reviewed_by=person if number % 2 else None,
            reviewed_on=date(2026, 2, 3) if number % 2 else None,
            is_published=number % 3 != 2,
        )
        cell.sources.set(Source.objects.all())
        page = Page.objects.create(
            kind="article",
            slug=f"a{number}",
            title=short,
            menu_title=short,
            summary=text,
            body=text,
            at_a_glance=[[short, text]] if number % 2 else [],
            is_published=number % 2 == 0,
            checked_by=person if number % 2 else None,
        )
        page.concerns.add(concern)
        FormerSlug.objects.create(kind="article", slug=f"f{number}", page=page)
        FAQ.objects.create(
            slug=f"q{number}", group="scars", question=f"{number} {short}", answer=text
        ).pages.add(page)


def twins() -> None:
    """Two pages of two kinds that share a slug, and one whose slug differs by a capital only."""
    for kind, slug in (("article", "sun"), ("duty", "sun"), ("treatment", "Sun")):
        page = Page.objects.create(kind=kind, slug=slug, title=kind, menu_title=kind, summary=kind)
        FAQ.objects.create(slug=kind, group="scars", question=f"{kind} {slug}?", answer="-").pages.add(page)


def unfinished() -> None:
    """A page that nobody can open yet and of which only the address is decided."""
    Page.objects.create(kind="article", slug="sun", is_published=False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "made",
    [load.load, fill, twins, unfinished, lambda: None],
    ids=["shipped", "awkward", "twins", "unfinished", "none"],
)
def test_what_is_exported_makes_the_same_rows_and_the_same_bytes_again(made: Any, tmp_path: Path) -> None:
    made()
    before = rows()
    call_command("exportcontent", tmp_path / "one", stdout=io.StringIO())
    emptied()
    call_command("loadcontent", tmp_path / "one", stdout=io.StringIO())
    assert rows() == before
    call_command("exportcontent", tmp_path / "two", stdout=io.StringIO())
    one, two = (
        {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
        for folder in (tmp_path / "one", tmp_path / "two")
    )
    assert one == two
    assert load.load(tmp_path / "one") == dict.fromkeys((shape.words for shape in SHAPES), 0)


@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    st.lists(st.text("ab\r\n -'\":#|\t")),
)
def test_any_text_comes_back_to_the_letter(
    tmp_path_factory: pytest.TempPathFactory, text: str, more: list[str]
) -> None:
    path = tmp_path_factory.mktemp("any") / "file"
    data = {"text": text, "list": more, "deep": [[text, each] for each in more]}
    path.write_bytes(formats.as_document(data, text).encode())
    assert formats.read_document(path) == (data, text)
    path.write_bytes(formats.as_table(["a", "b"], [[text, "x"]]).encode())
    assert formats.read_table(path) == [{"a": text, "b": "x"}]


@pytest.mark.parametrize(
    "typed",
    [
        "=1+1",
        "+44",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1",
        "'=1",
        "''=1",
        '\'=HYPERLINK("//x.test", "y")',
    ],
)
def test_no_cell_of_a_table_is_a_formula_and_each_comes_back_as_it_was(typed: str, tmp_path: Path) -> None:
    text = formats.as_table(["reason"], [[typed]])
    [cell] = [
        row["reason"] for row in csv.DictReader(io.StringIO(text, newline=""))
    ]  # as a spreadsheet reads it
    assert cell == f"'{typed}"
    (tmp_path / "table.csv").write_bytes(text.encode())
    assert formats.read_table(tmp_path / "table.csv") == [{"reason": typed}]


@pytest.mark.parametrize("typed", ["'quoted'", "'", "it's = that", "1 - 2"])
def test_other_cells_are_written_as_they_are(typed: str, tmp_path: Path) -> None:
    text = formats.as_table(["reason"], [[typed]])
    assert text.splitlines()[1].strip('"') == typed
    (tmp_path / "table.csv").write_bytes(text.encode())
    assert formats.read_table(tmp_path / "table.csv") == [{"reason": typed}]


def test_every_field_is_in_a_file_or_left_out_on_purpose() -> None:
    """A new field or model: name it in content/files/shape.py, or say there why it is in no file."""
    inside = {line.model: (line.parent, *line.fields) for shape in SHAPES for line in shape.lines.values()}
    forgotten = []
    for model in apps.get_app_config("content").get_models():
        if model in LEFT_OUT:
            continue
        shape = next((each for each in SHAPES if each.model is model), None)
        told = set(inside.get(model, ())) if shape is None else {*shape.fields, *shape.left_out}
        own = {field.name for field in (*model._meta.fields, *model._meta.many_to_many)} - {"id"}
        forgotten += sorted(f"{model.__name__}.{name}" for name in own - told)
    assert forgotten == []


def test_a_saved_page_reads_like_what_an_editor_writes(shipped: None) -> None:
    text = dict(export.files())["pages/milia.md"].decode()
    head, _, body = text.removeprefix("---\n").partition("\n---\n")
    assert "kind: concern\nslug: milia\ntitle: Milia\n" in head
    assert "concerns: [milia]\n" in head and "order: 70\n" in head
    assert "  - [" in head and body.startswith("## What it looks")


def test_statements_do_not_grow_with_the_content(
    shipped: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    links = sum(
        len([name for name in shape.links if shape.many(name)]) + len(shape.lines) for shape in SHAPES
    )
    with django_assert_max_num_queries(len(SHAPES) + links):
        dict(export.files())


def test_a_folder_in_use_is_left_alone(shipped: None, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(CommandError, match="not empty"):
        call_command("exportcontent", tmp_path)
    with pytest.raises(CommandError, match=r"notes\.txt"):
        call_command("exportcontent", tmp_path, overwrite=True)
    with pytest.raises(CommandError, match="is a file"):
        call_command("exportcontent", tmp_path / "notes.txt", overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_an_earlier_export_is_replaced_whole_when_asked(shipped: None, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    export.write(folder)
    Page.objects.filter(slug="milia").delete()
    with pytest.raises(export.ExportRefused):
        export.write(folder)
    assert (folder / "pages/milia.md").exists()
    export.write(folder, overwrite=True)
    assert not (folder / "pages/milia.md").exists() and (folder / "pages/boxcar.md").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_disk_that_fails_half_way_leaves_the_earlier_export(
    shipped: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "site"
    export.write(folder)
    before = sorted(path.name for path in folder.rglob("*"))
    real = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if path.name == "rolling.md":
            raise OSError("No space left on device")
        return real(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(CommandError, match="No space left"):
        call_command("exportcontent", folder, overwrite=True)
    assert sorted(path.name for path in folder.rglob("*")) == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def packed() -> bytes:
    buffer = io.BytesIO()
    export.archive(buffer)
    return buffer.getvalue()


def test_the_archive_holds_the_files_and_is_the_same_twice(shipped: None) -> None:
    assert packed() == packed()
    with zipfile.ZipFile(io.BytesIO(packed())) as zipped:
        assert {name: zipped.read(name) for name in zipped.namelist()} == dict(export.files())


# --- pictures ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def picture(db: None, settings: Any, tmp_path: Path) -> Picture:
    """An uploaded picture in a storage of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    Person.objects.update(portrait=None)
    Picture.objects.all().delete()  # those that ship lie in another storage
    Image.new("RGB", (700, 500), "teal").save(file := io.BytesIO(), "PNG")
    row = Picture(name="waiting-room", alt="Four chairs by a window.", caption='"Sit"')
    uploads.fill(row, uploads.read(file, file.tell()), by="Ed", now=datetime(2026, 11, 30, 9, 0, 1, 5, UTC))
    return row


def test_pictures_go_along_with_their_files(picture: Picture, settings: Any, tmp_path: Path) -> None:
    before, content = rows(), dict(export.files())
    assert {name for name in content if name.endswith(".webp")} == {picture.path(480), picture.path(700)}
    export.write(tmp_path / "site")
    emptied()
    settings.MEDIA_ROOT = tmp_path / "elsewhere"
    assert load.load(tmp_path / "site")["pictures"] == 1
    assert rows() == before
    assert dict(export.files()) == content
    export.write(tmp_path / "site", overwrite=True)


def test_a_disk_that_is_full_leaves_no_half_picture(
    picture: Picture, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export.write(tmp_path / "site")
    emptied()
    settings.MEDIA_ROOT = tmp_path / "other-media"
    save = default_storage.save

    def full(name: str, content: Any) -> None:
        save(name, ContentFile(b"half of it"))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(default_storage, "save", full)
    with pytest.raises(FileError, match="No space left"):
        load.load(tmp_path / "site")
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def test_a_picture_that_has_lost_its_file_is_named(picture: Picture, tmp_path: Path) -> None:
    default_storage.delete(picture.path(480))
    with pytest.raises(CommandError, match="waiting-room"):
        call_command("exportcontent", tmp_path / "site")
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ("missing", "cannot be read"),
        ("a page", "not a WebP"),
        ("folder: ../../../etc/abcd", "pictures.yaml: waiting-room"),
    ],
)
def test_what_is_no_picture_is_not_kept(
    picture: Picture, settings: Any, tmp_path: Path, wrong: str, named: str
) -> None:
    folder = tmp_path / "site"
    export.write(folder)
    emptied()
    settings.MEDIA_ROOT = tmp_path / "elsewhere"
    if wrong == "missing":
        (folder / picture.path(480)).unlink()
    elif wrong == "a page":
        (folder / picture.path(480)).write_text("<script>")
    else:
        listed = folder / "pictures.yaml"
        listed.write_text(listed.read_text().replace(f"folder: {picture.folder}", wrong))
    with pytest.raises(FileError, match=named):
        load.load(folder)
    assert not Picture.objects.exists()
