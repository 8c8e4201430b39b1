"""Survey intervals, data quality and equity, on published figures and at their edges."""

from __future__ import annotations

from fractions import Fraction

import pytest

from mne.errors import OptionError
from mne.scores.equity import (
    attributable_risk,
    concentration,
    gap,
    goalposts,
    inequality,
    parity,
    ratio_of_groups,
    simpson,
    standardised,
)
from mne.scores.quality import (
    annualised,
    completeness,
    dqa_score,
    largest_z,
    mad_outliers,
    modified_z,
    moments,
    proportional_outliers,
    timeliness,
    verification_factor,
    z_scores,
)
from mne.scores.survey import Interval, change_between, clopper_pearson, target_verdict, wilson
from mne.scores.trajectory import linear_projection

F = Fraction
MONTHS = [20, 25, 22, 28, 24, 26, 150, 23, 27, 25, 21, 24]  # FASTR's example, with one month far out
POPULATION, ESTIMATES = [78, 91, 162, 103, 105], [20, 30, 40, 50, 60]  # the test data of the R package healthequal


# --- surveys: reference values of the R package binom, as in the tests of statsmodels -------------------------------


@pytest.mark.parametrize(
    ("given", "low", "high"),
    [
        ((0, 30), 0, 0.11351339),
        ((18, 20), 0.6989663548, 0.9721335188),
        ((30, 30), 0.8864866, 1),
        ((4, 20), 0.0806576626, 0.4160174323),
        ((4, 200), 0.0078044264, 0.0502870869),
    ],
)
def test_wilson(given, low, high):
    found = wilson(*given)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-7)
    assert found.p == given[0] / given[1]


@pytest.mark.parametrize(
    ("given", "low", "high"),
    [((0, 30), 0, 0.11570331), ((18, 20), 0.683017286, 0.9876514728), ((30, 30), 0.88429669, 1)],
)
def test_clopper_pearson(given, low, high):
    found = clopper_pearson(*given)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-8)


def test_a_design_effect_widens_and_a_lower_confidence_narrows():
    # 480 asked with a design effect of 1.5 say as much as 320.
    clustered = wilson(312, 480, design_effect=1.5)
    assert (clustered.low, clustered.high) == pytest.approx((0.59624177, 0.70019959), abs=1e-8)
    assert (clustered.n_effective, clustered.p) == (320, 0.65)
    plain = wilson(312, 480)
    assert (plain.low, plain.high) == pytest.approx((0.60629256, 0.69132559), abs=1e-8)
    assert wilson(312, 480, confidence=0.8).low > plain.low
    assert wilson(0, 0) is None
    assert clopper_pearson(0, 0) is None


@pytest.mark.parametrize(
    ("target", "direction", "verdict"),
    [
        (0.6, "increase", "met"),
        (0.65, "increase", "inconclusive"),
        (0.75, "increase", "not_met"),
        (0.75, "decrease", "met"),
        (0.65, "decrease", "inconclusive"),
        (0.6, "decrease", "not_met"),
        (0.62, "increase", "met"),  # a limit on the target clears it
        (0.7, "decrease", "met"),
    ],
)
def test_a_target_is_met_only_for_certain(target, direction, verdict):
    assert target_verdict(Interval(0.62, 0.7, 0.66, 100), target, direction=direction) == verdict


def test_change_between_two_surveys():
    told = change_between((0.52, 500), (0.65, 480), design_effect=1.5)
    assert (told.difference, told.standard_error, told.z) == pytest.approx((0.13, 0.03820651, 3.402561), abs=1e-6)
    assert told.significant
    assert not change_between((0.52, 50), (0.65, 48)).significant
    none = change_between((0, 50), (0, 48))
    assert (none.z, none.significant) == (None, False)
    assert change_between((0, 50), (1, 48)).significant


