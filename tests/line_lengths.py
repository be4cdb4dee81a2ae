"""Check that templates and style sheets can be reviewed line by line: part of `make lint`.

Formatters indent them but break no lines.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KINDS = {
    "templates": ["templates/**/*.html", "recommendations/**/*.html"],
    "style sheets": ["recommendations/static/**/*.css"],
}
# Characters that a line may have, and the share of lines that may have more.
LONG, SHARE = 120, 0.06
TOO_LONG = 300


def problems(kind: str, paths: Iterable[Path], *, root: Path = ROOT) -> Iterator[str]:
    n_lines, n_long = 0, 0
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            n_lines += 1
            n_long += len(line) > LONG
            if len(line) > TOO_LONG:
                yield f"{path.relative_to(root)}:{number}: {len(line)} characters in one line"
    if n_long > SHARE * n_lines:
        yield (
            f"{n_long} of {n_lines} lines of {kind} have more than {LONG} characters, "
            f"and {SHARE:.0%} may: one element or one declaration a line"
        )


def all_problems(root: Path = ROOT) -> list[str]:
    return [
        problem
        for kind, patterns in KINDS.items()
        for problem in problems(
            kind, sorted(path for one in patterns for path in root.glob(one)), root=root
        )
    ]


if __name__ == "__main__":
    found = all_problems()
    print("\n".join(found) or "Lines of templates and style sheets are short enough.")
    sys.exit(bool(found))
