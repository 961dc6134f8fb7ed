"""Build only: what the page writes in seven languages is run, and does what the page would have done."""

import os
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest
import requests
from django.contrib.auth.models import User

from webservices.tester.compose.snippets.languages import LANGUAGES, languages_for
from webservices.tester.compose.snippets.request import PLACEHOLDER, VARIABLE, Request, build_snippet_request
from webservices.tester.compose.snippets.scripts import curl
from webservices.tests.api_keys import ALL, key_for
from webservices.wire.dialects.oracle.dialect import ORACLE_2_0
from webservices.wire.dialects.rest.dialect import REST

ODD = 'It\'s "odd" \\ `back` $HOME ${x} 100% \u00e4\u4e2d <tag> & \\n end'
IN_XML = ODD.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
IN_JSON = ODD.replace("\\", "\\\\").replace('"', '\\"')
HEADERS = {
    "content-type": "text/xml; charset=UTF-8",
    "soapaction": '""',
    "authorization": "Basic never",
    "cookie": "a=b",
}
SOAP = """<?xml version="1.0" encoding="UTF-8"?>
<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/">
  <e:Header>
    <w:Security xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd">
      <w:UsernameToken><w:Username>{user}</w:Username><w:Password Type=""></w:Password></w:UsernameToken>
    </w:Security>
  </e:Header>
  <e:Body>
    <!-- Adds a part. -->
    <bm:addParts xmlns:bm="http://xmlns.oracle.com/cpqcloud/parts"><bm:Parts>
      <bm:each_record>
        <!-- required -->
        <bm:part_number>{number}</bm:part_number>
        <bm:description><bm:en>Odd</bm:en></bm:description>
        <bm:notes>{notes}</bm:notes>
      </bm:each_record>
    </bm:Parts></bm:addParts>
  </e:Body>
</e:Envelope>"""
JSON = """{{
  // required: text
  "number": "{number}",
  "notes": "{notes}"
}}"""


def soap(url, user, number, *, bearer=False):
    text = SOAP.format(user=user, number=number, notes=IN_XML)
    path = f"{url}/v2_0/receiver/parts"
    return build_snippet_request(
        ORACLE_2_0, "POST", path, HEADERS, text, user=user, contract=f"{path}?wsdl", bearer=bearer
    )


def rest(url, user, number):
    text = JSON.format(number=number, notes=IN_JSON)
    headers = {"content-type": "application/json", "host": "nowhere"}
    return build_snippet_request(REST, "POST", f"{url}/api/v1/parts/", headers, text, user=user)


def reads(url, user, number):
    return build_snippet_request(REST, "GET", f"{url}/api/v1/parts/?search={number}", {}, "", user=user)


@pytest.fixture
def run(php, node, java, mono, tmp_path):
    """A function that runs a snippet, and gives what it writes."""
    programs = {
        "curl": ["sh"],
        "python": [sys.executable],
        "zeep": [sys.executable],
        "javascript": [node],
        "php": [php],
        "java": [java],
        "csharp": [mono],
    }

    def run_it(language, text, secret):
        file = tmp_path / language.file
        file.write_text(text)
        if language.name == "csharp":
            source, file = file, file.with_suffix(".exe")
            subprocess.run(["mcs", "-r:System.Net.Http", f"-out:{file}", source], check=True, timeout=120)
        command = [*programs[language.name], file]
        environment = {**os.environ, VARIABLE: secret}
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run_it


@pytest.mark.process
@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.name)
def test_does_what_the_page_would_do(language, live_server_process, account, run):
    url, (user, secret) = live_server_process.url, account
    sent = {"soap": soap(url, user, f"S-{language.name}")}
    if not language.needs_wsdl:
        sent["rest"] = rest(url, user, f"R-{language.name}")

    dry = soap(url, user, f"DRY-{language.name}")
    dry = replace(dry, headers={**dry.headers, "x-dry-run": "true"})

    assert "records_inserted" in run(language, language.write(dry), secret)
    for name, request in sent.items():
        output = run(language, language.write(request), secret)
        assert "records_inserted" in output if name == "soap" else "R-" in output

    for number in (f"{name[0].upper()}-{language.name}" for name in sent):
        stored = requests.get(f"{url}/api/v1/parts/{number}/", auth=account, timeout=30).json()
        assert stored["notes"] == ODD
    assert requests.get(f"{url}/api/v1/parts/DRY-{language.name}/", auth=account, timeout=30).status_code == 404


