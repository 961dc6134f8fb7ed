"""SAP CPQ's web method CustomerAdministration: SOAP 1.1 and 1.2, the customers in a document of their own."""
