"""What OpenAPI says of a request's body: the schema of an operation, with all that it refers to."""

import re
from collections.abc import Mapping, Sequence

from webservices.messages import WireRequest


def schemas_in(document: Mapping[str, object], request: WireRequest) -> Sequence[Mapping[str, object]]:
    """The schema of the operation at the request's path, whose `$ref`s lead into the same mapping; (): none."""
    exact_first = sorted(document["paths"].items(), key=lambda each: each[0].count("{"))
    operations = (
        item.get(request.method.lower(), {})
        for template, item in exact_first
        if _pattern(template).fullmatch(request.path)
    )
    for operation in operations:
        for media in operation.get("requestBody", {}).get("content", {}).values():
            return [{**media["schema"], "components": document["components"]}]
        return ()
    return ()


def _pattern(template: str) -> re.Pattern[str]:
    """`/api/v1/parts/{number}/`, whose number may hold anything that is no slash."""
    fixed = "[^/]+".join(map(re.escape, re.split(r"\{[^}]*\}", template.rstrip("/"))))
    return re.compile(fixed + "/?")
