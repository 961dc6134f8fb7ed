"""The caller: the user on whose behalf a call runs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caller:
    """
    The user on whose behalf a call runs.

    credential  a label of what was presented (`password`, `session`, the prefix of a key), never the secret
    permissions Django permission names, `parts.add_part`; a superuser has them all
    operations  names of the only operations that the credential allows, `parts.add`; None: it does not narrow
    proof       digest of the stored hash of the password that was verified, or that a sign-in stands for; "": neither
    session     the id of the session that the caller has opened, if that is what was presented
    key         the id of the API key, if that is what was presented
    generation  the counter of the site's definitions at the moment the caller was read
    """

    user_id: int | None
    user_name: str
    credential: str = ""
    call_id: str = ""
    permissions: frozenset[str] = frozenset()
    superuser: bool = False
    generation: int = 0
    operations: frozenset[str] | None = None
    session: int | None = None
    key: int | None = None
    proof: str = ""

    def has_perm(self, permission: str) -> bool:
        return self.superuser or permission in self.permissions

    def lists(self, operation: str) -> bool:
        """True if the credential, such as an API key that lists its operations, allows this one."""
        return self.operations is None or operation in self.operations
