"""What can be done with parts: the verbs that every record has; parts add no rule of their own."""

from parts.models import Part
from parts.resources import PART
from records.services import Services

PARTS = Services(Part, PART)
