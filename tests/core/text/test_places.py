"""Places in sentences of ours, in three languages, with the words and persons that only look like places."""

from __future__ import annotations

import tomllib

import pytest

from bot.adapters.places import DATA, load_regions, settlement_lines
from bot.core.text.document import Token
from bot.core.text.placenames import Inflection, latin_key, romanised_key
from bot.core.text.places import agree
from tests.gazetteer import GAZETTEER, find, kind, short, tokens

EVERY_REGION = {
    "UA": "05 07 09 12 14 18 21 23 26 30 32 35 40 43 46 48 51 53 56 59 61 63 65 68 71 74 77",
    "RU": "AD AL ALT AMU ARK AST BA BEL BRY BU CE CHE CHU CU DA IN IRK IVA KAM KB KC KDA KEM KGD KGN KHA KHM KIR KK "
    "KL KLU KO KOS KR KRS KYA LEN LIP MAG ME MO MOS MOW MUR NEN NGR NIZ NVS OMS ORE ORL PER PNZ PRI PSK ROS RYA SA "
    "SAK SAM SAR SE SMO SPE STA SVE TA TAM TOM TUL TVE TY TYU UD ULY VGG VLA VLG VOR YAN YAR YEV ZAB",
}


SENTENCES = [
    # settlements, in every case
    ("uk", "Росіяни вдарили по Харкову й Куп'янську.", "Kharkiv UA-63 settlement; Kupiansk UA-63 settlement"),
    ("uk", "У Кривому Розі та Києві лунали вибухи.", "Kryvyi Rih UA-12 settlement; Kyiv UA-30 settlement"),
    ("uk", "Увечері із Сум виїхала колона.", "Sumy UA-59 settlement"),
    ("uk", "Дрон упав у Часовому Яру.", "Chasiv Yar UA-14 settlement"),
    ("uk", "Над Черкасами збили чотири цілі, над Лубнами дві.", "Cherkasy UA-71 settlement; Lubny UA-53 settlement"),
    ("uk", "Постраждала мешканка Зміїва.", "Zmiiv UA-63 settlement"),
    ("uk", "Поранено двох людей у Гуляйполі.", "Huliaipole UA-23 settlement"),
    ("uk", "Обстріляно Кам'янець-Подільський.", "Kamianets-Podilskyi UA-68 settlement"),
    ("uk", "Снаряди поцілили у центр Вовчанська.", "Vovchansk UA-63 settlement"),
    ("uk", "Горить нафтобаза у Туапсе.", "Tuapse RU-KDA settlement"),
    ("ru", "Под Белгородом и в Шебекине сбиты дроны.", "Belgorod RU-BEL settlement; Shebekino RU-BEL settlement"),
    ("ru", "Похожие взрывы были во Львове и Одессе.", "Lviv UA-46 settlement; Odesa UA-51 settlement"),
    ("ru", "Удар нанесен по Кременчугу.", "Kremenchuk UA-53 settlement"),
    ("ru", "В Ростове-на-Дону загорелась квартира.", "Rostov-on-Don RU-ROS settlement"),
    ("ru", "Жители Набережных Челнов слышали взрыв.", "Naberezhnye Chelny RU-TA settlement"),
    ("ru", "Горит склад в Славянске-на-Кубани.", "Slavyansk-na-Kubani RU-KDA settlement"),
    ("ru", "Войска вошли в Артемовск и Красноармейск.", "Bakhmut UA-14 settlement; Pokrovsk UA-14 settlement"),
    ("en", "A drone hit Kharkiv's centre.", "Kharkiv UA-63 settlement"),
    ("en", "Shells fell on Kupyansk and Zaporizhzhya.", "Kupiansk UA-63 settlement; Zaporizhzhia UA-23 settlement"),
    ("en", "Explosions rocked Krivoy Rog and Nikolaev.", "Kryvyi Rih UA-12 settlement; Mykolaiv UA-48 settlement"),
    ("en", "A refinery burned in Novokuybyshevsk.", "Novokuibyshevsk RU-SAM settlement"),
    ("en", "Fires near Slavyansk-on-Kuban were put out.", "Slavyansk-na-Kubani RU-KDA settlement"),
    ("en", "Governors from Penza to Rostov spoke.", "Penza RU-PNZ settlement; Rostov-on-Don RU-ROS settlement"),
    # regions
    ("uk", "На Харківщині загинула жінка.", "Kharkiv Oblast UA-63 region"),
    ("uk", "Збито над Сумською, Полтавською та Київською областями.",
     "Sumy Oblast UA-59 region; Poltava Oblast UA-53 region; Kyiv Oblast UA-32 region"),
    ("uk", "Про це повідомила Рівненська ОВА.", "Rivne Oblast UA-56 region"),
    ("uk", "За даними Запорізької обласної військової адміністрації, є поранені.", "Zaporizhzhia Oblast UA-23 region"),
    ("uk", "Чутно вибухи на Закарпатті й Волині.", "Zakarpattia Oblast UA-21 region; Volyn Oblast UA-07 region"),
    ("uk", "Дрони долетіли до Татарстану й Башкортостану.", "Tatarstan RU-TA region; Bashkortostan RU-BA region"),
    ("uk", "Атаковано Нижньогородську область РФ.", "Nizhny Novgorod Oblast RU-NIZ region; Russia RU country"),
    ("ru", "Над Белгородской и Курской областями сбиты дроны.",
     "Belgorod Oblast RU-BEL region; Kursk Oblast RU-KRS region"),
    ("ru", "В Краснодарском крае и Адыгее объявлена тревога.", "Krasnodar Krai RU-KDA region; Adygea RU-AD region"),
    ("ru", "В Подмосковье сбиты три аппарата, в Москве ни одного.",
     "Moscow Oblast RU-MOS region; Moscow RU-MOW settlement"),
    ("ru", "Белгородский губернатор сообщил о пострадавших.", "Belgorod Oblast RU-BEL region"),
    ("ru", "Обстрел ДНР продолжался.", "Donetsk Oblast UA-14 region"),
    ("ru", "Над Крымом сбиты дроны, над Севастополем тоже.", "Crimea UA-43 region; Sevastopol UA-40 settlement"),
    ("ru", "Удар пришелся по Днепропетровской области.", "Dnipropetrovsk Oblast UA-12 region"),
    ("en", "Kyiv region was hit harder than Kyiv.", "Kyiv Oblast UA-32 region; Kyiv UA-30 settlement"),
    ("en", "Drones fell in the Kursk, Bryansk and Belgorod regions.",
     "Kursk Oblast RU-KRS region; Bryansk Oblast RU-BRY region; Belgorod Oblast RU-BEL region"),
    ("en", "The western region of Rivne bore the brunt.", "Rivne Oblast UA-56 region"),
    ("en", "The Moscow region's governor counted nine drones.", "Moscow Oblast RU-MOS region"),
    ("en", "A depot burned in Krasnodar Krai and another in Tatarstan.",
     "Krasnodar Krai RU-KDA region; Tatarstan RU-TA region"),
    ("en", "Leningrad Oblast is not St. Petersburg.", "Leningrad Oblast RU-LEN region; Saint Petersburg RU-SPE settlement"),
    ("en", "Zaporozhye Region was shelled, the ministry said.", "Zaporizhzhia Oblast UA-23 region"),
    # countries
    ("en", "Russia fired at Ukraine.", "Russia RU country; Ukraine UA country"),
    ("uk", "Україну атакували, ППО Росії мовчить.", "Ukraine UA country; Russia RU country"),
    ("ru", "Минобороны РФ обвинило Украину.", "Russia RU country; Ukraine UA country"),
    ("en", "In Sumy Oblast the Konotop community was hit.", "Sumy Oblast UA-59 region; Konotop UA-59 settlement"),
    ("en", "Belgorod's Shebekino lost power.", "Belgorod RU-BEL settlement; Shebekino RU-BEL settlement"),
    ("en", "Shelling of Nikopol, Marhanets and the Synelnykove district went on.",
     "Nikopol UA-12 settlement; Marhanets UA-12 settlement; Synelnykove UA-12 district"),
    ("uk", "Про це повідомив начальник ОВА Іван Федоров у Запоріжжі.", "Zaporizhzhia UA-23 settlement"),
    ("en", "The Nikopol and Synelnykivskyi districts lost power.",
     "Nikopol UA-12 district; Synelnykove UA-12 district"),
    ("en", "In Donetsk Oblast, Kostiantynivka and Bilozerske were shelled.",
     "Donetsk Oblast UA-14 region; Kostiantynivka UA-14 settlement; Bilozerske UA-14 settlement"),
    ("uk", "Ворог атакував Краматорський, Покровський та Бахмутський райони Донеччини.",
     "Kramatorsk UA-14 district; Pokrovsk UA-14 district; Bakhmut UA-14 district; Donetsk Oblast UA-14 region"),
    ("uk", "Горить термінал у Приморську Ленінградської області.",
     "Primorsk RU-LEN settlement; Leningrad Oblast RU-LEN region"),
    ("uk", "Уламки впали у Стрию та Бурштині.", "Stryi UA-46 settlement; Burshtyn UA-26 settlement"),
    ("ru", "Над Белгородской областью сбито 14, Курской — 8, над Республикой Крым — 3.",
     "Belgorod Oblast RU-BEL region; Kursk Oblast RU-KRS region; Crimea UA-43 region"),
    ("ru", "Пострадали жители Херсона, Антоновки и Белозерки.",
     "Kherson UA-65 settlement; Antonivka UA-65 settlement; Bilozerka UA-65 settlement"),
    ("ru", "Обломки упали в полях под Чебоксарами и в Красноармейском округе.", "Cheboksary RU-CU settlement"),
    ("en", "The Donetsk People's Republic reported shelling.", "Donetsk Oblast UA-14 region"),
    ("uk", "Вибухи у Кременчуці, дрони над Єльцем.", "Kremenchuk UA-53 settlement; Yelets RU-LIP settlement"),
    ("uk", "Обмін відбувся на кордоні з Білоруссю.", "Belarus BY country"),
    ("ru", "В Ельце выбиты окна.", "Yelets RU-LIP settlement"),
    ("uk", "У селі Велика Бабка Чугуївського району поранено чоловіка.", "Velyka Babka UA-63 settlement; Chuhuiv UA-63 district"),
    ("uk", "Влучання у Дарницькому, Святошинському та Солом'янському районах Києва.",
     "Darnytsia UA-30 district; Sviatoshyn UA-30 district; Solomianka UA-30 district; Kyiv UA-30 settlement"),
    ("en", "Kyiv's Obolon, Podil and Darnytsia districts were hit.",
     "Kyiv UA-30 settlement; Obolon UA-30 district; Podil UA-30 district; Darnytsia UA-30 district"),
    ("en", "A house burned in the Kyiv suburb of Vyshneve.", "Kyiv UA-30 settlement; Vyshneve UA-32 settlement"),
    # airfields, facilities, districts
    ("en", "Bombers burned at the Belaya air base.", "Belaya RU-IRK airfield"),
    ("ru", "На аэродроме «Белая» горят самолеты.", "Belaya RU-IRK airfield"),
    ("uk", "На авіабазі «Оленья» знищено літаки.", "Olenya RU-MUR airfield"),
    ("ru", "Взрывы на военном аэродроме Энгельс.", "Engels RU-SAR airfield"),
    ("ru", "В Энгельсе пострадал мужчина.", "Engels RU-SAR settlement"),
    ("uk", "Дрони атакували аеродром «Саки» в окупованому Криму.", "Saky UA-43 airfield; Crimea UA-43 region"),
    ("uk", "Палав Рязанський НПЗ.", "Ryazan RU-RYA settlement"),
    ("ru", "Загорелся Туапсинский НПЗ.", "Tuapse RU-KDA settlement"),
    ("ru", "Атакован порт Усть-Луга.", "Ust-Luga RU-LEN port"),
    ("ru", "Дроны атаковали сызранский завод.", "Syzran RU-SAM settlement"),
    ("uk", "Уламки впали в Оболонському районі.", "Obolon UA-30 district"),
    ("en", "Debris fell in the Darnytskyi district.", "Darnytsia UA-30 district"),
    ("uk", "Влучили в Шевченківський район Харкова.", "Shevchenkivskyi UA-63 district; Kharkiv UA-63 settlement"),
    ("uk", "Росіяни били по Запорізькому району.", "Zaporizhzhia UA-23 district"),
    # a shared name means the place of the region that is named
    ("uk", "У Новомосковську Тульської області горить завод.", "Novomoskovsk RU-TUL settlement; Tula Oblast RU-TUL region"),
    ("uk", "Пошкоджено ліцей у Золочеві на Харківщині.", "Zolochiv UA-63 settlement; Kharkiv Oblast UA-63 region"),
    ("uk", "Пошкоджено ліцей у Золочеві на Львівщині.", "Zolochiv UA-46 settlement; Lviv Oblast UA-46 region"),
    ("ru", "Под ударом Днепр и Самар.", "Dnipro UA-12 settlement; Samar UA-12 settlement"),
]  # fmt: skip

