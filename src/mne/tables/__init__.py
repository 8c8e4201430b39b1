"""The columns: observations as one long table, a plan compiled to small tables, and the engine over them."""
