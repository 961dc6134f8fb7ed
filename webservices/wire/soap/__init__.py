"""
SOAP 1.1 and 1.2 without any vendor: envelopes, faults, WS-Security, options. Free of Django.

    envelope.Envelope     header blocks and the operation's element, then its children as a stream
    faults.write_fault    a fault in either version
    security              the UsernameToken
"""
