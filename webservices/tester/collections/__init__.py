"""Collections as files: our own, and those of other programs."""
