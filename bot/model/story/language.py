"""In which language a text is, by its alphabet and its most frequent words.

The rule is for the languages of our newsrooms and their neighbours. The alphabet decides first: what can't be
written in a language is not in it. Among languages of one alphabet the small words decide, which every sentence
of a language holds.
"""

from __future__ import annotations

import re
from collections import Counter

from bot.model.languages import primary

READ = 1000
"""How many characters of a text are looked at."""

_SURE, _ENOUGH = 0.8, 3
"""From which share of a text's words on, and from how many words on, its alphabet contradicts a language."""

_WORD = re.compile(r"[^\W\d_]+")
_RU = "абвгдежзийклмнопрстуфхцчшщъыьэюяё"

_LETTERS = {
    "ru": _RU,
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "be": "абвгдежзійклмнопрстуўфхцчшыьэюяё",
    "ky": _RU + "ңөү",
    "kk": _RU + "әғқңөұүһі",
    "tt": _RU + "әөүҗңһ",
    "tg": "абвгғдежзиӣйкқлмнопрстуӯфхҳчҷшъэюяё",
    "uz": "абвгдежзийклмнопрстуфхцчшъьэюяёўқғҳ",
    "mn": _RU + "өү",
    "bg": "абвгдежзийклмнопрстуфхцчшщъьюя",
    "sr": "абвгдђежзијклљмнњопрстћуфхцчџш",
}
"""The languages written in Cyrillic letters, with their alphabets, those with most readers here first."""

_WORDS = {
    "ru": "и в не на что с по как это из за от для его был была было к о у же или также после до при их она он",
    "uk": "і й та в у не на що з до як це із за від для його був була було про або також після при їх вона він",
    "be": "і ў у не на што з да як гэта за ад для яго быў была было пра або таксама пасля пры іх яна ён",
    "ky": "жана менен үчүн бул деп эле болгон болду жок ошол бир да кийин боюнча анын тууралуу ал болуп",
    "kk": "және мен үшін бұл деп болды болған жоқ сол бір да кейін бойынша оның туралы ол болып екен",
    "tt": "һәм белән өчен бу дип булды булган юк шул бер дә соң буенча аның турында ул",
    "tg": "ва дар аз ба ки бо барои ин он аст буд шуд карда низ ҳам як то худ",
    "uz": "ва билан учун бу деб эди бўлган йўқ шу бир ҳам кейин бўйича унинг ҳақида у va bilan uchun bu deb edi "
    "bilan bo'lgan yo'q shu bir ham keyin uning haqida",
    "mn": "ба нь энэ гэж байна байсан юм бол хийх монгол улсын дараа тухай",
    "bg": "и в не на че с по като това от за до е са се ще към или също след при той тя му",
    "sr": "и у не на да с по као то из за од је су се ће или такође после при он она",
    "en": "the of and to in is that for on with as was at by it from be are has have this will an not after a its more "
    "than new over who says said up into",
    "de": "der die das und in den von zu mit ist im für auf nicht ein eine dem des sich als auch nach wird",
    "fr": "a été ont le la les de des et en du un une est pour que dans qui sur au par avec pas ce il plus après",
    "es": "el la los las de y en que un una es por para con del se al no su como más después",
    "it": "il la di e che in un una è per con del della i le non si al da come più dopo gli nel",
    "pt": "o a os as de e em que um uma é por para com do da se no na não mais como após",
    "nl": "de het een en van in is dat op te voor met zijn niet aan er door om na werd",
    "pl": "w i na z do nie się że jest to po o od za jak dla przez był oraz ma",
    "cs": "v a na se je že s z do to o by po pro jak za ale při jsou bude",
    "tr": "ve bir bu için ile da de olarak olan sonra daha çok gibi ise kadar göre oldu",
    "az": "və bir bu üçün ilə də olan sonra daha kimi isə qədər görə edib deyib",
    "fi": "ja on ei se että oli hän mutta kun myös ovat joka sekä tai mukaan jälkeen",
    "sv": "och i att en det som på är av för med den till har inte om ett efter",
    "ro": "și în de la a cu pe un o că este nu din pentru care mai după al sau",
}

