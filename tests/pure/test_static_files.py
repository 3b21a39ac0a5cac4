"""Our stylesheets are collected smaller, and say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage

from clinic.static_files import CollectedFiles, smaller


@pytest.mark.parametrize(
    ("written", "served"),
    [
        ("/* A note; {of ours} */\na {\n  color: red;\n}\n", "a{color: red}"),
        ("a /* b */ c , d > e { margin: 0 1px ; ; }", "a c , d > e{margin: 0 1px}"),
        ('b::after { content: " /* ; } */  \\" x"; }', 'b::after{content: " /* ; } */  \\" x"}'),
        (
            "i { background: url(data:image/svg+xml;a,b) 0 0 ; }",
            "i{background: url(data:image/svg+xml;a,b) 0 0}",
        ),
        (
            "@media (min-width: 1em) and (x) { a:hover { b: c } }",
            "@media (min-width: 1em) and (x){a:hover{b: c}}",
        ),
    ],
)
def test_only_what_people_need_is_left_out(written: str, served: str) -> None:
    assert smaller(written) == served
    assert smaller(served) == served


def test_of_our_own_styles_no_letter_is_lost() -> None:
    for file in (settings.BASE_DIR / "static").glob("*.css"):
        style = file.read_text(encoding="utf-8")
        without = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
        letters = [re.sub(r"\s+|;(?=\s*\})", "", text) for text in (without, smaller(style))]
        assert letters[0] == letters[1], file.name


def test_they_are_collected_so_and_named_by_what_is_served(tmp_path: Path) -> None:
    ours, served = FileSystemStorage(tmp_path / "ours"), tmp_path / "served"
    names = set()
    (tmp_path / "ours").mkdir()
    for style in ("a { b: c; }", "/* Other words */ a { b: c }", "a { b: d }"):
        (tmp_path / "ours" / "own.css").write_text(style)
        collected = CollectedFiles(location=served)
        collected.delete("own.css")
        with ours.open("own.css") as file:
            collected.save("own.css", file)
        list(collected.post_process({"own.css": (ours, "own.css")}))
        names.add(collected.stored_name("own.css"))
        for name in ("own.css", collected.stored_name("own.css")):
            assert (served / name).read_text() == smaller(style)
    assert len(names) == 2
