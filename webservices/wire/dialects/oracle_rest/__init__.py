"""Oracle CPQ over REST: the parts of a site, for those who leave SOAP."""