NO_PLACES = [
    ("en", "Reading the list took an hour."),
    ("en", "Odessa, Texas, buried a firefighter."),
    ("en", "Vladimir Putin spoke to reporters."),
    ("en", "The drone record was broken at dawn."),
    ("en", "General Kirov declined to comment."),
    ("en", "Moscow time is three hours ahead."),
    ("en", "The Kyiv Independent and the Moscow Times carried it."),
    ("en", "Buy bread before dawn."),
    ("uk", "Кораблі вийшли в Чорне море."),
    ("uk", "Червоний Хрест і Білий дім привітали обмін."),
    ("uk", "Пожежа на вулиці Київській."),
    ("uk", "У Зеленського повідомили подробиці."),
    ("uk", "Сім дронів збито."),
    ("en", "Air defence worked over the Sea of Azov."),
    ("uk", "Голова МВС Ігор Клименко подякував рятувальникам."),
    ("uk", "Лікарня імені Мечникова прийняла поранених."),
    ("ru", "Над акваторией Азовского моря сбит дрон."),
    ("ru", "Корабли вошли в Черное море."),
    ("ru", "Об этом заявили в Красном Кресте и Белом доме."),
    ("ru", "Пожар на улице Киевской."),
    ("ru", "Гусев рассказал о последствиях."),
    ("uk", "Правда виявилася іншою."),
    ("uk", "Воля до перемоги не зникла."),
    ("uk", "Бої тривають на Донецькому напрямку."),
    ("uk", "Загинув Роман Лиман."),
    ("uk", "Про це сказав В. Полонський."),
    ("uk", "Це була справжня буча."),
    ("ru", "Счастье продлилось недолго."),
    ("ru", "Мирный договор так и не подписан."),
    ("ru", "По московскому времени было три часа."),
    ("ru", "Владимир Путин выступил с заявлением."),
    ("ru", "Об этом сообщил Сергей Орлов."),
    ("ru", "Восток устал от войны."),
    ("ru", "Родственники бойцов «Азова» ждут обмена."),
    ("ru", "Белая машина стояла у дома."),
]


