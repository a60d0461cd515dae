from guest_tricks.wrong_adam import WrongAdam

from trickbench.harness import parametrize_with_claims


@parametrize_with_claims([WrongAdam])
def test_wrong_adam(check):
    check()
