"""What the address of a table asks for, read as strictly as that of the list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from recommendations.exports.tables.source import Source
from recommendations.filters import RecommendationFilterSet
from recommendations.filters.fields import SOURCE
from recommendations.record import Record
from recommendations.web.errors import BadAddress
from recommendations.web.filtering import filterset_of
from recommendations.web.parameters import known_parameters

from .cursors import PARAMETER

if TYPE_CHECKING:
    from recommendations.models import Action
    from recommendations.web.public_request import PublicRequest

USUAL, MOST = 50, 200
PAGING = ("limit", PARAMETER)
ACTION_ID = re.compile(r"([-a-zA-Z0-9_]+)/([A-Za-z]{0,2}\d{1,4}(?:\.\d{1,4}){0,3}[A-Za-z]{1,3})")


@dataclass
class Asked:
    """A request for rows of a table. What it has is read when it is first needed.

    `unit` is what the list shows where the table is one of its two.
    """

    request: PublicRequest
    table: str
    unit: str = ""

    @cached_property
    def source(self) -> Source:
        root = self.request.build_absolute_uri("/").rstrip("/")
        return Source(Record(self.request.viewpoint), root=root)

    @cached_property
    def filterset(self) -> RecommendationFilterSet:
        # The list takes none for any day: of programs it is a slip.
        for name in ("changed_since", "published_since", "source"):
            self.single(name)
        return filterset_of(self.request, unit=self.unit)

    @cached_property
    def limit(self) -> int:
        """How many rows an answer has at most, or raise BadAddress."""
        text = self.single("limit") or str(USUAL)
        if text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= MOST:
            return int(text)
        raise self.refused(
            "limit",
            _("“%(text)s” is not a number of rows. Give one from 1 to %(most)d.")
            % {"text": text[:40], "most": MOST},
        )

    @property
    def cursor(self) -> str:
        return self.single(PARAMETER)

    @cached_property
    def report(self) -> str:
        """The report that rows are to be of, or nothing, or raise BadAddress."""
        slug = self.single("report")
        if slug and ("\0" in slug or self.source.record.report(slug) is None):
            raise self.unknown("report", slug)
        return slug

    @cached_property
    def action(self) -> Action | None:
        """The action that rows are to be of, or None, or raise BadAddress."""
        name = self.single("action")
        if not name:
            return None
        found = self._action_named(name)
        if found is None:
            raise self.unknown("action", name)
        return found

    @cached_property
    def cited_source(self) -> str:
        """The source that rows are to be of, or nothing, or raise BadAddress."""
        slug = self.single("source")
        known = self.source.record.sources()
        if slug and not (SOURCE.fullmatch(slug) and known.filter(slug=slug).exists()):
            raise self.unknown("source", slug)
        return slug

    def _action_named(self, name: str) -> Action | None:
        match = ACTION_ID.fullmatch(name)
        if not match:
            return None
        actions = self.source.record.actions().labelled(match[2])
        return actions.filter(recommendation__report__slug=match[1]).first()

    @property
    def query(self) -> str:
        """What a cursor belongs to: all that was asked but for how much and from where."""
        pairs = [(name, value) for name, value in self._pairs if name not in PAGING]
        return f"{self.table}?{urlencode(sorted(pairs))}"

    def address(self, cursor: str) -> str:
        """Return the address of the rows behind a cursor."""
        pairs = [(name, value) for name, value in self._pairs if name != PARAMETER]
        query = urlencode([*sorted(pairs), (PARAMETER, cursor)])
        return self.request.build_absolute_uri(f"{self.request.path}?{query}")

    @cached_property
    def _pairs(self) -> list[tuple[str, str]]:
        known = known_parameters(self.request).items()
        return [(name, value) for name, values in known for value in values]

    def single(self, name: str) -> str:
        """Return the value of a parameter that has one, empty without it, or raise BadAddress."""
        values = self.request.GET.getlist(name)
        if len(values) > 1:
            raise self.refused(
                name,
                _("“%(name)s” is given more than once. It can have one value.") % {"name": name},
            )
        if values and not values[0]:
            raise self.refused(name, _("“%(name)s” is empty. Leave it out.") % {"name": name})
        return values[0] if values else ""

    def unknown(self, name: str, value: str) -> BadAddress:
        return self.refused(
            name,
            _("“%(value)s” is no “%(name)s” of the record from where you look.")
            % {"value": value[:80], "name": name},
        )

    @staticmethod
    def refused(name: str, sentence: str) -> BadAddress:
        return BadAddress([sentence], parameters=[name])
