"""
Build only: the exact HTTP request in the languages that testers hand on, one row of LANGUAGES each.
"""

from collections.abc import Callable
from dataclasses import dataclass

from webservices.tester.compose.snippets.compiled import csharp_client, java_client
from webservices.tester.compose.snippets.request import Request
from webservices.tester.compose.snippets.scripts import curl, javascript_fetch, php_stream, python_httpx
from webservices.tester.compose.snippets.zeep_client import zeep_client


@dataclass(frozen=True)
class Language:
    """
    One language: its writer, the name of the file, and the command that runs it.

    needs_wsdl  its program reads the WSDL, so the request must have one
    """

    name: str
    label: str
    write: Callable[[Request], str]
    file: str
    run: str
    needs_wsdl: bool = False


LANGUAGES: tuple[Language, ...] = (
    Language("curl", "curl", curl, "send.sh", "sh send.sh"),
    Language("python", "Python (httpx)", python_httpx, "send.py", "python send.py"),
    Language("zeep", "Python (zeep)", zeep_client, "send_zeep.py", "python send_zeep.py", needs_wsdl=True),
    Language("php", "PHP", php_stream, "send.php", "php send.php"),
    Language("javascript", "JavaScript", javascript_fetch, "send.mjs", "node send.mjs"),
    Language("csharp", "C#", csharp_client, "Program.cs", "dotnet run"),
    Language("java", "Java", java_client, "Send.java", "java Send.java"),
)


def languages_for(request: Request) -> list[Language]:
    """The languages in which a request can be written."""
    return [language for language in LANGUAGES if request.wsdl or not language.needs_wsdl]
