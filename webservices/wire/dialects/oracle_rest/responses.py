"""A response of Oracle CPQ's REST interface: JSON, with the version of its one record as ETag."""

from collections.abc import Mapping

from records.shapes.values import EMPTY
from webservices.wire.dialects.oracle_rest.names import JSON_TYPE
from webservices.wire.messages import WireResponse


def json_response(status: int, text: str, headers: Mapping[str, str] | None = None) -> WireResponse:
    """Return a response of JSON."""
    return WireResponse(status, text.encode(), JSON_TYPE, headers or {})


def etag(version: object) -> dict[str, str]:
    """Return the header that tells the version of a record; none for a record without."""
    return {"ETag": f'"{version}"'} if version not in (None, "", EMPTY) else {}
