"""ISO formats, as forms take them and every wire has them: 2026-11-22 03:03. Narrow in lists, and they sort as text."""

DATE_FORMAT = SHORT_DATE_FORMAT = "Y-m-d"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "Y-m-d H:i"
