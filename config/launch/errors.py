"""The error of `./start`, `./test` and `manage.py`: one clear line for the person at the terminal, and exit 1."""


class StartError(Exception):
    """The reason why nothing can be started, and what to do about it, in one line."""
