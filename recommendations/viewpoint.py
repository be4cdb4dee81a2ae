"""From where a page looks at the record: made once from the request, handed to querysets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from .models import Edition, Report

PARAMETERS = ("as_of", "edition")


def today() -> date:
    """The day in UTC, which is today on every page."""
    return timezone.now().date()


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """The day that a page speaks for, and the edition that it lets speak.

    Without `edition` it is the newest: the facts as they are known today. `as_of` and the number
    of the edition stand in addresses as they were asked for. `earliest`, known where `as_of` is, is
    the first day that can be asked for.
    """

    on: date
    as_of: date | None = None
    edition: Edition | None = None
    earliest: date | None = None

    @classmethod
    def present(cls) -> Viewpoint:
        return cls(on=today())

    @property
    def number(self) -> int | None:
        return self.edition.number if self.edition else None

    @property
    def is_present(self) -> bool:
        """Whether it is what the tracker says today, which the columns of the rows repeat."""
        return self.as_of is None and self.edition is None

    def precedes(self, report: Report) -> bool:
        """Whether nothing of a report had been asked yet on the day that is looked at."""
        return self.on < report.published_on

    @property
    def is_past(self) -> bool:
        """Whether anything that is known today may be left out."""
        return not self.is_present and (self.edition is not None or self.on < today())

    @property
    def sentence(self) -> str:
        """What is shown, in words."""
        if self.edition is None:
            return _("It shows what had taken effect by then, as it is known today.")
        edition = {"number": self.edition.number}
        if self.as_of is None:
            return _("It shows what edition %(number)d of the tracker said.") % edition
        return _("It shows what had taken effect by then, as edition %(number)d told it.") % edition

    @property
    def parameters(self) -> dict[str, str]:
        """What an address needs to lead to a page seen from here."""
        found = {}
        if self.as_of:
            found["as_of"] = self.as_of.isoformat()
        if self.edition:
            found["edition"] = str(self.edition.number)
        return found

    @property
    def query(self) -> str:
        return urlencode(self.parameters)

    def address(self, of_page: str) -> str:
        """Return the address of a page of the site as it is seen from here.

        The page's own parameters come first, and those of another viewpoint go. From the present
        the address stays as it is.
        """
        if self.is_present:
            return of_page
        rest, hash_mark, anchor = of_page.partition("#")
        path, _question, query = rest.partition("?")
        own = [
            part for part in query.split("&") if part and part.partition("=")[0] not in PARAMETERS
        ]
        return f"{path}?{'&'.join([*own, self.query])}{hash_mark}{anchor}"
