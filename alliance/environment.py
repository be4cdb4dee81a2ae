"""Typed readers of environment variables: a bad value stops the start with a sentence."""

import os
from collections.abc import Sequence
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"0", "false", "no", "off", ""}


def env_text(name: str, *, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def env_flag(name: str, *, default: bool = False) -> bool:
    if name not in os.environ:
        return default
    word = os.environ[name].strip().lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {os.environ[name]!r}.")


def env_int(name: str, *, default: int, minimum: int = 0, maximum: int | None = None) -> int:
    text = env_text(name)
    if not text:
        return default
    # int() would also take "1_000" and "٣"; a settings file with those is a slip.
    if not (text.isascii() and text.isdigit()):
        raise ImproperlyConfigured(f"{name} must be a whole number, not {text!r}.")
    number = int(text)
    if number < minimum or (maximum is not None and number > maximum):
        upper = "" if maximum is None else f" and at most {maximum}"
        raise ImproperlyConfigured(f"{name} must be at least {minimum}{upper}, not {number}.")
    return number


def env_list(name: str, *, default: Sequence[str] = ()) -> list[str]:
    words = [word.strip() for word in os.environ.get(name, "").split(",")]
    return [word for word in words if word] or list(default)


def env_choice(name: str, *, choices: Sequence[str], default: str) -> str:
    text = env_text(name, default=default)
    if text not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {text!r}.")
    return text


def env_path(name: str, *, default: Path) -> Path:
    return Path(env_text(name, default=str(default))).expanduser().resolve()


def var_directory() -> Path:
    """Return where the database, static files and keys are that the project makes itself."""
    return env_path("ALLIANCE_VAR", default=BASE_DIR / "var")
