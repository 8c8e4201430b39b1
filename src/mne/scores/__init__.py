"""The verdict: achievements, and the scores and ratings that a scheme makes of them."""
