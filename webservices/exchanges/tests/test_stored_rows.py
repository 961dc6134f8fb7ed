"""The rows of every resource, as the database gives them: texts in lexical form."""

import pytest

from records.find import Search
from records.shapes.blocks import CUSTOM
from records.shapes.fields import SCALARS, Kind
from records.shapes.formatting import lexical
from records.shapes.parsing import reader
from records.shapes.values import EMPTY
from webservices.declarations import OPERATIONS
from webservices.wire.operations import Verb

FINDS = [operation for operation in OPERATIONS if operation.verb is Verb.FIND and operation.find]


@pytest.mark.parametrize("operation", FINDS, ids=lambda operation: operation.resource.plural)
def test_are_texts_in_lexical_form(demo_world, db, operation):
    [*blocks] = operation.find(search=Search(), page_size=1).records.blocks()

    for block in blocks:
        layout = block.layout
        for name in set(layout.names) - {CUSTOM}:
            field = layout.resource.by_name[name]
            if field.kind not in SCALARS:
                continue
            for stored, value in zip((row[layout.places[name]] for row in block.rows), block.column(name), strict=True):
                assert stored is None or isinstance(stored, str)
                if value and field.kind is not Kind.DECIMAL:
                    assert lexical(reader(field)(value)) == value == stored
        assert [
            {name: block.column(name)[0] or EMPTY for name in record} for record in block.records()
        ] == block.records()
