"""
The masked form of a completed call, made once: exchange and batch job store nothing that does not come from here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import parse_qsl, quote

from records.shapes.copying import replace
from records.shapes.recognition import MASK, mask_pairs, plain_name
from webservices.conf import server_settings
from webservices.exchanges.context import CompletedCall
from webservices.exchanges.mask_json import mask_json
from webservices.exchanges.mask_known import learn_mask, mask_known
from webservices.exchanges.mask_xml import mask_xml
from webservices.exchanges.masking import Mask, MaskedBody, build_mask
from webservices.exchanges.secrets import collect_secrets
from webservices.exchanges.streaming_body import SentBody, whole_body
from webservices.wire.messages import Answer

QUOTES_NOTHING = {
    *("malformed", "malformed-json", "document-type", "too-deep", "too-many-attributes", "empty-body"),
    *("too-large", "unknown-encoding", "not-compressed", "too-many-members", "cut-off"),
}  # codes of problems whose sentence repeats no piece of the request
Masker = Callable[[SentBody, Mask, int], MaskedBody]
MASKS: Mapping[str, Masker] = {"xml": mask_xml, "json": mask_json}
# Of what the hub wrote; and of what a dialect has read to its end, which it does for whatever is not refused.
MASKS_OF_OWN: Mapping[str, Masker] = {"xml": partial(mask_xml, is_parsed=True), "json": partial(mask_json, is_own=True)}
MASKS_OF_READ: Mapping[str, Masker] = {**MASKS, "xml": partial(mask_xml, is_parsed=True)}


@dataclass(frozen=True)
class MaskedCall:
    """
    A call without its secrets.

    mask     of the dialect, with every secret that was presented, given, or found by its name in the request
    address  path and query
    """

    mask: Mask
    request: MaskedBody
    response: MaskedBody
    address: str

    @property
    def is_quotable(self) -> bool:
        """True if sentences of the answer can be stored: they quote nothing that was not searched for secrets."""
        return self.response.text is not None


def mask_call(call: CompletedCall) -> MaskedCall:
    """Mask the request, then the response with what was found secret in the request, too."""
    mask = build_mask(
        call.dialect.secrets,
        collect_secrets(call.credentials, call.user[1], call.call, call.answer),
        user_name=call.user[1],
        mixed=call.call is None or call.caller is None,
    )
    request = _mask_request(call, mask)
    mask = mask.with_values(request.secrets)
    if _may_quote(call, request):
        response = MaskedBody(None, "Not kept, because it may quote what could not be read.")
    else:
        response = _mask_response(call, mask)
    # The query of a POST says nothing to most wires, so anything may be in it.
    address_mask = replace(mask, mixed=True) if call.request.method == "POST" else mask
    return MaskedCall(mask, request, response, mask_address(call.request.path, call.request.query, address_mask))


def mask_body(
    sent: SentBody, media: str, mask: Mask, limit: int | None = None, masks: Mapping[str, Masker] = MASKS
) -> MaskedBody:
    """
    Mask a body of XML or JSON; nothing is left of any other.

    media  `xml` or `json`
    limit  bytes of its beginning that are wanted; None: as the setting EXCHANGE_BODY_BYTES says
    masks  by media, those for what is known of it
    """
    if not sent.size:
        return MaskedBody("")
    if media not in MASKS:
        return MaskedBody(None, "Not kept, it is neither XML nor JSON.")
    return masks[media](sent, mask, server_settings().exchange_body_bytes if limit is None else limit)


def mask_address(path: str, query: str, mask: Mask) -> str:
    """Path and query as one text, the values of secret parameters masked."""
    path = mask_pairs(mask.text(path))
    if not query:
        return path
    pairs = parse_qsl(query, keep_blank_values=True, errors="replace")
    masked = [(mask.text(name), _mask_parameter(plain_name(name), value, mask)) for name, value in pairs]
    parameters = (f"{_quote(name)}={_quote(value)}" if value else _quote(name) for name, value in masked)
    return f"{path}?" + "&".join(parameters)


def _mask_parameter(name: str, value: str, mask: Mask) -> str:
    is_secret = mask.hides(name) or mask.names_stranger(name, value)
    return MASK if value and is_secret else mask_pairs(mask.text(value))


def _quote(text: str) -> str:
    return quote(text, safe="/:*,@ ").replace(" ", "+")


def _mask_request(call: CompletedCall, mask: Mask) -> MaskedBody:
    if call.unread:
        return MaskedBody(None, f"Not kept: {call.unread}", is_parsed=False)
    occurrence = call.occurrence
    if occurrence is not None and (masked := mask_known(occurrence, mask)):
        return masked
    masks = MASKS_OF_READ if isinstance(call.answer, Answer) and not call.replay_of else MASKS
    body = mask_body(whole_body(call.request.body), call.dialect.media, mask, masks=masks)
    if occurrence is not None:
        learn_mask(occurrence, mask, body)
    return body


def _mask_response(call: CompletedCall, mask: Mask) -> MaskedBody:
    content_type = call.response.content_type.partition(";")[0]
    media = next((media for media in MASKS if media in content_type), "")
    masked = mask_body(call.sent, media, mask, masks=MASKS_OF_OWN)
    return masked if not call.sent.note else replace(masked, note=f"{masked.note} {call.sent.note}".strip())


def _may_quote(call: CompletedCall, request: MaskedBody) -> bool:
    """True if the response may quote a request that could not be parsed, where a secret may be anything."""
    # Of a malformed body that is stored in part, the part may parse while the error, and its quotation, lies behind it.
    is_searched = request.is_parsed and (request.is_whole or not call.is_malformed)
    return not is_searched and (call.problem is None or call.problem.code not in QUOTES_NOTHING)
