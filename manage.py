#!/usr/bin/env python
"""
Run a Django command of Counterpart: `python manage.py help`.

The embedded database runs while the command does, started when it must be, unless the command needs none.
"""

import os
import sys
from contextlib import nullcontext

from config.launch.embedded import cluster_location, use_server
from config.launch.errors import StartError
from config.launch.paths import data_folder

WITHOUT_DATABASE = {"", "check", "collectstatic", "diffsettings", "help", "makemigrations", "version"}


def main(arguments: list[str]) -> None:
    command = arguments[1] if len(arguments) > 1 else ""
    needs_no_server = os.environ.get("DATABASE_URL") or command in WITHOUT_DATABASE or command.startswith("-")
    try:
        with nullcontext() if needs_no_server else use_server(cluster_location(data_folder())):
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
            from django.core.management import execute_from_command_line

            execute_from_command_line(arguments)
    except StartError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv)
