"""The hub's facts about itself: its version and its time, the fields of its records, the values of its picklists."""
