from django.urls import path

from . import views
from .collection import COLLECTIONS
from .documentation import docs, openapi
from .items import ITEMS

app_name = "api"

urlpatterns = [
    path("", views.index, name="index"),
    path("openapi.json", openapi, name="openapi"),
    path("docs/", docs, name="docs"),
    *(path(name, views.listing_of(one), name=name) for name, one in COLLECTIONS.items()),
    *(
        path(f"{name}.jsonl", views.lines_of(one), name=f"{name}_lines")
        for name, one in COLLECTIONS.items()
    ),
    *(
        path(f"{one.table}/{one.route}", views.item_of(one), name=f"{name}_item")
        for name, one in ITEMS.items()
    ),
]
