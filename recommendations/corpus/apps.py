from django.apps import AppConfig


class CorpusConfig(AppConfig):
    """Installed where people develop or try out, never in a service."""

    name = "recommendations.corpus"
