"""Pages of A4 and what stands on them: headings, paragraphs and tables with their lines, one below the other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fpdf import FPDF

from portal.common.pdf_setting import Line, Setter

SIZES = {1: 18.0, 2: 13.0, 3: 11.0}
BODY, IN_TABLES, SMALL = 9.5, 8.5, 8.0
INK, SOFT, RULE, SHADE = (23, 37, 42), (84, 99, 105), (190, 200, 204), (238, 242, 243)
LINE = 4.6  # millimetres, as all lengths here
APART = 2  # between columns


@dataclass(frozen=True, slots=True)
class Row:
    """The lines of each cell of a table's row; ``between``: above and below them."""

    cells: list[list[Line]]
    between: float

    @property
    def height(self) -> float:
        return max(1, *map(len, self.cells)) * LINE + 2 * self.between

    def parts(self, most: float) -> Iterator["Row"]:
        """The row, or what fits on a page of what is longer."""
        count = max(1, int((most - 2 * self.between) / LINE))
        for start in range(0, max(1, *map(len, self.cells)), count):
            yield Row([cell[start : start + count] for cell in self.cells], self.between)


class Sheet(FPDF):
    """Pages with a foot: what the file is, and which page of how many."""

    foot = ""
    setter: Setter

    def pen(self, size: float, colour: tuple[int, int, int] = INK) -> None:
        self.set_font("latin", size=size)
        self.set_text_color(*colour)

    def footer(self) -> None:
        """Called by fpdf2 at the end of every page."""
        self.set_y(-14)
        self.pen(SMALL, SOFT)
        self.put(self.setter.lines(self.foot, self.room(self.epw - 20))[0], self.l_margin, self.y, 5)
        self.set_x(-self.r_margin - 20)
        self.cell(20, 5, f"{self.page_no()} / {{nb}}", align="R")

    def room(self, width: float) -> float:
        """For a line, in thousandths of the size of the pen."""
        return (width - 2 * self.c_margin) * self.k * 1000 / self.font_size_pt

    def put(self, line: Line, left: float, top: float, height: float) -> None:
        """In the middle of the height, in the colour of the pen."""
        k, size = self.k, self.font_size_pt
        x, y = (left + self.c_margin) * k, (self.h - top - height / 2) * k - 0.3 * size
        found = [self.text_color.serialize().lower()] if self.text_color else []
        for run in line:
            font = self._set_font_for_page(run.font, size, wrap_in_text_object=False)
            place = f"1 0 0 1 {x + run.start * size / 1000:.2f} {y + run.rise * size / 1000:.2f} Tm"
            found.append(f"{font} {place} ({run.font.escape_text(run.codes)}) Tj")
        self._out(f"q BT {' '.join(found)} ET Q")
        self.current_font_is_set_on_page = False  # what a line sets is over with it

    def lines(self, text: str, height: float) -> None:
        for line in self.setter.lines(text, self.room(self.epw)):
            self.make_room(height)
            self.put(line, self.l_margin, self.y, height)
            self.set_y(self.y + height)

    def make_room(self, height: float) -> bool:
        """On a new page, if need be."""
        is_full = self.will_page_break(height)
        if is_full:
            self.add_page()
        return is_full

    def heading(self, text: str, level: int) -> None:
        self.make_room(26)
        self.ln(0 if level == 1 else 4)
        self.pen(SIZES[level])
        self.lines(text, SIZES[level] * 0.5)
        self.ln(1.5)

    def paragraph(self, text: str, colour: tuple[int, int, int]) -> None:
        self.pen(BODY, colour)
        self.lines(text, 5)
        self.ln(1.5)

    def grid(self, lines: list[list[str]], widths: tuple[int, ...], between: float, *, has_head: bool) -> None:
        """Rows of cells; the first one once more on every page if it is a head."""
        self.pen(IN_TABLES if has_head else BODY)
        columns = [self.epw * width / sum(widths) for width in widths]
        rooms = [self.room(column - APART + self.c_margin) for column in columns]  # the other side has its own
        rows = [Row([self._cell(*one) for one in zip(cells, rooms, strict=True)], between) for cells in lines]
        head = rows.pop(0) if has_head else None
        most = self.page_break_trigger - self.t_margin - (head.height if head else 0)
        parts = [part for row in rows for part in row.parts(most)]
        if head:
            self.make_room(head.height + (parts[0].height if parts else 0))
            self._head(head, columns)
        for part in parts:
            if self.make_room(part.height) and head:
                self._head(head, columns)
            self._row(part, columns, is_ruled=has_head and part is not parts[-1])
        self.ln(2)

    def _cell(self, text: str, room: float) -> list[Line]:
        return self.setter.lines(text, room) if text else []

    def _head(self, head: Row, columns: Sequence[float]) -> None:
        self.set_fill_color(*SHADE)
        self.rect(self.l_margin, self.y, self.epw, head.height, style="F")
        self.set_text_color(*SOFT)
        self._row(head, columns, is_ruled=True)
        self.set_text_color(*INK)

    def _row(self, row: Row, columns: Sequence[float], *, is_ruled: bool) -> None:
        left = self.l_margin
        for cell, column in zip(row.cells, columns, strict=True):
            for place, line in enumerate(cell):
                self.put(line, left, self.y + row.between + place * LINE, LINE)
            left += column
        self.set_y(self.y + row.height)
        if is_ruled:
            self.set_draw_color(*RULE)
            self.line(self.l_margin, self.y, self.l_margin + self.epw, self.y)
