"""A month of news as JSON Lines, for `vistka replay`: of every fifty items one reports an event, the others are ordinary.

    python bench/month.py 300000 | /usr/bin/time -v vistka replay > /dev/null

Every event is told by several outlets in three languages, some of them late, with a toll that grows meanwhile.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.ordinary import ORDINARY

FIRST = datetime(2026, 3, 1, tzinfo=UTC)
DAYS = 30
SHARE = 50
OUTLETS = 60
TELLINGS = 8
"""Items about one event, in the mean."""
CITIES = (
    ("Kharkiv", "Харків", "Харьков", "Харкові", "Харькове"),
    ("Sumy", "Суми", "Сумы", "Сумах", "Сумах"),
    ("Odesa", "Одеса", "Одесса", "Одесі", "Одессе"),
    ("Kherson", "Херсон", "Херсон", "Херсоні", "Херсоне"),
    ("Dnipro", "Дніпро", "Днепр", "Дніпрі", "Днепре"),
    ("Zaporizhzhia", "Запоріжжя", "Запорожье", "Запоріжжі", "Запорожье"),
    ("Chernihiv", "Чернігів", "Чернигов", "Чернігові", "Чернигове"),
    ("Mykolaiv", "Миколаїв", "Николаев", "Миколаєві", "Николаеве"),
    ("Poltava", "Полтава", "Полтава", "Полтаві", "Полтаве"),
    ("Kramatorsk", "Краматорськ", "Краматорск", "Краматорську", "Краматорске"),
)
STRIKES = {
    "en": ("Russian drones hit {0} on {day:%B} {day.day}: {dead} people killed, {hurt} injured", "A house is damaged."),
    "uk": (
        "Росіяни {day.day} березня атакували дронами {1}: {dead} загиблих, {hurt} поранених у {3}",
        "Пошкоджено будинок.",
    ),
    "ru": ("Российские беспилотники {day.day} марта атаковали {2}: {dead} погибших, {hurt} раненых", "Повреждён дом."),
}
SWAPS = {
    "en": ("Ukraine and Russia exchange {dead} prisoners of war each on March {day.day}", "The exchange took place."),
    "uk": ("Відбувся обмін полоненими: {day.day} березня додому повернулися {dead} захисників", "Обмін відбувся."),
    "ru": ("Состоялся обмен пленными: {day.day} марта домой вернулись {dead} украинских военных", "Обмен состоялся."),
}


def month(items: int, seed: int = 1) -> Iterator[dict[str, object]]:
    """Yield the items of a month in the order in which they are published."""
    random = Random(seed)
    told = sorted(_told(items // SHARE, random), key=lambda item: str(item["published"]))
    step = timedelta(days=DAYS) / items
    for number in range(items):
        published = FIRST + number * step
        if number % SHARE == 0 and number // SHARE < len(told):
            yield told[number // SHARE] | {"id": f"event-{number}"}
        else:
            yield _ordinary(number, published, random)


def _told(items: int, random: Random) -> Iterator[dict[str, object]]:
    events = max(1, items // TELLINGS)
    for number in range(items):
        event = number % events
        own = Random(event)
        day = FIRST + timedelta(days=event * DAYS / events)
        late = timedelta(hours=random.expovariate(1 / 5))
        language = random.choice(tuple(ORDINARY))
        words = SWAPS if event % 20 == 0 else STRIKES
        dead, hurt = own.randint(1, 20), own.randint(10, 90)
        grown = int(late / timedelta(hours=6)) if words is STRIKES else 0
        title, summary = (
            text.format(*own.choice(CITIES), day=day, dead=dead + grown + 60 * (words is SWAPS), hurt=hurt + grown)
            for text in words[language]
        )
        yield _item(random, language, day + timedelta(hours=7) + late, title, summary)


def _ordinary(number: int, published: datetime, random: Random) -> dict[str, object]:
    language = random.choice(tuple(ORDINARY))
    texts = random.sample(ORDINARY[language], k=5)
    return _item(random, language, published, f"{number}: {texts[0]}", " ".join(texts[1:3])) | {
        "id": f"ordinary-{number}",
        "body": "\n".join(texts),
    }


def _item(random: Random, language: str, published: datetime, title: str, summary: str) -> dict[str, object]:
    outlet = f"Outlet {random.randrange(OUTLETS)} {language}"
    return {
        "id": "",
        "outlet": outlet,
        "lang": language,
        "published": published.isoformat(timespec="seconds"),
        "title": title,
        "summary": summary,
        "body": None,
    }


if __name__ == "__main__":
    for entry in month(int(sys.argv[1])):
        print(json.dumps(entry, ensure_ascii=False))
