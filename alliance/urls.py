from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from alliance import security_txt
from alliance.account_urls import openid_urlpatterns
from recommendations.views import health, proof
from recommendations.views.metrics import metrics_page

# An address without prefix is English, whatever the browser prefers; /ja/ is Japanese.
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics_page, name="metrics"),
    path(".well-known/security.txt", security_txt.security_txt, name="security_txt"),
    # Kept and compared for years, in whatever language.
    path("checkpoint", proof.checkpoint, name="checkpoint"),
    path("checkpoint/keys", proof.checkpoint_keys, name="checkpoint_keys"),
    path("verify_record.py", proof.record_check, name="record_check"),
    path("accounts/", include(openid_urlpatterns)),
    *i18n_patterns(
        path("", include("recommendations.urls")),
        path("accounts/", include("alliance.account_urls")),
        path("admin/", admin.site.urls),
        prefix_default_language=False,
    ),
]

handler400 = "recommendations.web.errors.bad_request"
handler403 = "recommendations.web.errors.permission_denied"
handler404 = "recommendations.web.errors.page_not_found"
handler500 = "recommendations.web.errors.server_error"
