"""Optimisers of another project."""
