"""The invented people of the demonstration, in the lines and tones of the rest: one portrait in each tone of skin.

A portrait is drawn on 200 x 200 units and cut to BOX: what lies behind the head, then shoulders, neck and face, then
what lies over the face. They are drawings of nobody. A clinic uploads pictures of its own people.
"""

from __future__ import annotations

from dataclasses import dataclass

from paths import circle, ellipse
from skin import NIGHT, TONES, fill, stroke

RIM, BOX = NIGHT["rim"][1], (14.0, 5.0, 172.0, 172.0)
FACE = "M64 86C64 50 136 50 136 86C136 116 121 142 100 142C79 142 64 116 64 86Z"
EARS = "M65 90C56 84 54 96 58 103C60 107 64 108 67 107M135 90C144 84 146 96 142 103C140 107 136 108 133 107"
NECK = "M84 128V156C84 170 116 170 116 156V128Z"
CHIN = "M84 137C92 146 108 146 116 137V144C108 154 92 154 84 144Z"  # its shadow on the neck
SHOULDERS = "M22 204C24 172 52 164 84 154C88 168 112 168 116 154C148 164 176 172 178 204Z"
EYES = ellipse(85, 97, 2.9, 3.6) + ellipse(115, 97, 2.9, 3.6)
SMILE = "M87 121Q100 132 113 121"
NOSE = "M101 99C99 105 96 109 97 111C99 113 102 113 104 112"


@dataclass(frozen=True)
class Portrait:
    """One person. `behind`, `cloth` and `front` are elements, ready to print."""

    tone: str
    ground: str
    brows: str
    hair: str
    clothes: str
    behind: tuple[str, ...] = ()
    cloth: tuple[str, ...] = ()
    front: tuple[str, ...] = ()


def outlined(path: str, colour: str, width: float = 2.6) -> str:
    return f'<path fill="{colour}" stroke="{RIM}" stroke-width="{width:g}" d="{path}"/>'


def draw(person: Portrait) -> str:
    """The portrait as elements."""
    tone = TONES[person.tone]
    cheeks = fill(circle(78, 111, 7) + circle(122, 111, 7), tone.red, ' opacity=".22"')
    line = RIM if person.tone != "deep" else "#1d0e08"
    return (
        fill("M0 0H200V200H0Z", person.ground)
        + "".join(person.behind)
        + outlined(SHOULDERS, person.clothes)
        + "".join(person.cloth)
        + fill(NECK, tone.outer)
        + fill(CHIN, tone.cells, ' opacity=".55"')
        + stroke("M84 132V154M116 132V154", RIM, 2.6)
        + outlined(EARS, tone.outer)
        + outlined(FACE, tone.outer)
        + cheeks
        + fill(EYES, line)
        + stroke(person.brows, person.hair if person.tone != "deep" else line, 3.2)
        + stroke(NOSE, tone.cells if person.tone != "deep" else line, 2.2)
        + stroke(SMILE, line, 2.8)
        + "".join(person.front)
    )


def _doctor() -> Portrait:
    """Dr Imogen Farrow: a chin-long bob going grey, round glasses, a white coat over teal."""
    hair, lock = "#8a4b2c", "#a9683f"
    back = (
        "M100 30C50 28 46 74 48 104C49 124 46 134 52 140C64 148 76 140 78 128H122"
        "C124 140 136 148 148 140C154 134 151 124 152 104C154 74 150 28 100 30Z"
    )
    fringe = (
        "M62 96C60 76 70 66 84 62C104 58 116 52 120 46C130 54 138 70 138 96C148 84 146 40 102 38"
        "C60 38 54 80 62 96Z"
    )
    glasses = circle(85, 97, 12.5) + circle(115, 97, 12.5)
    return Portrait(
        tone="light",
        ground="#cfdfd8",
        brows="M77 82Q84 77 92 81M108 81Q116 77 123 82",
        hair=hair,
        clothes="#fbf8f2",
        behind=(outlined(back, hair),),
        cloth=(
            outlined("M84 154C88 168 112 168 116 154L121 158L100 196L79 158Z", "#0f5150"),
            stroke("M79 158L68 172L82 178L74 204M121 158L132 172L118 178L126 204", RIM, 2.4),
        ),
        front=(
            outlined(fringe, hair),
            stroke("M74 58C86 54 102 50 110 44M132 66C134 72 135 76 135 82", lock, 2.6),
            stroke(f"{glasses}M97.5 96Q100 93 102.5 96M72.5 94L65 91M127.5 94L135 91", "#0f5150", 2.4),
        ),
    )


