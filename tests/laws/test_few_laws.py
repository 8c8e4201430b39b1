"""What is asked once for each combination of few contents is what is asked of every row."""

from __future__ import annotations

from random import Random

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from mne.reports.beside import Rows
from mne.tables.encode import coded

ROWS = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from(["reported", "missing", None]), st.integers(-3, 3)),
    min_size=40,
    max_size=60,
)
ASKED = {
    "state": pl.col("state") == "reported",
    "said": pl.col("state").is_null() & pl.col("additive"),
    "last": pl.col("reports") & ~pl.col("additive"),
    "value": pl.col("reports") & (pl.col("value") < 0),
    "never": pl.col("text").is_not_null(),
    "always": pl.col("text").is_null(),
    "beside": pl.col("limit") > 1,
    "several": pl.col("text").is_null() & pl.all_horizontal(pl.col(["indicator", "state"]).is_not_null()),
    "some": pl.col("text").is_null() & pl.any_horizontal(pl.col("^val.*$") > 1),
}


@given(ROWS, st.booleans(), st.randoms())
def test_answers_of_few_contents_are_those_of_every_row(
    told: list[tuple[str, str | None, int]], whole: bool, chance: Random
) -> None:
    schema = {"indicator": pl.String, "state": pl.String, "value": pl.Int64}
    base = pl.DataFrame(told, schema=schema, orient="row").with_row_index("source_order")
    base = base.with_columns(text=pl.lit(None, pl.String))
    (indicator, indicators), (state, states) = coded(base["indicator"]), coded(base["state"])
    rows = Rows(
        base.with_columns(indicator.alias("#indicator"), state.alias("#state")),
        {
            "additive": ("#indicator", pl.Series([True, False]).head(len(indicators))),
            "limit": ("#indicator", pl.Series([None, 2]).head(len(indicators))),
        },
        {"reports": (pl.col("state") == "reported") & pl.col("additive")},
        {"state": ("#state", states), "text": (None, pl.Series([None], dtype=pl.String))},
        None if whole else pl.Series([chance.random() < 0.7 for _ in told]),
    )
    asked = {name: each.fill_null(value=False) for name, each in ASKED.items()}
    assert rows.answers(asked).equals(rows.frame().select("source_order", **asked))
