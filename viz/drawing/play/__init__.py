"""The run as steps that a browser plays, with what each step and card says.

`steps.player` gives the steps forward and backward, `details.details` what a node's panel holds.
Plain data; needs picture and formulas.
"""
