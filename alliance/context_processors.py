"""What pages say about signing in."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from alliance import second_factor
from recommendations.accounts.letters import is_mail_set_up


class SignIn:
    """Nothing is asked before a template needs it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    def is_trial(self) -> bool:
        return settings.TRYOUT

    @property
    def mails_links(self) -> bool:
        """Whether a forgotten password can be chosen anew by mail."""
        return is_mail_set_up()

    @property
    def lacks_second_factor(self) -> bool:
        user = self.request.user
        return second_factor.is_required_of(user) and not second_factor.is_set_up(user)


def sign_in(request: HttpRequest) -> dict[str, object]:
    return {"sign_in": SimpleLazyObject(lambda: SignIn(request))}
