"""
The body of a message whose markup has come before (`webservices.wire.recurrence`), masked where that one was.

Where secrets stand, the markup says, and of the texts only if a name is that of the known user. So the places are those
that the plain masking has hidden once. If a secret is left anywhere else, the plain masking is asked again.
"""

from records.shapes.recognition import MASK
from webservices.exchanges.mask_usual_xml import repeats_secret
from webservices.exchanges.masking import Mask, MaskedBody
from webservices.wire.recurrence import Message, Occurrence, split_body

HIDDEN = MASK.encode()


def mask_known(occurrence: Occurrence, mask: Mask) -> MaskedBody | None:
    """Return the masked body; None: how to mask it is not known."""
    reading, message = occurrence.reading, occurrence.message
    hidden = reading.hidden.get(mask.user_name)
    if hidden is None or not _is_usual(mask) or not _names_user(occurrence, mask):
        return None
    texts = [HIDDEN if place in hidden else text for place, text in enumerate(message.texts)]
    text = message.join(texts).decode()
    secrets = frozenset(message.texts[place].decode() for place in hidden)
    if repeats_secret(text, mask.with_values(secrets)):
        return None
    return MaskedBody(text, encoding=reading.encoding, secrets=secrets)


def learn_mask(occurrence: Occurrence, mask: Mask, masked: MaskedBody) -> None:
    """Remember where secrets were hidden in a message, if all of them are whole texts."""
    message, reading = occurrence.message, occurrence.reading
    if masked.text is None or not masked.is_whole or not _is_usual(mask) or not _names_user(occurrence, mask):
        return
    found: Message = split_body(masked.text.encode())
    if found.markup != message.markup:
        return
    pairs = [*zip(found.texts, message.texts, strict=True)]
    hidden = frozenset(place for place, (shown, sent) in enumerate(pairs) if shown != sent)
    # A value that is hidden repeats a secret: that says nothing of its place.
    values = {place for place, hole in reading.holes.items() if hole[0] == "value"}
    is_plain = all(found.texts[place] == HIDDEN for place in hidden) and not hidden & values
    if is_plain and masked.secrets == {message.texts[place].decode() for place in hidden}:
        reading.encoding = masked.encoding
        reading.hidden[mask.user_name] = hidden


def _is_usual(mask: Mask) -> bool:
    return mask.replacement == MASK and mask.recognizes and not mask.mixed


def _names_user(occurrence: Occurrence, mask: Mask) -> bool:
    """True if the message names the known user where a caller is named, and nobody's name in any other text."""
    reading, texts = occurrence.reading, occurrence.message.texts
    return bool(mask.user_name) and all(
        (texts[place].decode() == mask.user_name) == (hole == ("user_name",)) for place, hole in reading.holes.items()
    )
