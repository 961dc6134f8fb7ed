"""The one error of testers' pages: code that catches it shows its sentence, or puts a place in front of it."""


class TesterError(Exception):
    """A thing that a tester wanted and that cannot be done; the message is a sentence for the page."""

    __test__ = False  # pytest would take a class whose name begins with Test for one of tests
