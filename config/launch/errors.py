"""Why `./start` refuses to go on: each refusal is one clear line for the person at the terminal, and exit 1."""


class CannotStart(Exception):
    """What stands in the way, and what to do about it, in one line."""
