"""Why a page was not fetched: reasons by name, each with a sentence for people."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext as _


class Reason(StrEnum):
    """What came of an address instead of a page."""

    OFF = "off"
    BAD_ADDRESS = "bad_address"
    REFUSED_SCHEME = "refused_scheme"
    REFUSED_PORT = "refused_port"
    REFUSED_CREDENTIALS = "refused_credentials"
    REFUSED_PRIVATE = "refused_private"
    NO_SUCH_NAME = "no_such_name"
    NO_LOOK_UP = "no_look_up"
    NO_CONNECTION = "no_connection"
    TIMEOUT = "timeout"
    TLS = "tls"
    TOO_LARGE = "too_large"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    NOT_FOUND = "not_found"
    FORBIDDEN = "forbidden"
    TOO_MANY = "too_many"
    SERVER_ERROR = "server_error"
    BROKEN = "broken"
    EMPTY = "empty"
    UNSUPPORTED = "unsupported"
    UNCHANGED = "unchanged"
    UNREADABLE = "unreadable"


class Refused(Exception):
    """An address, or what answered there, is not taken. `status` is 0 where nothing answered."""

    def __init__(self, reason: Reason, *, status: int = 0) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.status = status


def worded(reason: str) -> str:
    """Return the sentence of a reason by its code; what is no code is a sentence already."""
    return sentence_of(Reason(reason)) if reason in set(Reason) else reason


def sentence_of(reason: Reason) -> str:
    """Return why, and what to do, in the language of the reader."""
    match reason:
        case Reason.OFF:
            return _(
                "Pages are not fetched here. Fill the form in by hand, or ask whoever runs the "
                "site to switch capture on."
            )
        case Reason.BAD_ADDRESS:
            return _("This is no address of a web page. Copy all of it from the browser.")
        case Reason.REFUSED_SCHEME:
            return _("Only addresses that begin with https:// or http:// are fetched.")
        case Reason.REFUSED_PORT:
            return _("Only the usual ports are fetched, 80 and 443. Leave the port out.")
        case Reason.REFUSED_CREDENTIALS:
            return _("Leave the name or password before the @ out of this address.")
        case Reason.REFUSED_PRIVATE:
            return _(
                "This address leads into a private network, not to the public web, and was not "
                "fetched. Give the public address of the page."
            )
        case Reason.NO_SUCH_NAME:
            return _("No site has this name. Check the address, or find where the page is now.")
    return _sentence_of_an_answer(reason)


def _sentence_of_an_answer(reason: Reason) -> str:
    match reason:
        case Reason.NO_LOOK_UP:
            return _("The name of the site could not be looked up just now. Try again later.")
        case Reason.NO_CONNECTION:
            return _("The site did not take the connection. Try again later.")
        case Reason.TIMEOUT:
            return _("The site took too long to answer. Try again later, or upload the file.")
        case Reason.TLS:
            return _(
                "The site could not prove that it is the one of this name, or its encryption is "
                "out of date. Open it in a browser, and upload what you find there."
            )
        case Reason.TOO_LARGE:
            return _("The page is larger than what is kept. Upload the part that is needed.")
        case Reason.TOO_MANY_REDIRECTS:
            return _("The address leads on and on. Open it in a browser and copy where it ends.")
        case Reason.NOT_FOUND:
            return _("The site says that there is no such page. Find where it is now.")
        case Reason.FORBIDDEN:
            return _("The site does not show this page to programs. Open it in a browser.")
        case Reason.TOO_MANY:
            return _("The site was asked too often and wants us to wait. Try again later.")
        case Reason.SERVER_ERROR:
            return _("The site has an error of its own. Try again later.")
        case Reason.BROKEN:
            return _("The answer of the site broke off or makes no sense. Try again later.")
        case Reason.EMPTY:
            return _("The site answered without a page. Open it in a browser.")
        case Reason.UNCHANGED:
            return _("The site says that it is the same as last time.")
        case Reason.UNREADABLE:
            return _(
                "The file could not be read. Upload a PDF, a Word document, HTML or plain text."
            )
    return _("The site answered in a way that is not understood here. Open it in a browser.")
