"""Literals of languages, each escaped so that the program sends exactly the text."""

import json
import re

from webservices.tester.compose.snippets.request import PLACEHOLDER, VARIABLE


def shell(text: str) -> str:
    """A word of a POSIX shell, in single quotes."""
    return "'" + text.replace("'", "'\\''") + "'"


def shell_document(text: str) -> str:
    """The text of a here-document that expands variables; the placeholder becomes the variable of the secret."""
    escaped = re.sub(r"[\\$`]", lambda found: "\\" + found[0], text)
    return escaped.replace(PLACEHOLDER, f"${{{VARIABLE}}}")


def python(text: str) -> str:
    """A string of Python, a triple-quoted one for several lines."""
    # Python reads a CRLF in a program's source as LF, so a text that has one needs its escapes.
    if "\n" in text and '"""' not in text and "\\" not in text and not text.endswith('"') and "\r" not in text:
        return f'"""{text}"""'
    return repr(text)


def php(text: str) -> str:
    """A string of PHP, in single quotes."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def javascript(text: str) -> str:
    """A string of JavaScript, a template for several lines."""
    # A template turns CRLF into LF.
    if "\n" in text and "\r" not in text:
        return "`" + text.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${") + "`"
    return json.dumps(text, ensure_ascii=False)


def csharp(text: str) -> str:
    """A verbatim string of C#."""
    return '@"' + text.replace('"', '""') + '"'


def java(text: str) -> str:
    """Strings of Java, joined by +, one for each line."""
    lines = text.split("\n")
    ends = ["\\n"] * (len(lines) - 1) + [""]
    literals = [_java_line(line, end) for line, end in zip(lines, ends, strict=True)]
    return "\n            + ".join(literals)


def _java_line(line: str, end: str) -> str:
    # Java reads \u0041 before it reads strings, but not after a backslash that is doubled.
    escaped = line.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "\\r").replace("\t", "\\t")
    return f'"{escaped}{end}"'
