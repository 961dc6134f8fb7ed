"""The namespaces of the standards, each written once; a vendor's own stay in its dialect's names."""

XSD = "http://www.w3.org/2001/XMLSchema"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
NIL = f"{{{XSI}}}nil"

SOAP_11_ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_11_ENCODING = "http://schemas.xmlsoap.org/soap/encoding/"
SOAP_11_NEXT = "http://schemas.xmlsoap.org/soap/actor/next"
SOAP_12_ENVELOPE = "http://www.w3.org/2003/05/soap-envelope"
SOAP_12_NEXT = f"{SOAP_12_ENVELOPE}/role/next"
SOAP_12_ULTIMATE_RECEIVER = f"{SOAP_12_ENVELOPE}/role/ultimateReceiver"

WSDL = "http://schemas.xmlsoap.org/wsdl/"
WSDL_SOAP_11 = "http://schemas.xmlsoap.org/wsdl/soap/"
WSDL_SOAP_12 = "http://schemas.xmlsoap.org/wsdl/soap12/"
SOAP_OVER_HTTP = "http://schemas.xmlsoap.org/soap/http"
JAX_WS = "http://java.sun.com/xml/ns/jaxws"

_OASIS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
WSSE = f"{_OASIS}wssecurity-secext-1.0.xsd"
WSU = f"{_OASIS}wssecurity-utility-1.0.xsd"
USERNAME_TOKEN_PROFILE = f"{_OASIS}username-token-profile-1.0"