MISUSE = {
    "wilson(5, 4)": lambda: wilson(5, 4),
    "wilson(-1, 4)": lambda: wilson(-1, 4),
    "wilson(1, 4, confidence=1)": lambda: wilson(1, 4, confidence=1),
    "wilson(1, 4, confidence=0)": lambda: wilson(1, 4, confidence=0),
    "wilson(1, 4, design_effect=0)": lambda: wilson(1, 4, design_effect=0),
    "clopper_pearson(5, 4)": lambda: clopper_pearson(5, 4),
    "change_between((2, 5), (0.5, 5))": lambda: change_between((2, 5), (0.5, 5)),
    "change_between((0.5, 5), (0.5, 0))": lambda: change_between((0.5, 5), (0.5, 0)),
    'target_verdict(Interval(0, 1, 0.5, 5), 1, direction="maintain")': lambda: target_verdict(
        Interval(0, 1, 0.5, 5), 1, direction="maintain"
    ),
    "modified_z([])": lambda: modified_z([]),
    "mad_outliers([])": lambda: mad_outliers([]),
    "inequality([1], [1, 2])": lambda: inequality([1], [1, 2]),
    "inequality([], [])": lambda: inequality([], []),
    "inequality([0, 0], [1, 2])": lambda: inequality([0, 0], [1, 2]),
    "inequality([-1, 2], [1, 2])": lambda: inequality([-1, 2], [1, 2]),
    "attributable_risk([1, 2], [1, 2], reference=2)": lambda: attributable_risk([1, 2], [1, 2], reference=2),
    "attributable_risk([1, 2], [1, 2], reference=-1)": lambda: attributable_risk([1, 2], [1, 2], reference=-1),
    "standardised([(1, 2)], [1, 2])": lambda: standardised([(1, 2)], [1, 2]),
    "simpson({}, {})": lambda: simpson({}, {}),
    'simpson({"a": (1, 2)}, {"b": (1, 2)})': lambda: simpson({"a": (1, 2)}, {"b": (1, 2)}),
    "goalposts(5, 10, 10)": lambda: goalposts(5, 10, 10),
}


@pytest.mark.parametrize("name", MISUSE)
def test_misuse(name):
    with pytest.raises(OptionError):
        MISUSE[name]()


# --- data quality ---------------------------------------------------------------------------------------------------


def test_modified_z():
    told = modified_z(MONTHS)
    assert (told.median, told.mad, told.flagged, told.method) == (F(49, 2), 2, (6,), "mad")
    assert told.scores[6] == F("0.6745") * F("125.5") / 2  # 42.324875
    assert modified_z(MONTHS, threshold=50).flagged == ()
    assert modified_z(MONTHS, threshold=told.scores[6]).flagged == (6,)


def test_where_most_values_are_the_same():
    told = modified_z([5, 5, 5, 5, 50])
    # the mean distance is 9: 45 / (1.253314 × 9) = 3.99
    assert (told.mad, told.flagged, told.method) == (0, (4,), "mean_deviation")
    assert told.scores[4] == 45 / (F("1.253314") * 9)
    dhis2 = modified_z([5, 5, 5, 5, 50], fallback=False)
    assert (dhis2.flagged, dhis2.method, dhis2.scores[4]) == ((), "none", None)
    assert modified_z([5, 5]).method == "none"


def test_fastr():
    # The published example prints a deviation of 1.0; by its own rule it is 2 (of 25, 28, 26, 150, 27, 25).
    told = mad_outliers(MONTHS)
    assert (told.median, told.mad, told.scores[6], told.flagged) == (F(49, 2), 2, F("62.75"), (6,))
    assert mad_outliers([5, 5, 5]).flagged == ()
    assert mad_outliers([1, 2, 3, 4, 99]).flagged == ()  # far out, but not above 100
    shares, flagged = proportional_outliers([15, 18, 12, 16, 890, 14, 17, 13, 16, 15, 14, 12])
    assert (float(shares[4]), flagged) == (pytest.approx(0.846, abs=5e-4), (4,))
    assert proportional_outliers([0, 0]) == ((None, None), ())
    score = dqa_score([1, 1, 1], [1, 1, 1], ["pass", "fail", None])
    assert score == {
        "completeness_outlier": 1, "consistency": F(1, 2), "dqa_mean": F(3, 4), "dqa_binary": 0
    }  # fmt: skip
    assert dqa_score([True], [True], [None])["dqa_binary"] == 1
    assert set(dqa_score([], [], []).values()) == {None}


def test_z_scores_cannot_be_large_in_short_series():
    assert z_scores(MONTHS)[6] == pytest.approx(3.309696, abs=1e-6)
    assert (largest_z(12), largest_z(12, ddof=1)) == pytest.approx((3.316625, 3.175426), abs=1e-6)
    assert largest_z(1) is None
    assert z_scores([4, 4]) == (None, None)
    assert z_scores([4], ddof=1) == (None,)
    assert z_scores([1, 3], ddof=1) == pytest.approx((-0.70710678, 0.70710678))


def test_moments():
    told = moments([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 30, 100])
    assert (told.skewness, told.kurtosis) == pytest.approx((3.063241, 9.741391), abs=1e-5)
    assert told.treated()
    told = moments([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 30, 30])
    assert (told.skewness, told.kurtosis) == pytest.approx((1.712038, 1.815781), abs=1e-5)
    assert not told.treated()
    assert moments([1, 2]) == moments([3, 3, 3])
    assert moments([1, 2, 4]).kurtosis is None
    assert not moments([]).treated()


