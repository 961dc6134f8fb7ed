"""The key that signs sessions."""

import stat
from concurrent.futures import ThreadPoolExecutor

from config.secret_key import ensure_secret_key, secret_key


def test_is_made_once_and_kept(tmp_path):
    ensure_secret_key(tmp_path / "data")
    first = secret_key(tmp_path / "data")
    ensure_secret_key(tmp_path / "data")

    assert secret_key(tmp_path / "data") == first
    assert len(first) >= 50


def test_is_its_owners_alone(tmp_path):
    ensure_secret_key(tmp_path)

    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_is_what_the_environment_says(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "chosen")
    ensure_secret_key(tmp_path)

    assert secret_key(tmp_path) == "chosen"
    assert not list(tmp_path.iterdir())


def test_differs_between_processes_until_there_is_one(tmp_path):
    assert secret_key(tmp_path) != secret_key(tmp_path)


def test_is_one_when_several_make_it(tmp_path):
    with ThreadPoolExecutor(1) as pool:
        list(pool.map(ensure_secret_key, [tmp_path] * 2))

    assert secret_key(tmp_path) == secret_key(tmp_path)
