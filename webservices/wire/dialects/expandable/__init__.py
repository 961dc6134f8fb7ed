"""Expandable ERP: `POST /api/{resource}-{verb}`, JSON in which every value is a text."""
