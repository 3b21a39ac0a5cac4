"""Reads: what the public pages need, and where a page, a source, a person or a picture is used."""
