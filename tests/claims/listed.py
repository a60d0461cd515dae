"""The rows of the lecture's list of claims: every one of them is a claim of the project, under this id."""

LISTED = {
    "recipe": "train-first overfit retest-train remedy-match deeper-not-overfit done-needs-both",
    "sigmoid": "range derivative attenuates layer-gain depth-decay perturbation-decay late-layers-first",
    "gradient": "finite-difference",
    "relu": "definition remove-dead thin-linear gradient-passes no-depth-decay trains-deep",
    "maxout": (
        "group-max contains-relu contains-abs-leaky convex pieces not-concave winner-gradient all-pieces-learn winners-change learnable"
    ),
    "rmsprop": "recurrence memory scale-free adapts-adagrad-does-not",
    "descent": "right-rate",
    "momentum": "recurrence weighted-sum zero-is-sgd terminal-velocity two-parts escapes convention",
    "adam": "recurrence is-rmsprop-plus-momentum bias-correction first-step bounded-step paper-bound peers-agree",
    "early": "stops-at-minimum patience-semantics validation-only train-test-diverge helps validation-stands-for-test",
    "l2": "gradient decay-factor shrink-range not-decay-in-adam",
    "l1": "gradient fixed-shrink no-exact-zero shapes-differ",
    "reg": "tradeoff",
    "dropout": (
        "rate resampled thins-network test-deterministic test-scaling inverted-equivalent ensemble edge-rates hurts-train-helps-test"
    ),
    "erratum": (
        "residual-56 range-argument relu-x-for-z relu-never-vanishes momentum-indices early-cause early-direction l2-factor l2-norm l1-half "
        "l1-index dropout-when dropout-percent dropout-all-parameters"
    ),
}  # fmt: skip

IDS = [f"{about}.{name}" for about, names in LISTED.items() for name in names.split()]
