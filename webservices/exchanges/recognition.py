"""
Recognition of secrets that no dialect declares: by the name that they go under, and by what they look like.

    j_password, userPassword, pasword, X-Auth-Token     names: a telling word in them, or one misspelled at their end
    eyJhbGciOi….eyJzdWIi….c2ln, -----BEGIN …            values: forms that nothing else has
    kAnArY-7Qz-xXx-31337                                values: capitals, small letters and digits that take turns

A value is recognized by its mixture only where nothing else is known of it: part numbers and ids may be as mixed.
"""

import re
import string
from collections.abc import Iterator
from functools import lru_cache

MASK = "***"
# `secretary` is a person, and `authorization` a number of returned goods, unless it is the whole name.
TELLING = re.compile(
    r"password|passwort|passwd|passwrd|passphrase|passcode|kennwort|contrasena|motdepasse|^pwd|pwd\d*$|secret(?!ar)|token"
    r"|apikey|accesskey|privatekey|authkey|credential|sessionid|sessionkey"
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
    """Yield the word with an inner letter lost, or two side by side exchanged; `taken` is no misspelled token."""
    for at in range(1, len(word) - 1):
        yield word[:at] + word[at + 1 :]
    for at in range(len(word) - 1):
        yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]


# Without `passwort`, of which `passport` would be a misspelling.
MISSPELLED = frozenset(
    wrong for word in ("password", "passphrase", "credential", "sessionid") for wrong in _edit_freely(word)
) | frozenset(wrong for word in ("token", "secret", "passwd", "apikey") for wrong in _edit_narrowly(word))
LENGTHS = tuple(sorted({len(each) for each in MISSPELLED}))


@lru_cache(maxsize=4096)
def is_secret_name(plain: str) -> bool:
    """Return True for the name of a secret, as `plain_name` gives it."""
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
    "AKIA": r"\bAKIA[A-Z0-9]{16}\b",
    "ghp_": r"\bghp_[A-Za-z0-9]{20,}",
    "sk_live_": r"\bsk_live_[A-Za-z0-9]{10,}",
    "earer ": r"(?<=[Bb]earer )[\w.~+/-]{8,}=*",
    "asic ": r"(?<=[Bb]asic )[A-Za-z0-9+/]{8,}=*(?![\w ])",
}
MARKS = tuple(FORMS)
TOKEN = re.compile("|".join(FORMS.values()))
CANDIDATE = re.compile(r"[A-Za-z0-9+_=.~!-]{16,}")
CLASSES = (re.compile("[a-z]"), re.compile("[A-Z]"), re.compile("[0-9]"))
# A small letter behind a capital is no turn: that is how words in camel case are written.
TURN = re.compile(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[A-Z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])")
TURNS = 0.28  # of a letter or digit: words in camel case have 0.2, drawn ones 0.44
LONGEST_PLAIN = 40  # characters of a token of small letters and digits alone: shorter ones are UUIDs and hashes


def is_mixed(text: str) -> bool:
    """Return True for a text that looks drawn by chance; words, numbers, dates and UUIDs do not."""
    classes = sum(pattern.search(text) is not None for pattern in CLASSES)
    if classes < 2 or (classes == 2 and (len(text) < LONGEST_PLAIN or not text.isalnum())):
        return False
    return len(TURN.findall(text)) >= TURNS * sum(map(str.isalnum, text))


def has_token(text: str, *, mixed: bool = False) -> bool:
    """Return True if a part of the text has the form of a token; with `mixed`, or looks drawn by chance."""
    if any(mark in text for mark in MARKS) and TOKEN.search(text):
        return True
    return mixed and any(is_mixed(found) for found in CANDIDATE.findall(text))


def mask_tokens(text: str, *, mixed: bool = False) -> str:
    """Mask the parts of a text that have the form of a token; with `mixed`, and those that look drawn by chance."""
    if any(mark in text for mark in MARKS):
        text = TOKEN.sub(MASK, text)
    return CANDIDATE.sub(lambda found: MASK if is_mixed(found[0]) else found[0], text) if mixed else text


NAME = re.compile(r"(?<![\w.\[\]-])([\w.\[\]-]{2,60}+)(?:%3[Dd]|[\"']?\s?[=:]\s?[\"']?|/)")
VALUE = re.compile(r"[^\s&;,/?#\"'<>)]+")


def mask_pairs(text: str) -> str:
    """
    Mask the values that stand behind the name of a secret: `password=…`, `"token": "…"`, `/secret/…`.

    For addresses and lines of a log, in which nothing else tells names from values.
    """
    masked, at = "", 0
    for name in NAME.finditer(text):
        is_secret = name.end() > at and is_secret_name(plain_name(name[1]))
        if is_secret and (value := VALUE.match(text, name.end())):
            masked, at = f"{masked}{text[at : value.start()]}{MASK}", value.end()
    return masked + text[at:]
