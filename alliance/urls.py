from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from alliance import security_txt
from alliance.account_urls import openid_urlpatterns
from recommendations.views import crawlers, health, proof, site_files
from recommendations.views.metrics import metrics_page

# An address without prefix is English, whatever the browser prefers; /ja/ is Japanese.
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics_page, name="metrics"),
    path(".well-known/security.txt", security_txt.security_txt, name="security_txt"),
    path("robots.txt", crawlers.robots_txt, name="robots_txt"),
    path("sitemap.xml", crawlers.sitemap, name="sitemap"),
    path("sitemap-pages.xml", crawlers.sitemap_pages, name="sitemap_pages"),
    path("sitemap-<slug:kind>-<int:number>.xml", crawlers.sitemap_file, name="sitemap_file"),
    path("favicon.ico", site_files.icon, {"name": "favicon.ico"}, name="favicon"),
    path(
        "apple-touch-icon.png",
        site_files.icon,
        {"name": "apple-touch-icon.png"},
        name="apple_touch_icon",
    ),
    path("icon-192.png", site_files.icon, {"name": "icon-192.png"}, name="icon_192"),
    path("icon-512.png", site_files.icon, {"name": "icon-512.png"}, name="icon_512"),
    path("site/logo/<str:name>", site_files.logo, name="site_logo"),
    path("site/accent/<slug:name>.css", site_files.accent, name="site_accent"),
    # Kept and compared for years, in whatever language.
    path("checkpoint", proof.checkpoint, name="checkpoint"),
    path("checkpoint/keys", proof.checkpoint_keys, name="checkpoint_keys"),
    path("verify_record.py", proof.record_check, name="record_check"),
    path("accounts/", include(openid_urlpatterns)),
    *i18n_patterns(
        path("manifest.webmanifest", site_files.manifest, name="manifest"),
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
