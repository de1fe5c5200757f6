"""Ordinary news without any exchange or strike, as most of a feed is; written for the benchmark."""

from __future__ import annotations

ORDINARY = {
    "en": (
        "Council approves new tram line. The route will link the old town with the university by 2028, at a cost of 240 million euros.",
        "Heavy rain expected at the weekend. Forecasters say up to 60 millimetres may come down by Sunday evening, mostly in the west.",
        "Central bank keeps its rate at 13 per cent. Economists had expected a cut; the next decision is due on 11 September.",
        "National museum opens a hall of early photography. About 400 prints from the 1850s are on show until the end of March.",
        "Home side wins the derby with a late goal. Some 32,000 people watched the match; the return leg is on Wednesday.",
        "Parliament debates the budget for next year. Schools and roads are to get more money, and the tax on fuel will rise in July.",
        "Doctors warn of an early flu season. Clinics have seen 15 per cent more patients than last year and ask people to get vaccinated.",
        "Telescope finds water on a distant planet. The team looked at its light for 18 months before it published the results.",
        "Farmers gather a record harvest of apples. Prices in the shops have fallen by a fifth since August, traders say.",
        "Airline adds flights to four cities. Tickets are on sale from Monday, the first plane leaves on 2 May.",
        "City library stays open at night. Students asked for longer hours before the exams; the trial runs for six weeks.",
        "Film about a lighthouse keeper takes the main award. The director spent three winters on the island with a crew of nine.",
    ),
    "uk": (
        "Міськрада погодила нову трамвайну лінію. Маршрут з'єднає старе місто з університетом до 2028 року, кошторис становить 240 мільйонів.",
        "На вихідних синоптики обіцяють зливи. До вечора неділі може випасти до 60 міліметрів опадів, найбільше на заході.",
        "Нацбанк залишив облікову ставку на рівні 13 відсотків. Економісти чекали зниження, наступне рішення ухвалять 11 вересня.",
        "У національному музеї відкрили залу ранньої світлини. Близько 400 відбитків середини дев'ятнадцятого століття показуватимуть до кінця березня.",
        "Господарі поля виграли дербі завдяки пізньому голу. За грою стежили 32 тисячі глядачів, матч-відповідь у середу.",
        "Парламент обговорює бюджет на наступний рік. Школи й дороги отримають більше грошей, а податок на пальне зросте в липні.",
        "Лікарі попереджають про ранній сезон грипу. До поліклінік звернулося на 15 відсотків більше пацієнтів, ніж торік.",
        "Телескоп побачив воду на далекій планеті. Науковці спостерігали за її світлом півтора року, перш ніж оприлюднити висновки.",
        "Садівники зібрали рекордний урожай яблук. Від серпня ціни в крамницях знизилися на п'яту частину, кажуть торговці.",
        "Авіакомпанія додає рейси до чотирьох міст. Квитки продають від понеділка, перший літак полетить 2 травня.",
        "Міська бібліотека працюватиме вночі. Студенти просили про довші години перед іспитами, спроба триватиме шість тижнів.",
        "Стрічка про доглядача маяка здобула головну нагороду. Режисерка провела на острові три зими зі знімальною групою з дев'яти людей.",
    ),
    "ru": (
        "Горсовет одобрил новую трамвайную линию. Маршрут соединит старый город с университетом к 2028 году, смета составляет 240 миллионов.",
        "На выходных синоптики обещают ливни. До вечера воскресенья может выпасть до 60 миллиметров осадков, больше всего на западе.",
        "Центробанк сохранил ключевую ставку на уровне 13 процентов. Экономисты ждали снижения, следующее решение примут 11 сентября.",
        "В национальном музее открыли зал ранней фотографии. Около 400 отпечатков середины девятнадцатого века покажут до конца марта.",
        "Хозяева поля выиграли дерби благодаря позднему голу. За игрой следили 32 тысячи зрителей, ответный матч в среду.",
        "Парламент обсуждает бюджет на следующий год. Школы и дороги получат больше денег, а налог на топливо вырастет в июле.",
        "Врачи предупреждают о раннем сезоне гриппа. В поликлиники обратилось на 15 процентов больше пациентов, чем год назад.",
        "Телескоп увидел воду на далёкой планете. Учёные наблюдали за её светом полтора года, прежде чем опубликовать выводы.",
        "Садоводы собрали рекордный урожай яблок. С августа цены в магазинах снизились на пятую часть, говорят торговцы.",
        "Авиакомпания добавляет рейсы в четыре города. Билеты продают с понедельника, первый самолёт улетит 2 мая.",
        "Городская библиотека будет работать ночью. Студенты просили о более долгих часах перед экзаменами, опыт продлится шесть недель.",
        "Фильм о смотрителе маяка получил главную награду. Режиссёр провела на острове три зимы со съёмочной группой из девяти человек.",
    ),
}
