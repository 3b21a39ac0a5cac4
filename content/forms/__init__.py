"""The editors' forms: what was typed is read and checked. None saves."""
