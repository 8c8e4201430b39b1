"""Small logframes that several tests read reports for."""

from __future__ import annotations

from functools import cache
from typing import Any

from mne.logframe.model import Logframe


@cache
def corpus_plan() -> Logframe:
    """The project P1 on which the collection of hostile and awkward files in ../shared/corpus reports."""
    split = [{"dimensions": ["sex", "age"]}]
    indicators: list[dict[str, Any]] = [
        {"id": "OC1.1", "title": "People served", "measure": "number", "unit": "person", "disaggregation": split},
        {"id": "OC1.2", "title": "Share satisfied", "measure": "percentage", "unit": "percent"},
        {"id": "OC1.3", "title": "Waste collected", "measure": "number", "unit": "kg", "disaggregation": split},
        {"id": "OC1.4", "title": "Members", "measure": "number", "unit": "person", "disaggregation": split},
    ]
    for indicator in indicators:
        indicator["accumulation"] = "running_total" if indicator["id"] == "OC1.4" else "flow"
    return Logframe.model_validate(
        {
            "id": "P1",
            "title": "A made-up project",
            "start": "2024-01-01",
            "end": "2026-12-31",
            "calendar": {"frequency": "semiannual"},
            "organisations": [{"id": "ORG-A", "title": "Organisation A", "roles": ["partner"]}],
            "locations": [{"id": f"LOC-0{number}", "title": f"Place {number}"} for number in (1, 2, 3)],
            "dimensions": _DIMENSIONS,
            "results": [{"id": "OC1", "level": "outcome", "title": "Outcome 1", "indicators": indicators}],
        }
    )


_DIMENSIONS: list[dict[str, Any]] = [
    {
        "id": "sex",
        "title": {"en": "Sex", "ru": "Пол", "fr": "Sexe"},
        "codes": [
            {"id": "F", "title": {"en": "women", "ru": "женщины", "fr": "femmes"}},
            {"id": "M", "title": {"en": "men", "ru": "мужчины", "fr": "hommes"}},
        ],
    },
    {
        "id": "age",
        "title": {"en": "Age", "ru": "Возраст"},
        "codes": [
            {"id": "0-17", "title": "children"},
            {"id": "18+", "title": "adults"},
            {"id": "10-14", "title": "pupils"},
        ],
    },
]


@cache
def measures_plan() -> Logframe:
    """A project with one indicator of every measure, reported by quarter, with titles in four languages."""
    steps = [
        {"id": "none", "title": {"en": "No draft", "ru": "Нет проекта"}},
        {"id": "draft", "title": {"en": "Draft", "ru": "Проект закона"}},
        {"id": "adopted", "title": {"en": "Law adopted", "ru": "Закон принят", "fr": "Loi adoptée"}},
    ]
    indicators: list[dict[str, Any]] = [
        {"id": "N", "title": {"en": "Users", "ru": "Пользователи", "fr": "Utilisateurs"}, "measure": "number"},
        {"id": "P", "title": "Share of users", "measure": "percentage"},
        {"id": "PV", "title": "Share, as a value", "measure": "percentage", "reported_as": "value"},
        {"id": "R", "title": "Rate", "measure": "ratio", "per": "1000"},
        {"id": "I", "title": "Index", "measure": "index"},
        {"id": "C", "title": "Money", "measure": "currency", "unit": "USD"},
        {"id": "O", "title": "Quality", "measure": "ordinal", "scale": [{"id": "1"}, {"id": "2"}, {"id": "3"}]},
        {"id": "W", "title": "Which", "measure": "nominal"},
        {"id": "Y", "title": "Whether", "measure": "yes_no"},
        {"id": "S", "title": "How far", "measure": "milestone", "scale": steps},
        {"id": "T", "title": "The story", "measure": "narrative"},
    ]
    return Logframe.model_validate(
        {
            "id": "M1",
            "title": {"en": "All measures", "ru": "Все показатели"},
            "start": "2024-01-01",
            "end": "2025-12-31",
            "organisations": [
                {"id": "ORG-A", "title": {"en": "Organisation A", "ru": "Организация А"}, "roles": ["partner"]},
                {"id": "ORG-B", "title": "Organisation B", "roles": ["partner"]},
                {"id": "SDC", "title": "A donor", "roles": ["funding"]},
            ],
            "locations": [{"id": "TJ-1", "title": {"en": "Sughd", "ru": "Согд"}}, {"id": "TJ-2", "title": "Khatlon"}],
            "dimensions": _DIMENSIONS,
            "results": [
                {
                    "id": "OC1",
                    "level": "outcome",
                    "title": "Outcome 1",
                    "indicators": [{"accumulation": "level", **indicator} for indicator in indicators],
                }
            ],
        }
    )
