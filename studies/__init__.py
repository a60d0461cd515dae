"""Bundled studies: one TOML file each, run by name."""