@pytest.mark.parametrize(("language", "text", "expected"), SENTENCES, ids=[text for _, text, _ in SENTENCES])
def test_a_sentence_names_its_places_and_no_others(language, text, expected):
    assert short(find(text, language)) == expected


@pytest.mark.parametrize(("language", "text"), NO_PLACES, ids=[text for _, text in NO_PLACES])
def test_plain_words_and_persons_are_no_places(language, text):
    assert short(find(text, language)) == ""


def test_a_village_needs_a_word_that_shows_a_place():
    assert short(find("У селі Зоря загинув чоловік.", "uk")) != ""
    assert short(find("Зоря світила всю ніч.", "uk")) == ""


def test_the_whole_text_settles_a_shared_name():
    sentences = [find("Загинув чоловік у Золочеві.", "uk"), find("Харківщина знову без світла.", "uk")]
    assert [place.region for place in sentences[0]] == ["UA-46"]
    assert [place.region for place in agree(sentences)[0]] == ["UA-63"]


def test_a_shared_name_keeps_its_other_regions():
    (place,) = find("Горить завод у Новомосковську.", "uk")
    assert {place.region, *(other.region for other in place.others)} == {"RU-TUL", "UA-12"}


def test_namesakes_are_listed_by_size():
    populations = [meaning.population for meaning in GAZETTEER.alternatives("Ivanivka")]
    assert len(populations) > 5
    assert populations == sorted(populations, reverse=True)


