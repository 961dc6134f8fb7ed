"""
Clients that old tools generate from the WSDLs, unedited, against a live server: JAX-WS, Axis 1.4, .NET's proxies.

Each does the same: puts a part, changes one field of it with the others unset, finds it, is refused; opens and closes a
session of 1.0; writes and reads over EcoSys; adds a customer over SAP CPQ; searches over CRM-service. One more calls
EcoSys' REST, on classes that xjc makes of its schemas.
"""

import os
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.contrib.auth.models import User

from webservices.tests.api_keys import ALL, key_for
from webservices.tests.openapi.generators import QUICK
from webservices.tests.test_publishing import publish

CLIENTS = Path(__file__).parent / "clients/generated"
CRM = "/CrmIntegrationWebservice/service.php?class={}&wsdl"
SERVICES = {
    "oracle": "/v2_0/receiver/parts?wsdl",
    "security": "/v1_0/receiver?wsdl=security",
    "ecosys": "/ecosys/api/soap/Part?wsdl",
    "sap": "/wsAPI/CPQAPI.asmx?wsdl",
    "session": CRM.format("sessionManager"),
    "product": CRM.format("productManager"),
}
JAX_WS = "/usr/share/jaxws/lib/*"
AXIS_JARS = ("axis", "axis-jaxrpc", "axis-saaj", "commons-logging", "commons-discovery", "wsdl4j")
AXIS = ":".join(f"/usr/share/java/{name}.jar" for name in AXIS_JARS)
Command = Callable[..., Sequence[str | Path]]


@dataclass(frozen=True)
class Tools:
    """
    What makes a client, and runs it: commands that run in a folder of their own.

    program   the fixture of what must be there
    key       the part that the client puts
    generate  makes the classes of a service, given its package and the address of its WSDL
    build     compiles the client and what was generated, given all their files
    run       the client; the address, the user, the password and an API key follow
    ending    of the files that are generated
    """

    program: str
    key: str
    generate: Command
    build: Command
    run: Sequence[str]
    ending: str = ".java"


def java(class_path: str, *files: str | Path) -> Sequence[str | Path]:
    return ["javac", "-nowarn", "-cp", class_path, "-d", ".", *files]


def axis(package: str, address: str) -> Sequence[str]:
    """For EcoSys with beans for arrays: an ObjectResult is none, though it looks like one."""
    beans = ["-w"] if package == "ecosys" else []
    return ["java", "-cp", AXIS, "org.apache.axis.wsdl.WSDL2Java", *beans, "-p", package, "-o", ".", address]


TOOLS = {
    "JaxWs.java": Tools(
        program="jaxws",
        key="JAXWS-1",
        generate=lambda package, address: ["wsimport", "-quiet", "-Xnocompile", "-d", ".", "-p", package, address],
        build=lambda *files: java(JAX_WS, *files),
        run=["java", "-cp", f"{JAX_WS}:.", "JaxWs"],
    ),
    "Axis.java": Tools(
        program="axis",
        key="AXIS-1",
        generate=axis,
        build=lambda *files: java(AXIS, *files),
        run=["java", "-cp", f"{AXIS}:.", "Axis"],
    ),
    "DotNet.cs": Tools(
        program="mono",
        key="NET-1",
        generate=lambda package, address: ["wsdl", f"/n:{package}", f"/out:{package}.cs", address],
        build=lambda *files: ["mcs", "-nowarn:0618", "-r:System.Web.Services", "-out:Client.exe", *files],
        run=["mono", "Client.exe"],
        ending=".cs",
    ),
}


@pytest.fixture
def key(live_server_process):
    with live_server_process.database():
        return key_for(User.objects.get(username=live_server_process.username), *ALL)


def succeed(command, folder):
    # Short runs of Java: what the compiler of the machine learns is worth less than what it costs.
    environment = os.environ | {"JAVA_TOOL_OPTIONS": " ".join(QUICK)}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.process
@pytest.mark.parametrize("client", TOOLS)
def test_works(client, request, live_server_process, account, key, tmp_path):
    tools = TOOLS[client]
    request.getfixturevalue(tools.program)
    for package, path in SERVICES.items():
        succeed(tools.generate(package, live_server_process.url + path), tmp_path)
    succeed(tools.build(CLIENTS / client, *tmp_path.rglob(f"*{tools.ending}")), tmp_path)

    said = succeed([*tools.run, live_server_process.url, *account, key], tmp_path)

    assert dict(line.split(": ", 1) for line in said.splitlines()) == {
        "oracle inserted": "1",
        "oracle found": "5 kept 12.50",
        "oracle fault": "PARTS-ERR",
        "session opened": "yes",
        "session is of": account[0],
        "session closed": "true",
        "ecosys updated": tools.key,
        "ecosys refused": "ESRC_OBJECT_NOT_FOUND_BY_KEY",
        "ecosys found": "4 kept",
        "sap added": "OK",
        "crm found": "12.5",
        "crm fault": "This session is not known, or it has ended: call createSession again.",
    }


@pytest.fixture
def event(live_server_process):
    """An event that checks the parts whose number is like its parameter, which it requires."""
    with live_server_process.database():
        api = publish("ValidateParts", "parts", parameters=[("Like", "number", "LIKE", True)], event="check")
    yield
    with live_server_process.database():
        api.delete()


@pytest.mark.process
def test_xjc_reads_the_flag_of_every_result(jaxws, live_server_process, account, event, tmp_path):
    for name in ("Part", "ValidateParts"):
        schema = f"{live_server_process.url}/ecosys/api/restxml/{name}/?xsd"
        (tmp_path / f"{name}.xsd").write_bytes(urlopen(schema).read())
    xjc = ["java", "-cp", JAX_WS, "com.sun.tools.xjc.Driver", "-quiet", "-d", ".", "Part.xsd", "ValidateParts.xsd"]
    succeed(xjc, tmp_path)
    succeed(java(JAX_WS, CLIENTS / "EcoSysRest.java", *tmp_path.rglob("*.java")), tmp_path)

    said = succeed(["java", "-cp", f"{JAX_WS}:.", "EcoSysRest", live_server_process.url, *account], tmp_path)

    unfit = "Units must be a whole number; 'none' is not."
    assert dict(line.split(": ", 1) for line in said.splitlines()) == {
        "mixed": f"XJC-1 done; XJC-2 {unfit} XJC-3 done;",
        "all failed": f"XJC-2 {unfit}",
        "read": "true 4",
        "refused": "false 'Colour' is no runtime parameter of Part; defined are PartID.",
        "event": "true",
        "failed event": "false The runtime parameter Like of ValidateParts is required.",
        "no flag": "true",
    }
