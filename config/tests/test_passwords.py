"""Passwords that people choose, and how they change them."""

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse

PASSWORD = "ada-ada!"
LONG = "ein Satz, den sich jemand merkt; ünd keine Ziffer ist darin, " * 2


@pytest.fixture
def ada(db) -> User:
    return User.objects.create_superuser("ada", password=PASSWORD)


@pytest.mark.parametrize("password", ["sevens7", "password1234", "iloveyou", "ada-lovelace", "1234567890"])
def test_what_is_short_or_easily_guessed_is_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password, User(username="ada", last_name="Lovelace"))


@pytest.mark.parametrize("password", ["zwölf kleine Hasen", "qwqwzzvvkkjj", "7583920175 ", LONG])
def test_any_other_is_taken(password):
    validate_password(password, User(username="ada", last_name="Lovelace"))


def test_all_of_it_counts():
    user = User()
    user.set_password(LONG)

    assert [user.check_password(other) for other in (LONG, LONG.swapcase(), LONG[:-1])] == [True, False, False]


class TestChange:
    def change(self, client, old: str, new: str):
        address = reverse("admin:password_change")
        return client.post(address, {"old_password": old, "new_password1": new, "new_password2": new})

    def test_needs_the_old_one(self, ada, client):
        client.force_login(ada)

        self.change(client, "another", "zwölf kleine Hasen")

        ada.refresh_from_db()
        assert ada.check_password(PASSWORD)

    def test_is_done_with_it(self, ada, client):
        client.force_login(ada)

        self.change(client, PASSWORD, "zwölf kleine Hasen")

        ada.refresh_from_db()
        assert ada.check_password("zwölf kleine Hasen")

    def test_shows_no_input_in_clear(self, ada, client):
        client.force_login(ada)

        page = client.get(reverse("admin:password_change")).content.decode()

        for name in ("old_password", "new_password1", "new_password2"):
            (field,) = [tag for tag in page.split("<input")[1:] if f'name="{name}"' in tag]
            assert 'type="password"' in field.partition(">")[0]
