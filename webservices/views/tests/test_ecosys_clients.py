"""
Strangers' clients call EcoSys' SOAP on a live server: zeep and PHP's SoapClient, in SOAP 1.1 and 1.2.

Each loads the WSDL as it is served, unedited, writes, reads, calls by a session, and meets an object that fails and a
fault.
"""

import pytest
import zeep

from webservices.tests.test_soap_clients import CLIENTS, VERSIONS, run


def expected(prefix: str) -> dict:
    """What the day comes to: of each object whether it succeeded, its key, and its messages."""
    one, two, three = (f"{prefix}-{number}" for number in (1, 2, 3))
    unknown = ["FAILURE", "ESRC_OBJECT_NOT_FOUND_BY_KEY", f"There is no part with PartID {three}."]
    return {
        "created": [[True, one, []], [True, two, []]],
        "updated": [[True, one, []], [False, three, [unknown]]],
        "read": [1, 1, one, 'Pump <small> & "cheap"', "250.00", "7", ["Acme", "Initech"], True],
        "inactive": False,
        "deleted": [[True, one, []], [True, two, []]],
    }


def check(day: dict, prefix: str) -> None:
    assert "assword" in day.pop("stranger")
    assert day == expected(prefix)


@pytest.fixture
def wsdl(live_server_process) -> str:
    return f"{live_server_process.url}/ecosys/api/soap/Part?wsdl"


@VERSIONS
def test_php(php, wsdl, account, version):
    prefix = f"ECO-PHP-{version}"

    day = run([php, str(CLIENTS / "ecosys.php"), wsdl, *account, prefix, version])

    check(day, prefix)


def results(answer) -> list:
    return [
        [
            result.successFlag,
            result.externalId,
            [[message.level, message.reasonCode or "", message.Message] for message in result.ResultMessage],
        ]
        for result in answer.ObjectResult
    ]


@VERSIONS
def test_zeep(wsdl, account, version):
    user, password = account
    prefix = f"ECO-ZEEP-{version}"
    one, two, three = (f"{prefix}-{number}" for number in (1, 2, 3))
    service = zeep.Client(wsdl).bind("PartService", "PartPort12" if version == "1.2" else "PartPort")
    who = {"Username": user, "Password": password}
    pump = {"PartID": one, "Description": 'Pump <small> & "cheap"', "Price": "250"}
    day = {}

    created = service.CreatePart(
        PartOptions=who, Part=[pump | {"CompanyAssociations": ["Acme", "Initech"]}, {"PartID": two}]
    )
    day["created"] = results(created)
    changed = [{"PartID": one, "Units": 7, "Notes": ""}, {"PartID": three, "Units": 7}]
    day["updated"] = results(service.UpdatePart(PartOptions=who, Part=changed))
    answer = service.ReadPart(PartOptions=who | {"IncludeMetaData": True}, PartParameters={"PartID": one})
    (found,) = answer.Part
    day["read"] = [
        answer.Meta.ObjectCount, len(answer.Part), found.PartID, found.Description, str(found.Price),
        str(found.Units), found.CompanyAssociations, answer.Performance.ElapsedSeconds > 0,
    ]  # fmt: skip
    service.ReadPart(PartOptions=who | {"LogoutSession": False}, PartParameters={"PartID": one})
    service.UpdatePart(PartOptions={"LogoutSession": False}, Part=[{"PartID": one, "Active": False}])
    day["inactive"] = service.ReadPart(PartParameters={"PartID": one}).Part[0].Active
    day["deleted"] = results(service.DeletePart(PartOptions=who, PartKey=[{"PartID": one}, {"PartID": two}]))
    with pytest.raises(zeep.exceptions.Fault) as stranger:
        service.CreatePart(PartOptions=who | {"Password": f"not {password}"}, Part=[pump])
    day["stranger"] = stranger.value.message

    check(day, prefix)
