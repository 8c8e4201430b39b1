"""The words that people write for units, in English, French, Russian and Tajik.

Read `WORDS`: the words of each unit of `mne.logframe.units`, in small letters without the dots of what is
shortened. Other forms of the same word are found by their stem. `MONEY` has words of several currencies, which mean one
of them where a project knows no other of these.
"""

from __future__ import annotations

from typing import Final

from mne.ground.maps import FrozenMap

__all__ = ["AMBIGUOUS", "MONEY", "SHOWN", "WORDS", "shown"]

_BY_UNIT: Final[dict[str, str]] = {
    "percent": "%, per cent, percentage, percents, pct, pourcent, pour cent, pourcentage, процент, проценты, "
    "процентов, "
    "проц, фоиз, дарсад",
    "g": "gram, grams, gramme, grammes, gr, грамм, граммы, граммов, гр",
    "mg": "milligram, milligrams, milligramme, milligrammes, миллиграмм, миллиграммов, мг",
    "kg": "kilogram, kilograms, kilogramme, kilogrammes, kilo, kilos, kgs, кг, кило, килограмм, килограммы, "
    "килограммов",
    "t": "tonne, tonnes, metric ton, metric tons, metric tonne, metric tonnes, tonne métrique, tonnes métriques, "
    "т, тн, тонна, тонн, тонны, тоннаҳо",
    "mm": "millimetre, millimetres, millimeter, millimeters, millimètre, millimètres, миллиметр, миллиметров, мм",
    "cm": "centimetre, centimetres, centimeter, centimeters, centimètre, centimètres, сантиметр, сантиметров, см",
    "m": "metre, metres, meter, meters, mètre, mètres, метр, метров, м",
    "km": "kilometre, kilometres, kilometer, kilometers, kilomètre, kilomètres, kms, километр, километров, км",
    "m2": "m², sq m, sqm, square metre, square metres, square meter, square meters, mètre carré, mètres carrés, "
    "м2, м², "
    "кв м, квм, квадратный метр, квадратных метров, метри мураббаъ",
    "km2": "km², sq km, sqkm, square kilometre, square kilometres, square kilometer, square kilometers, "
    "kilomètre carré, "
    "kilomètres carrés, км2, км², кв км, квадратный километр, квадратных километров",
    "m3": "m³, cu m, cubic metre, cubic metres, cubic meter, cubic meters, mètre cube, mètres cubes, м3, м³, куб м, "
    "кубометр, кубометров, кубический метр, кубических метров, метри мукааб",
    "ha": "hectare, hectares, га, гектар, гектаров, гектары",
    "l": "litre, litres, liter, liters, литр, литров, литры, л",
    "ml": "millilitre, millilitres, milliliter, milliliters, миллилитр, миллилитров, мл",
    "second": "seconds, seconde, secondes, sec, secs, секунда, секунд, секунды, сек, сония",
    "minute": "minutes, min, mins, минута, минут, минуты, мин, дақиқа",
    "hour": "hours, hr, hrs, h, heure, heures, час, часа, часов, ч, соат",
    "day": "days, jour, jours, день, дня, дней, дни, дн, сутки, суток, рӯз",
    "week": "weeks, wk, wks, semaine, semaines, неделя, недели, недель, нед, ҳафта",
    "month": "months, mth, mths, mois, месяц, месяца, месяцев, мес, моҳ",
    "year": "years, yr, yrs, an, ans, année, années, год, года, лет, сол",
    "W": "watt, watts, ватт, вт",
    "kW": "kilowatt, kilowatts, киловатт, квт",
    "MW": "megawatt, megawatts, мегаватт",
    "kWh": "kilowatt hour, kilowatt hours, kilowatt-hour, kilowatt-hours, киловатт-час, киловатт-часов, квт·ч, "
    "квт*ч, "
    "квт-ч, квт ч, квтч",
    "kbit/s": "kbps, кбит/с, кбит/сек",
    "Mbit/s": "mbps, мбит/с, мбит/сек",
    "Gbit/s": "gbps, гбит/с, гбит/сек",
    "person": "people, individual, individuals, pers, participant, participants, beneficiary, beneficiaries, "
    "personne, "
    "personnes, bénéficiaire, bénéficiaires, participante, participantes, человек, люди, людей, лиц, чел, участник, "
    "участников, участники, бенефициар, бенефициаров, нафар, одам, шахс, иштирокчӣ",
    "household": "hh, hhs, ménage, ménages, foyer, foyers, домохозяйство, домохозяйств, домохозяйства, домохоз, д/х, "
    "хонавода",
    "family": "families, famille, familles, семья, семьи, семей, оила",
    "community": "communities, communauté, communautés, сообщество, сообществ, община, общин, общины, ҷомеа",
    "village": "деревня, деревень, деревни, село, сёл, сел, кишлак, кишлаков, деҳа",
    "district": "район, районов, районы, ноҳия",
    "country": "countries, pays, страна, стран, страны, кишвар, мамлакат",
    "institution": "établissement, établissements, учреждение, учреждений, учреждения, муассиса",
    "organisation": "organization, organizations, организация, организаций, организации, ташкилот",
    "government": "gouvernement, gouvernements, правительство, правительств, ҳукумат",
    "school": "école, écoles, школа, школ, школы, мактаб",
    "facility": "facilities, installation, installations, объект, объектов, объекты, иншоот",
    "enterprise": "entreprise, entreprises, предприятие, предприятий, предприятия, корхона",
    "farm": "ferme, fermes, exploitation agricole, exploitations agricoles, ферма, ферм, фермы, "
    "дехканское хозяйство, "
    "дехканских хозяйств, хоҷагии деҳқонӣ",
    "service": "услуга, услуг, услуги, хизматрасонӣ",
    "system": "système, systèmes, система, систем, системы, низом",
    "product": "produit, produits, продукт, продуктов, продукты, маҳсулот",
    "event": "événement, événements, évènement, évènements, мероприятие, мероприятий, мероприятия, чорабинӣ",
    "session": "séance, séances, сессия, сессий, сессии, ҷаласа",
    "training": "formation, formations, тренинг, тренингов, тренинги, омӯзиш",
    "document": "документ, документов, документы, ҳуҷҷат",
    "report": "rapport, rapports, отчёт, отчёта, отчётов, отчет, отчета, отчетов, ҳисобот",
    "policy": "policies, politique, politiques, политика, политик, сиёсат",
    "law": "loi, lois, закон, законов, законы, қонун",
    "plan": "план, планов, планы, нақша",
    "study": "studies, étude, études, исследование, исследований, исследования, тадқиқот",
    "agreement": "accord, accords, соглашение, соглашений, соглашения, созишнома",
    "project": "projet, projets, проект, проектов, проекты, лоиҳа",
    "case": "cas, случай, случаев, случаи, ҳолат",
    "visit": "visite, visites, визит, визитов, посещение, посещений, посещения, ташриф",
    "transaction": "транзакция, транзакций, транзакции",
    "account": "compte, comptes, счёт, счёта, счетов, счет, суратҳисоб",
    "terminal": "terminaux, терминал, терминалов, терминалы",
    "device": "appareil, appareils, устройство, устройств, устройства, дастгоҳ",
    "building": "bâtiment, bâtiments, здание, зданий, здания, бино",
    "site": "площадка, площадок, площадки",
    "TJS": "сомони, сомонӣ, somoni, somonis, сом тадж, таджикский сомони, таджикских сомони, сомонии тоҷикӣ",
    "USD": "us dollar, us dollars, u s dollar, u s dollars, us$, us $, $us, usd$, american dollars, "
    "dollar américain, "
    "dollars américains, dollar us, dollars us, доллар сша, доллары сша, долларов сша, доллара сша, долл сша, "
    "дол сша, "
    "доллари има, доллари амрикоӣ, доллари сша",
    "EUR": "euro, euros, €, евро",
    "RUB": "russian rouble, russian roubles, russian ruble, russian rubles, rouble russe, roubles russes, ₽, "
    "российский рубль, российских рублей, российские рубли, росс руб, рос руб, рубли русӣ",
    "GBP": "pound sterling, pounds sterling, livre sterling, livres sterling, фунт стерлингов, фунтов стерлингов",
    "CHF": "swiss franc, swiss francs, franc suisse, francs suisses, швейцарский франк, швейцарских франков",
    "CNY": "yuan, renminbi, rmb, юань, юаней, юани",
    "KZT": "tenge, тенге",
    "KGS": "kyrgyz som, kyrgyz soms, киргизский сом, киргизских сомов, кыргызский сом, кыргызских сомов",
    "UZS": "uzbek soum, uzbek sum, узбекский сум, узбекских сумов",
    "UAH": "hryvnia, hryvnias, гривна, гривен, гривны",
    "GEL": "lari, лари",
    "AMD": "armenian dram, драм, драмов",
    "AFN": "afghani, afghanis, афгани, афғонӣ",
    "BDT": "taka, takas, така",
    "ETB": "birr, бырр",
}  # fmt: skip