def _nurse() -> Portrait:
    """Tomas Adeyemi: cropped hair, a short beard, a nurse's tunic in teal."""
    hair = "#20110b"
    crop = (
        "M63 90C56 52 74 35 100 35C126 35 144 52 137 90C136 82 134 76 130 72C116 64 84 64 70 72"
        "C66 76 64 82 63 90Z"
    )
    beard = (
        "M65 98C67 104 69 112 73 116C80 114 90 111 100 114C110 111 120 114 127 116"
        "C131 112 133 104 135 98C136 124 121 143 100 143C79 143 64 124 65 98ZM86 120"
        "C90 133 110 133 114 120C106 124 94 124 86 120Z"
    )
    return Portrait(
        tone="deep",
        ground="#ecd3bf",
        brows="M76 85Q84 80 92 84M108 84Q116 80 124 85",
        hair=hair,
        clothes="#1d6663",
        cloth=(
            outlined("M84 154C88 168 112 168 116 154L124 159L100 188L76 159Z", TONES["deep"].outer),
            stroke("M76 159L100 188L124 159M100 188V204", RIM, 2.6),
            fill("M134 184H154V187H134Z", "#fbf8f2"),
        ),
        front=(
            f'<path fill="{hair}" fill-rule="evenodd" stroke="{hair}" stroke-width="1" d="{beard}"/>',
            stroke("M88 121Q100 131 112 121", "#e9d6c8", 2.6),
            outlined(crop, hair, 2),
        ),
    )


def _desk() -> Portrait:
    """Ruth Calloway: grey curls tied up, gold earrings, a cardigan in ochre."""
    hair, lock = "#b9aea3", "#8f8479"
    bun = circle(100, 30, 19)
    curls = (
        "M60 96C50 92 50 78 57 74C52 64 60 54 69 55C72 44 86 42 92 47C98 40 112 41 116 48"
        "C126 44 138 52 136 61C146 64 149 76 143 82C148 88 146 95 140 97C140 82 130 74 120 70"
        "C104 74 84 72 78 68C68 74 62 84 60 96Z"
    )
    return Portrait(
        tone="brown",
        ground="#e9dcc2",
        brows="M76 84Q84 79 92 83M108 83Q116 79 124 84",
        hair="#5b4a3f",
        clothes="#c08a3a",
        behind=(
            outlined(bun, hair),
            stroke("M90 26C96 18 106 20 110 28M92 36C98 42 106 40 110 34", lock, 2.4),
        ),
        cloth=(
            outlined(
                "M84 154C88 168 112 168 116 154L128 160C124 184 112 196 100 200C88 196 76 184 72 160Z",
                "#fbf3e6",
            ),
            stroke("M72 160C76 184 88 196 100 200V204M128 160C124 184 112 196 100 200", RIM, 2.6),
        ),
        front=(
            outlined(curls, hair),
            stroke(
                "M66 66C70 60 76 58 80 60M96 52C102 50 108 52 110 56M128 60C134 62 136 66 136 70", lock, 2.4
            ),
            fill(circle(62, 112, 3.6) + circle(138, 112, 3.6), "#e2a93b"),
            stroke("M73 103Q76 106 79 105M127 103Q124 106 121 105", TONES["brown"].cells, 1.8),
        ),
    )


def portraits() -> dict[str, Portrait]:
    """Every portrait by the slug of whom it stands for in content/demo/people.yaml."""
    return {"imogen-farrow": _doctor(), "tomas-adeyemi": _nurse(), "ruth-calloway": _desk()}
