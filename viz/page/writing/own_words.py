"""What this project's own refusals say while typed code runs, in the spoken language.

Such a refusal is raised as an exception of Python's, in English, since typed code may print it.
What comes back is its text: it is held against the templates below. Words of torch's or Python's
own are in no template and stay as they are. A text that looks like a template of ours is
translated whoever wrote it; nothing else follows from it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from viz.errors import N_
from viz.page.session.language import told
from viz.records import Failure, Message

OWN_KINDS: Final = frozenset({"NoGradient", "NoReturn", "NoTensor"})
"""What the page calls a run that ended without an exception; Python knows none of these names."""
LONGEST: Final = 600
"""Characters of a message that is held against the templates."""

TEMPLATES: Final = (
    N_("the result is {kind}, not a tensor"),
    N_("the result does not depend on an input that requires grad"),
    N_("only tensors of floating-point or complex numbers can require grad"),
    N_("math.{name} gives a plain number: the graph ends there"),
    N_("{name} has no return: it gives None"),
    N_("a script has no inputs that could vary"),
    N_("the result is complex: take .real, .imag or .abs()"),
    N_("the result has the shape {shape}: it has no element {name}"),
    N_("the result is {count} tensors, not one: return one of them, such as {name}"),
    N_("fused=True is not possible here: leave it out"),
    N_("a Hessian is of a single number; the result has the shape {shape}"),
    N_("the matrix would have {elements} elements; {most} are shown"),
    N_("a tensor of {count} dimensions cannot be shown: use at most {most}"),
    N_("({kind} while its message was made)"),
    N_("{place} would take the place of {kind}'s own here: give it another name"),
    N_("only a state that torch.get_rng_state() gave can be set here"),
    N_("@dataclass stands before a class"),
    N_("@total_ordering stands before a class"),
    N_("class {name} may not descend from {kind} here"),
    N_("names with two underscores are Python's own"),
    N_("it takes a {kind}, not a {given}"),
    N_("it takes a function of your own here, not a {given}"),
    N_("it takes an object of a data class"),
    N_("{name} of an array cannot be set here: make another array"),
    N_("an array keeps its {count} elements here: make another array"),
    N_("this format is not read here: use fmt='%.2f' or '{form}'"),
    N_("bar_label takes what bar has given: use bars = plt.bar(x, y)"),
    N_("{kind} object has no attribute {name} of the program's own"),
    N_("{name} may not be asked for here"),
    N_(
        "a graph has kept this tensor of shape {shape}: its data cannot have the shape "
        "{other} here, make a new tensor"
    ),
    N_("the argument {name} is not allowed here"),
    N_("a state dictionary holds numbers, texts and tensors here, no {kind}"),
    N_("a state dictionary is a dict, not a {kind}"),
    N_("{name} is no part of this state"),
    N_("{kind} is no function that could run within it"),
    N_("{name} takes a {kind}, not a {given}"),
    N_("save_hyperparameters() is called in a method of your own"),
    N_("copy takes no {kind} here: make it anew"),
    N_("warnings are not made into errors here: leave this line out"),
    N_("warnings are not collected here: they are printed"),
    N_("{kind} lacks the fields {names}"),
    N_("the fields of {kind} are {names}"),
    N_("sys.exit() ends the program here"),
    N_("numpy takes numbers or texts here, no {kind}"),
    N_("timeit takes functions here, no texts: timeit.timeit(lambda: …)"),
    N_("the layer has no parameter of this name"),
    N_("torch.save takes the name of a file here"),
    N_("[Errno 2] No such file or directory: nothing was saved here: {name}"),
    N_("{name} cannot be the name of an argument"),
    N_("there is only the device 'cpu' here"),
    N_("a sparse tensor is not turned in place here: use x = x.t()"),
    N_("the targets of ctc_loss are numbers of classes: use 0 to {last}"),
    N_("the lengths of ctc_loss are not negative: use 0 or more"),
    N_(
        "scaled_dot_product_attention takes as many keys as values: use one of shape {shape} for "
        "the key, not {other}"
    ),
    N_("the batch sizes of a packed sequence are 1 or more and never rise: use them as packed"),
    N_(
        "a hook unpacked a tensor of shape {shape} and {kind}: use one of shape {other} and "
        "{given}, as it was packed"
    ),
    N_("a cached_property has one name: use another one for {name}"),
    N_(
        "parametrize takes a layer and the name of a parameter: use one that named_parameters() "
        "gives"
    ),
    N_("make_functional takes a layer: use an object of a class Own(nn.Module)"),
    N_("parametrize makes a parameter by a layer: use an object of a class Own(nn.Module)"),
    N_("{name} cannot be set here"),
    N_("{name} cannot be deleted here"),
    N_("{name} cannot be called here"),
    N_("{name} may not be imported here"),
    N_("{name} has no {part} here"),
    N_("the memory of an array is not shown here: use the array itself"),
    N_("arrays of {kind} are not made here: use numbers or texts"),
    N_("a dtype is np.float64, 'float32', int, …, no {given}"),
    N_("mode 'empty' leaves the edges unwritten: use mode='constant'"),
    N_("nditer takes the flags multi_index and readwrite here"),
    N_("np.vectorize takes a function"),
    N_("a text is no index here: use np.concatenate or np.stack"),
    N_("a seed is a whole number here, or a list of them"),
    N_("outer takes no where= here: choose from its result with np.where"),
    N_("{by} reads numbers, {beside} and lists here, not a {given}: give it list(…) of the object"),
    N_("at most {most} points fit into one figure"),
    N_("at most {most} points fit into the figures of a script"),
    N_("at most {most} nodes and edges fit into one graph: leave some out"),
    N_("at most {most} groups stand in one another: use fewer"),
    N_("at most {most} characters fit into the graphs of a script: use shorter labels"),
    N_("{name} is no engine known here: use {known}"),
    N_("a body of DOT text cannot be drawn here: use node and edge"),
    N_("{name} is called of a class that the object descends from here"),
    N_("__init__ is a function of your own here"),
    N_("a figure has between 1 and {most} drawing areas"),
    N_("a histogram has between 1 and {most} bins"),
    N_("{name} is not a color known here: use 'blue', 'C1' or '#1f77b4'"),
    N_("{name} is not a line style: use '-', '--', '-.' or ':'"),
    N_("a series holds numbers"),
    N_("the rows of a series have different lengths"),
    N_("x and y do not fit the shape of z"),
    N_("it takes a size, or one list of numbers"),
    N_("a patch is no {kind}"),
    N_("cached_property stands in a class of your own"),
    N_("{name} cannot be the name of an attribute here"),
    N_("{name} is a name that every ParameterDict has: use another"),
    N_("{name} is not a color map known here: use {known}"),
    N_("{name} downloads a file, and nothing is downloaded here"),
    N_("prune takes a layer"),
    N_("prune takes a layer and the name of one of its parameters"),
    N_("'format' takes a text whose fields have no dots and brackets here"),
    N_("@unique stands before an enumeration"),
    N_("a buffer holds a text here"),
    N_("a seed is a number or a text here"),
    N_("assert_close takes tensors and numbers, no {kind}"),
    N_("{name} cannot be the name of a member"),
    N_("{kind} is made of plain values: leave {name} out"),
    N_("it takes a function of your own here"),
    N_("it takes a function or a class of your own here"),
    N_("the buffer is full: use fewer or shorter texts"),
    N_("vars() takes an object of a class of your own here"),
    N_("pruning_method is one of prune's classes, or one of your own"),
)


def raised(failure: Failure) -> str:
    """The exception as Python prints it, our own words translated; nothing of our own alarm, which
    the hint explains.
    """
    if failure.type == "TimeIsUp":
        return ""
    message = spoken(failure.message)
    if failure.type in OWN_KINDS:
        return message
    return f"{failure.type}: {message}" if message else failure.type


def spoken(message: str) -> str:
    """A failure's message in the spoken language if it is one of ours, else as it is."""
    bare = message.strip('"') if message[:1] == '"' else message.strip("'")  # KeyError's own
    for text in (message, bare) if len(message) <= LONGEST else ():
        for template, pattern in _patterns():
            if found := pattern.fullmatch(text):
                return told(Message(template, found.groupdict()))
    return message


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each template with what its sentences look like; a place is filled with a word or a list."""
    return tuple(
        (
            template,
            re.compile(
                re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^\n]{1,200}?)", re.escape(template)), re.DOTALL
            ),
        )
        for template in TEMPLATES
    )
