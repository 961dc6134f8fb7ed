"""The dialects: one folder per vendor's wire, each with the same modules. Free of Django."""
