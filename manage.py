#!/usr/bin/env python
"""
Run a Django command of Counterpart: `python manage.py help`.

The embedded database runs while the command does, started when it must be, unless the command needs none.
"""

import os
import sys
from contextlib import nullcontext

from config.launch.embedded import in_use, place_under
from config.launch.errors import CannotStart
from config.launch.paths import data_folder

WITHOUT_DATABASE = {"", "check", "collectstatic", "diffsettings", "help", "makemigrations", "version"}


def main(arguments: list[str]) -> None:
    command = arguments[1] if len(arguments) > 1 else ""
    elsewhere = os.environ.get("DATABASE_URL") or command in WITHOUT_DATABASE or command.startswith("-")
    try:
        with nullcontext() if elsewhere else in_use(place_under(data_folder())):
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
            from django.core.management import execute_from_command_line

            execute_from_command_line(arguments)
    except CannotStart as refusal:
        sys.exit(str(refusal))


if __name__ == "__main__":
    main(sys.argv)
