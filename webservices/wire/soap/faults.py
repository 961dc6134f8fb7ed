"""
Faults in both versions.

    <soapenv:Fault>                                   <soapenv:Fault>
      <faultcode>soapenv:Server</faultcode>             <soapenv:Code><soapenv:Value>soapenv:Sender</soapenv:Value></…>
      <faultstring>…</faultstring>                      <soapenv:Reason><soapenv:Text xml:lang="en">…</soapenv:Text></…>
      <detail>…</detail>                                <soapenv:Detail>…</soapenv:Detail>
    </soapenv:Fault>                                  </soapenv:Fault>
"""

from dataclasses import dataclass

from records.shapes.problems import Problem
from webservices.wire.soap.envelope import MUST_UNDERSTAND, VERSION_MISMATCH, write_envelope
from webservices.wire.soap.versions import SOAP_11, SOAP_12, VERSIONS, SoapVersion
from webservices.wire.xml.writing import NOTHING, Markup, element, join


@dataclass(frozen=True)
class Fault:
    """
    A fault, free of its version.

    code     the local name of the code, as the version names it: `Server`, `Sender`, `VersionMismatch`
    special  namespace and name of a code of its own: the faultcode itself in 1.1, a Subcode in 1.2
    detail   its children; with `attributes`, namespaces mostly, on the detail element
    header   header blocks of the answer
    """

    code: str
    reason: str
    special: tuple[str, str] | None = None
    detail: Markup = NOTHING
    attributes: tuple[tuple[str, str], ...] = ()
    header: Markup = NOTHING


def write_fault(fault: Fault, version: SoapVersion) -> tuple[int, bytes]:
    """Return the HTTP status and the envelope."""
    content = _WRITERS[version](fault)
    return version.statuses.get(fault.code, 500), write_envelope(content, version, fault.header)


def _write_fault_11(fault: Fault) -> Markup:
    # In SOAP 1.1 the children of a Fault are in no namespace.
    code = element("faultcode", f"soapenv:{fault.code}")
    if fault.special:
        namespace, name = fault.special
        code = element("faultcode", f"ns1:{name}", attributes={"xmlns:ns1": namespace})
    detail = element("detail", fault.detail, attributes=dict(fault.attributes)) if fault.detail else NOTHING
    return element("soapenv:Fault", code, element("faultstring", fault.reason), detail)


def _write_fault_12(fault: Fault) -> Markup:
    code = element("soapenv:Value", f"soapenv:{fault.code}")
    if fault.special:
        namespace, name = fault.special
        value = element("soapenv:Value", f"ns1:{name}", attributes={"xmlns:ns1": namespace})
        code = join([code, element("soapenv:Subcode", value)])
    reason = element("soapenv:Reason", element("soapenv:Text", fault.reason, attributes={"xml:lang": "en"}))
    detail = element("soapenv:Detail", fault.detail, attributes=dict(fault.attributes)) if fault.detail else NOTHING
    return element("soapenv:Fault", element("soapenv:Code", code), reason, detail)


_WRITERS = {SOAP_11: _write_fault_11, SOAP_12: _write_fault_12}


def version_mismatch(reason: str) -> Fault:
    """An envelope of neither version; the header block Upgrade names those that are read."""
    supported = [
        element("env:SupportedEnvelope", attributes={"qname": "ns:Envelope", "xmlns:ns": namespace})
        # The order is that of preference (SOAP 1.2, part 1, 5.4.7).
        for namespace in reversed(VERSIONS)
    ]
    upgrade = element("env:Upgrade", *supported, attributes={"xmlns:env": SOAP_12.namespace})
    return Fault("VersionMismatch", reason, header=upgrade)


def must_understand(reason: str, block: tuple[str, str], version: SoapVersion) -> Fault:
    """A header block, by namespace and name, that had to be understood; 1.2 names it in a header block of its own."""
    namespace, name = block
    names = {"qname": f"ns:{name}", "xmlns:ns": namespace}
    # A name in no namespace cannot be written as a `qname` with a prefix.
    header = element("soapenv:NotUnderstood", attributes=names) if version is SOAP_12 and namespace else NOTHING
    return Fault("MustUnderstand", reason, header=header)


def fault_of_envelope(problem: Problem, reason: str, version: SoapVersion) -> Fault | None:
    """The fault that SOAP itself prescribes for a problem of the envelope; None: it prescribes none."""
    if problem.code == VERSION_MISMATCH:
        return version_mismatch(reason)
    if problem.code == MUST_UNDERSTAND:
        namespace, name = map(str, problem.path)
        return must_understand(reason, (namespace, name), version)
    return None
