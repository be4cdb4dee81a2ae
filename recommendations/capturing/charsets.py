"""The letters of a page: by what its site or the page says of them, and only then by a guess."""

from __future__ import annotations

import codecs
import re

BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
IN_HEAD = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
# <meta charset="...">, <meta http-equiv content="...; charset=...">, <?xml encoding="..."?>
IN_PAGE = re.compile(
    rb"<(?:meta\b[^>]{0,500}?charset|\?xml\b[^>]{0,200}?encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})",
    re.IGNORECASE,
)
COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
# Browsers look no further.
LOOKED_AT = 4096
GUESSED_BY = 100_000
# What browsers read under a name: the pages that say so are written by their programs.
READ_AS = {
    "iso8859-1": "cp1252", "ascii": "cp1252", "shift_jis": "cp932", "gb2312": "gb18030",
    "gbk": "gb18030", "euc_kr": "cp949", "big5": "big5hkscs", "utf-16": "utf-8",
    "utf-16-le": "utf-8", "utf-16-be": "utf-8",
}  # fmt: skip
ALIASES = {"x-sjis": "cp932", "windows-31j": "cp932", "x-euc-jp": "euc_jp", "unicode": "utf-8"}
GUESSES = ["cp932", "euc_jp", "cp1252"]
LAST = "cp1252"
ESCAPE_TO_KANJI = b"\x1b$"
# Those that browsers know, by their names in Python: "punycode" and "rot13" are codecs too.
KNOWN = {
    "utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp", "iso2022_jp", "gb18030", "big5hkscs",
    "cp949", "koi8-r", "koi8-u", "cp866", "cp874", "mac-roman",
    *(f"cp125{n}" for n in range(9)), *(f"iso8859-{n}" for n in (*range(2, 9), 10, 13, 14, 15, 16)),
}  # fmt: skip


def load() -> None:
    """Load what pages may be decoded by, for a process that opens nothing later on."""
    for encoding in (*KNOWN, *READ_AS, "ascii", "latin-1"):
        codecs.lookup(encoding)


def decoded(body: bytes, content_type: str = "") -> tuple[str, str]:
    """Return the text of a page and its encoding, by its name in Python.

    What a page says of itself is believed where its bytes can be that; what cannot be read at the
    end stands as the sign for it.
    """
    for encoding in _said(body, content_type):
        try:
            return body.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    encoding = _guess(body)
    return body.decode(encoding, errors="replace"), encoding


def _said(body: bytes, content_type: str) -> list[str]:
    for mark, encoding in BOMS.items():
        if body.startswith(mark):
            return [encoding]
    found = []
    if match := IN_HEAD.search(content_type):
        found.append(match[1])
    if inside := IN_PAGE.search(COMMENT.sub(b"", body[:LOOKED_AT])):
        found.append(inside[1].decode("ascii", errors="replace"))
    names = [name for label in found if (name := _codec(label))]
    return [*names, "iso2022_jp" if ESCAPE_TO_KANJI in body else "utf-8"]


def _codec(label: str) -> str:
    """Return the name of an encoding of text as browsers read it, "" for none."""
    label = label.strip().lower()
    if label in ALIASES:
        return ALIASES[label]
    try:
        info = codecs.lookup(label)
    except (LookupError, ValueError, OSError):
        # OSError: one that is not loaded, where nothing can be opened any more.
        return ""
    # "hex" and "rot13" are codecs too.
    name = READ_AS.get(info.name, info.name)
    return name if name in KNOWN else ""


def _guess(body: bytes) -> str:
    from charset_normalizer import from_bytes

    found = from_bytes(body[:GUESSED_BY], cp_isolation=GUESSES, threshold=0.3).best()
    return found.encoding if found else LAST
