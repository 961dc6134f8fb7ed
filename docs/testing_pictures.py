"""The pictures of docs/testing.md: calls that are searched, explained and compared, a collection and its runs."""

import json
from pathlib import Path

from playwright.sync_api import Page

SOAP = """<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">
  <soapenv:Header>
    <wsse:Security xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd">
      <wsse:UsernameToken><wsse:Username>admin</wsse:Username><wsse:Password>{password}</wsse:Password></wsse:UsernameToken>
    </wsse:Security>
  </soapenv:Header>
  <soapenv:Body>
    <bm:modifyParts xmlns:bm="http://xmlns.oracle.com/cpqcloud/parts">
      <bm:Parts>
        <bm:each_record><bm:part_number>PUMP-100</bm:part_number><bm:lead_time>{days}</bm:lead_time></bm:each_record>
        <bm:each_record><bm:part_number>PUMP-200</bm:part_number><bm:lead_time>{days}</bm:lead_time></bm:each_record>
        <bm:each_record><bm:part_number>PUMP-300</bm:part_number><bm:lead_time>soon</bm:lead_time></bm:each_record>
      </bm:Parts>
    </bm:modifyParts>
  </soapenv:Body>
</soapenv:Envelope>"""
JSON = {"content-type": "application/json"}
COLLECTION = {
    "counterpart": 1,
    "name": "Release check",
    "description": "What must work before a release goes out.",
    "values": {"number": "CHECK-1", "price": "12.50"},
    "calls": [
        {
            "name": "a new part is taken",
            "method": "PUT",
            "target": "/api/v1/parts/{{number}}/",
            "headers": JSON,
            "body": '{\n  "description": {"en": "Gasket, round"},\n  "price": {"USD": "{{price}}"},\n  "units": 1\n}',
            "checks": [
                {"kind": "status", "value": "2xx"},
                {"kind": "outcome", "path": "failed", "value": "0"},
                {"kind": "time", "comparator": "<=", "value": "500"},
                {"kind": "valid"},
            ],
            "captures": [{"name": "id", "path": "$.id"}],
        },
        {
            "name": "it is found by its id",
            "method": "GET",
            "target": "/api/v1/parts/?id={{id}}",
            "checks": [{"kind": "value", "path": "$.results[0].number", "value": "{{number}}"}],
        },
        {
            "name": "its price is what was sent",
            "method": "GET",
            "target": "/api/v1/parts/{{number}}/",
            "checks": [{"kind": "value", "path": "$.price.USD", "value": "{{price}}"}, {"kind": "valid"}],
        },
        {
            "name": "an unknown field is refused",
            "method": "PATCH",
            "target": "/api/v1/parts/{{number}}/",
            "headers": JSON,
            "body": '{"colour": "red"}',
            "checks": [{"kind": "status", "value": "422"}, {"kind": "fault", "value": "true"}],
        },
    ],
}


def take(page: Page, folder: Path, theme: str, password: str) -> None:
    """Take all pictures in one theme, as the user admin, on a server that has the demo world."""

    def picture(name: str) -> None:
        page.evaluate("document.fonts.ready")
        page.mouse.move(0, 0)
        page.wait_for_timeout(500)
        page.screenshot(path=folder / f"{name}-{theme}.png")

    first, second = (_send(page, password, days) for days in (14, 21))
    page.goto(f"/admin/webservices/exchanges/{second}/")
    picture("exchange")
    page.goto(f"/admin/webservices/exchanges/{first}/with/{second}/")
    picture("compared")
    page.goto("/admin/webservices/exchange/?key=PUMP-100&caller=admin&result=updated")
    picture("exchanges")
    _import(page)
    page.locator("details[id^=call-]").first.evaluate("each => { each.open = true; }")
    page.wait_for_selector(".wsc-editor .cm-content")
    picture("collection")
    _run(page)
    page.get_by_role("link", name="Release check").last.click()
    page.get_by_label("Values, name = value").fill("number = CHECK-1\nprice = 13")
    page.get_by_role("button", name="Save", exact=True).click()
    _run(page)
    picture("run")


def _send(page: Page, password: str, days: int) -> str:
    body = SOAP.format(password=password, days=days)
    answer = page.request.post("/v2_0/receiver/parts", data=body, headers={"content-type": "text/xml"})
    return answer.headers["x-call-id"]


def _import(page: Page) -> None:
    page.goto("/admin/webservices/collections/")
    file = {"name": "release.json", "mimeType": "application/json", "buffer": json.dumps(COLLECTION).encode()}
    page.get_by_label("A file of this hub, Postman or SoapUI").set_input_files(file)
    page.get_by_role("button", name="Import file").click()
    page.wait_for_selector("[data-run]")


def _run(page: Page) -> None:
    page.locator("[data-run] button").click()
    page.wait_for_url("**/runs/**")
