"""As forms take them and every wire has them: 2026-11-22 03:03. They are narrow in lists, and sort as they read."""

DATE_FORMAT = SHORT_DATE_FORMAT = "Y-m-d"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "Y-m-d H:i"
