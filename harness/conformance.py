"""What every member of a family owes, whatever it computes."""
