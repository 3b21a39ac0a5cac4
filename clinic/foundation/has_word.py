"""Whether a name that is kept for searching (`name_key`) has a word that begins so."""

from __future__ import annotations

from typing import Any

from django.db.models.lookups import Contains

from clinic.foundation import limits

# As an index has it (bookings/migrations).
WORDS = (
    f"array_to_tsvector(array_remove(string_to_array(left({{}}, {limits.texts.NAME_KEY_FOUND}), ' '), ''))"
)


class HasWord(Contains):
    """`HasWord(F("name_search"), "mar")`: a condition. PostgreSQL answers it from an index of all words, which has to be the
    same expression; SQLite reads all names."""

    def __init__(self, lhs: Any, rhs: str) -> None:
        super().__init__(lhs, f" {rhs}")

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        lhs, params = self.process_lhs(compiler, connection)
        word = str(self.rhs)[1 : limits.texts.NAME_KEY_FOUND].replace("\\", "\\\\").replace("'", "''")
        return f"{WORDS.format(lhs)} @@ %s::tsquery", [*params, f"'{word}':*"]
