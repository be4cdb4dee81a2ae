"""Each case starts Python anew: settings are read once, at the start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from alliance import trial

SECRET = "a-long-random-string-that-has-more-than-fifty-different-characters-0123456789"
PRODUCTION = {"SECRET_KEY": SECRET, "ALLOWED_HOSTS": "tracker.example.org"}


def manage(*arguments: str, var: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={**kept, "ALLIANCE_VAR": str(var), **environment},
        capture_output=True,
        text=True,
        timeout=600,
    )


def value(name: str, *, var: Path, **environment: str) -> str:
    program = f"from django.conf import settings; print(settings.{name})"
    done = manage("shell", "--no-imports", "-c", program, var=var, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_start_without_secret_key_is_refused(tmp_path: Path) -> None:
    done = manage("check", var=tmp_path)
    assert done.returncode != 0
    assert "SECRET_KEY is not set" in done.stderr


def test_blank_secret_key_is_refused(tmp_path: Path) -> None:
    done = manage("check", var=tmp_path, SECRET_KEY="  ")
    assert done.returncode != 0
    assert "SECRET_KEY is not set" in done.stderr


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("DEBUG", "maybe", "DEBUG must be 1 or 0, not 'maybe'."),
        ("ALLIANCE_TRYOUT", "2", "ALLIANCE_TRYOUT must be 1 or 0, not '2'."),
        ("NUM_PROXIES", "one", "NUM_PROXIES must be a whole number, not 'one'."),
        ("NUM_PROXIES", "-1", "NUM_PROXIES must be a whole number, not '-1'."),
        ("NUM_PROXIES", "99", "NUM_PROXIES must be at least 0 and at most 10, not 99."),
        ("HSTS_SECONDS", "1_000", "HSTS_SECONDS must be a whole number, not '1_000'."),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR, not 'LOUD'."),
        ("SITE_URL", "tracker.example.org", "SITE_URL must be a scheme and a host such as"),
        ("SITE_URL", "https://example.org/tracker", "SITE_URL must be a scheme and a host such as"),
        ("CAPTURE", "maybe", "CAPTURE must be 1 or 0, not 'maybe'."),
        ("CAPTURE", "1", "CAPTURE is on and SITE_URL is not set"),
        ("CAPTURE_ARCHIVE", "https://archive.example.org/", "CAPTURE_ARCHIVE must start with"),
        ("EMAIL_SECURITY", "ssl", "EMAIL_SECURITY must be one of starttls, tls, none, not 'ssl'."),
        ("EMAIL_PORT", "99999", "EMAIL_PORT must be at least 1 and at most 65535, not 99999."),
        ("EMAIL_HOST", "mail.example.org", "DEFAULT_FROM_EMAIL is not set."),
        ("DATABASE_URL", "mysql://db/x", "DATABASE_URL must start with postgres:// or sqlite:///."),
        ("DATABASE_URL", "postgres://u:p@h:port/x", "DATABASE_URL cannot be read."),
    ],
)
def test_bad_value_is_refused_with_a_sentence(
    tmp_path: Path, name: str, text: str, sentence: str
) -> None:
    done = manage("check", var=tmp_path, **PRODUCTION, **{name: text})
    assert done.returncode != 0
    assert sentence in done.stderr


def test_pool_size_of_zero_is_refused(tmp_path: Path) -> None:
    url = "postgres://user@127.0.0.1/x"
    done = manage("check", var=tmp_path, DATABASE_URL=url, DATABASE_POOL_SIZE="0", **PRODUCTION)
    assert "DATABASE_POOL_SIZE must be at least 1, not 0." in done.stderr


def test_unreadable_database_url_does_not_print_the_password(tmp_path: Path) -> None:
    done = manage("check", var=tmp_path, DATABASE_URL="postgres://u:hunter2/3@host/x", **PRODUCTION)
    assert "DATABASE_URL cannot be read." in done.stderr
    assert "hunter2" not in done.stderr


def test_debug_and_tryout_exclude_each_other(tmp_path: Path) -> None:
    done = manage("check", var=tmp_path, DEBUG="1", ALLIANCE_TRYOUT="1")
    assert "exclude each other" in done.stderr


def test_deployment_check_is_silent_with_production_settings(tmp_path: Path) -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", var=tmp_path, **PRODUCTION)
    assert done.returncode == 0, done.stderr


def test_deployment_check_warns_of_a_tryout(tmp_path: Path) -> None:
    done = manage("check", "--deploy", var=tmp_path, SECRET_KEY=SECRET, ALLIANCE_TRYOUT="1")
    assert "alliance.W001" in done.stderr


def test_deployment_check_warns_of_a_proxy_whose_https_is_not_read(tmp_path: Path) -> None:
    done = manage("check", "--deploy", var=tmp_path, NUM_PROXIES="1", **PRODUCTION)
    assert "alliance.W002" in done.stderr


def test_deployment_check_accepts_a_trusted_proxy(tmp_path: Path) -> None:
    proxied = {**PRODUCTION, "NUM_PROXIES": "1", "TRUST_PROXY_SSL_HEADER": "1"}
    done = manage("check", "--deploy", "--fail-level", "WARNING", var=tmp_path, **proxied)
    assert done.returncode == 0, done.stderr


def test_trial_keeps_one_secret_key_that_others_cannot_read(tmp_path: Path) -> None:
    first = value("SECRET_KEY", var=tmp_path, ALLIANCE_TRYOUT="1")
    second = value("SECRET_KEY", var=tmp_path, ALLIANCE_TRYOUT="1")
    assert first == second
    assert len(first) > 50
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_trial_answers_to_loopback_names_alone(tmp_path: Path) -> None:
    hosts = value("ALLOWED_HOSTS", var=tmp_path, ALLIANCE_TRYOUT="1", ALLOWED_HOSTS="evil.example")
    assert hosts == "['localhost', '127.0.0.1', '[::1]']"


@pytest.mark.parametrize(
    "name", ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT"]
)
def test_only_local_use_goes_without_https(tmp_path: Path, name: str) -> None:
    assert value(name, var=tmp_path, **PRODUCTION) == "True"
    assert value(name, var=tmp_path, ALLIANCE_TRYOUT="1") == "False"


def test_forwarded_protocol_is_believed_only_when_told_so(tmp_path: Path) -> None:
    assert value("SECURE_PROXY_SSL_HEADER", var=tmp_path, **PRODUCTION) == "None"
    trusting = {**PRODUCTION, "TRUST_PROXY_SSL_HEADER": "1"}
    assert "HTTP_X_FORWARDED_PROTO" in value("SECURE_PROXY_SSL_HEADER", var=tmp_path, **trusting)


def test_mail_is_printed_until_a_server_is_named(tmp_path: Path) -> None:
    assert value("EMAIL_BACKEND", var=tmp_path, **PRODUCTION).endswith("console.EmailBackend")


def test_mail_goes_to_the_named_server_over_tls(tmp_path: Path) -> None:
    names = ("EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_USE_TLS", "EMAIL_USE_SSL")
    program = "from django.conf import settings; print(*[getattr(settings, n) for n in NAMES])"
    named = {"EMAIL_HOST": "mail.example.org", "DEFAULT_FROM_EMAIL": "tracker@example.org"}
    done = manage(
        *("shell", "--no-imports", "-c", f"NAMES = {names}; {program}"),
        var=tmp_path,
        **PRODUCTION,
        **named,
    )
    backend, *rest = done.stdout.split()
    assert backend.endswith("smtp.EmailBackend")
    assert rest == ["mail.example.org", "587", "True", "False"]


# Commands in a trial ----------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["C.UTF-8", "ja_JP.UTF-8"])
def test_command_beside_the_mark_of_a_trial_runs_in_it_and_says_so(
    tmp_path: Path, language: str
) -> None:
    trial.leave_mark(tmp_path)
    program = "from django.conf import settings; print(settings.TRYOUT, settings.VAR_DIR)"
    done = manage("shell", "--no-imports", "-c", program, var=tmp_path, LANG=language)
    assert done.stdout == f"True {tmp_path}\n"
    [told] = done.stderr.splitlines()
    is_english = told == f"This runs in the trial of `make run`, in {tmp_path}."
    assert str(tmp_path) in told
    assert is_english is (language == "C.UTF-8")


@pytest.mark.parametrize("text", ["", "0", "1"])
@pytest.mark.parametrize("name", trial.SAY_HOW_TO_RUN)
def test_mark_counts_for_nothing_where_the_environment_says_how_to_run(
    tmp_path: Path, name: str, text: str
) -> None:
    trial.leave_mark(tmp_path)
    assert trial.is_marked(tmp_path, environment={"ALLIANCE_VAR": str(tmp_path)})
    assert not trial.is_marked(tmp_path, environment={name: text})


def test_command_of_a_service_does_not_slip_into_a_trial(tmp_path: Path) -> None:
    trial.leave_mark(tmp_path)
    done = manage("check", var=tmp_path, ALLOWED_HOSTS="tracker.example.org")
    assert done.returncode != 0
    assert "SECRET_KEY is not set" in done.stderr
    assert value("TRYOUT", var=tmp_path, **PRODUCTION) == "False"


def test_server_process_knows_of_no_mark(tmp_path: Path) -> None:
    trial.leave_mark(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", "import alliance.wsgi"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "ALLIANCE_VAR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode != 0
    assert "SECRET_KEY is not set" in done.stderr


def test_nothing_is_fetched_from_the_web_until_a_service_says_so(tmp_path: Path) -> None:
    assert value("CAPTURE", var=tmp_path, **PRODUCTION) == "False"
    service = {**PRODUCTION, "SITE_URL": "https://tracker.example.org"}
    assert value("CAPTURE", var=tmp_path, CAPTURE="1", **service) == "True"
    assert value("CAPTURE_DIR", var=tmp_path, **PRODUCTION) == str(tmp_path / "captures")
