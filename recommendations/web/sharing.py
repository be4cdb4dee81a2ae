"""What networks and messengers show of a page, and what takes it along to other pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from alliance.site_name import site_name
from recommendations import pictures
from recommendations.paths import path_of
from recommendations.site_row import site as site_row
from recommendations.text.punctuation import colon
from recommendations.viewpoint import Viewpoint

from .context_processors import Surroundings
from .parameters import known_parameters

# As networks write them.
LOCALES = {"en": "en_US", "ja": "ja_JP"}
# Pages with a card of their own, by its name; those that are not named here have that of the site.
CARDS = {
    "report": "report_picture",
    "text": "report_picture",
    "earlier": "report_picture",
    "detail": "recommendation_picture",
    "area": "area_picture",
    "party": "party_picture",
    "list": "list_picture",
}
# Parameters of a list that its card does not know.
NOT_OF_CARD = ("page", "as_of", "edition")
EMBEDDED = ("home", "report", "detail", "list")
ARTICLES = ("report", "text", "earlier", "detail", "area", "party", "edition")


@dataclass(frozen=True)
class Shared:
    """A page as others show it. What is empty is not said."""

    title: str
    description: str
    kind: str
    address: str
    locale: str
    other_locales: tuple[str, ...]
    image: str
    image_words: str
    oembed: str

    width, height = pictures.WIDTH, pictures.CARD_HEIGHT


def shared(
    request: HttpRequest,
    site: Surroundings,
    *,
    title: str,
    description: str,
    viewpoint: Viewpoint,
    featured: str = "",
    has_chart: bool = True,
) -> Shared:
    """Return what is said of a page. `featured` is the report that the first page shows."""
    name = request.resolver_match.url_name or "" if request.resolver_match else ""
    address = next((found for one, found in site.addresses if one.is_current), "")
    title = title or site_name()
    is_own = has_chart and pictures.can_draw(title)
    card = _card(request, name, featured) if is_own else _card_of_site()
    has_image = pictures.can_draw(site_name())
    return Shared(
        title=title,
        description=description or _of_the_site(),
        kind="article" if name in ARTICLES else "website",
        address=address,
        locale=LOCALES.get(get_language() or "", ""),
        other_locales=tuple(
            LOCALES[code]
            for code, _name in site_row().shown_languages
            if code in LOCALES and code != get_language()
        ),
        image=request.build_absolute_uri(viewpoint.address(card)) if has_image else "",
        image_words=_words_of(title, has_chart=card != _card_of_site()),
        oembed=_oembed(request, address) if address and _has_embed(name, featured) else "",
    )


def _has_embed(name: str, featured: str) -> bool:
    """Whether a page can be framed elsewhere: the first one where it is of one report."""
    return name in EMBEDDED and (name != "home" or bool(featured))


def _of_the_site() -> str:
    return _(
        "An independent record of what became of the recommendations of policy reports, and on "
        "what evidence. Not affiliated with any government or with the authors of a report."
    )


def _words_of(title: str, *, has_chart: bool) -> str:
    if not has_chart:
        return f"{site_name()}{colon()}{_of_the_site()}"
    return _("Bar of actions by status, with date, source and caveat: %(title)s") % {"title": title}


def _card(request: HttpRequest, name: str, featured: str) -> str:
    match = request.resolver_match
    known: Mapping[str, str] = match.kwargs if match else {}
    if name == "home" and featured:
        name, known = "report", {"report": featured}
    if name not in CARDS:
        return _card_of_site()
    if name == "list":
        return _card_of_list(request)
    return reverse(
        f"recommendations:{CARDS[name]}", kwargs={**known, "chart": "headline", "suffix": "png"}
    )


def _card_of_list(request: HttpRequest) -> str:
    """Return that of what the filters keep."""
    path = reverse("recommendations:list_picture", kwargs={"suffix": "png"})
    asked = {
        name: kept
        for name, values in sorted(known_parameters(request).items())
        if name not in NOT_OF_CARD and (kept := [value for value in values if value])
    }
    return f"{path}?{urlencode(asked, doseq=True)}" if asked else path


def _card_of_site() -> str:
    return path_of("recommendations:site_picture", "png")


def _oembed(request: HttpRequest, address: str) -> str:
    path = f"{path_of('recommendations:oembed')}?{urlencode({'url': address})}"
    return request.build_absolute_uri(path)


def frame(address: str, title: str, width: int | str, height: int) -> str:
    """Return the element that shows an embed on another page."""
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="{width}"'
        f' height="{height}" loading="lazy" frameborder="0"></iframe>'
    )
