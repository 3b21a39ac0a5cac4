"""A day and a time as somebody types them: "Tue 24 Nov 13:00", "24/11 1pm", "tomorrow 9.30". Pure.

Days come before months, clocks have 24 hours unless "am" or "pm" is said, and a day without a year is the next one of that
name. One that was less than about half a year ago is refused as past, and never becomes next year's unsaid: with a year, or
with the weekday that it has next year, it is taken.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bookings import limits, slot_text
from clinic.foundation import when


class NotATime(ValueError):
    """What was typed is no day and time. `str()` is a sentence for whoever typed it."""


class _NoClock(NotATime):
    """There is no time of day in it."""


_HOUR = re.compile(r"(\d{1,2})(?:[:.h ]?(\d{2}))?\s*(am|pm)?")
_CLOCK = re.compile(r"(?<![\d.])(\d{1,2})(?:[:h](\d{2}))?\s*(am|pm)\b|\b(\d{1,2})[:h](\d{2})\b")
_DOTTED = re.compile(r"\b(\d{1,2})\.(\d{2})\s*(am|pm)?(?![\d.])")
_NAMED = {"midday": time(12), "noon": time(12), "midnight": time(0)}
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_NUMBERS = re.compile(r"\b(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}|\d{2})?)?(?!\d)")
_DAY_MONTH = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]{3,9})\b(?:\s+(\d{4})\b)?")
_MONTH_DAY = re.compile(r"\b([a-z]{3,9})\s+(\d{1,2})(?:st|nd|rd|th)?\b(?:\s+(\d{4})\b)?")
_FILLING = re.compile(r"\b(?:at|on|the|of)\b|,|\bt(?=\d)")


def read(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """The moment (UTC) that `text` means on the clinic's clocks. Raises NotATime.

    On the night when clocks go back, a time that comes twice means its first pass.
    """
    if len(text) > limits.texts.TYPED_TIME_CHARACTERS:
        raise NotATime(f"Type a day and a time, for example {example(when.local_day(now, zone))} 13:00.")
    rest = " ".join(_FILLING.sub(" ", re.sub(r"(?<=\d)t(?=\d)", " ", text.casefold())).split())
    today = when.local_day(now, zone)
    try:
        at, rest = _clock(rest)
    except _NoClock:
        if rest:
            _day_alone(rest, today)
        raise
    return moment(_day(rest, today), at, zone)


def _day_alone(text: str, today: date) -> None:
    """Raise NotATime where not even the day is understood: to ask for its time would lead nowhere."""
    try:
        _day(text, today)
    except NotATime as wrong:
        raise NotATime(
            f"“{text}” was not understood. Type a day and a time, for example {example(today)} 13:00."
        ) from wrong


def moment(on: date, at: time, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which the clinic's clocks first show this. Raises NotATime where they never do."""
    wall = datetime.combine(on, at)
    start = when.instant(wall, zone)
    if when.local(start, zone).replace(tzinfo=None, fold=0) != wall:
        raise NotATime(f"The clocks go forward then: there is no {at:%H:%M} on {when.date_words(on)}.")
    return start


def clock(text: str) -> time:
    """The time of day that `text` means by itself: "13:00", "9", "9.30", "0900", "1pm", "midnight", "24:00". Raises
    NotATime.
    """
    typed = " ".join(text.casefold().split())
    if typed in _NAMED:
        return _NAMED[typed]
    found = _HOUR.fullmatch(typed)
    if found is None:
        raise NotATime(f"“{text.strip()[:20]}” is not a time. Type it in 24 hours, for example 13:00.")
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if (hour, minute, half) == (24, 0, None):
        return time(0)
    if half and not 1 <= hour <= 12 or hour > 23 or minute > 59:
        raise NotATime(f"{found.group()} is not a time. Type it in 24 hours, for example 13:00.")
    return time(hour % 12 + (12 if half == "pm" else 0) if half else hour, minute)


def day(text: str, today: date) -> date:
    """The day that `text` means by itself: "Mon 7 Dec", "7/12", "today". Raises NotATime."""
    if len(text) > limits.texts.TYPED_TIME_CHARACTERS:
        raise NotATime(f"Type a day, for example {example(today)}.")
    return _day(" ".join(_FILLING.sub(" ", text.casefold()).split()), today)


def example(today: date, earliest: date | None = None) -> str:
    """A day a week from now as somebody would type it, or the `earliest` that may be: 'Tue 1 Dec'. A fixed one would soon
    be past.
    """
    day = max(today + timedelta(days=7), earliest or today)
    return f"{when.WEEKDAYS[day.weekday()][:3]} {day.day} {when.MONTHS[day.month - 1][:3]}"


