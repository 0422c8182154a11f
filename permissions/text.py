"""Vietnamese text: one form to store, one key to search by, one key to sort by."""

import re
import unicodedata

ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
# Letters in the order of the Vietnamese alphabet: a ă â b c d đ e ê … o ô ơ … u ư …
ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
RANKS = {letter: f"{position:02}" for position, letter in enumerate(ALPHABET, start=10)}
# Marks that Unicode puts in order behind their letter; Python does so in the square of their number.
_ORDERED = "".join(chr(code) for code in range(0x300, 0x1F000) if unicodedata.combining(chr(code)))
_MANY_MARKS = re.compile(f"[{re.escape(_ORDERED)}]{{20,}}")


def normalised(text: str) -> str:
    """Return `text` as NFC, without zero-width characters and doubled white space."""
    return " ".join(composed(text.translate(ZERO_WIDTH)).split())


def normalised_lines(text: str) -> str:
    """Return a long `text` line by line as `normalised` does, keeping its paragraphs."""
    lines = [normalised(line) for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def composed(text: str, form: str = "NFC") -> str:
    """Return `text` in a Unicode `form` (NFC, NFD or NFKC), in a time that grows with its length only."""
    return unicodedata.normalize(form, _MANY_MARKS.sub(_sorted, text))  # type: ignore[arg-type]


def search_key(text: str) -> str:
    """Return `text` in lower case without any diacritic (đ as d), to search in; never longer than the text."""
    decomposed = composed(normalised(text).lower().replace("đ", "d"), "NFD")
    return composed("".join(char for char in decomposed if not unicodedata.combining(char)))


def sort_key(text: str) -> str:
    """Return a key that sorts as Vietnamese dictionaries do: letters first, then tones.

    The key is ASCII digits and spaces, so every collation of the database sorts it alike.
    Numbers inside the text sort by value ("Đợt 2" before "Đợt 10").
    """
    words = [_word_key(word) for word in normalised(text).lower().split()]
    return " ".join(letters for letters, _ in words) + " ! " + " ".join(tones for _, tones in words)


def name_sort_key(full_name: str) -> str:
    """Return the key by which people are listed: given name, family name, middle names."""
    words = normalised(full_name).split()
    if len(words) < 2:
        return sort_key(full_name)
    return sort_key(" ".join([words[-1], words[0], *words[1:-1]]))


def _sorted(found: re.Match[str]) -> str:
    """Put a long run of marks into their order beforehand, so that there is nothing left to move."""
    marks = "".join(unicodedata.normalize("NFD", mark) for mark in found[0])
    return "".join(sorted(marks, key=unicodedata.combining))


def _word_key(word: str) -> tuple[str, str]:
    letters, tones = [], []
    for part in re.findall(r"\d+|\D", word):
        if part.isdecimal():
            letters.append("0" + "".join(str(unicodedata.digit(digit)) for digit in part).zfill(9))
            continue
        tone = "0"
        kept = []
        for char in unicodedata.normalize("NFD", part):
            if char in TONES:
                tone = TONES[char]
            else:
                kept.append(char)
        letter = unicodedata.normalize("NFC", "".join(kept))
        if unicodedata.combining(letter[:1] or "a"):  # a mark typed alone belongs to the letter before
            letter = ""
        if letter:
            letters.append(RANKS.get(letter, "99"))
            tones.append(tone)
        elif tones:
            tones[-1] = tone
    return "".join(letters), "".join(tones)
