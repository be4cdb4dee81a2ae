"""Files that tests import: DOCX from a few lines, and what no report should be."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from html import escape

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
    f'Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
)
# Reproducible: the same lines give the same file.
LONG_AGO = (2025, 1, 1, 0, 0, 0)

Line = tuple[str, str]


def docx(lines: Iterable[Line], *, title: str = "", authors: str = "") -> bytes:
    """Return a DOCX of lines: (style, text). In the text, **stars** are bold."""
    body = "".join(_paragraph(style, text) for style, text in lines)
    whole = f'<w:document xmlns:w="{MAIN}"><w:body>{body}</w:body></w:document>'
    core = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>{escape(authors)}</dc:creator>"
        "</cp:coreProperties>"
    )
    return archive(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": RELATIONS,
            "word/document.xml": whole,
            "docProps/core.xml": core,
        }
    )


def archive(parts: dict[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(zipfile.ZipInfo(name, LONG_AGO), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _paragraph(style: str, text: str) -> str:
    runs = "".join(
        f"<w:r>{'<w:rPr><w:b/></w:rPr>' if n % 2 else ''}"
        f'<w:t xml:space="preserve">{escape(piece)}</w:t></w:r>'
        for n, piece in enumerate(text.split("**"))
        if piece
    )
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{runs}</w:p>'


def picture_pdf() -> bytes:
    """Return a PDF of one page with a grey square and no text: a scan."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>",
        "<< /Length 27 >>\nstream\n0.5 g 20 20 160 160 re f   \nendstream",
    ]
    text, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(text))
        text += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    text += f"xref\n0 5\n0000000000 65535 f \n{table}"
    text += f"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n{text.index('xref')}\n%%EOF\n"
    return text.encode("ascii")
