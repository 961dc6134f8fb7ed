"""
Recognition of secrets that no dialect declares: by the name that they go under, and by what they look like.

    j_password, userPassword, pasword, X-Auth-Token     names: a telling word in them, or one misspelled at their end
    eyJhbGciOi….eyJzdWIi….c2ln, -----BEGIN …            values: forms that nothing else has
    kAnArY-7Qz-xXx-31337                                values: capitals, small letters and digits that take turns

A value is recognized by its mixture only where nothing else is known of it: part numbers and ids may be as mixed.
"""

import logging
import re
import string
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

MASK = "***"
# `secretary` is a person, `possessionId` no session, and `authorization` a number of returned goods, unless it is the
# whole name.
TELLING = re.compile(
    r"password|passwort|passwd|passwrd|passphrase|passcode|kennwort|contrasena|motdepasse|^pwd|pwd\d*$|secret(?!ar)|token"
    r"|apikey|accesskey|privatekey|authkey|credential|(?<!pos)(?<!ob)session(?:id|key)"
)
WHOLE = frozenset(
    {
        *("authorization", "authorisation", "auth", "pass", "userpass", "pw", "psw", "pin", "pincode", "otp", "jwt"),
        *("bearer", "signature", "xamzsignature", "sig"),
    }
)
LONGEST_NAME = 200  # characters of a name that is looked at; a longer one is no name


def plain_name(name: str) -> str:
    """Return the name without case and punctuation: `Session-ID`, `session_id` and `sessionId` are one."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _edit_freely(word: str) -> Iterator[str]:
    """Yield the word with one letter lost, added, replaced, or in another's place."""
    yield from _edit_narrowly(word)
    for at in range(len(word) + 1):
        for letter in string.ascii_lowercase:
            yield word[:at] + letter + word[at:]
            yield word[:at] + letter + word[at + 1 :]


def _edit_narrowly(word: str) -> Iterator[str]:
    """Yield the word with an inner letter lost, or two side by side exchanged."""
    for at in range(1, len(word) - 1):
        yield word[:at] + word[at + 1 :]
    for at in range(len(word) - 1):
        if word[at] != word[at + 1]:
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]


# Without `passwort`, of which `passport` would be a misspelling; narrowly where a letter makes another word of it:
# `taken`, or the end of `concessionId`.
MISSPELLED = frozenset(
    wrong for word in ("password", "passphrase", "credential") for wrong in _edit_freely(word)
) | frozenset(wrong for word in ("token", "secret", "passwd", "apikey", "sessionid") for wrong in _edit_narrowly(word))
LENGTHS = tuple(sorted({len(each) for each in MISSPELLED}))


def is_secret_name(plain: str) -> bool:
    """Return True for the name of a secret, as `plain_name` gives it."""
    # Remembered are names alone: keys and numbers of records, in addresses for one, differ from call to call, and would
    # fill the memory for nothing.
    return _is_known_secret_name(plain) if plain.isalpha() else _is_secret_name(plain)


@lru_cache(maxsize=2048)
def _is_known_secret_name(plain: str) -> bool:
    return _is_secret_name(plain)


def _is_secret_name(plain: str) -> bool:
    if len(plain) > LONGEST_NAME:
        return False
    if plain in WHOLE or TELLING.search(plain):
        return True
    return any(plain[-length:] in MISSPELLED for length in LENGTHS if length <= len(plain))


