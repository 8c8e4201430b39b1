"""Writes the example reports of the Tajik logframe: four made-up partners over six quarters.

Read `build` first. Nobody reported these numbers: every row says so, and so does the title of every workbook. There
is no clock and no chance in it, so that the same bytes are written every time. To write examples/reports and
examples/planted_errors.yaml anew: ``python examples/build_reports.py``.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from example_rows import PARTNERS, QUARTERS, Row, late_corrections, received, rows_of
from plain_workbook import Cell, address, workbook_bytes
from planted_rows import PLANTED_NAME, PLANTED_TITLES, planted_rows

__all__ = ["build", "contents"]

HERE: Final = Path(__file__).parent
PROJECT: Final = "TJ-DFP"

HEADERS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "project": "Project",
        "indicator": "Indicator",
        "period": "Period",
        "partner": "Partner",
        "location": "Location",
        "sex": "Sex",
        "age": "Age group",
        "vulnerability": "Vulnerability",
        "value": "Value",
        "numerator": "Numerator",
        "denominator": "Denominator",
        "unit": "Unit",
        "state": "State",
        "text": "Text",
        "comment": "Comment",
        "revision": "Revision",
        "reported_on": "Reported on",
        "illustrative": "Illustrative",
    },
    "fr": {
        "project": "Projet",
        "indicator": "Indicateur",
        "period": "Période",
        "partner": "Partenaire",
        "location": "Lieu",
        "sex": "Sexe",
        "age": "Tranche d’âge",
        "vulnerability": "Vulnérabilité",
        "value": "Valeur",
        "numerator": "Numérateur",
        "denominator": "Dénominateur",
        "unit": "Unité",
        "state": "État",
        "text": "Texte",
        "comment": "Commentaire",
        "revision": "Révision",
        "reported_on": "Reçu le",
        "illustrative": "Illustratif",
    },
    "ru": {
        "project": "Проект",
        "indicator": "Показатель",
        "period": "Период",
        "partner": "Партнёр",
        "location": "Место",
        "sex": "Пол",
        "age": "Возрастная группа",
        "vulnerability": "Уязвимость",
        "value": "Значение",
        "numerator": "Числитель",
        "denominator": "Знаменатель",
        "unit": "Единица измерения",
        "state": "Состояние",
        "text": "Текст",
        "comment": "Комментарий",
        "revision": "Редакция",
        "reported_on": "Дата получения",
        "illustrative": "Иллюстративно",
    },
    "tg": {
        "project": "Лоиҳа",
        "indicator": "Нишондиҳанда",
        "period": "Давра",
        "partner": "Шарик",
        "location": "Маҳал",
        "sex": "Ҷинс",
        "age": "Гурӯҳи синнусолӣ",
        "vulnerability": "Осебпазирӣ",
        "value": "Қимат",
        "numerator": "Сурат",
        "denominator": "Махраҷ",
        "unit": "Воҳид",
        "state": "Ҳолат",
        "text": "Матн",
        "comment": "Эзоҳ",
        "revision": "Таҳрир",
        "reported_on": "Санаи пешниҳод",
        "illustrative": "Намунавӣ",
    },
}
YES: Final = {"en": "yes", "fr": "oui", "ru": "да", "tg": "ҳа"}
NO: Final = {"en": "no", "fr": "non", "ru": "нет", "tg": "не"}
WITHDRAWN: Final = {"en": "missing", "fr": "manquant", "ru": "нет данных", "tg": "маълумот нест"}
SHEETS: Final = {"en": "Report", "fr": "Rapport", "ru": "Отчёт", "tg": "Ҳисобот"}
TITLES: Final = {
    "en": "ILLUSTRATIVE EXAMPLE: nobody reported these numbers. {partner}, {quarter}",
    "fr": "EXEMPLE ILLUSTRATIF : personne n’a rapporté ces chiffres. {partner}, {quarter}",
    "ru": "ИЛЛЮСТРАТИВНЫЙ ПРИМЕР: этих данных никто не сообщал. {partner}, {quarter}",
    "tg": "НАМУНАИ НАМОИШӢ: ин рақамҳоро касе нафиристодааст. {partner}, {quarter}",
}
_ROMAN: Final = {"1": "I", "2": "II", "3": "III", "4": "IV"}


def build(folder: Path = HERE) -> tuple[Path, ...]:
    """Write every example report under `folder`/reports, and the list of planted errors beside it.

    Returns the files written. Reports that are no longer made are removed.
    """
    made = contents()
    reports = folder / "reports"
    reports.mkdir(parents=True, exist_ok=True)
    for old in sorted(reports.iterdir()):
        if f"reports/{old.name}" not in made:
            old.unlink()
    for name, held in made.items():
        (folder / name).write_bytes(held)
    return tuple(folder / name for name in made)


def contents() -> dict[str, bytes]:
    """Every file by its path below this folder, with its bytes."""
    made: dict[str, bytes] = {}
    for quarter in QUARTERS:
        for partner in PARTNERS:
            name = f"reports/{quarter} {partner}"
            if (quarter, partner) == (QUARTERS[-1], "P-EAST"):
                made[f"reports/{PLANTED_NAME}"] = _planted_workbook(received(partner, quarter))
                continue
            if rows := rows_of(partner, quarter):
                made.update(_file(name, partner, quarter, rows))
            if rows := late_corrections(partner, quarter):
                made.update(_file(f"{name} revision 1", partner, quarter, rows))
    made["planted_errors.yaml"] = _planted_list().encode()
    return made


def _file(name: str, partner: str, quarter: str, rows: Sequence[Row]) -> dict[str, bytes]:
    """One report in the partner's language and kind of file."""
    lang, kind = _manner(partner, quarter)
    header = list(HEADERS[lang].values())
    lines = [_cells(row, lang) for row in rows]
    if kind == "csv":
        held = io.StringIO(newline="")
        table = csv.writer(held, lineterminator="\n")
        table.writerow(header)
        table.writerows(["" if cell is None else str(cell) for cell in line] for line in lines)
        return {f"{name}.csv": held.getvalue().encode()}
    title = TITLES[lang].format(partner=partner, quarter=quarter)
    saved = max(row.reported_on for row in rows if isinstance(row.reported_on, dt.date))
    return {f"{name}.xlsx": workbook_bytes(SHEETS[lang], [title], header, lines, saved=saved)}


