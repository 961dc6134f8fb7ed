"""The hash of passwords and keys."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class OneLaneArgon2PasswordHasher(Argon2PasswordHasher):
    """
    Argon2id that computes on one core: a process hashes one secret at a time, and there is a process for each core.

    Twice the work of the first choice in OWASP's Password Storage Cheat Sheet (46 MiB, one pass, one lane). The one of
    Django (100 MiB, two passes, eight lanes) keeps all cores of a small machine busy for a third of a second, so that
    eight guessers make everybody wait for three. A hash says itself how it was made: older ones are taken as they are.
    """

    memory_cost = 47_104  # KiB
    parallelism = 1
