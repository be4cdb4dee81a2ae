"""The chain of digests. What each of them digests is compared by `verify_record`, at length."""

from __future__ import annotations

from collections.abc import Iterator

from recommendations.digests import verification

from .difference import Difference, of_one_moment


def differences() -> Iterator[Difference]:
    yield from of_one_moment(_chain())


def _chain() -> Iterator[Difference]:
    for one in verification.chain():
        yield Difference("digest", one.where, one.detail)
