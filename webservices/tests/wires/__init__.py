"""Tests over all wires at once, walked from their declarations."""
