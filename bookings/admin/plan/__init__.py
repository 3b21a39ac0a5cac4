"""The plan after a visit, at the desk: what a line starts from, the forms, the page."""
