"""The diagnosis against curves made to have each condition, and trainings set up to have it; docs/diagnosis.md is written here."""
