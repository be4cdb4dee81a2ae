"""Where a weakness is reported, in the form of RFC 9116."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from recommendations.site_row import site

VALID = timedelta(days=180)


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Answer with the contact of the settings, or else that for readers.

    It expires, so that an address nobody reads is not kept.
    """
    contact = settings.SECURITY_CONTACT or _contact_for_readers()
    if not contact:
        raise Http404
    expires = (timezone.now() + VALID).replace(hour=0, minute=0, second=0, microsecond=0)
    languages = ", ".join(code for code, _name in settings.LANGUAGES)
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {languages}",
    ]
    if settings.SITE_URL:
        lines.append(f"Canonical: {settings.SITE_URL}/.well-known/security.txt")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _contact_for_readers() -> str:
    """Return their mail address, or their page where it is safe to write to (RFC 9116)."""
    contact = site().contact
    return contact if contact.startswith(("mailto:", "https://")) else ""
