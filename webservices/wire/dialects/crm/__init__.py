"""CRM-service's integration web services (CIWS): SOAP 1.1 in rpc style, an address and a WSDL for each manager."""
