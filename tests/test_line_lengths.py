"""The check of `make lint` that keeps templates and style sheets readable finds what is packed."""

from __future__ import annotations

from pathlib import Path

from .line_lengths import LONG, TOO_LONG, all_problems


def written(root: Path, name: str, *lines: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines))


def test_a_line_that_is_too_long_is_named(tmp_path: Path) -> None:
    lines = ["<p>"] * 100
    written(tmp_path, "templates/admin/page.html", *lines, "x" * (TOO_LONG + 1))
    assert all_problems(tmp_path) == ["templates/admin/page.html:101: 301 characters in one line"]


def test_more_than_six_long_lines_in_a_hundred_are_too_many(tmp_path: Path) -> None:
    sheet, long, short = "recommendations/static/recommendations/a.css", "x" * (LONG + 1), "x"
    written(tmp_path, sheet, *[long] * 6, *[short] * 94)
    assert all_problems(tmp_path) == []
    written(tmp_path, sheet, *[long] * 7, *[short] * 93)
    assert [problem.split(" have")[0] for problem in all_problems(tmp_path)] == [
        "7 of 100 lines of style sheets"
    ]


def test_templates_and_style_sheets_are_counted_apart(tmp_path: Path) -> None:
    written(tmp_path, "templates/a.html", *["x" * (LONG + 1)] * 7, *["x"] * 93)
    written(tmp_path, "recommendations/static/a.css", *["x"] * 1000)
    assert len(all_problems(tmp_path)) == 1
