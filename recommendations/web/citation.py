"""How a page is cited: by a permanent address, in words, as BibTeX and as RIS."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.utils.text import slugify
from django.utils.translation import gettext as _

from alliance.site_name import site_name
from recommendations.models import Edition
from recommendations.paths import path_of
from recommendations.site_row import site
from recommendations.text.dates import date_text
from recommendations.viewpoint import PARAMETERS, Viewpoint

from .parameters import known_parameters

# Pages that show the record or its rules. Forms and pages about an error are none.
CITABLE = frozenset(
    f"recommendations:{name}"
    for name in (
        "home",
        "reports",
        "report",
        "text",
        "earlier",
        "detail",
        "list",
        "brief",
        "area",
        "party",
        "compare_parties",
        "deadlines",
        "data",
        "changes",
        "compare",
        "corrections",
        "editions",
        "edition",
        "methodology",
        "accessibility",
    )
)
# They tell of the site and of its program as they are now, whatever edition is looked at: no
# address of them says the same for good, so they cannot be cited as the record can.
ABOUT = frozenset(("recommendations:about", "recommendations:api:docs"))
# In the order of calendar months, as BibTeX knows them.
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
TEX = str.maketrans(
    {
        # A brace counts for BibTeX even behind a backslash: one alone would swallow the file.
        "{": r"{\textbraceleft}",
        "}": r"{\textbraceright}",
        "\\": r"{\textbackslash}",
        "^": r"{\textasciicircum}",
        "~": r"{\textasciitilde}",
        **{character: rf"\{character}" for character in "$&#%_"},
    }
)


@dataclass(frozen=True)
class Citation:
    """A page as it was seen. `page` is its address here without the viewpoint, `address` the
    permanent one, which answers the same whatever is published later."""

    title: str
    site: str
    page: str
    address: str
    edition: Edition
    on: date
    # Whoever runs the site, if that is said.
    publisher: str = ""

    @property
    def published_on(self) -> date:
        return self.edition.published_on

    @property
    def plain(self) -> str:
        words = _(
            "%(site)s: “%(title)s”. Edition %(number)d of %(published)s, record as of %(day)s. "
            "%(address)s"
        ) % {
            "site": self.site,
            "title": self.title,
            "number": self.edition.number,
            "published": date_text(self.published_on),
            "day": date_text(self.on),
            "address": self.address,
        }
        return f"{words} ({self.proof})" if self.proof else words

    @property
    def proof(self) -> str:
        """The digest of the edition: whoever keeps it can tell whether the record was rewritten."""
        return f"SHA-256 {self.edition.digest}" if self.edition.digest else ""

    @property
    def note(self) -> str:
        words = _("Edition %(number)d, record as of %(day)s") % {
            "number": self.edition.number,
            "day": date_text(self.on),
        }
        return f"{words}, {self.proof}" if self.proof else words

    @property
    def key(self) -> str:
        """A name for lists of references and for the file: the same for the same address."""
        path = slugify(self.page.partition("?")[0].replace("/", "-").replace(".", "-"))
        mark = hashlib.sha256(self.address.encode()).hexdigest()[:6]
        parts = ["iat", path[:60], f"ed{self.edition.number}", f"{self.on:%Y%m%d}", mark]
        return "-".join(part for part in parts if part)

    @property
    def bibtex(self) -> str:
        """One entry. The title is in two pairs of braces, so that no style changes its letters."""
        fields = {
            "author": f"{{{{{_tex(self.site)}}}}}",
            "title": f"{{{{{_tex(self.title)}}}}}",
            **self._organization,
            "year": f"{{{self.published_on.year}}}",
            "month": MONTHS[self.published_on.month - 1],
            # For the styles that know no url.
            "howpublished": f"{{\\url{{{self.address}}}}}",
            "url": f"{{{self.address}}}",
            "note": f"{{{_tex(self.note)}}}",
        }
        lines = [f"  {name} = {value}," for name, value in fields.items()]
        return "\n".join([f"@misc{{{self.key},", *lines, "}", ""])

    @property
    def _organization(self) -> dict[str, str]:
        """What publishes an entry of the kind `misc`, which knows no publisher."""
        name = _tex(self.publisher)
        return {"organization": f"{{{{{name}}}}}"} if name else {}

    @property
    def ris(self) -> str:
        fields = [
            ("TY", "ELEC"),
            ("AU", self.site),
            ("TI", self.title),
            *([("PB", self.publisher)] if self.publisher else []),
            ("PY", f"{self.published_on.year}"),
            ("DA", f"{self.published_on:%Y/%m/%d}"),
            ("ET", f"{self.edition.number}"),
            ("N1", self.note),
            ("UR", self.address),
            ("ER", ""),
        ]
        return "".join(f"{tag}  - {_one_line(value)}\r\n" for tag, value in fields)

    def file_address(self, name: str) -> str:
        """Return where this very citation can be had as a file."""
        seen = {"as_of": self.on.isoformat(), "edition": self.edition.number}
        return f"{path_of(f'recommendations:{name}')}?{urlencode({'page': self.page, **seen})}"

    @property
    def bibtex_address(self) -> str:
        return self.file_address("cite_bibtex")

    @property
    def ris_address(self) -> str:
        return self.file_address("cite_ris")


def _one_line(text: str) -> str:
    """Return a text without what could end a line or a file early."""
    return re.sub(r"[\x00-\x1f\x7f]", "", " ".join(text.split()))


def _tex(text: str) -> str:
    return _one_line(text).translate(TEX)


def is_citable(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name in CITABLE


def is_about(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name in ABOUT


def citation_of(
    request: HttpRequest, *, title: str, path: str, on: date, edition: Edition
) -> Citation:
    """Return how to cite the page of a path that was asked for with the query of a request."""
    query = QueryDict(mutable=True)
    for name, values in known_parameters(request).items():
        if name not in PARAMETERS:
            query.setlist(name, [value for value in values if value])
    own = query.urlencode()
    seen = Viewpoint(on=on, as_of=on, edition=edition).query
    return Citation(
        title=_one_line(title),
        site=site_name(),
        page=f"{path}?{own}" if own else path,
        address=request.build_absolute_uri(f"{path}?{own}&{seen}" if own else f"{path}?{seen}"),
        edition=edition,
        on=on,
        publisher=_one_line(site().operator_said),
    )
