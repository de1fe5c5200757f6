"""What stands around a name decides what it is: a place, which of several, or no place at all."""

from __future__ import annotations

import pytest

from bot.core.text.places import agree
from tests.gazetteer import find, short

CONTEXTS = [
    # a city and the region of its name
    ("uk", "Вибухи на Київщині.", "Kyiv Oblast UA-32 region"),
    ("uk", "Про це повідомила Київська міська військова адміністрація.", "Kyiv UA-30 settlement"),
    ("uk", "Начальник Херсонської МВА назвав адресу.", "Kherson UA-65 settlement"),
    ("uk", "Начальник Херсонської ОВА назвав адресу.", "Kherson Oblast UA-65 region"),
    ("ru", "Белгородская мэрия считает окна.", "Belgorod RU-BEL settlement"),
    ("ru", "Глава Сумской ОВА рассказал о пострадавших.", "Sumy Oblast UA-59 region"),
    ("ru", "Сбиты в московском регионе.", "Moscow Oblast RU-MOS region"),
    ("en", "Blasts were heard in the Kyiv region and in Kyiv.", "Kyiv Oblast UA-32 region; Kyiv UA-30 settlement"),
    ("ru", "Об этом сообщил врио курского губернатора.", "Kursk Oblast RU-KRS region"),
    ("uk", "Так пише білгородський губернатор.", "Belgorod Oblast RU-BEL region"),
    # namesakes
    ("ru", "Пожар в Донецке Ростовской области.", "Donetsk RU-ROS settlement; Rostov Oblast RU-ROS region"),
    ("ru", "Пожар в Донецке.", "Donetsk UA-14 settlement"),
    ("en", "A plant burned in Novomoskovsk, Dnipropetrovsk region.", "Samar UA-12 settlement; Dnipropetrovsk Oblast UA-12 region"),
    ("en", "A plant burned in Novomoskovsk in Tula Oblast.", "Novomoskovsk RU-TUL settlement; Tula Oblast RU-TUL region"),
    ("uk", "У Миколаєві на Львівщині тихо.", "Mykolaiv UA-46 settlement; Lviv Oblast UA-46 region"),
    ("uk", "Кам'янка Харківської області без світла.", "Kamianka UA-63 settlement; Kharkiv Oblast UA-63 region"),
    ("en", "They hit the village of Zatyshne in Dnipropetrovsk Oblast.",
     "Zatyshne UA-12 settlement; Dnipropetrovsk Oblast UA-12 region"),
    ("uk", "У селищі Обухово (Калузька область) вибухи.", "Obukhovo RU-KLU settlement; Kaluga Oblast RU-KLU region"),
    ("uk", "Семенівка знову під обстрілом.", "Semenivka UA-74 settlement"),
    ("uk", "Зеленодольськ без світла.", "Zelenodolsk UA-12 settlement"),
    ("ru", "Зеленодольск без света.", "Zelenodolsk RU-TA settlement"),
    ("en", "Shells fell on Moscow, officials said.", "Moscow RU-MOW settlement"),
    ("ru", "Дрон упал в хуторе Октябрьский Белгородского округа.",
     "Oktyabrsky RU-BEL settlement; Belgorod RU-BEL district"),
    ("ru", "Дрон упал в поселке Дубовое Белгородского района.", "Dubovoye RU-BEL settlement; Belgorod RU-BEL district"),
    ("uk", "Снаряди впали у Нью-Йорку на Донеччині.", "Niu-York UA-14 settlement; Donetsk Oblast UA-14 region"),
    ("uk", "Дрони бачили у Кущівському, Сіверському та Слов'янському районах.",
     "Kushchyovskaya RU-KDA district; Severskaya RU-KDA district; Slavyansk-na-Kubani RU-KDA district"),
    # towns with a noun or an adjective between
    ("uk", "Вибухи в російському Орлі.", "Oryol RU-ORL settlement"),
    ("uk", "Вибухи в тимчасово окупованому Токмаку.", "Tokmak UA-23 settlement"),
    ("ru", "Взрывы в подмосковном Клину.", "Klin RU-MOS settlement"),
    ("en", "Blasts rocked Russian-occupied Tokmak and southern Orel.", "Tokmak UA-23 settlement; Oryol RU-ORL settlement"),
    # districts of cities
    ("uk", "Пожежа у Шевченківському районі Запоріжжя.", "Shevchenkivskyi UA-23 district; Zaporizhzhia UA-23 settlement"),
    ("uk", "У Корабельному районі Миколаєва поранено чоловіка.", "Korabelnyi UA-48 district; Mykolaiv UA-48 settlement"),
    ("uk", "У Корабельному районі Херсона поранено чоловіка.", "Korabelnyi UA-65 district; Kherson UA-65 settlement"),
    ("ru", "В Киевском районе Донецка разрушен дом.", "Kyivskyi UA-14 district; Donetsk UA-14 settlement"),
    ("ru", "В Приморском районе Петербурга упал дрон.", "Primorsky RU-SPE district; Saint Petersburg RU-SPE settlement"),
    ("ru", "В Приморском районе Одессы упал дрон.", "Prymorskyi UA-51 district; Odesa UA-51 settlement"),
    ("ru", "Дома в Советском и Приволжском районах Казани.",
     "Sovetsky RU-TA district; Privolzhsky RU-TA district; Kazan RU-TA settlement"),
    ("ru", "Пожар в Кировском районе Томска.", "Kirovskyi RU-TOM district; Tomsk RU-TOM settlement"),
    ("en", "Kharkiv's Saltivskyi district was hit.", "Kharkiv UA-63 settlement; Saltivka UA-63 district"),
    ("uk", "Уламки впали на Троєщині.", "Troieshchyna UA-30 district"),
    # districts of regions, communities and what people call a district
    ("uk", "Ворог обстріляв Нікопольщину й Криворіжжя.", "Nikopol district UA-12 region; Kryvyi Rih district UA-12 region"),
    ("uk", "Під ударом Покровський район.", "Pokrovsk UA-14 district"),
    ("uk", "Удар по Покровському району Кривого Рогу.", "Pokrovskyi UA-12 district; Kryvyi Rih UA-12 settlement"),
    ("uk", "Новопокровська громада без газу.", "Novopokrovka UA-63 settlement"),
    ("ru", "Ранен житель с. Осиново Купянской громады.", "Osynove UA-63 settlement; Kupiansk UA-63 settlement"),
    ("ru", "Дрон ударил в Северском районе Кубани.", "Severskaya RU-KDA district; Krasnodar Krai RU-KDA region"),
    ("en", "The Bilopillia and Krasnopillia hromadas came under fire.", "Bilopillia UA-59 settlement; Krasnopillia UA-59 settlement"),
    # towns by their works, works without their town
    ("uk", "Палали Рязанський та Саратовський НПЗ.", "Ryazan RU-RYA settlement; Saratov RU-SAR settlement"),
    ("uk", "Атаковано «Невинномиський азот».", "Nevinnomyssk RU-STA settlement"),
    ("en", "The Ilsky refinery burned.", "Ilsky RU-KDA settlement"),
    ("en", "The Slavyansk refinery burned.", "Slavyansk-na-Kubani RU-KDA settlement"),
    ("ru", "Загорелась НПС «Никольское».", "Nikolskoye RU-TAM plant"),
    ("uk", "Дрони вразили платформу Філановського.", "Filanovsky RU-AST plant"),
    ("en", "Kerch bridge traffic stopped.", "Kerch UA-43 plant"),
    ("uk", "Горить танкер у порту Приморськ.", "Primorsk RU-LEN port"),
    # the towns of rivers
    ("uk", "Удар по Дніпру: двоє загиблих.", "Dnipro UA-12 settlement"),
    ("en", "The Dnipro district was shelled.", "Dnipro district UA-30 district"),
    # spellings and lists
    ("en", "Shelling of Kamyanets-Podilskyy, Slovyansk and Izyum.",
     "Kamianets-Podilskyi UA-68 settlement; Sloviansk UA-14 settlement; Izium UA-63 settlement"),
    ("en", "Sumy, Chernihiv and Poltava regions counted the drones.",
     "Sumy Oblast UA-59 region; Chernihiv Oblast UA-74 region; Poltava Oblast UA-53 region"),
    ("ru", "Над Краснодарским и Ставропольским краями сбиты дроны.",
     "Krasnodar Krai RU-KDA region; Stavropol Krai RU-STA region"),
    ("uk", "Вибухи у Харкові, Чугуєві та Ізюмі.",
     "Kharkiv UA-63 settlement; Chuhuiv UA-63 settlement; Izium UA-63 settlement"),
    ("uk", "У Шебекиному загинув чоловік.", "Shebekino RU-BEL settlement"),
    # names of before
    ("ru", "Взрывы в Красном Лимане и Дзержинске Донецкой области.",
     "Lyman UA-14 settlement; Toretsk UA-14 settlement; Donetsk Oblast UA-14 region"),
    ("uk", "Вибухи у Красноградi та Першотравенську.".replace("i", "і"), "Berestyn UA-63 settlement; Shakhtarske UA-12 settlement"),
    ("en", "Krasnohrad and Chervonohrad have new names.", "Berestyn UA-63 settlement; Sheptytskyi UA-46 settlement"),
]  # fmt: skip

