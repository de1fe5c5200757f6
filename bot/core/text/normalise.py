"""Raw text into clean text, and words into the one spelling under which they are compared.

Cleaning undoes what feeds do to a text (markup, entities, exotic blanks, invisible characters) and leaves ordinary
text exactly as it is, because evidence is quoted from it. Both work in time that grows with the text's length.
"""

from __future__ import annotations

import html
import re
import unicodedata

LONGEST_WORD = 64
"""Characters of a word whose accents are looked at; sorting those of an endless one would take too long."""
ESCAPED = 3
"""How many times an entity may have been escaped: a feed of a page of a feed."""
PROBE = 800
"""Characters at the beginning of a text that tell whether it mixes alphabets."""
_TAG = re.compile(r"<!--|-->|<(/?)([a-zA-Z][a-zA-Z0-9]*)(?=[\s/>])[^<>]*>")
_BLOCKS = frozenset("p br div li ul ol h1 h2 h3 h4 h5 h6 tr table blockquote section article figure hr".split())  # noqa: SIM905
_SILENT = frozenset({"script", "style", "figcaption", "noscript", "image", "svg", "iframe"})
_HIDDEN = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f"
_INVISIBLE = re.compile(f"[{_HIDDEN}]")
_BLANK = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_DASHES = {"\u2010": "-", "\u2011": "-", "\u2012": "–", "\u2015": "—", "\u2212": "-"}
_DIGITS = {
    each: str(unicodedata.digit(each)) for each in map(chr, range(0x80, 0x20000)) if unicodedata.category(each) == "Nd"
}
_SIGNS = str.maketrans(dict.fromkeys(_BLANK, " ") | _DASHES | _DIGITS)
_UNUSUAL = re.compile(f"[\r<&{_HIDDEN}{_BLANK}{''.join(_DASHES)}]")
_COMPOSED = re.compile("[\x00-\u02ff\u0370-\u0482\u048a-\u058f\u1e00-\u20cf\u2100-\u2bff]*")
_PIECE = re.compile(r"[^ \n]{1,200}")
_LINES = re.compile(r"(?<![ \t])[ \t]*+\n[ \t\n]*")
_RUNS = re.compile(r"[ \t]{2,}")
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘‛ʼʹʻʽ`´′＇", "'") | {"ё": "е"})
_PLAIN = re.compile(r"[a-zа-яіїєґў0-9'.,:%-]*")
_LATIN, _CYRILLIC = re.compile("[a-z]"), re.compile("[а-яіїєґў]")
_GREEK = re.compile("[\u0370-\u03ff]")
_MIXED = re.compile("[a-z\u0370-\u03ff][а-яіїєґў]|[а-яіїєґў][a-z\u0370-\u03ff]")
_WORD = re.compile(r"[^\W\d_]+")
_TO_CYRILLIC = str.maketrans("aceiopxykmthbjsαεικνορστυχ", "асеіорхукмтнвјѕаеікворотух")
_TO_LATIN = str.maketrans("асеіорхукмтнвјѕ", "aceiopxykmthbjs")


def clean(text: str) -> str:
    """Return the text without markup and invisible characters; paragraphs end in a newline."""
    if _COMPOSED.fullmatch(text) and not _UNUSUAL.search(text):
        return text.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "<" in text:
        text = _without_tags(text)
    if "&" in text:
        text = _unescaped(text)
    text = _INVISIBLE.sub("", text).translate(_SIGNS)
    return (text if _COMPOSED.fullmatch(text) else _PIECE.sub(_composed, text)).strip()


def _unescaped(text: str) -> str:
    """Return a text without entities, also where they were escaped again, and without the tags that come to light."""
    plain = text
    for _ in range(ESCAPED):
        plain = html.unescape(plain)
    return _without_tags(plain) if _TAG.search(plain) and not _TAG.search(text) else plain


def _composed(piece: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", piece[0])


def _without_tags(text: str) -> str:
    parts: list[str] = []
    silent, since = "", 0
    for tag in _TAG.finditer(text):
        if not silent:
            parts.append(text[since : tag.start()])
        since = tag.end()
        silent = _silence(silent, tag)
        if (tag[2] or "").lower() in _BLOCKS and not silent:
            parts.append("\n")
    if not parts:
        return text
    parts.append("" if silent else text[since:])
    return _RUNS.sub(" ", _LINES.sub("\n", "".join(parts)))


def _silence(silent: str, tag: re.Match[str]) -> str:
    """Return what keeps the text after a tag from being read: an open comment or script."""
    name = (tag[2] or "").lower()
    if silent:
        ended = tag[0] == "-->" if silent == "<!--" else tag[1] == "/" and name == silent
        return "" if ended else silent
    if tag[0] == "<!--":
        return "<!--"
    return name if name in _SILENT and not tag[1] and not tag[0].endswith("/>") else ""


def fold(word: str) -> str:
    """Return the canonical spelling: lower case, one apostrophe, е for ё, no accents, one alphabet within a word."""
    folded = word.casefold().translate(_APOSTROPHES)
    if len(folded) <= LONGEST_WORD and not _PLAIN.fullmatch(folded):
        folded = _without_accents(folded)
    if _CYRILLIC.search(folded) and (_LATIN.search(folded) or _GREEK.search(folded)):
        folded = _one_alphabet(folded)
    return folded


def unmixed(folded: str) -> str:
    """Return a casefolded text without hidden signs and with every word in one alphabet, so that it can be searched: "пoлoнeнi" is «полонені».

    Who mixes alphabets does so from the start; a text whose beginning is clean is taken as it is, which is quick.
    """
    if folded.isascii():
        return folded
    folded = _INVISIBLE.sub("", folded)
    if not _MIXED.search(folded, 0, PROBE):
        return folded
    return _WORD.sub(lambda word: _one_alphabet(word[0]) if _MIXED.search(word[0]) else word[0], folded)


def _without_accents(word: str) -> str:
    kept: list[str] = []
    for char in unicodedata.normalize("NFD", word):
        latin = bool(kept) and kept[-1] < "\u0370"
        if not (unicodedata.combining(char) and (latin or char in "\u0300\u0301")):
            kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept)).translate(_APOSTROPHES)


def _one_alphabet(word: str) -> str:
    """Return a word of look-alike letters in one alphabet: that of most of its letters, else the one that can be."""
    cyrillic = word.translate(_TO_CYRILLIC)
    latin = word.translate(_TO_LATIN)
    mostly = len(_CYRILLIC.findall(word)) >= len(_LATIN.findall(word))
    if not (_LATIN.search(cyrillic) or _GREEK.search(cyrillic)) and (mostly or _CYRILLIC.search(latin)):
        return cyrillic
    return word if _CYRILLIC.search(latin) else latin
