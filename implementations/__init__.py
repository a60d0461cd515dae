"""The techniques: one folder each, with rival implementations side by side."""
