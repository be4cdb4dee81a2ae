"""The lines of a PDF to headings, paragraphs and list items, as HTML."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape

from .captions import CAPTION
from .hyphens import Hyphens
from .numbering import opening_mark
from .pdf_lines import DIVIDED, PrintedLine, Run
from .pdf_margins import Type

BULLET = re.compile(r"[•◦▪■●○◆◇□・‣⁃∙➢➤►✓✔\uf0b7\uf0a7·–—-](?:\s+|$)|o\s+(?=\S)")
SENTENCE_END = re.compile(r"[.!?:;。！？：][”’\"')」』）\]]*$")
DIVIDED_WORD = re.compile(rf"([^\W\d_]*(?:-[^\W\d_]+)*){DIVIDED}([^\W\d_]*)")
LINE_HYPHEN = re.compile(r"[-\u2010\u00ad]$")
LAST_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*$")
FIRST_WORD = re.compile(r"[^\W\d_]+")
LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}|・{4,}")
CONTENTS = re.compile(r"(?:table of )?contents|目\s*次", re.IGNORECASE)
ENDS_IN_NUMBER = re.compile(r"\s(?:\d{1,4}|[ivxl]+)$")
CHAPTER = re.compile(
    r"(?:chapter|part|appendix|annex|volume)\s+(?:\d+|[ivxl]+|[a-z])\b|第\s*[0-9０-９一二三四五六七八九十]+\s*[章部編]",
    re.IGNORECASE,
)
# So much larger than the body is a heading, and a line so much further down another paragraph.
LARGER = 1.12
FURTHER = 1.25
LONGEST_HEADING = 200
FULL = 0.75
# Longer is no paragraph; and the width of a paragraph is that of its last lines.
MOST_LINES, MOST_BESIDE = 300, 20
LOWEST = 6
NEARLY = 0.95
NO_TITLE = re.compile(
    r"(?:the |final |interim |main |full )?report|volume \w+|part \w+|\d+ of \d+|HC \d+.*",
    re.IGNORECASE,
)
LONGEST_TITLE = 300


def html_of_lines(lines: Sequence[PrintedLine], body: Type) -> Iterator[str]:
    words = Hyphens(run.text for line in lines for run in line.runs if DIVIDED not in run.text)
    sizes = _sizes_of_headings(lines, body)
    contents = _pages_of_contents(lines)
    groups = [(group, *_joined(group, words)) for group in _paragraphs(lines, body)]
    ranks = [
        _rank(group, text, sizes) if group[0].page not in contents else None
        for group, text, _inner in groups
    ]
    levels = _levels(ranks)
    depth = _Depth()
    for (group, _text, inner), rank in zip(groups, ranks, strict=True):
        if rank:
            depth.end()
            yield f"<h{levels[rank]}>{inner}</h{levels[rank]}>"
        elif bullet := BULLET.match(group[0].text):
            n = depth.of(group[0].left)
            item = _joined(group, words, without=len(bullet[0]))[1]
            yield "<ul>" * n + f"<li>{item}</li>" + "</ul>" * n
        elif group[0].is_row:
            yield f"<table><tr><td>{inner}</td></tr></table>"
        else:
            if not opening_mark(group[0].text):
                depth.end()
            yield f"<p>{inner}</p>"


def title_of_cover(lines: Sequence[PrintedLine], body: Type) -> str:
    """Return what is printed largest on the first page with text, empty if nothing is larger."""
    first = [
        line
        for line in lines
        if line.page == lines[0].page and not (line.is_row or NO_TITLE.fullmatch(line.text))
    ]
    largest = max((line.size for line in first), default=0)
    if largest <= body.size * LARGER:
        return ""
    title: list[str] = []
    for line in first:
        if line.size > largest * NEARLY:
            title.append(line.text)
        elif title:
            break
    return " ".join(title)[:LONGEST_TITLE]


class _Depth:
    """How deep a list item lies, by how far from the left it begins."""

    def __init__(self) -> None:
        self.lefts: list[float] = []

    def end(self) -> None:
        self.lefts = []

    def of(self, left: float) -> int:
        while self.lefts and self.lefts[-1] > left + 3:
            self.lefts.pop()
        if not self.lefts or left > self.lefts[-1] + 3:
            self.lefts.append(left)
        return min(len(self.lefts), LOWEST)


def _sizes_of_headings(lines: Sequence[PrintedLine], body: Type) -> dict[float, int]:
    """Return the sizes that are larger than the body, each with its place, the largest first."""
    larger = {
        line.size
        for line in lines
        if line.size > body.size * LARGER and not BULLET.match(line.text) and not line.is_row
    }
    return {size: n for n, size in enumerate(sorted(larger, reverse=True))}


def _pages_of_contents(lines: Sequence[PrintedLine]) -> set[int]:
    """Return the pages whose lines name others: after "Contents", most end in a number."""
    pages: dict[int, list[PrintedLine]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    found: set[int] = set()
    for n, page in pages.items():
        numbers = sum(bool(ENDS_IN_NUMBER.search(line.text)) for line in page)
        leaders = sum(bool(LEADERS.search(line.text)) for line in page)
        is_named = any(CONTENTS.fullmatch(line.text) for line in page)
        ends = sum(bool(SENTENCE_END.search(line.text)) for line in page)
        if (
            leaders > len(page) / 3
            or ((is_named or n - 1 in found) and numbers > len(page) / 2)
            or (is_named and ends < len(page) / 4)
        ):
            found.add(n)
    return found


def _rank(
    group: Sequence[PrintedLine], text: str, sizes: dict[float, int]
) -> tuple[int, int] | None:
    """Return how high a heading stands, the highest first, None for any other text.

    Larger type stands above smaller; bold lines in the type of the body are the lowest. In type of
    one size, chapters and capitals stand above the rest.
    """
    if len(text) > LONGEST_HEADING or BULLET.match(text) or any(line.is_row for line in group):
        return None
    if LEADERS.search(text) or not any(c.isalpha() for c in text) or CAPTION.match(text):
        return None
    is_lower = not (CHAPTER.match(text) or text.isupper())
    if group[0].size in sizes:
        return sizes[group[0].size], is_lower
    is_title = all(line.is_bold for line in group) and not re.search(r"[.。:：;,、]$", text)
    return (len(sizes), is_lower) if is_title else None


def _levels(ranks: Sequence[tuple[int, int] | None]) -> dict[tuple[int, int], int]:
    """Return the level of each rank. Where there are too many, the highest share the first."""
    counts = Counter(rank for rank in ranks if rank)
    # One heading in capitals is no chapter.
    single = {rank for rank, n in counts.items() if not rank[1] and n < 2}
    places = {(rank[0], 1) if rank in single else rank for rank in counts}
    order = sorted(places)
    spare = max(len(order) - LOWEST, 0)
    levels = {rank: max(n - spare, 1) for n, rank in enumerate(order, start=1)}
    return levels | {rank: levels[rank[0], 1] for rank in single}


def _paragraphs(lines: Sequence[PrintedLine], body: Type) -> Iterator[list[PrintedLine]]:
    """Yield the lines that run on. A gap, a number, a bullet or another size ends them."""
    group: list[PrintedLine] = []
    widest = _widest(lines)
    for line in lines:
        is_full = len(group) >= MOST_LINES
        if group and (
            is_full or not _runs_on(group, line, body, widest.get(line.page, line.right))
        ):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _widest(lines: Sequence[PrintedLine]) -> dict[int, float]:
    """Return how wide the widest line of each page is."""
    found: dict[int, float] = {}
    for line in lines:
        found[line.page] = max(found.get(line.page, 0), line.right - line.left)
    return found


def _runs_on(group: list[PrintedLine], line: PrintedLine, body: Type, widest: float) -> bool:
    last = group[-1]
    if line.is_row or last.is_row or BULLET.match(line.text):
        return False
    if len(group) == 1 and BULLET.fullmatch(last.text):
        return True
    if abs(line.size - last.size) > 0.06 * last.size:
        return False
    has_ended = bool(SENTENCE_END.search(last.text))
    gap = line.top - last.last_top
    if line.page != last.page or gap < -body.pitch / 2:
        # The next page, or the next column. A heading does not go on there.
        is_text = last.size <= body.size * LARGER and last.is_bold == line.is_bold
        return is_text and not has_ended and not opening_mark(line.text)
    if gap > FURTHER * body.pitch * max(last.size / body.size, 1):
        return False
    is_short = last.right - last.left < FULL * (line.right - line.left) or (
        last.right < line.left + FULL * widest
    )
    if _had_room(group, line, body):
        return False
    if opening_mark(line.text) and (has_ended or is_short or last.is_bold != line.is_bold):
        return False
    if last.is_bold != line.is_bold:
        return not is_short and not (has_ended and line.is_bold)
    if has_ended and line.left > last.left + body.size * 0.7 and not opening_mark(group[0].text):
        return False
    return not (has_ended and is_short and not BULLET.match(group[0].text))


def _had_room(group: list[PrintedLine], line: PrintedLine, body: Type) -> bool:
    """Whether the first word of a line would have fitted into the line before it.

    Only the last line of a paragraph has room left. Titles are broken where it looks well.
    """
    last = group[-1]
    if last.size > body.size * LARGER or (last.is_bold and line.is_bold):
        return False
    if last.left - line.left > 4 * body.size:
        return True
    if line.text[:1].islower() or (line.text[:1].isdigit() and _hangs(group, line, body)):
        return False
    word = line.text.split(" ", 1)[0]
    width = len(word) * last.size * 0.55 if word.isascii() else 3 * last.size
    right = max(line.right, *(one.right for one in group[-MOST_BESIDE:]))
    return last.right + width + last.size < right


def _hangs(group: list[PrintedLine], line: PrintedLine, body: Type) -> bool:
    """Whether a line stands further in than the number that opens its group."""
    return len(group) > 1 and line.left > group[0].left + body.size


def _joined(group: Sequence[PrintedLine], words: Hyphens, *, without: int = 0) -> tuple[str, str]:
    """Return the text of lines and its HTML, without so many characters at the start."""
    runs: list[Run] = []
    for line in group:
        _add_line(runs, line, words)
    if without and runs:
        runs[0] = Run(runs[0].text.lstrip()[without:].lstrip(), runs[0].is_bold)
    whole = "".join(run.text for run in runs)
    return whole.strip(), "".join(map(_html, runs))


def _add_line(runs: list[Run], line: PrintedLine, words: Hyphens) -> None:
    for n, run in enumerate(line.runs):
        text = run.text
        if DIVIDED in text:
            text = DIVIDED_WORD.sub(lambda m: words.joined(m[1], m[2]), text)
        if n == 0 and runs:
            text = _between(runs, text.lstrip(), words) + text.lstrip()
            text = _without_joined(runs, text, words)
        if runs and (runs[-1].is_bold, runs[-1].is_mark) == (run.is_bold, run.is_mark):
            runs[-1] = Run(runs[-1].text + text, run.is_bold, run.is_mark)
        else:
            runs.append(Run(text, run.is_bold, run.is_mark))


def _between(runs: list[Run], text: str, words: Hyphens) -> str:
    """Return what stands between two lines: a space, but for Japanese and divided words."""
    last = runs[-1].text.rstrip()
    runs[-1] = Run(last, runs[-1].is_bold, runs[-1].is_mark)
    is_cjk = last[-1:] >= "\u2e80" and text[:1] >= "\u2e80"
    return "" if is_cjk or LINE_HYPHEN.search(last) else " "


def _without_joined(runs: list[Run], text: str, words: Hyphens) -> str:
    """Join a word whose first part ends the last line with a hyphen to its second part."""
    last = runs[-1]
    if not LINE_HYPHEN.search(last.text):
        return text
    first, second = LAST_WORD.search(last.text[:-1]), FIRST_WORD.match(text)
    if not first or not second:
        return text
    whole = words.joined(first[0], second[0])
    runs[-1] = Run(last.text[: first.start()], last.is_bold, last.is_mark)
    return whole + text[second.end() :]


def _html(run: Run) -> str:
    text = escape(run.text, quote=False)
    if run.is_mark:
        return f"<sup>{text}</sup>"
    return f"<strong>{text}</strong>" if run.is_bold and text.strip() else text
