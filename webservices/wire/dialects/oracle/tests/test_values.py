"""The reader of maps that is made for the usual ones reads all of them as the plain one does."""

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from webservices.wire.dialects.oracle.values import _map_reader, _map_value
from webservices.wire.xml.clear import read_structure

XSI = "http://www.w3.org/2001/XMLSchema-instance"
ENTRY = st.builds(
    "<b:{0}{1}>{2}</b:{0}>".format,
    st.sampled_from(["en", "de", "fr"]),
    st.sampled_from(["", ' x:nil="true"', ' x:nil="0"', ' other="1"']),
    st.sampled_from(["", " ", "Pump", "<b:en>in</b:en>", '<b:en x:nil="1"/>']),
)
MAP = st.builds(
    '<b:map xmlns:b="urn:b" xmlns:x="{}"{}>{}</b:map>'.format,
    st.just(XSI),
    st.sampled_from(["", ' clear="true"', ' clear="no"', ' other="1"']),
    st.one_of(st.lists(ENTRY, max_size=4).map("".join), st.sampled_from(["text", " "])),
)


@given(st.lists(MAP, min_size=1, max_size=3))
def test_reads_a_map_as_the_plain_reader_does(maps):
    read = _map_reader()

    for text in maps:
        element = etree.fromstring(text)
        assert read(element) == read_structure(element, _map_value(element))
