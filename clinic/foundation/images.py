"""Pictures that people upload: looked at before they are decoded, and always written anew.

What is kept is what this module writes: WebP in sRGB, without the camera's location and date, without anything hidden after
the picture's data. A refusal says in words what to do. Uploads come here through a process of their
own, see clinic/foundation/image_process.py.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from clinic.foundation import limits

# By decoder, not by file name: nothing else is ever handed to Pillow (reliability.md, P15).
FORMATS = ("JPEG", "PNG", "WEBP")
# The widths that are kept, in pixels. A picture is never made larger than it was.
WIDTHS = (480, 960, 1600)
_QUALITY = 82

# We count the pixels ourselves, before anything is decoded, and with a lower limit than Pillow's.
Image.MAX_IMAGE_PIXELS = None

# What Pillow raises for a broken file, depending on which part of which format is broken.
_BROKEN = (UnidentifiedImageError, OSError, SyntaxError, ValueError, TypeError, EOFError, IndexError)


class Rejected(ValueError):
    """This file cannot be used; the text says why, for the person who chose it. `code` says so to programs."""

    def __init__(self, code: str, text: str) -> None:
        self.code = code
        super().__init__(text)


def too_large() -> Rejected:
    """Why a file of more than limits.pictures.PICTURE_BYTES is not even opened."""
    return Rejected(
        "too_large",
        f"This file is larger than {limits.pictures.PICTURE_BYTES // 1024**2} MB. Save it smaller.",
    )


@dataclass(frozen=True)
class Rendition:
    """One size of a picture, as bytes of WebP."""

    width: int
    height: int
    content: bytes


def renditions(file: BinaryIO, size: int) -> list[Rendition]:
    """The picture in every width in WIDTHS that it has, smallest first; at least one.

    `file` is open for reading and `size` is its length in bytes. Raises Rejected. Nothing is decoded before its format and
    its number of pixels are known. Only the first frame of a moving picture is kept.
    """
    picture = _opened(file, size)
    try:
        # Turned as the camera meant it, and made small before its colours are worked on: that is most of the time.
        upright = _at_most(_plain(ImageOps.exif_transpose(picture)), WIDTHS[-1])
        # In the colours of the web, since the profile is not kept.
        largest = _in_srgb(upright, picture.info.get("icc_profile"))
    except _BROKEN as error:
        raise Rejected("broken", "This picture cannot be read. Save it again and try once more.") from error
    widths = [width for width in WIDTHS if width < largest.width]
    return [_rendition(_at_most(largest, width)) for width in (*widths, largest.width)]


def _opened(file: BinaryIO, size: int) -> Image.Image:
    if size > limits.pictures.PICTURE_BYTES:
        raise too_large()
    try:
        # Only the head of the file is read here.
        picture = Image.open(file, formats=FORMATS)
    except _BROKEN as error:
        raise Rejected("not_a_picture", "Choose a picture: a JPEG, PNG or WebP file.") from error
    width, height = picture.size
    if width * height > limits.pictures.PICTURE_PIXELS:
        raise Rejected(
            "too_many_pixels",
            f"This picture has more than {limits.pictures.PICTURE_PIXELS // 1_000_000} million pixels. Save it smaller.",
        )
    if max(width, height) > limits.pictures.PICTURE_LONGEST_SIDE:
        raise Rejected(
            "too_long",
            f"Each side may have at most {limits.pictures.PICTURE_LONGEST_SIDE} pixels. Cut it, or save it smaller.",
        )
    if min(width, height) < limits.pictures.PICTURE_SHORTEST_SIDE:
        raise Rejected(
            "too_small",
            f"This picture is too small. Each side needs at least {limits.pictures.PICTURE_SHORTEST_SIDE} pixels.",
        )
    return picture


def _plain(picture: Image.Image) -> Image.Image:
    """The same picture with eight bits a channel: grey, RGB or CMYK, or grey or RGB with transparency."""
    if picture.mode.startswith(
        "I"
    ):  # 16 bits of grey: Pillow's own conversion cuts off all but the darkest 256 tones
        return picture.convert("I").point(lambda tone: tone * (1 / 257)).convert("L")
    if picture.has_transparency_data:
        return picture.convert("LA" if picture.mode in ("1", "L", "LA") else "RGBA")
    if picture.mode in ("L", "RGB", "CMYK"):
        return picture
    return picture.convert("L" if picture.mode == "1" else "RGB")


def _at_most(picture: Image.Image, width: int) -> Image.Image:
    """The picture, made smaller if it is wider than `width` pixels."""
    if picture.width <= width:
        return picture
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture in RGB as screens show it, with its transparency if it has any."""
    see_through = picture.mode in ("LA", "RGBA")
    # The profile is about the colours only.
    colours = picture.convert(picture.mode.removesuffix("A")) if see_through else picture
    if profile:
        colours = _converted(colours, profile) or colours
    colours = colours.convert("RGB")
    if see_through:
        colours.putalpha(picture.getchannel("A"))
    return colours


def _converted(colours: Image.Image, profile: bytes) -> Image.Image | None:
    """From the profile to sRGB; None if it is broken or for another kind of picture, which shifts shades slightly."""
    try:
        return ImageCms.profileToProfile(
            colours, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except ImageCms.PyCMSError:
        return None


def _rendition(picture: Image.Image) -> Rendition:
    out = io.BytesIO()
    # Saved from pixels alone: Pillow writes no metadata that it is not given.
    picture.save(out, "WEBP", quality=_QUALITY, method=4, exif=b"", icc_profile=b"", xmp=b"")
    return Rendition(picture.width, picture.height, out.getvalue())
