"""Options of a write that its records' own rules, or the site, may look at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """
    The options of one write.

    check_totals     a total that is sent and differs from the computed one fails its record; else it is a warning
    import_finished  new records may be finished business: they need not take the steps that led there
    """

    check_totals: bool = False
    import_finished: bool = False


NO_WRITE_OPTIONS = WriteOptions()
