"""Pictures that people upload: looked at before they are decoded, and always written anew.

What is kept is what this module writes: WebP in sRGB, without the camera's place and date, without anything that hid behind
the picture's data. What is refused is refused in words that say what to do.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

# By decoder, not by file name: nothing else is ever handed to Pillow (reliability.md, P15).
FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 25_000_000
LONGEST_SIDE = 8000  # pixels: WebP knows no side above 16,383, and a strip of screenshots is no picture
LEAST_SIDE = 200  # pixels: less is a blur even on a phone
# The widths that are kept, in pixels. A picture is never made larger than it came.
WIDTHS = (480, 960, 1600)
_QUALITY = 82

# We count the pixels ourselves, before anything is decoded, and with a lower limit than Pillow's.
Image.MAX_IMAGE_PIXELS = None

# What Pillow raises at a broken file, depending on which part of which format is broken.
_BROKEN = (UnidentifiedImageError, OSError, SyntaxError, ValueError, TypeError, EOFError, IndexError)


class Rejected(ValueError):
    """This file cannot be used; the text says why, for the person who chose it. `code` says it to programs."""

    def __init__(self, code: str, text: str) -> None:
        self.code = code
        super().__init__(text)


@dataclass(frozen=True)
class Rendition:
    """One size of a picture, as bytes of WebP."""

    width: int
    height: int
    content: bytes


def renditions(file: BinaryIO, size: int) -> list[Rendition]:
    """The picture in every width of WIDTHS that it has, smallest first; at least one.

    `file` is open for reading and `size` is its length in bytes. Raises Rejected. Nothing is decoded before its format and
    its number of pixels are known. Of a moving picture the first frame is kept.
    """
    picture = _opened(file, size)
    try:
        # Turned as the camera meant it; then in the colours of the web, since the profile does not come along.
        upright = _in_srgb(ImageOps.exif_transpose(picture))
    except _BROKEN as error:
        raise Rejected("broken", "This picture cannot be read. Save it again and try once more.") from error
    widths = [width for width in WIDTHS if width < upright.width]
    if len(widths) < len(WIDTHS):
        widths.append(upright.width)
    return [_rendition(upright, width) for width in widths]


def _opened(file: BinaryIO, size: int) -> Image.Image:
    if size > MOST_BYTES:
        raise Rejected(
            "too_large",
            f"This file is larger than {MOST_BYTES // 1024**2} MB. Save it smaller.",
        )
    try:
        # Only the head of the file is read here.
        picture = Image.open(file, formats=FORMATS)
    except _BROKEN as error:
        raise Rejected("not_a_picture", "Choose a picture: a JPEG, PNG or WebP file.") from error
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise Rejected(
            "too_many_pixels",
            f"This picture has more than {MOST_PIXELS // 1_000_000} million pixels. Save it smaller.",
        )
    if max(width, height) > LONGEST_SIDE:
        raise Rejected(
            "too_long", f"Each side may have at most {LONGEST_SIDE} pixels. Cut it, or save it smaller."
        )
    if min(width, height) < LEAST_SIDE:
        raise Rejected(
            "too_small", f"This picture is too small. Each side needs at least {LEAST_SIDE} pixels."
        )
    return picture


def _in_srgb(picture: Image.Image) -> Image.Image:
    """The picture in sRGB, with transparency if it has any."""
    profile = picture.info.get("icc_profile")
    see_through = picture.has_transparency_data
    if profile and picture.mode in ("RGB", "CMYK", "L"):
        try:
            converted = ImageCms.profileToProfile(
                picture, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except ImageCms.PyCMSError:  # a broken profile costs a shade, not the picture
            converted = None
        if converted is not None and not see_through:
            return converted
    return picture.convert("RGBA" if see_through else "RGB")


def _rendition(picture: Image.Image, width: int) -> Rendition:
    height = max(1, round(picture.height * width / picture.width))
    smaller = picture if width == picture.width else picture.resize((width, height), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    # Saved from pixels alone: Pillow writes no metadata that it is not given.
    smaller.save(out, "WEBP", quality=_QUALITY, method=4, exif=b"", icc_profile=b"", xmp=b"")
    return Rendition(width, smaller.height, out.getvalue())
