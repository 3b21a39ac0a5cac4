"""What `make bench` measures: one module a subject, each with a function `measure(place) -> list[Row]`."""

SUBJECTS = (
    "public",
    "times",
    "availability",
    "request",
    "desk",
    "weight",
    "publishing",
    "mail",
    "search",
    "retention",
)