@pytest.mark.parametrize(
    ("recounted", "reported", "expect"),
    [
        (0, 0, (None, None, None)),
        (111, 100, (F(111, 100), True, "under-reporting")),
        (88, 100, (F(88, 100), True, "over-reporting")),
        (110, 100, (F(11, 10), False, None)),
        (90, 100, (F(9, 10), False, None)),
    ],
)
def test_verification_factor(recounted, reported, expect):
    told = verification_factor(recounted, reported)
    assert (told.factor, told.flagged, told.direction) == expect


def test_shares_and_rates():
    assert (completeness(1, 3), completeness(0, 0)) == (F(1, 3), None)
    assert (timeliness(2, 3), timeliness(0, 0)) == (F(2, 3), None)
    # 36/12 × 100 × 365/31, as DHIS2 annualises
    assert annualised(36, 12, factor=100, days=31) == F(300 * 365, 31)
    assert annualised(24, 12, factor=100) == 200
    assert annualised(24, 0) is None


# --- equity: figures of healthequal, EdStats, Charig (1986) ---------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "expect"),
    [
        (45, 50, (F(9, 10), F(9, 10), False)),
        (50, 50, (1, 1, True)),
        (60, 50, (F(6, 5), F(7, 6), False)),
        (97, 100, (F(97, 100), F(97, 100), True)),
        (103, 100, (F(103, 100), 2 - F(100, 103), True)),
        (0, 0, (None, None, None)),
        (5, 0, (None, 2, False)),
        (0, 5, (0, 0, False)),
    ],
)
def test_parity(first, second, expect):
    told = parity(first, second)
    assert (told.index, told.adjusted, told.at_parity) == expect


def test_inequality():
    told = inequality(POPULATION, ESTIMATES)
    figures = (told.difference, told.ratio, told.bgv, told.theil_x1000, told.mld_x1000)
    assert [float(each) for each in figures] == pytest.approx([40, 3, 170.30025368, 52.51743037, 57.40151042])
    assert float(told.idis_weighted) == pytest.approx(25.88034314)
    assert float(told.idis_unweighted) == pytest.approx(29.7029703)
    none = inequality([1, 1], [0, 0])
    assert (none.ratio, none.theil_x1000, none.mld_x1000, none.idis_weighted) == (None, None, None, None)
    assert inequality([1, 1], [10, 30], reference=20).idis_weighted == 50


def test_concentration():
    told = concentration(POPULATION, ESTIMATES)
    assert (float(told.aci), float(told.rci)) == pytest.approx((7.3284202, 0.17776859), abs=1e-6)
    assert concentration([1, 1], [-1, 1]).rci is None


def test_attributable_risk():
    told = attributable_risk(POPULATION, ESTIMATES)
    assert [float(each) for each in (told.mean, told.par, told.paf)] == pytest.approx(
        [41.2244898, 18.775509, 45.544548], abs=1e-4
    )
    assert attributable_risk(POPULATION, ESTIMATES, reference="best") == told
    assert attributable_risk(POPULATION, ESTIMATES, reference=0).par == 0
    worse = attributable_risk([1, 1], [10, 30], reference="best", favourable=False)
    assert (worse.mean, worse.par, worse.paf) == (20, -10, -50)
    assert attributable_risk([1, 1], [-1, 1], reference="best").paf is None


KIDNEY_A = {"small stones": (81, 87), "large stones": (192, 263)}
KIDNEY_B = {"small stones": (234, 270), "large stones": (55, 80)}


def test_simpson():
    told = simpson(KIDNEY_A, KIDNEY_B)
    # By stone A is better (93 and 73 % against 87 and 69 %), in all B (78 against 83 %).
    assert told.reversed
    assert [round(100 * rate) for pair in told.categories.values() for rate in pair] == [93, 87, 73, 69]
    assert [round(100 * rate) for rate in told.totals] == [78, 83]
    assert simpson(KIDNEY_B, KIDNEY_A).reversed
    assert not simpson(KIDNEY_A, KIDNEY_A).reversed
    assert not simpson({"a": (1, 2), "b": (1, 0)}, {"a": (2, 2), "b": (1, 1)}).reversed
    assert not simpson({"a": (1, 2), "b": (2, 4)}, {"a": (2, 2), "b": (1, 4)}).reversed


def test_standardised():
    assert standardised(list(KIDNEY_A.values()), [0.51, 0.49]) == F("0.51") * F(81, 87) + F("0.49") * F(192, 263)
    assert float(standardised(list(KIDNEY_B.values()), [51, 49])) == pytest.approx(0.778875)
    assert standardised([(1, 0)], [1]) is None


def test_gaps_and_posts():
    assert gap(45, 50.5) == F(-11, 2)
    assert (ratio_of_groups(45, 50), ratio_of_groups(1, 0)) == (F(9, 10), None)
    assert float(goalposts(55, 20, 83.57)) == pytest.approx(0.551, abs=5e-4)
    assert [goalposts(x, 0, 10) for x in (1, 11, -1)] == [F(1, 10), 1, 0]
    assert [goalposts(x, 0, 10, direction="decrease") for x in (1, 11, -1)] == [F(9, 10), 0, 1]


