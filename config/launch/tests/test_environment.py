"""The Python environment is made once and found again."""

import pytest

from config.launch import environment


@pytest.fixture
def venv(tmp_path, monkeypatch):
    """An environment that works, into which installing is only noted."""
    monkeypatch.setattr(environment, "_works", lambda venv: True)
    installed = []
    monkeypatch.setattr(environment, "_run", lambda command, failure: installed.append(command[-1].name))
    for name in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text(f"pins of {name}")
    return tmp_path, installed


def have(folder, name):
    environment.ensure_environment(folder / "venv", folder / name)


def test_what_is_installed_is_not_installed_again(venv):
    folder, installed = venv

    have(folder, "requirements.txt")
    have(folder, "requirements.txt")

    assert installed == ["requirements.txt"]


def test_the_requirements_of_the_tests_include_those_of_the_server(venv):
    folder, installed = venv

    have(folder, "requirements-dev.txt")
    have(folder, "requirements.txt")

    assert installed == ["requirements-dev.txt"]


def test_changed_pins_are_installed(venv):
    folder, installed = venv
    have(folder, "requirements-dev.txt")

    (folder / "requirements.txt").write_text("another pin")
    have(folder, "requirements.txt")

    assert installed == ["requirements-dev.txt", "requirements.txt"]
