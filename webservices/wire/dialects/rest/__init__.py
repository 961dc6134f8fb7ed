"""REST: the hub's own clean wire, JSON over HTTP."""
