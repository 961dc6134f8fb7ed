"""Texts as the literals of languages, escaped as each needs it, so that what is sent is what was typed."""

import json
import re

from webservices.tester.compose.snippets.request import PLACEHOLDER, VARIABLE


def shell(text: str) -> str:
    """As a word of a POSIX shell, in single quotes."""
    return "'" + text.replace("'", "'\\''") + "'"


def shell_document(text: str) -> str:
    """As a here-document in which variables count: what is special is escaped, and the secret's place is a variable."""
    escaped = re.sub(r"[\\$`]", lambda found: "\\" + found[0], text)
    return escaped.replace(PLACEHOLDER, f"${{{VARIABLE}}}")


def python(text: str) -> str:
    """As a string of Python, over several lines when it has them."""
    if "\n" in text and '"""' not in text and "\\" not in text and not text.endswith('"') and "\r" not in text:
        return f'"""{text}"""'
    return repr(text)


def php(text: str) -> str:
    """As a string of PHP, in single quotes."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def javascript(text: str) -> str:
    """As a string of JavaScript; a template when it has several lines."""
    if "\n" in text and "\r" not in text:
        return "`" + text.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${") + "`"
    return json.dumps(text, ensure_ascii=False)


def csharp(text: str) -> str:
    """As a verbatim string of C#."""
    return '@"' + text.replace('"', '""') + '"'


def java(text: str) -> str:
    """As strings of Java, one for each line."""
    lines = text.split("\n")
    ends = ["\\n"] * (len(lines) - 1) + [""]
    literals = [_java_line(line, end) for line, end in zip(lines, ends, strict=True)]
    return "\n            + ".join(literals)


def _java_line(line: str, end: str) -> str:
    escaped = line.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "\\r").replace("\t", "\\t")
    return f'"{escaped}{end}"'
