"""The messages of a connection: the requests that it reads, and the answers to what is none."""

import time
from typing import Any

from waitress.buffers import OverflowableBuffer
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import ErrorTask
from waitress.utilities import Error

from config.headers import SERVER_HEADERS


class RequestTimeout(Error):
    """The error of waitress for a request that did not come in time."""

    code = 408
    reason = "Request Timeout"


class _CappedBuffer(OverflowableBuffer):
    """A buffer that keeps no more than so many bytes, and drops what is appended after them."""

    def __init__(self, buffer: OverflowableBuffer, size: int) -> None:
        super().__init__(buffer.overflow)
        self.size = size

    def append(self, data: bytes) -> None:
        if room := self.size - len(self):
            super().append(data[:room])


class Request(HTTPRequestParser):
    """A request that comes in; one byte of its body more than allowed is kept, by which the application can tell."""

    path = ""  # until the head is read

    def __init__(self, adjustments: Any) -> None:
        super().__init__(adjustments)
        self.begin_time = self.body_time = time.monotonic()

    def parse_header(self, head: bytes) -> None:
        super().parse_header(head)
        # Where two lengths are said, a proxy may have read the other one, and what follows is a second request to us.
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Content-Length and Transfer-Encoding exclude each other.")
        self.body_time = time.monotonic()
        if self.body_rcv is not None:
            self.body_rcv.buf = _CappedBuffer(self.body_rcv.buf, self.adj.limits.body_bytes + 1)


class ErrorAnswer(ErrorTask):
    """An answer of the web server itself, to what never came to the application or made it fail."""

    def execute(self) -> None:
        self.response_headers.extend(SERVER_HEADERS.items())
        super().execute()