# Forms of tokens, each behind a text that is quickly looked for.
FORMS = {
    "eyJ": r"eyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?",
    "-----BEGIN": r"-----BEGIN [A-Z ]*PRIVATE KEY-----[^<\"]*",
    "cp_": r"cp_[a-z0-9]{1,17}_[A-Za-z0-9]{20,200}",
    "cpt_": r"cpt_[A-Za-z0-9]{20,200}",
    "AKIA": r"\bAKIA[A-Z0-9]{16}\b",
    "ghp_": r"\bghp_[A-Za-z0-9]{20,}",
    "sk_live_": r"\bsk_live_[A-Za-z0-9]{10,}",
    "earer ": r"(?<=[Bb]earer )(?P<bearer>[\w.~+/-]{8,}=*)",
    "asic ": r"(?<=[Bb]asic )(?P<basic>[A-Za-z0-9+/]{8,}=*)",
}
MARKS = tuple(FORMS)
TOKEN = re.compile("|".join(FORMS.values()))
BLOB = r"[A-Za-z0-9+/=]{300,}+|(?:[A-Za-z0-9+/=]{60,}+\s++){3,}"  # an attachment, in one line or many: no token
CANDIDATE = re.compile(rf"(?P<blob>{BLOB})|[A-Za-z0-9+_=.~!-]{{16,}}+")
CLASSES = (re.compile("[a-z]"), re.compile("[A-Z]"), re.compile("[0-9]"))
HEXADECIMAL = re.compile(r"[0-9a-f]+|[0-9A-F]+")
# A small letter behind a capital is no turn: that is how words in camel case are written.
TURN = re.compile(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[A-Z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])")
TURNS = 0.28  # of a letter or digit: words in camel case have 0.2, drawn ones 0.44
LONGEST_PLAIN = 40  # characters of a token of small letters and digits alone: shorter ones may be numbers of anything


def is_mixed(text: str) -> bool:
    """Return True for a text that looks drawn by chance; words, numbers, dates, UUIDs and hashes do not."""
    classes = sum(pattern.search(text) is not None for pattern in CLASSES)
    if classes < 2 or (classes == 2 and (len(text) < LONGEST_PLAIN or not text.isalnum())):
        return False
    return not HEXADECIMAL.fullmatch(text) and _turns(text)


def _turns(text: str) -> bool:
    return len(TURN.findall(text)) >= TURNS * sum(map(str.isalnum, text))


def find_mixed(text: str) -> Iterator[str]:
    """Yield the parts of a text that look drawn by chance."""
    yield from (found[0] for found in CANDIDATE.finditer(text) if _is_mixed_part(found))


def _is_mixed_part(found: re.Match[str]) -> bool:
    return found["blob"] is None and is_mixed(found[0])


def _is_token(found: re.Match[str]) -> bool:
    # Behind `bearer` and `basic` there are words, too.
    return (found["bearer"] is None and found["basic"] is None) or _turns(found[0])


def has_token(text: str, *, mixed: bool = False) -> bool:
    """Return True if a part of the text has the form of a token; with `mixed`, or looks drawn by chance."""
    if any(mark in text for mark in MARKS) and any(map(_is_token, TOKEN.finditer(text))):
        return True
    return mixed and next(find_mixed(text), None) is not None


def mask_tokens(text: str, *, mixed: bool = False, mask: str = MASK) -> str:
    """Mask the parts of a text that have the form of a token; with `mixed`, and those that look drawn by chance."""
    if any(mark in text for mark in MARKS):
        text = TOKEN.sub(lambda found: mask if _is_token(found) else found[0], text)
    return CANDIDATE.sub(lambda found: mask if _is_mixed_part(found) else found[0], text) if mixed else text


NAME = re.compile(r"(?<![\w.\[\]-])([\w.\[\]-]{2,60}+)(?:%3[Dd]|[\"']?\s?[=:]\s?[\"']?|(/))")
VALUE = re.compile(r"[^\s&;,/?#\"'<>)]+")


def mask_pairs(text: str) -> str:
    """
    Mask the values that stand behind the name of a secret: `password=…`, `"token": "…"`, `/secret/…`.

    For addresses and lines of a log, in which nothing else tells names from values.
    """
    masked, at = "", 0
    for name in NAME.finditer(text):
        plain = plain_name(name[1])
        # A folder may be called `auth` or `pin`.
        is_secret = name.end() > at and is_secret_name(plain) and not (name[2] and plain in WHOLE)
        if is_secret and (value := VALUE.match(text, name.end())):
            masked, at = f"{masked}{text[at : value.start()]}{MASK}", value.end()
    return masked + text[at:]


class MaskingFormatter(logging.Formatter):
    """Formats a line of a log, without what is named like a secret or looks like one; its traceback, too."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = mask_log(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:
        return mask_log(super().formatException(ei))


def mask_log(text: str) -> str:
    """Return a text as it may be logged."""
    return mask_pairs(mask_tokens(text, mixed=True))
