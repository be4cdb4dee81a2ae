"""What is known of copies of some addresses: for pages that show it beside each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from alliance.background.backend import key_of
from alliance.models import Job
from recommendations.models import Capture, CaptureRequest, Source
from recommendations.models.source import WORDS
from recommendations.text.source_keys import source_key

from .jobs import task_of

if TYPE_CHECKING:
    from recommendations.rows import CaptureWithoutText

MOST = 5


@dataclass(frozen=True, slots=True)
class KnownCopies:
    """What was asked last of an address, and the newest of its copies.

    `is_at_work` says whether a job of what waits is queued or being done.
    """

    address: str
    source: Source | None = None
    request: CaptureRequest | None = None
    is_at_work: bool = False
    captures: list[CaptureWithoutText] = field(default_factory=list)

    @property
    def is_waiting(self) -> bool:
        return self.request is not None and self.request.is_waiting and self.is_at_work

    @property
    def has_failed(self) -> bool:
        """Whether a job was given up, after errors that are none of the page's."""
        return self.request is not None and self.request.is_waiting and not self.is_at_work

    @property
    def problem(self) -> str:
        """Return why what was asked last came to nothing, as a sentence, or nothing."""
        return self.request.problem if self.request else ""

    @property
    def has_new_copy(self) -> bool:
        """Whether what was asked last is kept, and nothing has been kept since."""
        return bool(self.request and self.newest and self.request.capture_id == self.newest.pk)

    @property
    def newest(self) -> CaptureWithoutText | None:
        return self.captures[0] if self.captures else None

    @property
    def text(self) -> str:
        """Return what was read in the newest copy (a query)."""
        return self.newest.text if self.newest else ""

    @property
    def words(self) -> dict[str, Any]:
        """Return what the source says of itself now, by the names of an item of evidence."""
        return {name: getattr(self.source, name) for name in WORDS} if self.source else {}


def known_copies(addresses: Iterable[str]) -> dict[str, KnownCopies]:
    """Return what is known of each address, by its key (four queries, however many there are)."""
    asked = {source_key(one): one for one in addresses if one.strip()}
    sources = Source.objects.filter(key__in=asked).in_bulk(field_name="key")
    requests = {one.key: one for one in CaptureRequest.objects.newest_of(asked)}
    captures: dict[str, list[CaptureWithoutText]] = {}
    for capture in Capture.objects.newest_of(asked, most=MOST):
        captures.setdefault(capture.source.key, []).append(capture)
    at_work = _at_work([one for one in requests.values() if one.is_waiting])
    return {
        key: KnownCopies(
            address,
            sources.get(key),
            requests.get(key),
            bool(key in requests and requests[key].pk in at_work),
            captures.get(key, []),
        )
        for key, address in asked.items()
    }


def _at_work(requests: Iterable[CaptureRequest]) -> set[int]:
    """Return which of these a job is queued for, or at."""
    keys = {key_of(task_of(one.way).module_path, [one.pk], {}): one.pk for one in requests}
    if not keys:
        return set()
    open_keys = Job.objects.filter(key__in=keys, is_open=True).values_list("key", flat=True)
    return {keys[key] for key in open_keys}