def test_positions_are_those_of_tokens():
    text = "Дрони атакували Набережні Челни та Усть-Лугу."
    spans = [[token.text for token in tokens(text)[place.first : place.last]] for place in find(text, "uk")]
    assert spans == [["Набережні", "Челни"], ["Усть-Лугу"]]


def test_a_hyphen_of_its_own_is_no_obstacle():
    apart = [Token(text, text, frozenset(), kind(text)) for text in ("Горить", "Усть", "-", "Луга")]
    (place,) = GAZETTEER.find(apart, "ru")
    assert (place.name, place.first, place.last) == ("Ust-Luga", 1, 4)


def test_an_unknown_language_has_no_places():
    assert find("Charkiw wurde angegriffen.", "de") == ()


def test_every_first_level_region_is_there_with_all_its_names():
    regions = load_regions()
    expected = {f"{country}-{code}" for country, codes in EVERY_REGION.items() for code in codes.split()}
    assert set(regions) == expected
    assert all(set(region.names) == {"en", "uk", "ru"} and all(region.names.values()) for region in regions.values())


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
def test_every_region_is_read_by_the_name_it_is_shown_with(language):
    cities = {"UA-30", "UA-40", "RU-MOW", "RU-SPE"}
    for code, region in load_regions().items():
        found = find(f"xx {region.names[language]} xx", language)
        assert [place.region for place in found] == [code], region.names[language]
        assert found[0].kind == ("settlement" if code in cities else "region")


