"""Word documents (DOCX), by their styles."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree

import mammoth
from django.utils.translation import gettext as _

from .document import Facts
from .docx_labels import Lists, Styles, with_labels
from .metadata import names_of_authors
from .problems import ImportProblem

# Unpacked. A report of 500 pages has less than 10 MB of XML.
LARGEST_PART = 60 * 1024 * 1024
LARGEST_WHOLE = 150 * 1024 * 1024
MOST_PARTS = 5_000
CHUNK = 1024 * 1024
STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
"""
TRACKED = re.compile(rb"<w:(?:ins|del|moveFrom|moveTo)\s")
DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"


def html_of_docx(data: bytes) -> tuple[str, Facts]:
    """Return the text as HTML, which is sanitised later on, and the properties of the file."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_bombs(archive)
            if "word/document.xml" not in archive.namelist():
                raise _unreadable()
            facts = _facts(archive)
            styles = Styles.of(_part(archive, "word/styles.xml"))
            labelled = _labelled(archive, styles)
        found = mammoth.convert_to_html(
            io.BytesIO(labelled),
            style_map=f"{STYLES}\n{styles.as_map}",
            convert_image=mammoth.images.img_element(_nothing),
        )
    except ImportProblem:
        raise
    except (MemoryError, RecursionError):
        raise
    except Exception as error:
        # The libraries below raise whatever the XML makes them stumble over.
        raise _unreadable() from error
    return found.value, facts


def _part(archive: zipfile.ZipFile, name: str) -> bytes | None:
    return archive.read(name) if name in archive.namelist() else None


def _labelled(archive: zipfile.ZipFile, styles: Styles) -> bytes:
    """Return the file with the numbers that Word shows in its text."""
    lists = Lists.of(_part(archive, "word/numbering.xml"))
    document = with_labels(archive.read("word/document.xml"), styles, lists)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as copy:
        for part in archive.infolist():
            if part.filename.endswith((".xml", ".rels")):
                is_text = part.filename == "word/document.xml"
                copy.writestr(part.filename, document if is_text else archive.read(part))
    return file.getvalue()


def _unreadable() -> ImportProblem:
    return ImportProblem(
        _("This is no Word document that can be read. Save it as DOCX again, or as HTML.")
    )


def _nothing(_image: object) -> dict[str, str]:
    return {"src": ""}


def _refuse_bombs(archive: zipfile.ZipFile) -> None:
    """Refuse what would grow beyond all measure, by what it says of itself and by what it is."""
    parts = archive.infolist()
    text = [part for part in parts if part.filename.endswith((".xml", ".rels"))]
    too_big = ImportProblem(
        _("Unpacked, the document is too large to be a report. Save it without pictures.")
    )
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_WHOLE:
        raise too_big
    for part in text:
        if part.file_size > LARGEST_PART:
            raise too_big
        with archive.open(part) as file:
            read = 0
            while chunk := file.read(CHUNK):
                read += len(chunk)
                if read > LARGEST_PART:
                    raise too_big
                # Also in UTF-16, where a null stands beside each letter.
                plain = chunk.replace(b"\0", b"")
                if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
                    raise _unreadable()


def _facts(archive: zipfile.ZipFile) -> Facts:
    """Return title and authors of the core properties. Their date is that of the file."""
    facts = Facts()
    text = archive.read("word/document.xml")
    if TRACKED.search(text):
        facts.notes.append(
            _("The file has tracked changes. It is read as if all of them were accepted.")
        )
    if "docProps/core.xml" not in archive.namelist():
        return facts
    root = ElementTree.fromstring(archive.read("docProps/core.xml"))
    title = root.findtext(f"{DUBLIN_CORE}title") or ""
    language = (root.findtext(f"{DUBLIN_CORE}language") or "")[:2].lower()
    facts.title, facts.language = title.strip(), language
    facts.authors = names_of_authors(root.findtext(f"{DUBLIN_CORE}creator") or "")
    return facts