# --- at the very edges ----------------------------------------------------------------------------------------------


def test_edges_of_outliers():
    # The median is 10, the upper distances 0, 5 and 50 have the median 5: exactly ten deviations are not too many.
    told = mad_outliers([4, 7, 10, 15, 60], least=50)
    assert (told.scores[4], told.flagged, told.method) == (10, (), "mad")
    assert mad_outliers([4, 7, 10, 15, 61], least=50).flagged == (4,)
    assert mad_outliers([4, 7, 10, 15, 61], least=61).flagged == ()
    assert mad_outliers([5, 5, 5]).method == "none"
    assert proportional_outliers([100, 400])[1] == ()  # exactly 80 %
    assert proportional_outliers([10, 100], share=0.5)[1] == ()  # exactly 100
    assert proportional_outliers([10, 101], share=0.5)[1] == (1,)
    assert proportional_outliers([150, 150, 1])[1] == ()  # large, but not most of it
    assert modified_z([1, 2, 3, 4]).median == F(5, 2)
    assert modified_z([1, 2, 3, 10], threshold=0.1).scores[0] == F("0.6745") * F(-3, 2)


def test_edges_of_moments():
    from mne.scores.quality import Moments

    assert not Moments(2, 4).treated()
    assert not Moments(2.1, 3.5).treated()
    assert Moments(-2.1, 3.6).treated()
    assert not Moments(2.1, None).treated()
    assert not Moments(1.9, 4).treated()
    assert not Moments(None, 4).treated()
    assert moments([1, 2, 4]).skewness == pytest.approx(0.935219529)
    assert moments([1, 2, 4, 9]).kurtosis == pytest.approx(1.5, abs=0.5)
    assert verification_factor(0, 5).factor == 0
    assert z_scores([2, 4, 9], ddof=1)[2] == pytest.approx(1.1094003924504583)
    assert largest_z(2) == 1
    assert largest_z(2, ddof=1) == pytest.approx(0.70710678)
    assert dqa_score([1], [0], [1]) == {
        "completeness_outlier": F(1, 2), "consistency": 1, "dqa_mean": F(3, 4), "dqa_binary": 0
    }  # fmt: skip
    assert annualised(1, 4, days=365) == F(1, 4)


def test_edges_of_verdicts_and_changes():
    one = Interval(0.5, 0.6, 0.55, 100)
    assert [target_verdict(one, aim) for aim in (0.5, 0.6, 0.61)] == ["met", "inconclusive", "not_met"]
    assert [target_verdict(one, aim, direction="decrease") for aim in (0.6, 0.5, 0.49)] == [
        "met", "inconclusive", "not_met"
    ]  # fmt: skip
    assert one.times(100) == Interval(50, 60, 55.00000000000001, 100, 0.95)
    falls = change_between((0.65, 480), (0.52, 500))
    assert (falls.difference, falls.significant) == (pytest.approx(-0.13), True)
    assert not change_between((0.5, 100), (0.6, 100), confidence=0.99).significant
    assert wilson(1, 1).confidence == 0.95
    assert clopper_pearson(3, 10, confidence=0.9, design_effect=2).n_effective == 5


def test_edges_of_equity():
    told = inequality([1, 3], [0.5, 0.25])
    assert told.theil_x1000 is not None  # values between 0 and 1 have logarithms as well
    assert inequality([1, 1], [10, 40], reference=20).idis_weighted == 75
    assert inequality([1, 1], [10, 40], reference=20).idis_unweighted == 75
    assert inequality([1, 1], [10, 40]).idis_unweighted == 60
    assert concentration([1, 3], [4, 0]).aci == F(1, 4) * (F(1, 4) - 1) * 4
    same = simpson({"a": (1, 2), "b": (1, 4)}, {"a": (1, 2), "b": (2, 4)})
    assert (same.reversed, same.categories["a"]) == (False, (F(1, 2), F(1, 2)))
    one_way = simpson({"a": (1, 2), "b": (1, 4)}, {"a": (2, 2), "b": (2, 4)})
    assert (one_way.reversed, one_way.totals) == (False, (F(1, 3), F(2, 3)))
    assert attributable_risk([1, 1], [30, 10], reference="best", favourable=False).par == -10
    assert attributable_risk([1, 1], [10, 30], reference=1).par == 10
    assert parity(1.5, 1.5).at_parity
    assert parity(3, 2, range=(1, 1.5)).at_parity
    assert goalposts(10, 0, 10, direction="decrease") == 0
    assert linear_projection([F(1), F(3)], years=F(2)) == 7
