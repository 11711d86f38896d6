"""Slips of the fingers and of copying: words, brackets, blanks and sentences that are no code.

Gives what was meant where only one reading is possible. Needs the allowlist's words alone.
"""
