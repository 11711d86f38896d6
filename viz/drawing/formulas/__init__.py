"""What an operation computes and its derivative, as MathML with the run's own numbers.

`table.FORMULAS` is the table by operation, `expressions` fills it, `mathml` writes it. Needs texts.
"""
