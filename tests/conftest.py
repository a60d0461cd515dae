"""`guest` is another project's package: its tests fail on purpose and are run by ours."""

collect_ignore = ["guest"]
