"""
SOAP 1.1 and 1.2 without any vendor: XML in and out, envelopes, faults, WS-Security. Free of Django.

    parsing.parse         the one entrance of XML
    writing.element       the one way out
    envelope.Envelope     header blocks and the operation's element, then its children as a stream
    faults.write_fault    a fault in either version
    security              the UsernameToken
"""
