"""What helps where this project's own stand-ins refuse something while typed code runs.

`REFUSED` comes last among the hints: its patterns are those of our own messages, each of which has
its remedy in its own words or here.
"""

from __future__ import annotations

from typing import Final

from viz.errors import N_
from viz.tracing.hints.mended import Hint

REFUSED: Final = (
    Hint(
        r"nothing was saved here",
        N_(
            "No file can be read here: save it first with torch.save in the same program, or give"
            " the numbers in the program itself."
        ),
    ),
    Hint(
        r"nothing is downloaded here",
        N_(
            "Leave it out: then a model has the weights that its layers draw. Others are given in"
            " the program itself."
        ),
    ),
    Hint(
        r"may not be asked for here|cannot be (set|deleted|called) here|has no \S+ here"
        r"|of the program's own|may not be imported here|argument .* is not allowed here"
        r"|names with two underscores are Python's own",
        N_(
            "It is kept out here, as it reaches beyond the program's own numbers. Use another of"
            " torch's functions, or an attribute with a name of your own."
        ),
    ),
    Hint(
        r"cannot be the name of an? (argument|attribute|member)",
        N_("Give it another name: this one belongs to Python or torch."),
    ),
    Hint(
        r"may not descend from",
        N_("Let the class descend from nn.Module, from a class of your own, or from nothing."),
    ),
    Hint(
        r"the layer has no parameter of this name|prune takes a layer|pruning_method is",
        N_("See a layer's names with print([name for name, _ in layer.named_parameters()])."),
    ),
    Hint(
        r"at most .* (lines|points) fit|has between 1 and|a series holds numbers"
        r"|rows of a series|x and y do not fit the shape of z|a patch is no",
        N_("Draw fewer or shorter series: lists or tensors of numbers, each as long as the other."),
    ),
    Hint(
        r"sys\.exit\(\) ends the program",
        N_("Leave it out: the program ends by itself at its last line."),
    ),
    Hint(
        r"warnings are not collected here",
        N_("Leave it out, and look at what is printed."),
    ),
    Hint(
        r"a script has no inputs that could vary",
        N_("Write what is to vary as a function: def f(x): return x**2"),
    ),
    Hint(
        r"a Hessian is of a single number",
        N_("End the function with .sum(), or choose one element of its result."),
    ),
    Hint(
        r"the matrix would have",
        N_("Use smaller inputs, or one element of the result."),
    ),
    Hint(
        r"it has no element",
        N_("Choose an element that is there: they are counted from 0."),
    ),
    Hint(
        r"only tensors of floating-point or complex numbers can require grad",
        N_("Write the numbers with a point: torch.tensor([1.0, 2.0]), or convert with x.float()."),
    ),
    Hint(
        r"it takes (a|an) |takes (a|an) .*, not a|takes the flags|takes a function|takes the name"
        r"|is no function that could run|a seed is a (whole )?number"
        r"|stands (before|in) an? (class|enumeration)|takes tensors and numbers"
        r"|takes an object of a class|a buffer holds a text|takes a text whose fields"
        r"|called in a method of your own|takes numbers or texts here|a dtype is"
        r"|a state dictionary|is no part of this state|lacks the fields|the fields of"
        r"|only a state that|it takes a size|is a function of your own here"
        r"|is called of a class that the object descends from",
        N_("Compare what the call is given with what the message names, and give that."),
    ),
)
