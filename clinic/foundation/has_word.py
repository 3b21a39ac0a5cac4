"""Whether a name that is kept for searching (`name_key`) has a word that begins so."""

from __future__ import annotations

from typing import Any

from django.db.models.lookups import Contains

# As an index has it (bookings/migrations). Characters behind these are not looked at: PostgreSQL takes no longer words, and
# no name is so long but one made for it.
LONGEST = 500
WORDS = f"array_to_tsvector(array_remove(string_to_array(left({{}}, {LONGEST}), ' '), ''))"


class HasWord(Contains):
    """`HasWord(F("name_search"), "mar")`: a condition. PostgreSQL answers it from an index of all words, which has to be the
    same expression; SQLite reads all names."""

    def __init__(self, lhs: Any, rhs: str) -> None:
        super().__init__(lhs, f" {rhs}")

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        lhs, params = self.process_lhs(compiler, connection)
        word = str(self.rhs)[1:LONGEST].replace("\\", "\\\\").replace("'", "''")
        return f"{WORDS.format(lhs)} @@ %s::tsquery", [*params, f"'{word}':*"]
