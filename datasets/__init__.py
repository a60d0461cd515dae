"""Where data come from: one module a source, found by the registry through its `SOURCES`."""
