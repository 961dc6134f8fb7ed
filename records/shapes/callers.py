"""Who is calling."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caller:
    """
    The user on whose behalf a call runs.

    credential  a label of what was presented (`password`, `session`, the prefix of a key), never the secret
    rights      Django permission names, `parts.add_part`; a superuser has them all
    generation  the counter of the site's definitions at the moment the caller was read
    """

    user_id: int | None
    user_name: str
    credential: str = ""
    call_id: str = ""
    rights: frozenset[str] = frozenset()
    superuser: bool = False
    generation: int = 0

    def may(self, permission: str) -> bool:
        return self.superuser or permission in self.rights
