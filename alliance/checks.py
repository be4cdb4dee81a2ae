from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register


@register(Tags.security, deploy=True)
def tryout_is_off(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    if not settings.TRYOUT:
        return []
    return [
        Warning(
            "ALLIANCE_TRYOUT is on: cookies travel over plain http.",
            hint="Unset it for any service; it is for trying out on one's own machine.",
            id="alliance.W001",
        )
    ]


@register(Tags.security, deploy=True)
def https_is_recognised(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Behind a proxy that ends TLS, an unread header makes each redirect lead to itself."""
    has_proxy = settings.NUM_PROXIES > 0
    if not (has_proxy and settings.SECURE_SSL_REDIRECT) or settings.SECURE_PROXY_SSL_HEADER:
        return []
    return [
        Warning(
            "NUM_PROXIES says that a proxy stands in front, but its word on https is not read: "
            "every page would redirect to itself.",
            hint="Set TRUST_PROXY_SSL_HEADER=1 if the proxy always sets X-Forwarded-Proto.",
            id="alliance.W002",
        )
    ]


@register(Tags.security, deploy=True)
def reviewers_need_a_second_factor(
    app_configs: Sequence[Any] | None, **kwargs: Any
) -> list[CheckMessage]:
    if settings.MFA_REQUIRED != "none":
        return []
    return [
        Warning(
            "MFA_REQUIRED is none: whoever learns a reviewer's password can publish.",
            hint="Set MFA_REQUIRED to reviewers or staff.",
            id="alliance.W003",
        )
    ]
