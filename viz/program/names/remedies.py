"""What to write instead of names that are often typed and not allowed here."""

from __future__ import annotations

from typing import Final

from viz.errors import N_
from viz.program.allowlist.words import words

_FILES = N_("Nothing can be read or written here: give the numbers in the program itself.")
_CPU = N_("Leave it out: everything runs on the CPU.")
_ON_THE_CPU = N_('Write device="cpu": everything runs on the CPU.')
_RUN = N_("Write the code itself: text is not run as code.")
_WRITTEN = N_("Use torch.zeros or torch.full: every element then has a known value.")
_VIEWS = N_("Use reshape, view, expand or slices.")
_SEED = N_("Use torch.manual_seed(0): random numbers are repeatable by their seed.")

_NUMBERS = N_("Make the numbers in the program itself: torch.randn(2, 3).")
_PICTURES = N_(
    "It downloads pictures, and nothing is downloaded here: make some,"
    " X, y = torch.randn(64, 1, 28, 28), torch.randint(10, (64,))."
)
_TEXTS = N_(
    "It downloads a text, and nothing is downloaded here: write some lines into the program."
)
_DOWNLOADED = N_(
    "It downloads a file, and nothing is downloaded here: make the numbers in the program itself,"
    " such as data_iter = d2l.load_array((torch.randn(1500, 5), torch.randn(1500)), 10)."
)

_LAYER: Final = "torch.nn.Linear(3, 1)"
ELSEWHERE: Final[dict[str, str]] = {
    name: f"{name} = {value}"
    for names, value in (
        ("model net network mlp", _LAYER),
        ("X_train x_train X_test x_test X_batch inputs images", "torch.randn(8, 3)"),
        ("y_train y_test y_batch targets labels target", "torch.randn(8, 1)"),
        ("loss_fn criterion loss_func loss_function", "torch.nn.MSELoss()"),
        ("optimizer optimiser", "torch.optim.SGD(model.parameters(), lr=0.1)"),
        (
            "train_loader dataloader data_loader trainloader train_dataloader loader",
            "[(torch.randn(8, 3), torch.randn(8, 1))]",
        ),
        ("num_epochs n_epochs epochs", "3"),
        ("learning_rate lr", "0.1"),
        ("device", '"cpu"'),
    )
    for name in words(names)
}
"""What programs are wont to set in another cell, with a line that sets something of its kind."""
IN_ANOTHER_CELL: Final = N_(
    "Another cell sets it: paste that one, too, above this; or write such as {example}"
)

CALLED: Final[dict[str, str]] = {
    "c": N_("Write torch.tensor([1.0, 2.0]) for c(1, 2) of R."),
    **dict.fromkeys(
        words("integrate integral Integrate Integral quad int_"),
        N_("Type what is integrated alone; torch.trapezoid(y, x) adds up samples of it."),
    ),
    **dict.fromkeys(
        words("symbols Symbol Function diff lambdify simplify expression D deriv syms"),
        N_(
            "Type the function alone, such as sin(x)*x**2: its names need no symbols, and its"
            " derivatives are shown beside it. Of a function f it is torch.func.grad(f)(x)."
        ),
    ),
}
"""Remedies by the name of a function that nobody defines."""

NAMES: Final[dict[str, str]] = {
    "open": _FILES,
    "input": N_(
        "Nothing can be typed while a program runs here: write the text itself, and change it"
        " there."
    ),
    **dict.fromkeys(("exec", "eval", "compile"), _RUN),
    **dict.fromkeys(("globals", "locals"), N_("Use the names themselves, or a dict of your own.")),
    **dict.fromkeys(("bytes", "bytearray", "memoryview"), N_("Use a text or a list of numbers.")),
    "object": N_("Use a dict or a list."),
    **dict.fromkeys(
        ("staticmethod", "classmethod", "property"),
        N_("It is allowed as a decorator on a method of a class."),
    ),
    "super": N_("It is allowed in a class's methods only, as super().__init__()."),
    "os": _FILES,
    "sys": _FILES,
    "grad": N_("Write torch.autograd.grad(…) or torch.func.grad(…)."),
    "BaseException": N_("Use Exception."),
    **dict.fromkeys(words("printf fprintf sprintf"), N_("Write print(f'{x}') with an f-string.")),
}
"""Remedies by bare name."""

