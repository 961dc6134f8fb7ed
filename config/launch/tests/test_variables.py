"""A variable of the environment that cannot be is told in a sentence, with its name, before anything is started."""

import re

import pytest

from config.launch.errors import StartError
from config.launch.paths import BASE_DIR
from config.launch.variables import NUMBERS, SWITCHES, check_variables, read_number


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("text", ["abc", "-1", "1.5", "1e3", "٣", "9" * 20])
def test_what_is_no_number_is_refused(monkeypatch, name, text):
    monkeypatch.setenv(name, text)

    with pytest.raises(StartError) as refusal:
        check_variables()

    assert str(refusal.value).startswith(f"{name} is {text!r}, ")
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("name, number", NUMBERS.items())
def test_what_is_too_small_or_too_large_is_refused(monkeypatch, name, number):
    for value in (number.least - 1, number.most + 1):
        monkeypatch.setenv(name, str(value))
        with pytest.raises(StartError, match=rf"{name} .* from {number.least} to {number.most}"):
            read_number(name)
    for value in (number.least, number.most):
        monkeypatch.setenv(name, str(value))
        assert read_number(name) == value


@pytest.mark.parametrize("name", SWITCHES)
def test_what_is_neither_yes_nor_no_is_refused(monkeypatch, name):
    monkeypatch.setenv(name, "ture")

    with pytest.raises(StartError, match=f"{name} is 'ture'"):
        check_variables()


def test_the_settings_have_no_number_or_switch_that_is_not_checked():
    source = (BASE_DIR / "config/settings.py").read_text()

    assert set(re.findall(r"env\.bool\(\"(\w+)\"", source)) == set(SWITCHES)
    assert not re.findall(r"env\.(?:int|float)\(", source)


def test_several_are_told_at_once(monkeypatch):
    monkeypatch.setenv("WEB_CONCURRENCY", "0")
    monkeypatch.setenv("WEB_THREADS", "abc")
    monkeypatch.setenv("LOG_LEVEL", "loud")

    with pytest.raises(StartError) as refusal:
        check_variables()

    assert [line.partition(" ")[0] for line in str(refusal.value).splitlines()] == [
        "WEB_CONCURRENCY",
        "WEB_THREADS",
        "LOG_LEVEL",
    ]


def test_the_defaults_can_be(monkeypatch):
    for name in (*NUMBERS, *SWITCHES, "LOG_LEVEL"):
        monkeypatch.delenv(name, raising=False)

    check_variables()
    for name, number in NUMBERS.items():
        assert number.least <= read_number(name) <= number.most
