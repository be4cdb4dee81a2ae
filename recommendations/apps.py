from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RecommendationsConfig(AppConfig):
    name = "recommendations"
    verbose_name = _("Recommendations")

    def ready(self) -> None:
        from . import languages
        from .roles import synchronise_roles

        post_migrate.connect(synchronise_roles, sender=self)
        languages.connect()