SYNONYMS: Final[dict[str, str]] = {
    "ln": "log",
    "lg": "log10",
    "tg": "tan",
    "sen": "sin",
    "arctg": "atan",
    "π": "pi",
    "np": "torch",
    "numpy": "torch",
    "jnp": "torch",
    "sympy": "torch",
    "xrange": "range",
    "tf": "torch",
    "Math": "math",
    **dict.fromkeys(words("null nil NULL undefined"), "None"),
    **dict.fromkeys(words("true TRUE"), "True"),
    **dict.fromkeys(words("false FALSE"), "False"),
    **dict.fromkeys(words("println disp 打印"), "print"),
    "plot": "plt.plot",
    "NaN": "nan",
    "Inf": "inf",
}
"""Names of other notations and libraries, and what they are called here."""

ATTRIBUTES: Final[dict[str, str]] = {
    **dict.fromkeys(
        ("format", "format_map"),
        N_("Use an f-string: f'{x}', or a text without dots in its fields."),
    ),
    **dict.fromkeys(("cuda", "mps", "xpu", "backends"), _CPU),
    **dict.fromkeys(("save", "load", "tofile", "fromfile", "from_file", "hub", "savefig"), _FILES),
    **dict.fromkeys(("empty_strided", "new_empty", "new"), _WRITTEN),
    **dict.fromkeys(("resize_", "set_", "as_strided", "as_strided_"), _VIEWS),
    **dict.fromkeys(
        words("frombuffer from_dlpack fromstring"),
        N_("Use torch.tensor(…)."),
    ),
    **dict.fromkeys(
        ("storage", "untyped_storage", "data_ptr"), N_("Use tolist() to see the values.")
    ),
    **dict.fromkeys(("apply_", "map_", "map2_"), N_("Use torch's functions on the whole tensor.")),
    **dict.fromkeys(("seed", "get_state", "set_state"), _SEED),
    **dict.fromkeys(
        words("loadtxt genfromtxt savetxt savez savez_compressed memmap fromregex dump dumps"),
        _FILES,
    ),
    **dict.fromkeys(
        words("tobytes ctypes getfield setfield flags setflags __array_interface__"),
        N_("Use tolist() to see the values, copy() for an array of your own."),
    ),
    **dict.fromkeys(
        words("matrix mat bmat asmatrix"), N_("Use np.array: @ is the product of matrices.")
    ),
    "frompyfunc": N_("Use np.vectorize."),
    **dict.fromkeys(
        words("EmbeddingBag embedding_bag"),
        N_(
            "Use nn.Embedding, and take the mean or the sum over each bag: emb(i).mean(1) where"
            " each row of i is a bag."
        ),
    ),
    **dict.fromkeys(
        words("dimension dimensions dimentions dimention dims num_dims n_dims"),
        N_("x.ndim is the number of dimensions, x.shape has their sizes."),
    ),
    **dict.fromkeys(
        words("len length"),
        N_("len(x) is the size of the first dimension, x.numel() the number of elements."),
    ),
    **dict.fromkeys(
        ("compile", "jit", "fx", "export", "symbolic_trace", "trace"),
        N_("Call the function directly."),
    ),
    **dict.fromkeys(("assert_close", "testing"), N_("Write assert torch.allclose(a, b).")),
    "linearize": N_("Use torch.func.jvp: it gives the value and the change along a direction."),
    "allow_mutation_on_saved_tensors": N_("Work on a copy: y = x.clone()."),
    "get_gradient_edge": N_("Use y.grad_fn: it is the node that made y."),
    "os": _FILES,
    "sys": _FILES,
    **dict.fromkeys(words("FashionMNIST load_data_fashion_mnist MNIST CIFAR10"), _PICTURES),
    **dict.fromkeys(
        words(
            "TimeMachine MTFraEng load_data_time_machine load_corpus_time_machine read_time_machine"
            " load_data_nmt read_data_nmt"
        ),
        _TEXTS,
    ),
    **dict.fromkeys(
        words("get_data_ch11 download download_extract download_all extract DATA_HUB DATA_URL"),
        _DOWNLOADED,
    ),
}
"""Remedies by attribute's name."""

