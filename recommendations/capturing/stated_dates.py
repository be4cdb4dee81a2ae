"""When a page says that it was published, no more exactly than it says.

An address, a copyright line or the time at which a server changed a file is nobody's statement.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from recommendations.importing.cover import cover_of, date_on
from recommendations.importing.document import Block
from recommendations.importing.metadata import ERA_BEFORE, StatedDate, date_in

from .heads import Head

METAS = (
    "article:published_time", "citation_publication_date", "citation_online_date", "citation_date",
    "dcterms.issued", "dc.date.issued", "dcterms.date", "dc.date", "datepublished", "pubdate",
    "publishdate", "publish-date", "publish_date", "publication_date", "parsely-pub-date",
    "sailthru.date", "date",
)  # fmt: skip
ISO_MONTH = re.compile(r"((?:1[89]|20)\d{2})[-/.](0?[1-9]|1[0-2])")
COMPACT = re.compile(r"((?:19|20)\d{2})(0[1-9]|1[0-2])([0-2]\d|3[01])(?!\d)")
YEAR_ALONE = re.compile(r"((?:1[89]|20)\d{2})\s?年?")
ERA_YEAR_ALONE = re.compile(r"(令和|平成|昭和)\s?(元|\d{1,2})\s?年")
# 令和六年五月十二日, as laws and gazettes are dated.
KANJI_NUMBER = re.compile(r"[〇一二三四五六七八九十]{1,4}(?=\s?[年月日])")
DIGITS = {digit: number for number, digit in enumerate("〇一二三四五六七八九")}
EARLIEST = date(1800, 1, 1)


def stated_in(words: str) -> StatedDate | None:
    """Return the day, month or year that words say; nothing where it is unclear."""
    text = KANJI_NUMBER.sub(_in_digits, unicodedata.normalize("NFKC", words)).strip()
    if found := date_in(text):
        return found
    if match := ISO_MONTH.fullmatch(text):
        return StatedDate(date(int(match[1]), int(match[2]), 1), "month")
    if match := COMPACT.match(text):
        return _day(*map(int, match.groups()))
    if match := YEAR_ALONE.fullmatch(text):
        return StatedDate(date(int(match[1]), 1, 1), "year")
    if match := ERA_YEAR_ALONE.fullmatch(text):
        number = 1 if match[2] == "元" else int(match[2])
        return StatedDate(date(ERA_BEFORE[match[1]] + number, 1, 1), "year")
    return None


def _day(year: int, month: int, day: int) -> StatedDate | None:
    try:
        return StatedDate(date(year, month, day), "day")
    except ValueError:
        return None


def _in_digits(match: re.Match[str]) -> str:
    tens, ten, ones = match[0].rpartition("十")
    if not ten:
        # 二〇二四
        return "".join(str(DIGITS[digit]) for digit in match[0])
    if (tens and tens not in DIGITS) or (ones and ones not in DIGITS):
        return match[0]
    return str(10 * DIGITS.get(tens, 1) + DIGITS.get(ones, 0))


def published_on(head: Head, blocks: Sequence[Block], *, today: date) -> StatedDate | None:
    """Return when a page says that it was published. `today` is the day on which it was fetched.

    A page is not published in the future: such a day is that of something else.
    """
    latest = today + timedelta(days=1)
    for said in _said(head, blocks):
        if said and EARLIEST <= said.on <= latest:
            return said
    return None


def _said(head: Head, blocks: Sequence[Block]) -> Iterator[StatedDate | None]:
    yield from _each(
        str(article["datePublished"]) for article in head.articles if article.get("datePublished")
    )
    yield from _each(value for name in METAS for value in head.metas.get(name, ()))
    yield from _each(head.times)
    cover = cover_of(blocks)
    yield date_on(cover)
    # Times in a page may be those of other pages that it names: one alone is its own.
    moments = {said for said in _each(head.moments) if said}
    if len(moments) == 1:
        yield moments.pop()


def _each(values: Iterable[str]) -> Iterator[StatedDate | None]:
    yield from map(stated_in, values)
