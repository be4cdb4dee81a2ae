"""The pages of accounts: those of django-allauth, but none to sign up, and ours with links."""

from allauth.account import views as account
from allauth.socialaccount import views as socialaccount
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from alliance import account_views, password_links

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="mfa_index")),
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("sessions/", account_views.own_sessions, name="account_sessions"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/forgotten/", password_links.forgotten, name="password_forgotten"),
    path("password/forgotten/sent/", password_links.forgotten_sent, name="password_forgotten_sent"),
    path("password/reset/<uidb64>/<token>/", password_links.reset_password, name="password_reset"),
    path("invitation/<uidb64>/<token>/", password_links.accept_invitation, name="invitation"),
    # Ahead of those that they stand in for.
    path("2fa/totp/activate/", account_views.activate_app, name="mfa_activate_totp"),
    path("2fa/webauthn/add/", account_views.add_passkey, name="mfa_add_webauthn"),
    path("2fa/", include("allauth.mfa.urls")),
]

# In no language of their own: the provider knows one address to come back to.
openid_urlpatterns = [
    path(
        "oidc/<slug:provider_id>/login/",
        account_views.sign_in_elsewhere,
        name="openid_connect_login",
    ),
    path(
        "oidc/<slug:provider_id>/login/callback/",
        account_views.come_back_from_elsewhere,
        name="openid_connect_callback",
    ),
    path("oidc/cancelled/", socialaccount.login_cancelled, name="socialaccount_login_cancelled"),
]
