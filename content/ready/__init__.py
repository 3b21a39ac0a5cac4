"""Pages for readers as ready bytes: what may be kept of them, for how long it is right, and who gets them.

docs/decisions/ready-pages.md says why it is done this way.
"""
