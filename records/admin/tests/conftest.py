"""The fixtures of these tests."""

from parts.tests.catalogue import _nothing_defined, ada, person  # noqa: F401 - pytest finds them here
