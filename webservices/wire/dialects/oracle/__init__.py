"""Oracle CPQ's SOAP services: SOAP 1.1 and 1.2, document/literal."""
