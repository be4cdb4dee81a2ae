"""Pages are measured that the site has: none is forgotten."""

from __future__ import annotations

import pytest

from .benchmarks.addresses import OF_COPIES, every
from .public_pages import patterns

pytestmark = pytest.mark.run_once


def test_every_page_of_the_site_is_measured_or_left_out_by_rule(small_corpus: None) -> None:
    found = {one["name"]: one["address"] for one in every()}
    for name, _route, _pattern in patterns():
        is_measured = any(one == name or one.startswith((f"{name} ", f"{name},")) for one in found)
        is_whole = name.endswith(("_lines", "zip")) or name in ("table_csv", "table_jsonl")
        assert (
            is_measured or is_whole or name.endswith("_item") or name in {"record_xlsx", OF_COPIES}
        ), name
    assert sum(name.endswith("_item") for name in found) > 7
