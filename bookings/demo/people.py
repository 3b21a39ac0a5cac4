"""The invented people of the demonstration: names that real lists hold, addresses and numbers that reach nobody.

Addresses end in example.org (RFC 2606) and numbers begin with 01632 960, which Ofcom keeps for drama.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

PHONES = 1000  # 01632 960000 to 960999: nobody has these, and there are no more of them


@dataclass(frozen=True)
class Person:
    """Somebody who writes to the clinic. `phone` is E.164 or empty, `contact_by` a value of ContactBy."""

    name: str
    email: str
    phone: str = ""
    name_to_use: str = ""
    contact_by: str = "email"
    may_leave_message: bool = False


# (name, what to call them, what stands before the number in their address)
_NAMED = (
    ("Inês Duarte", "", "ines"),
    ("Oluwaseun Adebayo-Fairweather", "Seun", "seun"),
    ("Priya Raman", "", "priya"),
    ("Tom Ashby", "", "tom.ashby"),
    ("محمد عبد الرحمن الهاشمي", "", "m.alhashimi"),
    ("Saoirse O’Donoghue", "Sersha", "saoirse"),
    ("Marta Kowalczyk", "", "marta"),
    ("Nguyễn Thị Ánh Nguyệt", "Nguyệt", "anh.nguyet"),
    ("Grace Whitlock", "", "grace"),
    ("王秀英", "秀英", "xiuying"),
    ("Ελένη Παπαδοπούλου", "Ελένη", "eleni"),
    ("Jordan Pike", "", "jordan"),
    (
        "Maria Anastasia Konstantinopoulou-Featherstonehaugh de la Fontaine y Montenegro "
        "von Hohenstaufen-Wittelsbach Fitzwilliam",
        "Maria",
        "maria.k",
    ),
    ("田中さくら", "さくら", "sakura"),
    ("שירה בן־דוד", "", "shira"),
    ("Þórunn Ægisdóttir", "", "thorunn"),
    ("Kwame Mensah", "", "kwame"),
    ("D’Arcy Llewellyn-Jones", "", "darcy"),
    ("Zoë Brontë Hargreaves", "Zo", "zoe"),
    ("Đỗ Minh Quân", "Quân", "quan"),
    ("Aylin Yıldız", "", "aylin"),
    ("Bo Li", "", "bo.li"),
)
_FIRST = (
    "Amara", "Ben", "Chloe", "Dafydd", "Elif", "Femi", "Gita", "Hugo", "Isla", "Jakub", "Keira", "Leon", "Mei", "Nadia",
    "Owen", "Paula", "Quentin", "Rosa", "Samir", "Tess", "Uma", "Viktor", "Wren", "Xanthe", "Yusuf", "Zara", "Callum",
    "Ffion", "Hannah", "Ravi",
)  # fmt: skip
_LAST = (
    "Abbott", "Brannigan", "Chaudhry", "Dunmore", "Ellery", "Farouk", "Goldsworth", "Hollis", "Ibarra", "Jessop", "Kaminski",
    "Lockyer", "Marchetti", "Novak", "Okonkwo", "Pemberton", "Quigley", "Rostova", "Sandhu", "Thackeray", "Underhill",
    "Vasquez", "Wetherby", "Xu", "Yardley", "Zielinska", "Bhatt", "Carew", "Lindqvist", "Mbeki",
)  # fmt: skip


def everybody(rng: Random) -> Iterator[Person]:
    """People without end, no two with one address; the first have names that lists find hard. The first 1,000 have a number
    of their own, and those after them have none."""
    numbers = list(range(PHONES))
    rng.shuffle(numbers)
    number = 0
    while True:
        if number < len(_NAMED):
            name, called, local = _NAMED[number]
        else:
            name, called = f"{rng.choice(_FIRST)} {rng.choice(_LAST)}", ""
            local = name.lower().replace(" ", ".")
        phone = f"+441632960{numbers[number]:03d}" if number < PHONES and rng.random() < 0.9 else ""
        yield Person(
            name=name,
            name_to_use=called,
            email=f"{local}{number}@example.org",
            phone=phone,
            contact_by=rng.choice(("email", "email", "email", "phone", "text")) if phone else "email",
            may_leave_message=bool(phone) and rng.random() < 0.6,
        )
        number += 1
