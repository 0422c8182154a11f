"""Passwords as NIST SP 800-63B-4 asks: long, any characters, none that is guessed first; no other rules."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from permissions.text import composed, search_key

LEAST, MOST = 15, 128  # characters
# Guessed first in this place: the system's own words, and what people here type.
CONTEXT = ("thiduakhenthuong", "khenthuong", "angiang", "ubnd", "sonoivu", "bangkhen", "chutich")
COMMON = (
    "matkhau",
    "password",
    "123456",
    "qwerty",
    "anhyeuem",
    "iloveyou",
    "abcdef",
    "vietnam",
    "hanoi",
    "saigon",
)


def normal(password: str) -> str:
    """Return one spelling of a password: the same keys pressed on any keyboard give the same (NFKC)."""
    return composed(password, "NFKC")


class LengthValidator:
    """15 to 128 characters of any kind, spaces among them."""

    def validate(self, password, user=None):
        if not LEAST <= len(normal(password)) <= MOST:
            raise ValidationError(self.get_help_text(), code="password_length")

    def get_help_text(self):
        return _(
            "%(least)s to %(most)s characters; a sentence of several words is easiest to keep in mind."
        ) % {
            "least": LEAST,
            "most": MOST,
        }


class GuessableValidator:
    """Not made of a word that is guessed first: common ones, the system's, the person's own name."""

    def validate(self, password, user=None):
        key = search_key(normal(password)).replace(" ", "")
        words = [*CONTEXT, *COMMON]
        if user is not None:
            own = search_key(f"{user.full_name} {user.username}".replace(".", " "))
            words += [own.replace(" ", "")] + [word for word in own.split() if len(word) >= 5]
        rest = key
        for word in sorted(words, key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(rest) < LEAST // 2 or len(set(key)) < 5:
            raise ValidationError(
                _(
                    "This is guessed too easily: it is little more than names, common words or one repeated character."
                ),
                code="password_guessable",
            )

    def get_help_text(self):
        return _(
            "Not only names, common words or repeated characters. It need not be changed from time to time."
        )