def _manner(partner: str, quarter: str) -> tuple[str, str]:
    """The language and the kind of file in which a partner reports."""
    if partner == "P-CENTRE":
        return "en", "xlsx"
    if partner == "P-SUGHD":
        return "ru", "csv" if quarter == "2026-Q1" else "xlsx"
    if partner == "P-KHATLON":
        return "fr", "xlsx" if quarter == "2026-Q2" else "csv"
    return ("tg", "xlsx") if quarter in ("2025-Q4", "2026-Q1") else ("en", "csv")


def _cells(row: Row, lang: str) -> list[Cell]:
    """A row's cells under the header of a language."""
    words = {"yes": YES[lang], "no": NO[lang]}
    value = words.get(row.value, row.value) if isinstance(row.value, str) else row.value
    return [
        PROJECT,
        row.indicator,
        _period(row.period, lang),
        row.partner,
        row.location,
        row.sex,
        row.age,
        row.vulnerability,
        value,
        row.numerator,
        row.denominator,
        row.unit,
        WITHDRAWN[lang] if row.state == "missing" else row.state,
        row.text,
        row.comment,
        row.revision,
        row.reported_on,
        YES[lang],
    ]


def _period(label: str, lang: str) -> str:
    """A quarter as people write it; half years and years keep the calendar's label."""
    year, _, part = label.partition("-Q")
    if part and lang == "ru":
        return f"{_ROMAN[part]} кв. {year}"
    if part and lang == "fr":
        return f"T{part} {year}"
    return label


def _planted_workbook(arrived: dt.date) -> bytes:
    rows = [_cells(planted.row, "en") for planted in planted_rows(arrived)]
    return workbook_bytes(SHEETS["en"], PLANTED_TITLES, list(HEADERS["en"].values()), rows, saved=arrived)


def _planted_list() -> str:
    """The planted errors as YAML: where each one stands, what should be said of it, and why."""
    names = list(HEADERS["en"])
    top = len(PLANTED_TITLES) + 2
    lines = [
        "# The twenty errors planted in one workbook of the example reports, for a test to look for.",
        "# build_reports.py writes this file together with the workbook.",
        f"file: reports/{PLANTED_NAME}",
        f"sheet: {SHEETS['en']}",
        "errors:",
    ]
    for at, planted in enumerate(planted_rows(received("P-EAST", QUARTERS[-1])), start=top + 1):
        if planted.code is not None and planted.column is not None:
            lines.append(f"  - cell: {address(at, names.index(planted.column) + 1)}")
            lines.append(f"    code: {planted.code}")
            lines.append(f'    why: "{planted.why}"')
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    for path in build():
        print(path.relative_to(HERE.parent))