WORDS: Final[dict[str, str]] = {word: unit for unit, words in _BY_UNIT.items() for word in words.split(", ")}
"""The unit of each word."""

MONEY: Final[dict[str, tuple[str, ...]]] = {
    word: tuple(codes.split())
    for words, codes in {
        "dollar, dollars, $, доллар, доллары, долларов, доллара, долл, дол, "
    "доллари": "USD AUD CAD NZD SGD HKD TWD BBD "
        "BZD FJD GYD JMD LRD NAD SBD SRD TTD XCD BND BSD",
        "franc, francs, франк, франков, франки": "CHF XOF XAF XPF BIF CDF DJF GNF KMF RWF",
        "rupee, rupees, roupie, roupies, рупия, рупий, рупии": "INR PKR LKR NPR MUR SCR",
        "pound, pounds, £, фунт, фунтов, фунты": "GBP EGP LBP SSP SDG SYP SHP FKP",
        "rouble, roubles, ruble, rubles, рубль, рублей, рубля, рубли, руб": "RUB BYN BYR",
        "manat, manats, манат, манатов": "AZN TMT",
        "som, soms, сом, сомов": "KGS",
        "sum, soum, soums, сум, сумов": "UZS",
        "peso, pesos, песо": "ARS CLP COP CUP DOP MXN PHP UYU",
        "leu, lei, лей, леев": "MDL RON",
    }.items()
    for word in words.split(", ")
}  # fmt: skip
"""Words of several currencies, with the currencies that they may be."""

