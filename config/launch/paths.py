"""The folders of the project and of its data. Free of Django, so that it can be imported before settings."""

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[2]


def data_folder() -> Path:
    """The folder of all state (`DATA_DIR`, default `var` in the project); a relative one starts at the project."""
    return BASE_DIR / os.environ.get("DATA_DIR", "var")
