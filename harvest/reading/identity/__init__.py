"""Whose page it is: edition, category, respondent."""