def _clock(text: str) -> tuple[time, str]:
    """The time of the day, and the text without it."""
    for word, meant in _NAMED.items():
        if re.search(rf"\b{word}\b", text):
            return meant, re.sub(rf"\b{word}\b", " ", text)
    found = _CLOCK.search(text) or next(reversed(list(_DOTTED.finditer(text))), None)
    if found is None:
        raise _NoClock("Add the time in 24 hours, for example 13:00.")
    parts = [part for part in found.groups() if part is not None]
    half = parts.pop() if parts[-1] in ("am", "pm") else ""
    hour, minute = int(parts[0]), int(parts[1]) if len(parts) > 1 else 0
    if half and not 1 <= hour <= 12 or hour > 23 or minute > 59:
        raise NotATime(f"{found.group().strip()} is not a time. Type it in 24 hours, for example 13:00.")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute), f"{text[: found.start()]} {text[found.end() :]}"


def _day(text: str, today: date) -> date:
    """The day; a weekday beside a date must agree with it."""
    weekday, rest = _weekday(text)
    if re.search(r"\btoday\b", rest):
        day, rest = today, re.sub(r"\btoday\b", " ", rest)
    elif re.search(r"\byesterday\b", rest):
        raise _past(today - timedelta(days=1))
    elif re.search(r"\btomorrow\b", rest):
        day, rest = today + timedelta(days=1), re.sub(r"\btomorrow\b", " ", rest)
    else:
        dated, rest = _date(rest, today, weekday)
        if dated is None and weekday is None:
            raise NotATime(f"Add the day, for example {example(today)}.")
        day = dated or today + timedelta(
            days=(weekday or 0) - today.weekday() + 7 * ((weekday or 0) < today.weekday())
        )
    if rest.strip():
        raise NotATime(
            f"“{rest.strip()}” was not understood. Type for example {example(today)}, and 13:00 for a time."
        )
    if weekday is not None and day.weekday() != weekday:
        raise NotATime(
            f"{day.day} {when.MONTHS[day.month - 1]} is a {when.WEEKDAYS[day.weekday()]}. Which day is meant?"
        )
    return day


def _weekday(text: str) -> tuple[int | None, str]:
    """The weekday that is named in full or by three letters or more, and the text without it."""
    for number, name in enumerate(when.WEEKDAYS):
        found = re.search(rf"\b{name[:3].lower()}[a-z]*\b\.?", text)
        if found and name.lower().startswith(found.group().rstrip(".")):
            return number, f"{text[: found.start()]} {text[found.end() :]}"
    return None, text


def _date(text: str, today: date, weekday: int | None) -> tuple[date | None, str]:
    """The date and the text without it; None if there is none."""
    year: str | None
    if found := _ISO.search(text):
        year, month, day = found.groups()
    elif found := _NUMBERS.search(text):
        day, month, year = found.groups()
    elif (found := _DAY_MONTH.search(text)) and _month(found.group(2)):
        day, month, year = found.group(1), str(_month(found.group(2))), found.group(3)
    elif (found := _MONTH_DAY.search(text)) and _month(found.group(1)):
        day, month, year = found.group(2), str(_month(found.group(1))), found.group(3)
    else:
        return None, text
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    if year:
        in_full = int(year) + (2000 if len(year) == 2 else 0)
        return _of_year(int(day), int(month), in_full, found.group().strip()), rest
    return _next(int(day), int(month), today, weekday, found.group().strip()), rest


def _month(word: str) -> int:
    """1 to 12 for a month in full or by three letters or more; 0 for none."""
    names = enumerate(when.MONTHS, 1)
    return next((number for number, name in names if len(word) >= 3 and name.lower().startswith(word)), 0)


def _of_year(day: int, month: int, year: int, typed: str) -> date:
    """That day of that year. Raises NotATime for a day that there is not, and for one that no form could carry in every
    zone.
    """
    found = _exists(day, month, year)
    if found is None:
        raise NotATime(f"There is no day {typed}.")
    return found


def _next(day: int, month: int, today: date, weekday: int | None, typed: str) -> date:
    """The next such day, today included. Raises NotATime for a day that there is not, and for one that has just been, unless
    `weekday` is that of the next one alone.
    """
    found = [_exists(day, month, today.year + n) for n in range(-1, 9)]
    been = next(
        (one for one in found if one and today - timedelta(days=limits.times.PAST_DAYS) <= one < today), None
    )
    coming = next((one for one in found if one and one >= today), None)
    if been and (coming is None or weekday in (None, been.weekday()) or weekday != coming.weekday()):
        raise _past(been)
    if coming is None:
        raise NotATime(f"There is no day {typed}.")
    return coming


def _exists(day: int, month: int, year: int) -> date | None:
    first, last = slot_text.YEARS
    try:
        return date(year, month, day) if first < year < last else None
    except ValueError:
        return None


def _past(day: date) -> NotATime:
    return NotATime(
        f"{when.date_words(day)} {day.year} is past. If it is meant, or another year, type the year too."
    )
