"""Who accepts gzip, and answers as gzip, whole or chunk by chunk."""

import gzip
import zlib

import pytest

from records.tests.cast import table
from webservices.wire.compression import GZIP, CompressedChunks, accepts_gzip, compress, prepare_headers

ACCEPTED = {
    "nothing": ("", False),
    "gzip": ("gzip", True),
    "as browsers do": ("gzip, deflate, br, zstd", True),
    "as old clients do": ("x-gzip", True),
    "in capitals": ("GZIP;Q=0.5", True),
    "all": ("*", True),
    "all but that": ("*, gzip;q=0", False),
    "never": ("gzip;q=0", False),
    "never at all": ("gzip;q=0.000", False),
    "others": ("br, deflate, identity", False),
    "rather not": ("identity;q=1, gzip;q=0.5", False),
    "rather": ("identity;q=0.5, gzip;q=1.0", True),
    "instead": ("identity;q=0, gzip", True),
    "a weight that is none": ("gzip;q=2", False),
    "noise": (",;=q, gzip", True),
}


@pytest.mark.parametrize("header, expected", table(ACCEPTED))
def test_accepts_gzip(header, expected):
    assert accepts_gzip(header) == expected


HEADERS = {
    "of who does not accept it": ({}, "", {"Vary": "Accept-Encoding"}, False),
    "of who does": ({}, "gzip", {"Vary": "Accept-Encoding", "Content-Encoding": "gzip"}, True),
    "that vary already": ({"Vary": "Accept"}, "", {"Vary": "Accept, Accept-Encoding"}, False),
    "that vary by it": ({"Vary": "accept-encoding"}, "", {"Vary": "accept-encoding"}, False),
    "of what is encoded": (
        {"Content-Encoding": "br"}, "gzip", {"Content-Encoding": "br", "Vary": "Accept-Encoding"}, False
    ),
    "with an ETag": (
        {"ETag": '"7"'}, "gzip", {"ETag": '"7"', "Vary": "Accept-Encoding", "Content-Encoding": "gzip"}, True
    ),
}  # fmt: skip


@pytest.mark.parametrize("headers, accepted, expected, is_compressed", table(HEADERS))
def test_prepares_headers(headers, accepted, expected, is_compressed):
    headers = dict(headers)

    assert prepare_headers(headers, accepted) == is_compressed
    assert headers == expected


def test_compresses_the_same_to_the_same():
    assert gzip.decompress(compress(b"<a/>" * 1000)) == b"<a/>" * 1000
    assert compress(b"<a/>") == compress(b"<a/>")


class TestChunks:
    def test_each_can_be_unpacked_when_it_has_come(self):
        chunks = [b"<parts>", b"<part/>" * 5000, b"</parts>"]
        unpacker = zlib.decompressobj(GZIP)

        unpacked = [unpacker.decompress(packed) for packed in CompressedChunks(iter(chunks))]

        assert unpacked == [*chunks, b""]
        assert unpacker.eof

    def test_have_no_end_when_they_break_off(self):
        def break_off():
            yield b"<parts>"
            raise OSError

        packed, unpacker = CompressedChunks(break_off()), zlib.decompressobj(GZIP)

        assert unpacker.decompress(next(packed)) == b"<parts>"
        with pytest.raises(OSError):  # noqa: PT011 - any of that kind
            next(packed)
        assert not unpacker.eof

    def test_close_those_that_they_were_made_of(self):
        closed = []

        class Chunks:
            def __next__(self):
                return b"<a/>"

            def close(self):
                closed.append(True)

        packed = CompressedChunks(Chunks())
        next(packed)
        packed.close()

        assert closed == [True]
        assert [*packed] == []