NO_PLACES = [
    # ships, units, papers and clubs with the name of a town
    ("uk", "Підводний човен «Ростов-на-Дону» знищено."),
    ("ru", "Крейсер «Москва» затонул."),
    ("en", "The cruiser Moskva sank."),
    ("en", "The submarine Rostov-on-Don burned."),
    ("uk", "Бійці бригади «Чернігів» повернулися."),
    ("uk", "128-ма Закарпатська бригада тримає оборону."),
    ("ru", "Десантный корабль «Новочеркасск» уничтожен."),
    ("en", "The Kyiv Post and the Azov Brigade disagree."),
    ("uk", "ФК «Дніпро» переміг."),
    # rivers, reservoirs, directions and seas
    ("uk", "Техніку переправляли через Дніпро."),
    ("en", "They crossed the Dnipro River at night."),
    ("en", "Troops moved across the Dnieper."),
    ("ru", "Тело нашли в реке Днепр."),
    ("uk", "Судна стоять на Дунаї."),
    ("ru", "Бои на Купянском направлении."),
    ("uk", "Каховське водосховище обміліло."),
    ("en", "Fighting went on along the Pokrovsk direction."),
    # talks and treaties
    ("ru", "Минские соглашения не действуют."),
    ("en", "The Istanbul deal collapsed."),
    ("ru", "База Черноморского флота опустела."),
    # cities of the world and villages with their names
    ("en", "They spoke at the United Nations in New York."),
    ("ru", "Отменены вылеты из Парижа."),
    ("ru", "На Урале выпал снег."),
    # streets, schools and stations
    ("uk", "Будинок на Харківському шосе вцілів."),
    ("uk", "Одеський національний університет відкрив набір."),
    ("uk", "На проспекті Перемоги виставка."),
    # an adjective of a capital says nothing about where
    ("uk", "Київські рятувальники приїхали вчасно."),
    # a capital that stands for its government
    ("en", "Moscow claims that it hit nothing else."),
    ("en", "The Moscow-installed head spoke."),
    ("uk", "Київ заявив про готовність."),
    ("ru", "Москва обвинила противника."),
    # persons
    ("uk", "Лисак повідомив про пожежу."),
    ("uk", "Олег Кіпер показав наслідки."),
    ("ru", "Богомаз сообщил о дронах."),
    ("ru", "Губернатор Михайлов пояснил."),
    ("en", "Fedorov said three people were hurt."),
    ("en", "Mayor Suvorov declined to comment."),
]


