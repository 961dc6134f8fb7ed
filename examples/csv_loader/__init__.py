"""A mapping of CSV files to the hub's records: how it is read, and what it makes of lines."""
