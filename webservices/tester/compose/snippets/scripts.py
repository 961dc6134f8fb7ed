"""The request in the languages of scripts: curl, Python with httpx, PHP, JavaScript."""

from collections.abc import Iterator
from itertools import count

from webservices.tester.compose.snippets.literals import javascript, php, python, shell, shell_document
from webservices.tester.compose.snippets.request import PLACEHOLDER, VARIABLE, Request


def curl(request: Request) -> str:
    """A command line for a POSIX shell."""
    words = [f"curl -sS -i -X {request.method} {shell(request.url)}"]
    words += [f"-H {shell(f'{name}: {value}')}" for name, value in request.headers.items()]
    if request.user:
        words.append(f'-u {shell(request.user)}:"${VARIABLE}"')
    if request.bearer:
        words.append(f'-H "authorization: Bearer ${VARIABLE}"')
    if not request.body:
        return _secret_note(request, "# export", "\n") + " \\\n  ".join(words) + "\n"
    document = shell_document(request.body)
    # The end mark of a here-document must not be a line of the body.
    end = next(word for number in count() if (word := f"BODY{number or ''}") not in document.splitlines())
    # Not -d, which takes the line breaks out of what it reads from a file.
    words.append(f"--data-binary @- <<{end}")
    return f"{_secret_note(request, '# export', chr(10))}{_lines(words)}\n{document}\n{end}\n"


def _lines(words: list[str]) -> str:
    return " \\\n  ".join(words)


def _secret_note(request: Request, comment: str, ending: str) -> str:
    """A comment that names the environment variable of the secret; blank when none is needed."""
    if not request.needs_secret:
        return ""
    whose = f" of {request.user}" if request.user else ""
    return f"{comment} {VARIABLE}=…   the password, key or token{whose}{ending}"


def python_httpx(request: Request) -> str:
    """Python with the library httpx."""
    escape = {True: "from xml.sax.saxutils import escape\n", False: ""}[request.has_placeholder and _is_xml(request)]
    lines = [
        _secret_note(request, "#", "\n").rstrip("\n"),
        *(["import json"] if request.has_placeholder and not _is_xml(request) else []),
        "import os",
        escape.rstrip("\n"),
        "",
        "import httpx",
        "",
        *_python_body(request),
        "answer = httpx.request(",
        f"    {request.method!r},",
        f"    {request.url!r},",
        f"    headers={_python_headers(request)},",
        *(["    content=body.encode(),"] if request.body else []),
        *([f"    auth=({request.user!r}, os.environ[{VARIABLE!r}]),"] if request.user else []),
        "    timeout=60,",
        ")",
        "print(answer.status_code, answer.reason_phrase)",
        "print(answer.text)",
    ]
    if not request.needs_secret:
        lines.remove("import os")
    return "\n".join(line for number, line in enumerate(lines) if line or (number and lines[number - 1])) + "\n"


def _python_headers(request: Request) -> str:
    headers = repr(dict(request.headers))
    key = f"'authorization': 'Bearer ' + os.environ[{VARIABLE!r}]"
    return f"{{**{headers}, {key}}}" if request.bearer else headers


def _python_body(request: Request) -> Iterator[str]:
    if not request.body:
        return
    yield f"body = {python(request.body)}"
    if request.has_placeholder:
        secret = f"os.environ[{VARIABLE!r}]"
        escaped = f"escape({secret})" if _is_xml(request) else f"json.dumps({secret})[1:-1]"
        yield f"body = body.replace({PLACEHOLDER!r}, {escaped})"


def _is_xml(request: Request) -> bool:
    return request.body.lstrip().startswith("<")


def php_stream(request: Request) -> str:
    """PHP without any extension."""
    headers = [f"{name}: {value}" for name, value in request.headers.items()]
    lines = ["<?php", *([note] if (note := _secret_note(request, "//", "")) else [])]
    if request.body:
        lines.append(f"$body = {php(request.body)};")
    if request.has_placeholder:
        escaped = (
            f"htmlspecialchars(getenv('{VARIABLE}'), ENT_XML1 | ENT_QUOTES)"
            if _is_xml(request)
            else f"substr(json_encode(getenv('{VARIABLE}'), JSON_UNESCAPED_UNICODE), 1, -1)"
        )
        lines.append(f"$body = str_replace('{PLACEHOLDER}', {escaped}, $body);")
    written = ", ".join(map(php, headers))
    lines.append(f"$headers = [{written}];")
    if request.user:
        credentials = f"{php(request.user + ':')} . getenv('{VARIABLE}')"
        lines.append(f"$headers[] = 'authorization: Basic ' . base64_encode({credentials});")
    if request.bearer:
        lines.append(f"$headers[] = 'authorization: Bearer ' . getenv('{VARIABLE}');")
    # Without ignore_errors PHP gives no body for a status of 400 or more.
    options = [f"'method' => {php(request.method)}", "'header' => $headers", "'ignore_errors' => true"]
    if request.body:
        options.append("'content' => $body")
    lines += [
        f"$context = stream_context_create(['http' => [{', '.join(options)}]]);",
        f"$answer = file_get_contents({php(request.url)}, false, $context);",
        'echo $http_response_header[0], "\\n", $answer, "\\n";',
    ]
    return "\n".join(lines) + "\n"


def javascript_fetch(request: Request) -> str:
    """JavaScript with fetch, as node has it."""
    lines = [note] if (note := _secret_note(request, "//", "")) else []
    lines.append(f"const headers = {{{', '.join(_members(request))}}};")
    if request.user:
        pair = f"{javascript(request.user + ':')} + process.env.{VARIABLE}"
        # btoa would take Latin-1 only; Buffer writes UTF-8, as Basic authentication here expects it.
        lines.append(f'headers.authorization = "Basic " + Buffer.from({pair}).toString("base64");')
    if request.bearer:
        lines.append(f'headers.authorization = "Bearer " + process.env.{VARIABLE};')
    if request.body:
        lines.append(f"let body = {javascript(request.body)};")
    if request.has_placeholder:
        lines += [
            f"const secret = process.env.{VARIABLE};",
            'const escaped = secret.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");'
            if _is_xml(request)
            else "const escaped = JSON.stringify(secret).slice(1, -1);",
            # A function, since `$&` within a replacing text has a meaning in JavaScript.
            f'body = body.replace("{PLACEHOLDER}", () => escaped);',
        ]
    body = ", body" if request.body else ""
    lines += [
        f"const answer = await fetch({javascript(request.url)}, "
        f"{{ method: {javascript(request.method)}, headers{body} }});",
        "console.log(answer.status, answer.statusText);",
        "console.log(await answer.text());",
    ]
    return "\n".join(lines) + "\n"


def _members(request: Request) -> Iterator[str]:
    return (f"{javascript(name)}: {javascript(value)}" for name, value in request.headers.items())