@pytest.mark.parametrize(("language", "text", "expected"), CONTEXTS, ids=[text for _, text, _ in CONTEXTS])
def test_a_name_is_what_stands_around_it_says(language, text, expected):
    assert short(find(text, language)) == expected


@pytest.mark.parametrize(("language", "text"), NO_PLACES, ids=[text for _, text in NO_PLACES])
def test_a_name_of_something_else_is_no_place(language, text):
    assert short(find(text, language)) == ""


@pytest.mark.parametrize(
    ("language", "shared", "region", "expected"),
    [
        ("uk", "Поранено жінку в Шевченківському районі.", "Харків без світла.", "UA-63"),
        ("uk", "Поранено жінку в Шевченківському районі.", "Запоріжжя без світла.", "UA-23"),
        ("ru", "Ранена женщина в Центральном районе.", "Николаев без света.", "UA-48"),
        ("en", "A woman was hurt in Shevchenkivskyi district.", "Poltava Oblast lost power.", "UA-53"),
        ("uk", "Удар по Миколаївці.", "Сумщина без світла.", "UA-59"),
    ],
)
def test_the_place_that_the_text_names_for_certain_settles_a_shared_name(language, shared, region, expected):
    settled = agree([find(shared, language), find(region, language)])
    assert [place.region for place in settled[0]] == [expected]
