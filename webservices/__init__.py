"""The endpoints, the dialects, and the rooms between them and the services."""
