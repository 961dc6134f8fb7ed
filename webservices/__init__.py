"""The doors, the dialects, and what lies between them and the services."""
