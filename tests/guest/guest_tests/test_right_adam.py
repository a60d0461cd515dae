from guest_tricks.right_adam import RightAdam

from trickbench.harness import parametrize_with_claims


@parametrize_with_claims([RightAdam])
def test_right_adam(check):
    check()
