"""Uploaded pictures are looked at before they are decoded, and what is kept is written anew."""

from __future__ import annotations

import io
import random
import resource
import struct
import zlib
from typing import Any

import pytest
from PIL import Image, ImageCms, ImageDraw
from PIL.PngImagePlugin import PngInfo

from clinic.foundation import image_process, images
from clinic.foundation.images import Rejected, Rendition
from clinic.foundation.limits.pictures import PICTURE_BYTES, PICTURE_PROCESSOR_SECONDS

WHITE: dict[str, Any] = {"CMYK": (0, 0, 0, 0), "I;16": 65535}


def _swapping() -> bytes:
    """The sRGB profile with the entries of its red and its blue exchanged."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"?XYZ").replace(b"bXYZ", b"rXYZ").replace(b"?XYZ", b"bXYZ")


SWAPS_RED_AND_BLUE = _swapping()


def drawn(width: int = 1800, height: int = 1200, mode: str = "RGB") -> Image.Image:
    picture = Image.new(mode, (width, height), "white")
    ImageDraw.Draw(picture).ellipse((0, 0, width // 2, height // 2), fill="black")
    return picture


def saved(picture: Image.Image, format: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, format, **options)
    return out.getvalue()


def kept(content: bytes) -> list[Rendition]:
    return images.renditions(io.BytesIO(content), len(content))


def opened(rendition: Rendition) -> Image.Image:
    return Image.open(io.BytesIO(rendition.content), formats=["WEBP"])


def refused(content: bytes) -> str:
    with pytest.raises(Rejected) as caught:
        kept(content)
    assert str(caught.value).endswith(".")
    return caught.value.code


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_each_format_becomes_webp_in_every_width_it_has(format: str) -> None:
    made = kept(saved(drawn(), format))
    assert [(one.width, one.height) for one in made] == [(480, 320), (960, 640), (1600, 1067)]
    assert [opened(one).size for one in made] == [(480, 320), (960, 640), (1600, 1067)]


@pytest.mark.parametrize(
    ("width", "widths"),
    [(300, [300]), (480, [480]), (700, [480, 700]), (1600, [480, 960, 1600]), (1601, [480, 960, 1600])],
)
def test_a_picture_is_never_made_larger_than_it_came(width: int, widths: list[int]) -> None:
    assert [one.width for one in kept(saved(drawn(width, 400), "PNG"))] == widths


def test_nothing_of_the_camera_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010E] = "CANARY in the description"
    exif.get_ifd(0x8825)[2] = (51.0, 30.0, 0.0)  # where it was taken
    content = saved(drawn(600, 400), "JPEG", exif=exif, comment=b"CANARY in a comment")
    assert b"CANARY" in content
    notes = PngInfo()
    notes.add_text("Author", "CANARY in a text")
    for one in (
        *kept(content),
        *kept(saved(drawn(600, 400), "PNG", pnginfo=notes)),
        *kept(content + b"CANARY behind"),
    ):
        assert b"CANARY" not in one.content
        assert not opened(one).getexif()
        assert {"exif", "xmp", "icc_profile"}.isdisjoint(opened(one).info)


def test_a_picture_taken_upright_stays_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned
    (*_, largest) = kept(saved(drawn(1200, 800), "JPEG", exif=exif))
    assert (largest.width, largest.height) == (800, 1200)


def test_what_is_see_through_stays_so_and_what_is_printed_in_four_colours_shows_right() -> None:
    see_through = Image.new("RGBA", (600, 400), (0, 0, 0, 0))
    assert opened(kept(saved(see_through, "PNG"))[0]).convert("RGBA").getpixel((5, 5)) == (0, 0, 0, 0)
    palette = see_through.quantize()
    assert opened(kept(saved(palette, "PNG"))[0]).mode == "RGBA"
    for mode in ("CMYK", "L", "1", "I;16"):
        white = Image.new(mode, (600, 400), WHITE.get(mode, "white"))
        format = "JPEG" if mode == "CMYK" else "PNG"
        assert opened(kept(saved(white, format))[0]).mode == "RGB"


def test_colours_are_those_of_the_web() -> None:
    """A picture that came with a profile of its own is turned into sRGB, and no picture is lost to a broken profile."""
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (lab, b"not a profile"):
        (one, *_) = kept(saved(drawn(600, 400), "JPEG", icc_profile=profile))
        assert opened(one).convert("RGB").getpixel((470, 310)) == (255, 255, 255)


def shades(content: bytes) -> list[int]:
    """How dark three places of the smallest size are: the left, the middle and the right of a ramp from black to white."""
    (one, *_) = kept(content)
    grey = opened(one).convert("L")
    return [int(grey.getpixel((x, 5))) for x in (4, one.width // 2, one.width - 5)]  # type: ignore[arg-type]  # one channel


def ramp(mode: str) -> Image.Image:
    """480 pixels from black to white, in every depth that a PNG knows."""
    wide = Image.linear_gradient("L").rotate(90).resize((480, 240))
    if mode == "I;16":
        return Image.frombytes(
            mode, wide.size, struct.pack(f"<{480 * 240}H", *(257 * tone for tone in wide.tobytes()))
        )
    if mode in ("LA", "RGBA"):
        see_through = wide.convert(mode)
        see_through.putalpha(254)
        return see_through
    return wide.convert(mode)


@pytest.mark.parametrize("mode", ["L", "P", "LA", "RGB", "RGBA", "I;16"])
def test_tones_stay_whatever_the_depth(mode: str) -> None:
    black, middle, white = shades(saved(ramp(mode), "PNG"))
    assert black < 12 and 116 < middle < 140 and white > 243


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_a_profile_counts_whatever_the_depth(mode: str) -> None:
    """This profile swaps red and blue."""
    swapped = Image.new("RGB", (300, 300), (0, 0, 255)).convert(mode)
    (one,) = kept(saved(swapped, "PNG", icc_profile=SWAPS_RED_AND_BLUE))
    red, _, blue = opened(one).convert("RGB").getpixel((150, 150))  # type: ignore[misc]  # three channels
    assert red > 200 > 60 > blue


def test_of_a_moving_picture_the_first_frame_is_kept() -> None:
    frames = [Image.new("RGB", (400, 300), colour) for colour in ("white", "black")]
    content = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=100)
    (one,) = kept(content)
    assert getattr(opened(one), "n_frames", 1) == 1
    assert opened(one).convert("RGB").getpixel((9, 9)) == (255, 255, 255)


def png_of(width: int, height: int) -> bytes:
    """A few bytes that say they are a picture of this size, and nothing behind them."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_a_picture"),
        (b"GIF89a" + bytes(40), "not_a_picture"),
        (saved(drawn(400, 400), "GIF"), "not_a_picture"),
        (saved(drawn(400, 400), "BMP"), "not_a_picture"),
        (saved(drawn(400, 400), "TIFF"), "not_a_picture"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "not_a_picture"),
        (b"%PDF-1.7", "not_a_picture"),
        (b"PK\x03\x04" + bytes(99), "not_a_picture"),
        (png_of(30_000, 30_000), "too_many_pixels"),
        (png_of(100_000, 100_000), "too_many_pixels"),
        (png_of(5_001, 5_000), "too_many_pixels"),
        (saved(drawn(400, 20_000, "L"), "PNG"), "too_long"),
        (saved(drawn(199, 900), "PNG"), "too_small"),
        (png_of(600, 400), "broken"),
        (saved(drawn(), "JPEG")[:2000], "broken"),
        (saved(drawn(), "PNG")[:2000], "broken"),
    ],
    ids=str,
)
def test_what_is_no_usable_picture_is_refused_in_words(content: bytes, code: str) -> None:
    assert refused(content) == code


