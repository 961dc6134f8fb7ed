"""Checks of answers, values taken out of them, and runs of whole collections."""
