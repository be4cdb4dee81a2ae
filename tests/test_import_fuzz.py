"""Damaged files are read or refused, whatever was done to them."""

from __future__ import annotations

import json

from django.conf import settings as project
from hypothesis import given
from hypothesis import strategies as st

from recommendations.importing import AddresseeNames, ImportProblem, propose
from recommendations.importing.outline import as_json, from_json

from .lengths import examples

SAMPLES = [
    path.read_bytes()
    for path in sorted((project.BASE_DIR / "fixtures" / "reports").iterdir())
    if not path.name.endswith(".outline.json")
]
NOBODY = AddresseeNames({"council": "council"}, {}, {})
PIECES = st.one_of(
    st.binary(max_size=12),
    st.sampled_from([b"<", b"</", b"**", b"__", b"---\n", b"|", b"- ", b"<ul>", b"</li>", b"\0"]),
)
DAMAGE = st.lists(
    st.tuples(st.integers(0, 10**6), st.integers(0, 40), PIECES), min_size=1, max_size=8
)


def damaged(data: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    for place, cut, piece in changes:
        at = place % (len(data) + 1)
        data = data[:at] + piece + data[at + cut :]
    return data


@examples(short=50, long=1000)
@given(st.sampled_from(SAMPLES), DAMAGE)
def test_a_damaged_file_is_read_or_refused(data, changes):
    try:
        outline = propose(damaged(data, changes), NOBODY)
    except ImportProblem as problem:
        assert str(problem)
        return
    assert from_json(json.loads(json.dumps(as_json(outline)))) == outline
    for section in outline.sections:
        assert section.parent is None or section.parent < len(outline.sections)
    numbers = [one.number for one in outline.recommendations]
    assert len(numbers) == len(set(numbers))
    for action in outline.actions:
        block = outline.blocks[action.place.block]
        assert 0 <= action.place.start < action.place.end <= len(block.text)
