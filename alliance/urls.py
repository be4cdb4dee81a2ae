from importlib.util import find_spec

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include(f"recommendations.{module}"))
    for module in ["urls_health"]
    if find_spec(f"recommendations.{module}")
]
urlpatterns += i18n_patterns(
    *[path("", include("recommendations.urls")) for _ in [1] if find_spec("recommendations.urls")],
    path("admin/", admin.site.urls),
    prefix_default_language=False,
)
