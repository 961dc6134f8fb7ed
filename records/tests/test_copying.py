"""A quick copy is the copy that the standard library makes."""

import dataclasses
from functools import cached_property

import pytest

from records.shapes.copying import replace


@dataclasses.dataclass(frozen=True)
class Plain:
    one: int
    two: str = "2"


@dataclasses.dataclass(frozen=True)
class Deeper(Plain):
    three: tuple = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Slotted:
    one: int
    two: str = "2"


@dataclasses.dataclass(frozen=True)
class Checked:
    one: int
    two: str = "2"

    def __post_init__(self):
        object.__setattr__(self, "two", f"{self.one} and {self.two}")


@dataclasses.dataclass(frozen=True)
class Remembering:
    one: int
    two: str = "2"

    @cached_property
    def both(self):
        return f"{self.one} {self.two}"


KINDS = [Plain, Deeper, Slotted, Checked, Remembering]


@pytest.mark.parametrize("kind", KINDS)
def test_copies_as_the_standard_library(kind):
    original = kind(1)
    _ = getattr(original, "both", None)

    copy, usual = replace(original, one=3), dataclasses.replace(original, one=3)

    assert copy == usual
    assert copy is not original
    assert type(copy) is kind
    assert (original.one, copy.one) == (1, 3)
    assert getattr(copy, "both", "") == getattr(usual, "both", "")


@pytest.mark.parametrize("kind", KINDS)
def test_a_field_that_is_not_there_is_refused(kind):
    with pytest.raises(TypeError):
        replace(kind(1), three_and_more=3)
