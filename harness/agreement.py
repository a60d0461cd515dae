"""Implementations that declare the same conventions compute the same."""
