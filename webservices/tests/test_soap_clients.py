"""
Strangers' clients work a day against a live server: zeep, PHP's SoapClient and node's soap, in SOAP 1.1 and 1.2.

Each loads the WSDL as it is served, unedited, calls all five operations, and meets every kind of fault.
"""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
import zeep
from lxml import etree
from zeep.wsse import utils
from zeep.wsse.username import UsernameToken

CLIENTS = Path(__file__).parent / "clients"
VERSIONS = pytest.mark.parametrize("version", ["1.1", "1.2"])


def expected(prefix: str) -> dict:
    """What the day comes to: counts are of success, inserted, updated, deleted."""
    one = f"{prefix}-1"
    return {
        "added": ["true", 1, 0, 0],
        "found": [1, one, "2", 'Pump <small> & "cheap"', "Bomba", "250.00", "230.50", ["Acme", "Initech"]],
        "updated": ["true", 0, 1, 0],
        "modified": ["true", 1, 1, 0],
        "partly": ["true", 1, f"Record 1 ({one}): lead_time must be -1 or more; '-5' is less."],
        "taken": "PARTS-ERR",
        "stranger": "SECURITY-ERR",
        "unknown": "PARTS-ERR",
        "deleted": ["true", 0, 0, 2],
        "gone": 0,
    }


def check(day: dict, prefix: str) -> None:
    for name, about in (("taken", prefix), ("unknown", "colour"), ("stranger", "assword")):
        code, sentence = day[name]
        assert about in sentence
        day[name] = code
    assert day == expected(prefix)


@pytest.fixture
def wsdl(live_server_process) -> str:
    return f"{live_server_process.url}/v2_0/receiver/parts?wsdl"


def run(command: list[str]) -> dict:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


@VERSIONS
def test_php(php, wsdl, account, version):
    prefix = f"PHP-{version}"

    day = run([php, str(CLIENTS / "day.php"), wsdl, *account, prefix, version])

    check(day, prefix)


@VERSIONS
def test_node(node, wsdl, account, version):
    prefix = f"NODE-{version}"

    day = run([node, str(CLIENTS / "day.mjs"), wsdl, *account, prefix, version])

    check(day, prefix)


class Zeep:
    """The same day with zeep."""

    def __init__(self, wsdl: str, user: str, password: str, version: str):
        self.client = zeep.Client(wsdl, wsse=UsernameToken(user, password))
        self.service = self.client.bind("PartsService", "PartsPort12" if version == "1.2" else "PartsPort")

    def records(self, name: str, *records: dict):
        return self.service[name](Parts={"each_record": list(records)})

    def criteria(self, name: str, *criterion: str):
        named = dict(zip(("field", "value", "comparator"), criterion, strict=True))
        return self.service[name](Parts={"criteria": [named]})

    @staticmethod
    def counted(status) -> list:
        return [status.success, status.records_inserted, status.records_updated, status.records_deleted]

    @staticmethod
    def fault(call, *arguments) -> list:
        with pytest.raises(zeep.exceptions.Fault) as raised:
            call(*arguments)
        detail = raised.value.detail
        return [detail.findtext(".//{*}exceptionCode"), detail.findtext(".//{*}exceptionMessage")]

    def day(self, stranger: "Zeep", prefix: str) -> dict:
        one, two = f"{prefix}-1", f"{prefix}-2"
        record = {
            "part_number": one,
            "direct_buy": 2,
            "description": {"en": 'Pump <small> & "cheap"', "pt_BR": "Bomba"},
            "price": {"USD": "250", "EUR": "230.5"},
            "company_associations": ["Acme", "Initech"],
            "active": True,
        }
        day = {"added": self.counted(self.records("addParts", record))}
        day["found"] = self.found(one)
        day["updated"] = self.counted(self.records("updateParts", {"part_number": one, "lead_time": 7}))
        both = ({"part_number": one, "notes": ""}, {"part_number": two})
        day["modified"] = self.counted(self.records("modifyParts", *both))
        bad = ({"part_number": one, "lead_time": -5}, {"part_number": two, "units": 3})
        partly = self.records("modifyParts", *bad)
        day["partly"] = [partly.success, partly.records_failed, partly.detail]
        day["taken"] = self.fault(self.records, "addParts", {"part_number": one})
        day["unknown"] = self.fault(self.criteria, "getParts", "colour", "red", "=")
        day["deleted"] = self.counted(self.criteria("deleteParts", "part_number", f"{one}, {two}", "IN"))
        day["gone"] = self.criteria("getParts", "part_number", f"{prefix}-%", "LIKE").status.records_returned
        # Last, because the server lets an address that has guessed wrong wait for a second.
        day["stranger"] = self.fault(stranger.criteria, "getParts", "part_number", one, "=")
        return day

    def found(self, number: str) -> list:
        answer = self.criteria("getParts", "part_number", number, "=")
        record = answer.Parts.each_record[0]
        texts = [record.description.en, record.description.pt_BR, str(record.price.USD), str(record.price.EUR)]
        companies = record.company_associations
        return [answer.status.records_returned, record.part_number, str(record.direct_buy), *texts, companies]


@VERSIONS
def test_zeep(wsdl, account, version):
    user, password = account
    prefix = f"ZEEP-{version}"

    day = Zeep(wsdl, user, password, version).day(Zeep(wsdl, user, f"not {password}", version), prefix)

    check(day, prefix)


def dated_token(user: str, password: str) -> UsernameToken:
    """A token as careful clients send it: with a nonce, and a timestamp that is another in each message."""
    stamp = utils.WSU.Timestamp(utils.WSU.Created(datetime.now(UTC).isoformat()))
    return UsernameToken(user, password, timestamp_token=stamp, nonce=datetime.now(UTC).isoformat())


@VERSIONS
@pytest.mark.parametrize("place", ["header", "block"])
def test_zeep_sends_a_call_again_with_its_key(wsdl, account, version, place):
    number = f"KEY-{version}-{place}"

    def add(units, key=number):
        """A new client, as after a crash: it knows the key, and all else in its message is new."""
        client = Zeep(wsdl, *account, version)
        client.client.wsse = dated_token(*account)
        bodies = []
        client.client.transport.session.hooks["response"].append(lambda answer, **_: bodies.append(answer))
        record = {"part_number": number, "units": units}
        if place == "header":
            client.client.transport.session.headers["Idempotency-Key"] = key
            client.records("addParts", record)
        else:
            block = etree.Element("{urn:counterpart:options}IdempotencyKey")
            block.text = key
            client.service.addParts(Parts={"each_record": [record]}, _soapheaders=[block])
        return bodies[-1]

    first, again = add(1), add(1)

    assert "Idempotent-Replayed" not in first.headers
    assert (again.headers["Idempotent-Replayed"], again.content) == ("true", first.content)
    with pytest.raises(zeep.exceptions.Fault, match="belongs to another call"):
        add(2)


@pytest.mark.parametrize("query", ["wsdl", "WSDL", "Wsdl=parts"])
def test_the_wsdl_names_the_address_as_the_caller_reached_it(wsdl, query):
    place = wsdl.partition("?")[0]

    answer = requests.get(f"{place}?{query}", timeout=30)

    addresses = etree.fromstring(answer.content).xpath("//*[local-name() = 'port']/*/@location")
    assert answer.headers["Content-Type"].startswith("text/xml")
    assert addresses == [place, place]
