"""Texts of callers as a column takes them."""


def line(text: str, longest: int) -> str:
    """The text without NUL and half characters, and not too long."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "�")[:longest]
