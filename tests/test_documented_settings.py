import re

from django.conf import settings

READ = re.compile(r'\benv_\w+\(\s*"(\w+)"')


def names_in(path: str) -> set[str]:
    return set(re.findall(r"\b[A-Z][A-Z_]+\b", (settings.BASE_DIR / path).read_text()))


def test_every_variable_that_is_read_is_documented() -> None:
    names = ("settings.py", "environment.py", "services.py")
    sources = [settings.BASE_DIR / "alliance" / name for name in names]
    read = {name for source in sources for name in READ.findall(source.read_text())}
    assert {"SECRET_KEY", "LOG_LEVEL"} <= read
    assert read <= names_in(".env.example")
    assert read <= names_in("docs/deploy.md")
