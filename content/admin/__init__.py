"""Where editors keep the pages and the matrix. Each room registers its models; everything works without JavaScript."""

from __future__ import annotations

from content.admin import clinic, costs, matrix, pages, pictures, search

__all__ = ["clinic", "costs", "matrix", "pages", "pictures", "search"]
