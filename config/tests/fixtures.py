"""Fixtures for every test: programs of the machine, and a live server process."""