_WHOSE: Final[dict[str, str]] = {
    **dict.fromkeys(("format", "format_map"), ""),
    **dict.fromkeys(words("fx export symbolic_trace trace assert_close testing"), "torch"),
    **dict.fromkeys(words("matrix mat bmat asmatrix frompyfunc"), "numpy"),
    **dict.fromkeys(
        words("get_data_ch11 download download_extract download_all extract DATA_HUB DATA_URL"),
        "d2l",
    ),
}
"""The library that a name is meant of, "" for an object's own: of any other it is another name."""
_OF_ONE: Final = {"numpy.lib.format": _FILES}


def of_attribute(module: str | None, name: str) -> str | None:
    """The remedy for a name behind a dot, of a module or of any object."""
    owner = (module or "").partition(".")[0]
    if _WHOSE.get(name, owner) != owner:
        return _OF_ONE.get(f"{module}.{name}")
    return ATTRIBUTES.get(name)


_NUMPY_OF_OLD: Final[dict[str, str]] = {
    "float": "float64",
    "float_": "float64",
    "int": "int64",
    "complex": "complex128",
    "complex_": "complex128",
    "object": "object_",
    "str": "str_",
    "product": "prod",
    "cumproduct": "cumprod",
    "alltrue": "all",
    "sometrue": "any",
    "in1d": "isin",
    "row_stack": "vstack",
    "trapz": "trapezoid",
    "Inf": "inf",
    "infty": "inf",
    "NaN": "nan",
    "round_": "round",
}
"""Names that numpy has no longer, and what it has in their place."""

_RAW: Final[dict[str, str]] = {
    "_values": "coalesce().values",
    "_indices": "coalesce().indices",
}
"""Raw parts of a sparse tensor, which know of no gradient, and what is documented for them."""
_TENSORS_OF_OLD: Final[dict[str, str]] = {
    "creator": "grad_fn",
    "previous_functions": "next_functions",
}
"""What tensors and their nodes had once, and what it is called today."""

OF_OLD: Final = {
    "numpy": _NUMPY_OF_OLD,
    "": _RAW | _TENSORS_OF_OLD,
    "matplotlib.pyplot": {
        f"set_{name}": name
        for name in words("title xlabel ylabel xlim ylim xticks yticks xscale yscale")
    },
    **dict.fromkeys(
        ("torch.autograd", "torch.func"),
        dict.fromkeys(words("gradient gradients derivative derivatives diff grads"), "grad"),
    ),
}
"""What is written in place of a name, by the module that it is asked of, "" for an object."""

ASSIGNED: Final[dict[str, str]] = {
    "dtype": N_("Make another array of it: a = a.astype(float)."),
    "mask": N_("Make another one: np.ma.masked_array(a, mask=…)."),
}
"""Remedies by attribute that is written."""

KEYWORDS: Final[dict[str, str]] = {
    "out": N_("Assign the result: y = torch.sin(x)."),
    "device": _ON_THE_CPU,
    "layout": N_("Leave it out: all tensors are dense here."),
    "pin_memory": _CPU,
    "file": N_("Leave it out: print writes below the editor."),
    "end": N_("Leave it out."),
}
"""Remedies by keyword argument."""

MODULES: Final[dict[str, str]] = {
    **dict.fromkeys(("os", "sys", "io", "pathlib", "subprocess", "shutil", "socket"), _FILES),
    "numpy": N_("numpy itself, numpy.random, numpy.linalg and numpy.fft may be imported."),
    "d2l": N_("Delete the line: torch, nn, F, math and plt are ready here."),
    "torchvision": _NUMBERS,
    **dict.fromkeys(
        words("pickle shelve"),
        N_("Delete the line, and use lists, dicts and clone()."),
    ),
    **dict.fromkeys(("tensorboard", "wandb"), N_("Delete it: print what is of interest.")),
    **dict.fromkeys(("PIL", "cv2"), _NUMBERS),
    **dict.fromkeys(("matplotlib", "IPython"), N_("Delete the line: plt is ready here.")),
    "torch.fx": N_(
        "It writes Python code from a layer and compiles it. Call the layer: its operations and "
        "their order are in the graph, with the values."
    ),
    "torchviz": N_("Delete the line: the graph is drawn here by itself."),
}
"""Remedies by the first word of an imported module."""
