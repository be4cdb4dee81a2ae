"""PDF files of a few lines, each at its place and in its type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

PAGE = (595, 842)
FONTS = {False: "Helvetica", True: "Helvetica-Bold"}
# About what a letter of Helvetica takes of its size.
LETTER = 0.5
# Codes of two bytes that stand for the characters of their number.
ANY_LETTER = (
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def "
    "1 begincodespacerange <0000> <FFFF> endcodespacerange "
    "100 beginbfrange {} endbfrange endcmap end end"
)


@dataclass(frozen=True)
class Printed:
    """A line: its words, where it begins (from the top left) and in what type."""

    text: str
    left: float
    top: float
    size: float = 11
    is_bold: bool = False
    is_turned: bool = False


def paragraph(
    lines: Sequence[str], *, top: float, left: float = 70, size: float = 11, is_bold: bool = False
) -> list[Printed]:
    """Return lines one below the other, as far apart as the lines of a paragraph are."""
    pitch = size * 1.3
    return [Printed(text, left, top + n * pitch, size, is_bold) for n, text in enumerate(lines)]


def printed(pages: Sequence[Sequence[Printed]], *, title: str = "", author: str = "") -> bytes:
    """Return the PDF of pages."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "",
        *(
            f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>"
            for name in FONTS.values()
        ),
        "<< /Type /Font /Subtype /Type0 /BaseFont /Mincho /Encoding /Identity-H "
        "/DescendantFonts [6 0 R] /ToUnicode 7 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Mincho /DW 1000 "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        _stream(_map()),
    ]
    kids = []
    for lines in pages:
        kids.append(len(objects) + 1)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE[0]} {PAGE[1]}] /Contents "
            f"{len(objects) + 2} 0 R /Resources << /Font << /F0 3 0 R /F1 4 0 R /F2 5 0 R >> >> >>"
        )
        objects.append(_stream("\n".join(map(_shown, lines))))
    objects[1] = (
        f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{n} 0 R' for n in kids)}] >>"
    )
    objects.append(f"<< /Title ({title}) /Author ({author}) >>")
    return _file(objects)


def _map() -> str:
    ranges = " ".join(f"<{n:02X}00> <{n:02X}FF> <{n:02X}00>" for n in range(0x20, 0x84))
    more = " ".join(f"<{n:02X}00> <{n:02X}FF> <{n:02X}00>" for n in range(0x84, 0xE8))
    last = "<FF00> <FFFF> <FF00>"
    text = ANY_LETTER.format(ranges)
    extra = f"100 beginbfrange {more} endbfrange 1 beginbfrange {last} endbfrange endcmap"
    return text.replace("endcmap", extra, 1)


def _shown(line: Printed) -> str:
    turn = "0 1 -1 0" if line.is_turned else "1 0 0 1"
    place = f"{turn} {line.left} {PAGE[1] - line.top - line.size} Tm"
    if line.text.isascii() or all(ord(c) < 256 or c in "“”’–—•" for c in line.text):
        words = line.text.encode("cp1252").hex().upper()
        return f"BT /F{int(line.is_bold)} {line.size} Tf {place} <{words}> Tj ET"
    words = line.text.encode("utf-16-be").hex().upper()
    return f"BT /F2 {line.size} Tf {place} <{words}> Tj ET"


def _stream(text: str) -> str:
    return f"<< /Length {len(text.encode('latin-1'))} >>\nstream\n{text}\nendstream"


def _file(objects: Sequence[str]) -> bytes:
    text, places = "%PDF-1.5\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(text))
        text += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    count = len(objects) + 1
    start = len(text)
    text += f"xref\n0 {count}\n0000000000 65535 f \n{table}"
    text += f"trailer << /Size {count} /Root 1 0 R /Info {count - 1} 0 R >>\n"
    return (text + f"startxref\n{start}\n%%EOF\n").encode("latin-1")