@pytest.mark.process
def test_reads_without_a_body(live_server_process, account, run):
    request = reads(live_server_process.url, account[0], "nothing")

    for language in languages_for(request):
        assert "200" in run(language, language.write(request), account[1])


@pytest.mark.process
def test_calls_with_an_api_key(live_server_process, account, run):
    url, (user, _) = live_server_process.url, account
    with live_server_process.database():
        token = key_for(User.objects.get(username=user), *ALL)
    headers = {"content-type": "application/json"}
    for language in languages_for(Request("GET", url, bearer=True)):
        text = JSON.format(number=f"K-{language.name}", notes="key")
        made = build_snippet_request(REST, "POST", f"{url}/api/v1/parts/", headers, text, user="nobody", bearer=True)

        assert f"K-{language.name}" in run(language, language.write(made), token)
    called = soap(url, "nobody", "K-zeep", bearer=True)
    zeep = next(each for each in languages_for(called) if each.name == "zeep")
    assert "records_inserted" in run(zeep, zeep.write(called), token)


EVERY = {
    "by key": build_snippet_request(REST, "GET", "https://hub.example/api/v1/parts/", {}, "", user="", bearer=True),
    "soap": soap("https://hub.example", "ada", "P-1"),
    "rest": rest("https://hub.example", "ada", "P-1"),
    "reads": reads("https://hub.example", "ada", "P-1"),
}


@pytest.mark.parametrize("request_", EVERY.values(), ids=EVERY)
class TestEveryLanguage:
    def test_has_neither_comments_nor_secrets_nor_headers_of_a_browser(self, request_):
        for language in languages_for(request_):
            text = language.write(request_)

            assert "Adds a part" not in text
            assert "// required" not in text
            assert "Basic never" not in text
            assert "cookie" not in text.lower()

    def test_takes_the_secret_from_the_environment(self, request_):
        for language in languages_for(request_):
            assert VARIABLE in language.write(request_)


def test_a_line_of_the_body_does_not_end_curls_document():
    text = curl(Request("POST", "http://x/", body="a\nBODY\ntouch /stolen\nBODY1\n"))

    assert "<<BODY2\n" in text
    assert text.endswith("\nBODY2\n")


class TestLanguagesFor:
    def test_offers_zeep_only_where_there_is_a_wsdl(self):
        assert "zeep" in {language.name for language in languages_for(EVERY["soap"])}
        assert "zeep" not in {language.name for language in languages_for(EVERY["rest"])}


class TestRequestOf:
    def test_leaves_what_cannot_be_read_as_it_is(self):
        request = build_snippet_request(ORACLE_2_0, "POST", "https://hub.example", {}, "<a><b></a>", user="ada")

        assert request.body == "<a><b></a>"

    def test_leaves_a_secret_that_was_typed_where_it_is(self):
        text = SOAP.format(user="ada", number="1", notes="").replace('Type="">', 'Type="">typed')

        request = build_snippet_request(ORACLE_2_0, "POST", "https://hub.example", {}, text, user="ada")

        assert PLACEHOLDER not in request.body

    def test_finds_the_place_of_a_json_secret(self):
        dialect = SimpleNamespace(media="json", tickets={}, secrets=SimpleNamespace(members=frozenset({"AUTH_TOKEN"})))

        request = build_snippet_request(dialect, "POST", "https://hub.example", {}, '{"AUTH_TOKEN": ""}', user="ada")

        assert (request.body, request.user) == ('{"AUTH_TOKEN": "__SECRET__"}', "")