def test_a_file_that_is_too_large_is_not_even_opened() -> None:
    with pytest.raises(Rejected, match="larger than 10 MB"):
        images.renditions(io.BytesIO(saved(drawn())), PICTURE_BYTES + 1)


def test_a_damaged_file_is_a_message_and_never_a_crash() -> None:
    """Bytes are changed at random: each file is either a picture all the same or refused."""
    draw = random.Random(20261128)
    for format in ("JPEG", "PNG", "WEBP"):
        whole = saved(drawn(320, 240), format)
        for _ in range(60):
            content = bytearray(whole)
            for _ in range(draw.randint(1, 12)):
                content[draw.randrange(len(content))] = draw.randrange(256)
            try:
                assert kept(bytes(content))
            except Rejected:
                pass


def bomb() -> bytes:
    """A JPEG of a few hundred kilobytes whose last pass comes two thousand times: 17 seconds for a decoder."""
    whole = saved(Image.new("RGB", (5000, 5000), "white"), "JPEG", progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:-2] + whole[last:-2] * 2000 + whole[-2:]


def apart(content: bytes) -> list[Rendition]:
    return image_process.renditions(io.BytesIO(content), len(content))


def test_a_file_that_keeps_the_decoder_busy_is_refused() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with pytest.raises(Rejected, match="too long to read"):
        apart(bomb())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime < PICTURE_PROCESSOR_SECONDS + 1


def test_the_process_finds_and_refuses_what_the_function_does() -> None:
    content = saved(drawn(), "JPEG")
    assert apart(content) == kept(content)
    for wrong in (b"GIF89a" + bytes(40), png_of(600, 400), saved(drawn(199, 900), "PNG")):
        with pytest.raises(Rejected) as there:
            apart(wrong)
        assert there.value.code == refused(wrong)
    with pytest.raises(Rejected, match="larger than 10 MB"):
        image_process.renditions(io.BytesIO(content), PICTURE_BYTES + 1)


def test_the_largest_picture_that_we_take_is_read_in_time() -> None:
    """25 million pixels with transparency and a profile."""
    tones = Image.linear_gradient("L").resize((5000, 5000))
    content = saved(Image.merge("RGBA", [tones] * 4), "PNG", compress_level=1, icc_profile=SWAPS_RED_AND_BLUE)
    assert len(apart(content)) == 3
