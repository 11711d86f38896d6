"""What a program takes: its kind, its inputs, their defaults and where they start.

`kinds.outline` tells the kind, `inputs.inputs_of` the inputs with their start values. Needs names
and syntax.
"""
