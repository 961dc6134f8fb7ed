"""Descriptions read from the declarations: WSDL, OpenAPI, reference pages, skeletons. Free of Django."""
