"""The count: observations become indicator values with a state and a coverage."""