@pytest.mark.parametrize("file", ["towns-ukraine", "towns-russia", "districts", "airfields", "plants"])
def test_every_row_of_the_hand_tables_stands_in_a_known_region(file):
    rows = tomllib.loads((DATA / "places" / f"{file}.toml").read_text(encoding="utf-8"))["place"]
    assert {row["region"] for row in rows} <= set(load_regions())
    assert all(row.get("uk") and row.get("ru") for row in rows)


def test_every_line_of_the_settlements_stands_in_a_known_region():
    lines = list(settlement_lines())
    assert {line.split("\t")[0] for line in lines} <= set(load_regions())
    assert len(lines) > 5_000


@pytest.mark.parametrize(
    ("spelling", "other"),
    [("Kupyansk", "Kupiansk"), ("Vidnoye", "Vidnoe"), ("Hulyaypole", "Huliaipole"), ("Mykolayiv", "Mykolaiv")],
)
def test_romanisations_of_one_name_share_a_key(spelling, other):
    assert latin_key(spelling) == latin_key(other)


def test_a_name_in_cyrillic_has_the_key_of_its_romanisation():
    assert romanised_key("Гуляйполе", "uk") == latin_key("Huliaipole")
    assert romanised_key("Ямполь", "ru") == latin_key("Yampol")


def test_a_word_is_its_own_first_form_and_endings_are_traced_back():
    forms = Inflection({"ів": "ова ові", "а": "и і"}).first_forms("харкова")
    assert forms[0] == "харкова"
    assert "харків" in forms
