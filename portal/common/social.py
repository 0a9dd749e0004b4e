"""The picture that a chat or a social network shows beside a link: what the record is called and where it is from."""

import io
import re
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from PIL import Image, ImageDraw, ImageFont

from portal.common.context import language_tag
from portal.common.pdf import font_files

SIZE: Final = (1200, 630)
GROUND, INK, SOFT, LIGHT, WARM = "#0a3a43", "#eef5f3", "#b9d2d0", "#84d0c9", "#e0894f"
LEFT, WIDE = 80, 1040
# The largest of these in which the title takes no more than so many lines.
TITLE_SIZES, MOST_LINES = (68, 58, 48), 4
KEPT_SECONDS = 24 * 3600
_SPACELESS: Final = r"\u3040-\u30ff\u3400-\u9fff\uff00-\uffef"
_EAST_ASIAN: Final = re.compile(rf"[\u1100-\u11ff\uac00-\ud7af{_SPACELESS}]")
# What a line may end after: a space, any letter of a script written without them, a part of an endless word.
_PIECE: Final = re.compile(rf"[{_SPACELESS}]|[^\s{_SPACELESS}]{{1,24}}\s*|\s+")


def picture_response(title: str, line: str, language: str) -> HttpResponse:
    """The picture as PNG, drawn once a day at most; for what everybody may read only."""
    name = sha256(f"{settings.SITE_NAME}\n{title}\n{line}\n{language}".encode()).hexdigest()
    content = cache.get(f"social:{name}")
    if content is None:
        content = picture(title, line, language)
        cache.set(f"social:{name}", content, KEPT_SECONDS)
    response = HttpResponse(content, content_type="image/png")
    response["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return response


def picture(title: str, line: str, language: str) -> bytes:
    """1200 × 630 pixels. ``language`` is the text's: the same sign is drawn differently in Japanese and in Chinese."""
    sheet = Image.new("RGB", SIZE, GROUND)
    pen = ImageDraw.Draw(sheet)
    _brand(pen)
    tag = language_tag(language)
    size, lines = next(_fitting(title, tag))
    font, height = _font(title, size, bold=True), round(size * 1.28)
    top = 340 - height * len(lines) // 2
    # The East Asian font has one weight only.
    bold = 1 if _EAST_ASIAN.search(title) else 0
    for number, text in enumerate(lines):
        pen.text((LEFT, top + number * height), text, INK, font, stroke_width=bold, language=tag)
    small = _font(line, 30)
    pen.text((LEFT, 530), _cut(line, small, tag), SOFT, small, language=tag)
    found = io.BytesIO()
    sheet.quantize(32).save(found, "PNG", optimize=True)
    return found.getvalue()


def _brand(pen: ImageDraw.ImageDraw) -> None:
    """The mark of templates/components/logo.html, and the name."""
    x, y, unit = LEFT, 64, 1.6
    pen.arc([x + 9 * unit, y + 9.5 * unit, x + 31 * unit, y + 31.5 * unit], 180, 360, LIGHT, 6)
    for foot in (9, 31):
        pen.line([x + foot * unit, y + 19 * unit, x + foot * unit, y + 31 * unit], INK, 6)
    pen.line([x + 4 * unit, y + 31 * unit, x + 36 * unit, y + 31 * unit], INK, 6)
    pen.circle((x + 20 * unit, y + 9.6 * unit), 4 * unit, WARM)
    pen.text((x + 46 * unit, y + 6 * unit), settings.SITE_NAME, INK, _font(settings.SITE_NAME, 36, bold=True))
    pen.rectangle([0, 0, 864, 10], LIGHT)
    pen.rectangle([864, 0, SIZE[0], 10], WARM)


def _fitting(title: str, tag: str) -> Iterator[tuple[int, list[str]]]:
    """Sizes with their lines; the smallest last, and cut where even that is too much."""
    for size in TITLE_SIZES:
        lines = _lines(title, _font(title, size, bold=True), tag)
        if len(lines) <= MOST_LINES:
            yield size, lines
    font, rest = _font(title, size, bold=True), "".join(lines[MOST_LINES - 1 :])
    yield size, [*lines[: MOST_LINES - 1], _cut(rest, font, tag)]


def _lines(text: str, font: ImageFont.FreeTypeFont, tag: str) -> list[str]:
    lines = [""]
    for piece in _PIECE.findall(text):
        if lines[-1] and font.getlength((lines[-1] + piece).rstrip(), language=tag) > WIDE:
            lines.append("")
        lines[-1] += piece
    return lines


def _cut(text: str, font: ImageFont.FreeTypeFont, tag: str) -> str:
    if font.getlength(text, language=tag) <= WIDE:
        return text
    while text and font.getlength(f"{text}…", language=tag) > WIDE:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _font(text: str, size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    return _opened(size, bold, bool(_EAST_ASIAN.search(text)))


@lru_cache(maxsize=16)
def _opened(size: int, bold: bool, is_east_asian: bool) -> ImageFont.FreeTypeFont:
    latin, east_asian = font_files()
    font = ImageFont.truetype(str(east_asian if is_east_asian else latin), size)
    if not is_east_asian:
        font.set_variation_by_axes([700 if bold else 400, 100])
    return font