AMBIGUOUS: Final = frozenset(
    {
        "units", "unit", "ton", "tons", "mt", "no", "no.", "nos", "nb", "nr", "nr.", "#", "№", "number", "numbers",
        "count", "amount", "quantity", "qty", "pc", "pcs", "piece", "pieces", "each", "k", "c", "lb", "m", "t", "g",
        "mw", "mwh", "unité", "unités", "nombre", "tonneau", "единица", "единиц", "ед", "ед.", "шт", "шт.", "штук",
        "адад", "дона", *MONEY,
    }
)  # fmt: skip
"""Words that mean several units in the field, or that a parser of physics reads as something else."""

SHOWN: Final[FrozenMap[str, FrozenMap[str, str]]] = FrozenMap(
    {
        unit: FrozenMap(words)
        for unit, words in {
            "percent": {"en": "%", "fr": "%", "ru": "%", "tg": "%"},
            "kg": {"ru": "кг", "tg": "кг"},
            "t": {"ru": "т", "tg": "т"},
            "km": {"ru": "км", "tg": "км"},
            "m": {"ru": "м", "tg": "м"},
            "m2": {"en": "m²", "fr": "m²", "ru": "м²", "tg": "м²"},
            "m3": {"en": "m³", "fr": "m³", "ru": "м³", "tg": "м³"},
            "ha": {"ru": "га", "tg": "га"},
            "l": {"ru": "л", "tg": "л"},
            "minute": {"en": "minutes", "fr": "minutes", "ru": "минут", "tg": "дақиқа"},
            "hour": {"en": "hours", "fr": "heures", "ru": "часов", "tg": "соат"},
            "day": {"en": "days", "fr": "jours", "ru": "дн.", "tg": "рӯз"},
            "week": {"en": "weeks", "fr": "semaines", "ru": "недель", "tg": "ҳафта"},
            "month": {"en": "months", "fr": "mois", "ru": "месяцев", "tg": "моҳ"},
            "year": {"en": "years", "fr": "années", "ru": "лет", "tg": "сол"},
            "person": {"fr": "personnes", "ru": "чел.", "tg": "нафар"},
            "household": {"fr": "ménages", "ru": "домохозяйств", "tg": "хонавода"},
            "family": {"fr": "familles", "ru": "семей", "tg": "оила"},
            "community": {"fr": "communautés", "ru": "общин", "tg": "ҷомеа"},
            "village": {"fr": "villages", "ru": "сёл", "tg": "деҳа"},
            "district": {"fr": "districts", "ru": "районов", "tg": "ноҳия"},
            "country": {"fr": "pays", "ru": "стран", "tg": "кишвар"},
            "institution": {"fr": "établissements", "ru": "учреждений", "tg": "муассиса"},
            "organisation": {"fr": "organisations", "ru": "организаций", "tg": "ташкилот"},
            "school": {"fr": "écoles", "ru": "школ", "tg": "мактаб"},
            "facility": {"fr": "installations", "ru": "объектов", "tg": "иншоот"},
            "enterprise": {"fr": "entreprises", "ru": "предприятий", "tg": "корхона"},
            "farm": {"fr": "fermes", "ru": "ферм", "tg": "хоҷагии деҳқонӣ"},
            "service": {"fr": "services", "ru": "услуг", "tg": "хизматрасонӣ"},
            "system": {"fr": "systèmes", "ru": "систем", "tg": "низом"},
            "product": {"fr": "produits", "ru": "продуктов", "tg": "маҳсулот"},
            "event": {"fr": "événements", "ru": "мероприятий", "tg": "чорабинӣ"},
            "session": {"fr": "séances", "ru": "сессий", "tg": "ҷаласа"},
            "training": {"fr": "formations", "ru": "тренингов", "tg": "омӯзиш"},
            "document": {"fr": "documents", "ru": "документов", "tg": "ҳуҷҷат"},
            "report": {"fr": "rapports", "ru": "отчётов", "tg": "ҳисобот"},
            "policy": {"fr": "politiques", "ru": "политик", "tg": "сиёсат"},
            "law": {"fr": "lois", "ru": "законов", "tg": "қонун"},
            "plan": {"fr": "plans", "ru": "планов", "tg": "нақша"},
            "study": {"fr": "études", "ru": "исследований", "tg": "тадқиқот"},
            "agreement": {"fr": "accords", "ru": "соглашений", "tg": "созишнома"},
            "project": {"fr": "projets", "ru": "проектов", "tg": "лоиҳа"},
            "case": {"fr": "cas", "ru": "случаев", "tg": "ҳолат"},
            "visit": {"fr": "visites", "ru": "посещений", "tg": "ташриф"},
            "account": {"fr": "comptes", "ru": "счетов", "tg": "суратҳисоб"},
            "device": {"fr": "appareils", "ru": "устройств", "tg": "дастгоҳ"},
            "building": {"fr": "bâtiments", "ru": "зданий", "tg": "бино"},
            "TJS": {"ru": "сомони", "tg": "сомонӣ"},
        }.items()
    }
)
"""How a unit is shown to a reader of a language, as it stands behind a number; where nothing is given, by its code.

Each of these is one of the words that are read.
"""


def shown(unit: str, lang: str) -> str | None:
    """The word of a language for a unit, if it has one."""
    words = SHOWN.get(unit)
    return None if words is None else words.get(lang)
