#!/usr/bin/env python
import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")
    try:
        from django.core.management import execute_from_command_line

        from alliance import trial
        from alliance.environment import var_directory
    except ImportError as error:
        raise SystemExit(
            "Django is not installed for this Python. Run `make venv` once, "
            "then use .venv/bin/python manage.py."
        ) from error
    trial.join(var_directory())
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
