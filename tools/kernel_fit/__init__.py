"""Fits the tables in catalog/kernels/ to measured kernel times."""
