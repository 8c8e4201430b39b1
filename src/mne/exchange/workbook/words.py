"""The words of the workbooks that partners get, in the languages that the library speaks.

Read `words` first. What a finding says comes from `told`, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mne.ground.findings import Finding, Told, clean_text
from mne.ground.maps import FrozenMap
from mne.ground.tags import LANGUAGES, spaced, spoken

__all__ = ["WORDS", "Told", "Words", "told", "words"]


def told(finding: Finding, lang: str) -> Told:
    """What a finding says to a reader of `lang`; the hint ends with what was probably meant."""
    say = words(lang)
    said = finding.in_language(lang)
    hint = said.hint
    if finding.suggestion:
        meant = say("suggestion", value=clean_text(finding.suggestion))
        hint = f"{hint} {meant}" if hint else meant
    return said._replace(hint=hint)


@dataclass(frozen=True, slots=True)
class Words:
    """The words for one reader."""

    lang: str

    def __call__(self, key: str, /, **values: object) -> str:
        """The words of `key`, with `values` put in their places."""
        return WORDS[key][self.lang].format(**values)

    @property
    def colon(self) -> str:
        """What stands between a heading and what it is about."""
        return spaced(":", self.lang)


def words(lang: str | None) -> Words:
    """The words in a language; a regional tag reads its language, and one that we do not speak reads English."""
    return Words(spoken(lang))


def _table(rows: tuple[tuple[str, str, str, str, str], ...]) -> Mapping[str, Mapping[str, str]]:
    return FrozenMap({key: FrozenMap(dict(zip(LANGUAGES, each, strict=True))) for key, *each in rows})


# key, English, French, Russian, Tajik
WORDS: Final = _table(
    (
        # The annotated copy
        ("to-fix", "What to fix", "À corriger", "Что исправить", "Чиро ислоҳ кардан лозим"),
        ("severity", "Severity", "Gravité", "Важность", "Дараҷа"),
        ("sheet", "Sheet", "Feuille", "Лист", "Варақ"),
        ("cell", "Cell", "Cellule", "Ячейка", "Катак"),
        ("wrong", "What is wrong", "Ce qui ne va pas", "Что не так", "Чӣ нодуруст аст"),
        ("found", "What stands there", "Ce qui s’y trouve", "Что там стоит", "Чӣ навишта шудааст"),
        ("expected", "What is expected", "Ce qui est attendu", "Что ожидается", "Чӣ интизор аст"),
        ("do", "What to do", "Que faire", "Что сделать", "Чӣ бояд кард"),
        ("code", "Code", "Code", "Код", "Рамз"),
        ("blocker", "Blocker", "Bloquant", "Препятствие", "Монеа"),
        ("error", "Error", "Erreur", "Ошибка", "Хато"),
        ("warning", "Warning", "Avertissement", "Предупреждение", "Огоҳӣ"),
        ("info", "Remark", "Remarque", "Примечание", "Эзоҳ"),
        (
            "how",
            (
                "Mend the coloured cells in this workbook, save it, and send it again. Each cell below is a link. "
                "This sheet is not read."
            ),
            (
                "Corrigez les cellules colorées dans ce classeur, enregistrez-le et renvoyez-le. Chaque cellule ci-dessous "
                "est un lien. Cette feuille n’est pas lue."
            ),
            (
                "Исправьте закрашенные ячейки в этой книге, сохраните её и пришлите снова. Каждая ячейка в списке – ссылка. "
                "Этот лист не читается."
            ),
            (
                "Катакҳои рангкардашударо дар ҳамин китоб ислоҳ кунед, онро нигоҳ доред ва аз нав фиристед. Ҳар катак дар "
                "рӯйхат пайванд аст. Ин варақ хонда намешавад."
            ),
        ),
        (
            "to-know",
            "For your information; nothing to mend here",
            "Pour information ; rien à corriger ici",
            "К сведению; здесь исправлять ничего не нужно",
            "Барои маълумот; ин ҷо чизеро ислоҳ кардан лозим нест",
        ),
        (
            "how-nothing",
            "Nothing has to be mended.",
            "Rien à corriger.",
            "Исправлять ничего не нужно.",
            "Чизеро ислоҳ кардан лозим нест.",
        ),
        (
            "how-refused",
            "The file could not be read, so that its contents are not shown here.",
            "Le fichier n’a pas pu être lu ; son contenu n’est donc pas montré ici.",
            "Файл не удалось прочитать, поэтому его содержание здесь не показано.",
            "Файлро хондан нашуд, бинобар ин мундариҷааш ин ҷо нишон дода нашудааст.",
        ),
        ("suggestion", "Did you mean {value}?", "Vouliez-vous dire {value} ?", "Возможно, {value}?", "Шояд {value}?"),
        ("see", "See also {places}.", "Voir aussi {places}.", "См. также {places}.", "Инчунин нигаред: {places}."),
        ("count", "{word}: {count}", "{word} : {count}", "{word}: {count}", "{word}: {count}"),
        (
            "more",
            "And {count} more; mend these first.",
            "Et {count} de plus ; corrigez d’abord celles-ci.",
            "И ещё {count}; сначала исправьте эти.",
            "Ва боз {count}; аввал инҳоро ислоҳ кунед.",
        ),
        # The template
        ("sheet-report", "Report", "Rapport", "Отчёт", "Ҳисобот"),
        ("sheet-guide", "Instructions", "Instructions", "Инструкция", "Дастурамал"),
        ("h-indicator", "Indicator", "Indicateur", "Показатель", "Нишондиҳанда"),
        ("h-title", "Title", "Titre", "Название", "Ном"),
        ("h-location", "Location", "Lieu", "Место", "Ҷой"),
        ("h-category", "Category", "Catégorie", "Категория", "Категория"),
        ("h-period", "Period", "Période", "Период", "Давра"),
        ("h-unit", "Unit", "Unité", "Единица", "Воҳид"),
        ("h-baseline", "Baseline", "Référence", "Базовое значение", "Қимати ибтидоӣ"),
        ("h-target", "Target", "Cible", "Целевое значение", "Ҳадаф"),
        ("h-last", "Last value", "Dernière valeur", "Прошлое значение", "Қимати пешина"),
        ("h-value", "Value", "Valeur", "Значение", "Қимат"),
        ("h-numerator", "Numerator", "Numérateur", "Числитель", "Сурат"),
        ("h-denominator", "Denominator", "Dénominateur", "Знаменатель", "Махраҷ"),
        ("h-state", "State", "État", "Состояние", "Ҳолат"),
        ("h-comment", "Comment", "Commentaire", "Комментарий", "Эзоҳ"),
        ("h-evidence", "Evidence", "Justificatif", "Подтверждение", "Далел"),
        ("h-status", "Status", "Statut", "Статус", "Вазъ"),
        ("h-partner", "Partner", "Partenaire", "Партнёр", "Шарик"),
        ("state-missing", "no data", "pas de données", "нет данных", "маълумот нест"),
        ("state-not_applicable", "not applicable", "sans objet", "не применимо", "дахл надорад"),
        ("state-not_due", "not due", "non échu", "срок не наступил", "муҳлаташ нарасидааст"),
        ("status-draft", "draft", "brouillon", "черновик", "сиёҳнавис"),
        ("status-submitted", "submitted", "soumis", "подан", "пешниҳодшуда"),
        ("yes", "yes", "oui", "да", "ҳа"),
        ("no", "no", "non", "нет", "не"),
        ("total", "all together", "ensemble", "всего", "ҳамагӣ"),
        ("pending", "pending", "en attente", "уточняется", "муайян мешавад"),
        ("at-least", "≥ {value}", "≥ {value}", "≥ {value}", "≥ {value}"),
        (
            "report-head",
            "Progress report of {partner} for {period}",
            "Rapport d’avancement de {partner}, {period}",
            "Отчёт о ходе работы: {partner}, {period}",
            "Ҳисобот дар бораи пешрафт: {partner}, {period}",
        ),
        (
            "report-sub",
            "Fill in the orange cells; the others are locked. Leave a cell blank where you have no figure.",
            "Remplissez les cellules orange ; les autres sont verrouillées. Sans chiffre, laissez la cellule vide.",
            "Заполните оранжевые ячейки; остальные закрыты. Если данных нет, оставьте ячейку пустой.",
            "Катакҳои норинҷиро пур кунед; дигарҳо баста аст. Агар маълумот набошад, катакро холӣ гузоред.",
        ),
        ("note-definition", "What counts", "Ce qui compte", "Что учитывается", "Чӣ ба ҳисоб меравад"),
        ("note-method", "How it is measured", "Comment c’est mesuré", "Как измеряется", "Чӣ тавр чен карда мешавад"),
        ("note-means", "Records", "Pièces justificatives", "Подтверждающие документы", "Ҳуҷҷатҳои тасдиқкунанда"),
        ("note-limitations", "Limits", "Limites", "Ограничения", "Маҳдудиятҳо"),
        ("v-title", "Please check", "À vérifier", "Проверьте", "Санҷед"),
        (
            "v-count",
            "A whole number, 0 or more. If there is no figure, leave this blank and choose why under State.",
            "Un nombre entier, 0 ou plus. Sans chiffre, laissez vide et choisissez la raison sous État.",
            "Целое число, 0 или больше. Если числа нет, оставьте пустым и выберите причину в столбце «Состояние».",
            "Адади бутун, 0 ё зиёда. Агар адад набошад, холӣ гузоред ва дар сутуни «Ҳолат» сабабро интихоб кунед.",
        ),
        (
            "v-number",
            "A number, 0 or more. If there is no figure, leave this blank and choose why under State.",
            "Un nombre, 0 ou plus. Sans chiffre, laissez vide et choisissez la raison sous État.",
            "Число, 0 или больше. Если числа нет, оставьте пустым и выберите причину в столбце «Состояние».",
            "Адад, 0 ё зиёда. Агар адад набошад, холӣ гузоред ва дар сутуни «Ҳолат» сабабро интихоб кунед.",
        ),
        (
            "v-any",
            "A number; it may be below 0. If there is no figure, leave this blank and choose why under State.",
            "Un nombre, qui peut être négatif. Sans chiffre, laissez vide et choisissez la raison sous État.",
            "Число; может быть меньше 0. Если числа нет, оставьте пустым и выберите причину в столбце «Состояние».",
            "Адад; метавонад аз 0 кам бошад. Агар адад набошад, холӣ гузоред ва дар сутуни «Ҳолат» сабабро интихоб кунед.",
        ),
        (
            "v-percent",
            "A percentage from 0 to 100: write 45 for 45 per cent. If there is no figure, leave this blank.",
            "Un pourcentage de 0 à 100 : écrivez 45 pour 45 %. Sans chiffre, laissez vide.",
            "Процент от 0 до 100: пишите 45, если это 45 %. Если числа нет, оставьте пустым.",
            "Фоиз аз 0 то 100: 45 нависед, агар 45 % бошад. Агар адад набошад, холӣ гузоред.",
        ),
        (
            "v-numerator",
            "The upper number of the share: how many of them. 0 or more.",
            "Le nombre du haut de la fraction : combien d’entre eux. 0 ou plus.",
            "Верхнее число доли: сколько из них. 0 или больше.",
            "Адади болоии ҳисса: чанд нафар аз онҳо. 0 ё зиёда.",
        ),
        (
            "v-denominator",
            "The lower number of the share: out of how many. 0 or more.",
            "Le nombre du bas de la fraction : sur combien. 0 ou plus.",
            "Нижнее число доли: из скольких. 0 или больше.",
            "Адади поёнии ҳисса: аз чанд нафар. 0 ё зиёда.",
        ),
        (
            "v-choice",
            "Choose one of the list.",
            "Choisissez dans la liste.",
            "Выберите из списка.",
            "Аз рӯйхат интихоб кунед.",
        ),
        ("v-words", "A few words.", "Quelques mots.", "Несколько слов.", "Чанд калима."),
        (
            "v-state",
            "Only where there is no figure: why not.",
            "Seulement s’il n’y a pas de chiffre : pourquoi.",
            "Только если числа нет: почему.",
            "Танҳо агар адад набошад: чаро.",
        ),
        (
            "v-status",
            "Blank means submitted. A draft is not counted.",
            "Vide signifie soumis. Un brouillon n’est pas compté.",
            "Пусто – значит, подан. Черновик не учитывается.",
            "Холӣ – яъне пешниҳодшуда. Сиёҳнавис ба ҳисоб намеравад.",
        ),
        (
            "guide-head",
            "How to fill this in",
            "Comment remplir ce classeur",
            "Как заполнять",
            "Чӣ тавр пур кардан лозим",
        ),
        (
            "guide-1",
            (
                "Write your figures in the orange cells of the sheet “{sheet}”. Every other cell is locked, so that nothing "
                "is changed by accident."
            ),
            (
                "Écrivez vos chiffres dans les cellules orange de la feuille « {sheet} ». Les autres cellules sont "
                "verrouillées, pour que rien ne change par accident."
            ),
            (
                "Впишите числа в оранжевые ячейки листа «{sheet}». Остальные ячейки закрыты, чтобы ничего не изменить "
                "случайно."
            ),
            (
                "Ададҳоро дар катакҳои норинҷии варақи «{sheet}» нависед. Катакҳои дигар баста шудаанд, то чизе тасодуфан "
                "тағйир наёбад."
            ),
        ),
        (
            "guide-2",
            (
                "A zero means that you counted and found none. A blank cell means that there is no figure: choose under "
                "“{state}” why, and say more under “{comment}”."
            ),
            (
                "Un zéro signifie que vous avez compté et n’avez rien trouvé. Une cellule vide signifie qu’il n’y a pas de "
                "chiffre : choisissez pourquoi sous « {state} » et expliquez sous « {comment} »."
            ),
            (
                "Ноль значит: посчитали, и нет ни одного. Пустая ячейка значит: числа нет. Выберите причину в столбце "
                "«{state}» и поясните в столбце «{comment}»."
            ),
            (
                "Сифр маънои онро дорад, ки ҳисоб кардед ва ягонто набуд. Катаки холӣ яъне адад нест: дар сутуни «{state}» "
                "сабабро интихоб кунед ва дар сутуни «{comment}» шарҳ диҳед."
            ),
        ),
        (
            "guide-3",
            "For a share, write both numbers: “{numerator}” is how many, “{denominator}” is out of how many.",
            "Pour une part, écrivez les deux nombres : « {numerator} » est combien, « {denominator} » est sur combien.",
            "Для доли впишите оба числа: «{numerator}» – сколько, «{denominator}» – из скольких.",
            "Барои ҳисса ҳар ду ададро нависед: «{numerator}» – чанд, «{denominator}» – аз чанд.",
        ),
        (
            "guide-4",
            (
                "An indented row is a part of the indicator above it, such as women or men. Fill in the whole as well as its "
                "parts."
            ),
            (
                "Une ligne en retrait sous son indicateur en est une partie, comme les femmes ou les hommes. Remplissez "
                "l’ensemble et ses parties."
            ),
            "Строка с отступом под показателем – его часть, например женщины или мужчины. Заполните и целое, и части.",
            (
                "Сатри дохилшуда дар зери нишондиҳанда қисми он аст, масалан занон ё мардон. Ҳам ҳамагӣ ва ҳам қисмҳоро пур "
                "кунед."
            ),
        ),
        (
            "guide-5",
            "A small red corner in a cell is a note: rest the mouse on it to read what counts.",
            "Un petit coin rouge dans une cellule est une note : passez la souris dessus pour lire ce qui compte.",
            "Красный уголок в ячейке – примечание: наведите мышь, чтобы прочитать, что учитывается.",
            "Гӯшаи сурх дар катак эзоҳ аст: мушро ба он баред, то хонед, ки чӣ ба ҳисоб меравад.",
        ),
        (
            "guide-star",
            "A baseline or target with a star (*) is an example that nobody published.",
            "Une référence ou une cible suivie d’un astérisque (*) est un exemple que personne n’a publié.",
            "Базовое или целевое значение со звёздочкой (*) – пример, который никто не публиковал.",
            "Қимати ибтидоӣ ё ҳадафи ситорачадор (*) мисолест, ки ҳеҷ кас нашр накардааст.",
        ),
        (
            "guide-6",
            "Save the workbook as it is (.xlsx) and send it back. Please do not delete rows, columns or sheets.",
            (
                "Enregistrez le classeur tel quel (.xlsx) et renvoyez-le. Merci de ne supprimer ni lignes, ni colonnes, ni "
                "feuilles."
            ),
            "Сохраните книгу как есть (.xlsx) и пришлите обратно. Пожалуйста, не удаляйте строки, столбцы и листы.",
            "Китобро ҳамин тавр (.xlsx) нигоҳ доред ва баргардонед. Лутфан сатрҳо, сутунҳо ва варақҳоро нест накунед.",
        ),
        ("guide-about", "About this template", "À propos de ce modèle", "Об этом шаблоне", "Дар бораи ин қолаб"),
        ("a-logframe", "Logframe", "Cadre logique", "Логическая рамка", "Чорчӯбаи мантиқӣ"),
        ("a-version", "Version", "Version", "Версия", "Нусха"),
        ("a-due", "Due by", "À rendre le", "Срок сдачи", "Мӯҳлати супоридан"),
        ("page", "Page", "Page", "Стр.", "Саҳ."),
        ("page-of", "of", "sur", "из", "аз"),
    )
)
