"""The row of a user, with all permissions and the generation of the definitions: one statement in each call."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from records import sql

# A text that stands for a password that was proven. It changes with the password, and when the user is disabled: what
# was opened before shall not live again when the user is enabled.
PROOF = """encode(sha256(convert_to(u.password || COALESCE(
        (SELECT '!' || d.number FROM webservices_disablement d WHERE d.user_id = u.id), ''
    ), 'UTF8')), 'hex')"""
COLUMNS = f"""u.id, u.username, u.password, {PROOF}, u.is_active, u.is_superuser,
    ARRAY(
        SELECT t.app_label || '.' || p.codename
        FROM auth_permission p JOIN django_content_type t ON t.id = p.content_type_id
        WHERE p.id IN (
            SELECT own.permission_id FROM auth_user_user_permissions own WHERE own.user_id = u.id
            UNION ALL
            SELECT shared.permission_id
            FROM auth_user_groups member JOIN auth_group_permissions shared USING (group_id)
            WHERE member.user_id = u.id
        )
    ),
    COALESCE((SELECT number FROM records_generation WHERE id = 1), 0)"""  # noqa: S608 - of constants
USER = f"SELECT {COLUMNS} FROM auth_user u WHERE "  # noqa: S608 - of constants


@dataclass(frozen=True, slots=True)
class User:
    """
    A user as one call sees it.

    stored       the hash of the password, as Django stores it
    proof        what a proof of the password is now, a text of 64 characters
    permissions  the user's own and those of the user's groups, `parts.add_part`
    """

    id: int
    name: str
    stored: str
    proof: str
    active: bool
    superuser: bool
    permissions: frozenset[str]
    generation: int

    @classmethod
    def from_row(cls, row: Sequence) -> "User":
        """Build a user from the values of COLUMNS, of any statement that selects them."""
        id, name, stored, proof, active, superuser, permissions, generation = row
        return cls(id, name, stored, proof, active, superuser, frozenset(permissions), generation)

    def narrow(self, permissions: frozenset[str]) -> "User":
        """Return the user with those of the own permissions alone that are among these."""
        own = permissions if self.superuser else self.permissions & permissions
        return replace(self, superuser=False, permissions=own)


def find_user_by_name(name: str) -> User | None:
    """Return the user of this name, code point by code point; None when there is none."""
    if "\x00" in name or not is_unicode(name):
        return None  # PostgreSQL has no such text
    return _find_user(USER + "u.username = %s", name)


def find_user_by_id(id: int) -> User | None:
    """Return the user of this id; None when there is none."""
    return _find_user(USER + "u.id = %s", id)


def _find_user(statement: str, parameter: str | int) -> User | None:
    found = sql.rows(statement, [parameter])
    return next((User.from_row(row) for row in found), None)


def is_unicode(text: str) -> bool:
    """True if the text has no lone surrogates (half characters)."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