_SCRIPTS = (
    ("ka", "\u10a0", "\u10ff"),
    ("hy", "\u0530", "\u058f"),
    ("el", "\u0370", "\u03ff"),
    ("he", "\u0590", "\u05ff"),
    ("ar", "\u0600", "\u06ff"),
    ("hi", "\u0900", "\u097f"),
    ("th", "\u0e00", "\u0e7f"),
    ("ja", "\u3040", "\u30ff"),
    ("ko", "\uac00", "\ud7af"),
    ("zh", "\u4e00", "\u9fff"),
)
"""Alphabets that stand for one language each."""

_ALPHABETS = {code: frozenset(letters) for code, letters in _LETTERS.items()}
_FREQUENT = {code: frozenset(words.split()) for code, words in _WORDS.items()}
_CYRILLIC, _LATIN = "cyrillic", "latin"
_BOTH = frozenset({"uz", "az", "kk", "sr", "tt", "mn"})
"""Languages that are written in either of these two alphabets."""

_IN_LATIN = (*(code for code in _WORDS if code not in _LETTERS), "uz")


def language_of(text: str, named: str = "") -> str:
    """Return the language of a text: the `named` one, unless its alphabet contradicts that; else the one detected.

    A source's word is taken where there is any, because a rule errs in a short text more often than a source. A
    source that names English above Russian words has never been asked for its language.
    """
    script, sure = _script(_WORD.findall(text[:READ]))
    if named and not (sure and _contradicts(primary(named), script)):
        return named
    return detected(text) or named


def detected(text: str) -> str:
    """Return the language that a text is most likely in; empty for a text without letters."""
    words = _WORD.findall(text[:READ])
    script, _ = _script(words)
    if script not in (_CYRILLIC, _LATIN):
        return script
    said = [word for word in words if _script_of(word[0]) == script]
    # A name is no word of the language, where there are others.
    plain = [word for word in said if word == word.lower()]
    folded = [word.casefold() for word in (plain if len(plain) >= _ENOUGH else said)]
    return _by_letters(folded) if script == _CYRILLIC else _by_words(folded)


def _script(words: list[str]) -> tuple[str, bool]:
    """Return the alphabet of most words, and whether that is certain.

    Names keep their alphabet in every language: a word with a capital letter counts an eighth.
    """
    weights: Counter[str] = Counter()
    for word in words:
        if script := _script_of(word[0]):
            weights[script] += 8 if word == word.lower() else 1
    if not weights:
        return "", False
    script, weight = weights.most_common(1)[0]
    return script, len(words) >= _ENOUGH and weight >= _SURE * weights.total()


def _script_of(letter: str) -> str:
    if "\u0400" <= letter <= "\u052f":
        return _CYRILLIC
    if letter < "\u0250" or "\u1e00" <= letter <= "\u1eff":
        return _LATIN
    return next((code for code, first, last in _SCRIPTS if first <= letter <= last), "")


def _contradicts(code: str, script: str) -> bool:
    """Return whether a language can't be written in that alphabet; of a language that is not known here it may."""
    if script == _LATIN:
        return code in _LETTERS and code not in _BOTH
    return script == _CYRILLIC and code in _WORDS and code not in _LETTERS and code not in _BOTH


def _by_letters(words: list[str]) -> str:
    """Return which language written in Cyrillic letters the words are in, the first of equals.

    A word that can't be written in a language speaks against that language; a letter that Russian has not speaks
    for a language that has it.
    """
    points = dict.fromkeys(_LETTERS, 0)
    for word in words:
        russian = _ALPHABETS["ru"].issuperset(word)
        for code in points:
            if not _ALPHABETS[code].issuperset(word):
                points[code] -= 2
            else:
                points[code] += (word in _FREQUENT[code]) + (not russian)
    return max(points, key=points.__getitem__)


def _by_words(words: list[str]) -> str:
    """Return which language written in Latin letters the words are in: English, unless two words more say otherwise."""
    points = {code: sum(word in _FREQUENT[code] for word in words) for code in _IN_LATIN}
    points["en"] += 1
    return max(points, key=points.__getitem__)
