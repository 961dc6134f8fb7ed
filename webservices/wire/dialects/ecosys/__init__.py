"""EcoSys object writes: SOAP, REST XML and REST JSON, for APIs that a site publishes."""
