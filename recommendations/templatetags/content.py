"""Texts of the record, in the language of the page where there is one."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from recommendations.addressee_groups import group_of
from recommendations.text.html import conditional_escape, format_html
from recommendations.text.languages import Said, has_drafts, plain, say
from recommendations.text.punctuation import NUMBERS, WITHOUT_SPACES
from recommendations.text.scripts import language_of

register = template.Library()

# Django's own names of languages would have English be that of the United States.
WORDS_FOR_LANGUAGES = {
    "en": gettext_lazy("(in English)"),
    "ja": gettext_lazy("(in Japanese)"),
}


@register.filter
def said(text: str, kind: str) -> SafeString | str:
    """A text of the record by its kind, such as "action.title".

    A translation that nobody confirmed is marked as such, and a text without one by its language.
    """
    if not text:
        return ""
    found = say(str(text), kind)
    return with_its_marks(found, unbroken(conditional_escape(found.text), found.language))


@register.filter
def addressee(code: str) -> str:
    """What the group of an action is called, of whose parties it is asked."""
    return group_of(code).label


def unbroken(shown: SafeString, language: str) -> SafeString:
    """Keep dates and counts on one line where no spaces hold the words together."""
    if language not in WITHOUT_SPACES:
        return shown
    return SafeString(NUMBERS.sub(r'<span class="nb">\g<0></span>', shown))


def with_its_marks(found: Said, shown: SafeString) -> SafeString:
    """Return a text, or what is shown of it, with what there is to say of its language."""
    if found.language != get_language():
        return format_html(
            '<span lang="{}">{}</span> <span class="in-language">{}</span>',
            found.language,
            shown,
            word_for(found.language),
        )
    if found.is_confirmed:
        return shown
    if found.is_stale:
        return format_html(
            '<span class="drafted">{}</span> <span class="in-language">{}</span>',
            shown,
            _("(original changed since)"),
        )
    return format_html('<span class="drafted">{}</span>', shown)


def word_for(language: str) -> str:
    return str(WORDS_FOR_LANGUAGES[language])


@register.filter
def said_plain(text: str, kind: str) -> str:
    """The bare words, for titles and attributes."""
    return plain(str(text), kind) if text else ""


@register.filter
def tagged(text: str, language: str = "") -> SafeString | str:
    """A text that stays as it is, such as the title of a source, with its language marked.

    Where none is named, it is told by the script.
    """
    language = (language or language_of(str(text))) if text else ""
    if language in ("", get_language()):
        return conditional_escape(text or "")
    return format_html('<span lang="{}">{}</span>', language, text)


@register.filter
def publisher(name: str) -> SafeString | str:
    """Who published a source: in the language of the page if it has a name there, else as it is."""
    found = say(name, "evidence.publisher") if name else None
    if found and found.language == get_language():
        return with_its_marks(found, conditional_escape(found.text))
    return tagged(name)


@register.simple_tag
def drafts_are_said() -> bool:
    """Whether the page has shown a translation that nobody has confirmed, up to this point."""
    return has_drafts()
