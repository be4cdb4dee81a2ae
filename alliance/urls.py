from importlib.util import find_spec

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path


def _present(module: str) -> list[URLResolver]:
    return [path("", include(module))] if find_spec(module) else []


urlpatterns: list[URLPattern | URLResolver] = [
    *_present("recommendations.urls_health"),
    *i18n_patterns(
        *_present("recommendations.urls"),
        path("admin/", admin.site.urls),
        prefix_default_language=False,
    ),
]
