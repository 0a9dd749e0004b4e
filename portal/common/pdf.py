"""Printable files in the reader's language: A4, fonts embedded as far as they are used, nothing fetched.

Two fonts between them write the seven languages and most names (Noto Sans, Noto Sans CJK); which letter forms of the
second are meant (直 in Japan is not 直 in China) is told to the shaper by the language of the page.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from string import printable
from tempfile import TemporaryDirectory
from typing import cast

import uharfbuzz as hb
from django.http import HttpResponse
from fpdf.fonts import TTFFont

from portal.common.languages import BY_CODE
from portal.common.pdf_setting import BREAK, Setter
from portal.common.pdf_sheet import INK, SOFT, Sheet

# What reorders the text around it is printed as its number: on paper nobody can look behind a name.
DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\u200b\ud800-\udfff]")
# Between two of these a line may break, but not before what closes nor after what opens (kinsoku).
_WIDE = "\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef"
_CLOSES = "、。，．・：；？！）］｝」』】〉》ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
_OPENS = "（［｛「『【〈《"
BREAKS = re.compile(rf"(?<=[{_WIDE}])(?<![{_OPENS}])(?=[{_WIDE}])(?![{_CLOSES}])")


def plain(text: object) -> str:
    """What can be printed of a text: no control characters, and direction marks as ``[U+202E]`` for all to see."""
    shown = DIRECTIONS.sub(lambda found: f"[U+{ord(found[0]):04X}]", str(text))
    return UNPRINTABLE.sub("", shown)


def breakable(text: object) -> str:
    """The text with the places marked at which a line of Chinese or Japanese may end."""
    return BREAKS.sub(BREAK, plain(text))


@lru_cache(maxsize=1)
def font_files() -> tuple[Path, Path]:
    latin = Path(str(files("fontpkg_noto_sans"))) / "files" / "NotoSans[wdth,wght].ttf"
    east_asian = Path(str(files("cvttf_NotoSansCJK_Regular"))) / "NotoSansCJKtc-Regular.otf"
    return latin, east_asian


class Document:
    """Headings, paragraphs, facts and tables one below the other. Texts may be anything that people typed.

    Nothing is set until the whole is known: the fonts are then cut down to its letters. Read whole, as fpdf2 would
    for each file, the 65,000 letters of the second take a third of a second.
    """

    def __init__(self, *, title: str, language: str, foot: str, made_at: datetime) -> None:
        """``language`` is one of the seven codes; ``foot`` stands on every page beside its number."""
        self._title, self._foot, self._made_at = plain(title), plain(foot), made_at
        self._tag = BY_CODE[language].tag
        self._letters = {*printable, BREAK, *self._foot}
        self._parts: list[Callable[[Sheet], None]] = []
        self._set: Sheet | None = None

    def _texts(self, *texts: object) -> list[str]:
        found = [breakable("" if text is None else text) for text in texts]
        self._letters.update(*found)
        return found

    def heading(self, text: object, level: int = 2) -> None:
        """Levels 1 to 3. A heading is never left alone at the end of a page."""
        [words] = self._texts(text)
        self._parts.append(lambda sheet: sheet.heading(words, level))

    def paragraph(self, text: object, *, soft: bool = False) -> None:
        [words] = self._texts(text)
        self._parts.append(lambda sheet: sheet.paragraph(words, SOFT if soft else INK))

    def facts(self, rows: Iterable[tuple[object, object]], *, columns: int = 1) -> None:
        """Label and value side by side; with two columns the second half of them beside the first."""
        found: list[Sequence[object]] = list(rows)
        if columns == 1:
            self._grid([], found, (30, 70))
            return
        half = (len(found) + 1) // 2
        right = [*found[half:], ("", "")]
        self._grid([], [(*left, *right[at]) for at, left in enumerate(found[:half])], (21, 29, 21, 29), between=0.6)

    def table(self, head: Sequence[object], rows: Iterable[Sequence[object]], widths: Sequence[int]) -> None:
        """The head is repeated on every page; ``widths`` are shares of the page's width."""
        self._grid(list(head), list(rows), tuple(widths))

    def _grid(
        self, head: Sequence[object], rows: Sequence[Sequence[object]], widths: tuple[int, ...], between: float = 1
    ) -> None:
        """``between``: millimetres above and below a line."""
        lines = [self._texts(*cells) for cells in ([head, *rows] if head else rows)]
        if lines:
            self._parts.append(lambda sheet: sheet.grid(lines, widths, between, has_head=bool(head)))

    def _sheet(self) -> Sheet:
        if self._set is None:
            self._set = sheet = self._empty()
            for part in self._parts:
                part(sheet)
        return self._set

    def _empty(self) -> Sheet:
        sheet = Sheet(format="A4")
        with TemporaryDirectory() as folder:
            for family, file in zip(("latin", "east-asian"), font_files(), strict=True):
                sheet.add_font(family, fname=_cut_down(file, self._letters, Path(folder)))
                font = cast(TTFFont, sheet.fonts[family])
                font.hbfont  # noqa: B018 - read now, while the file is there
                font.ttfont.recalcBBoxes = False  # all letters drawn to measure them: longer than all the rest
                if self._letters <= {BREAK, "\n", *map(chr, font.cmap)}:
                    break
        sheet.setter = Setter([cast(TTFFont, font) for font in sheet.fonts.values()], self._tag)
        sheet.foot = self._foot
        sheet.set_title(self._title)
        sheet.set_lang(self._tag)
        sheet.set_creation_date(self._made_at)
        sheet.set_margins(18, 16, 18)
        sheet.set_auto_page_break(auto=True, margin=20)
        sheet.add_page()
        return sheet

    @property
    def pages(self) -> int:
        return self._sheet().page_no()

    def drop(self) -> None:
        """Close the fonts of a document whose content nobody asks for."""
        for font in self._set.fonts.values() if self._set else ():
            font.close()
        self._set = None

    def content(self) -> bytes:
        return bytes(self._sheet().output())


def _cut_down(file: Path, letters: Iterable[str], folder: Path) -> Path:
    """The font with these letters only and what they are shaped by, in all its languages."""
    wanted = hb.SubsetInput()
    wanted.sets(hb.SubsetInputSets.UNICODE).update(map(ord, letters))
    face = hb.Face(hb.Blob.from_file_path(str(file)))
    wanted.pin_all_axes_to_default(face)
    small = folder / file.name
    small.write_bytes(hb.subset(face, wanted).blob.data)
    return small


def pdf_response(filename: str, document: Document) -> HttpResponse:
    """The file as a download. ``filename`` without its ending, of plain letters."""
    response = HttpResponse(document.content(), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{filename}.pdf"'
    return response
