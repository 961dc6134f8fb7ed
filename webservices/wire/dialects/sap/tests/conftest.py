"""The fixtures of these tests: the cast as users of the database."""

from webservices.conftest import _nobody_known, ada, bob, stored_hash  # noqa: F401
