"""Tests of what searches find, and in which order."""
