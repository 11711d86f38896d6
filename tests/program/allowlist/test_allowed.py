"""The allow-list: derived from the installed torch, reviewed, and free of what must stay out."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from viz.program.allowlist import allowed, libraries, reviewed
from viz.program.allowlist.words import words
from viz.program.names.modules import brought_by_star
from viz.tracing.typed.namespace import Part, parts
from viz.tracing.typed.type_stand_ins import TypeName

# the operator database warns of what torch deprecates while it is imported
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def test_the_list_is_what_the_installed_torch_and_the_review_give() -> None:
    from viz.program.allowlist import derive

    assert derive.TARGET.read_text() == derive.derived_text()


def test_names_that_are_kept_out_are_known_for_what_they_are() -> None:
    from viz.program.allowlist import derive

    assert derive.KEPT_OUT.read_text() == derive.kept_out_text()


def test_what_further_files_have_is_the_same_in_its_home() -> None:
    from viz.program.allowlist import derive, homes

    assert homes.TARGET.read_text() == derive.homes_text()
    for module, names in allowed.REAL.items():
        assert not names & allowed.MODULES[module]


def test_a_star_brings_what_the_module_says() -> None:
    wrong = {}
    for module, names in allowed.MODULES.items():
        if module not in libraries.STAND_INS and not module.startswith("matplotlib"):
            real = importlib.import_module(module)
            said = getattr(real, "__all__", None) or [each for each in dir(real) if each[0] != "_"]
            brought = {each for each in names if brought_by_star(module, each)}
            wrong[module] = brought ^ (names & set(said) - {e for e in said if e[0] == "_"})
    assert {module: names for module, names in wrong.items() if names} == {}


def test_the_command_says_what_changes_and_writes_only_when_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from viz.program.allowlist import derive

    names, taken = tmp_path / "names.json", tmp_path / "taken.txt"
    kept_out = tmp_path / "kept_out.txt"
    kept_out.write_text("torch: cosine\n")
    before = '{"modules": {"torch": ["cos", "sin"]}, "builtins": ["abs"]}\n'
    after = '{"modules": {"torch": ["sin", "tan"]}, "builtins": ["abs"]}\n'
    names.write_text(before)
    taken.write_text("grad\n")
    monkeypatch.setattr(derive, "TARGET", names)
    monkeypatch.setattr(derive, "TAKEN", taken)
    monkeypatch.setattr(derive, "KEPT_OUT", kept_out)
    monkeypatch.setattr(derive, "homes_text", derive.homes.TARGET.read_text)
    monkeypatch.setattr(derive, "kept_out_text", lambda: "torch: cosine sine\n")
    monkeypatch.setattr(derive, "derived_text", lambda: after)
    monkeypatch.setattr(derive, "taken", lambda: {"mean"})
    told = "taken.txt: +mean\nnames.json modules torch: +tan -cos\nkept_out.txt: +sine\n"
    assert derive.main([]) == 1
    assert (names.read_text(), capsys.readouterr().out) == (before, told)
    assert derive.main(["--write"]) == 0
    assert (names.read_text(), taken.read_text()) == (after, "grad\nmean\n")
    assert kept_out.read_text() == "torch: cosine sine\n"
    assert capsys.readouterr().out == told
    assert derive.main([]) == 0
    assert capsys.readouterr().out == "unchanged\n"


MUST_STAY_OUT = {
    "gc": words("get_objects get_referrers get_referents callbacks garbage freeze"),
    "pprint": words("PrettyPrinter saferepr isreadable"),
    "string": words("Formatter Template"),
    "numbers": words("ABCMeta abstractmethod"),
    "timeit": words("Timer main sys gc itertools"),
    "datetime": words("sys datetime_CAPI tzinfo"),
    "sys": words("_getframe settrace setprofile stdin path_hooks meta_path"),
    "os": words("system popen open read write fork kill environb scandir walk urandom"),
    "torch.nn.utils.stateless": words("torch contextlib"),
    "numpy.ma": words("MaskedArray mrecords fromflex core extras mvoid MaskType"),
    "numpy.char": words("chararray array asarray encode decode mod partition join split"),
    "numpy.polynomial": words("polyutils _polybase set_default_printstyle test Chebyshev"),
    "torch": words(
        "from_file hub ops classes library package export onnx fx"
        " distributed multiprocessing empty_strided empty_permuted"
        " as_strided frombuffer from_dlpack"
        " default_generator segment_reduce ctc_loss native_batch_norm os sys ctypes"
        " builtins storage UntypedStorage typename import_ir_module parse_schema _C"
        " set_flush_denormal set_deterministic_debug_mode"
        " grid_sampler_2d grid_sampler_3d"
        " sparse_csr_tensor quantize_per_tensor sym_int overrides serialization"
    ),
    "torch.nn": words("parallel EmbeddingBag"),
    "torch.nn.functional": words("torch np math warnings importlib dataclasses embedding_bag"),
    "torch.autograd": words("variable grad_mode torch warnings"),
    "torch.autograd.functional": words("torch fwAD"),
    "torch.autograd.graph": words("increment_version allow_mutation_on_saved_tensors threading"),
    "torch.utils": words("cpp_extension hooks bottleneck dlpack _pytree collect_env"),
    "torch.utils.checkpoint": words("get_device_states set_checkpoint_early_stop warnings torch"),
    "torch.autograd.function": words("FunctionCtx torch functools"),
    "torch.optim.lr_scheduler": words("SWALR types math warnings"),
    "torch.accelerator": words("set_device_index memory synchronize torch"),
    "typing": words("get_type_hints ForwardRef sys functools"),
    "torch.nn.init": words("torch math warnings"),
    "torch.linalg": words("torch common_notes"),
    # for NaN they give back what nobody has written
    "torch.special": words(
        "chebyshev_polynomial_w laguerre_polynomial_l legendre_polynomial_p"
        " shifted_chebyshev_polynomial_w"
    ),
    "functools": words("singledispatch singledispatchmethod update_wrapper"),
    "collections": words("UserDict UserList ChainMap"),
    "random": words("SystemRandom"),
    "operator": words("setitem delitem iadd call"),
    "abc": words("update_abstractmethods sys"),
    "copy": words("copyreg dispatch_table weakref"),
    "inspect": words("stack currentframe getsource getmodule getmembers getattr_static trace"),
    "traceback": words("print_tb extract_stack walk_stack FrameSummary"),
    "io": words("open FileIO TextIOWrapper open_code BufferedReader"),
    "torch.testing": words("make_tensor _internal"),
    "torch.profiler": words("itt profiler KinetoStepTracker ExecutionTraceObserver"),
    "warnings": words("sys showwarning formatwarning linecache filters"),
    "time": words("tzset pthread_getcpuclockid"),
    "contextlib": words("redirect_stdout os sys chdir"),
    "torch.utils.data": words("distributed IterDataPipe _utils"),
    "torch.distributions": words("register_kl transforms constraints biject_to utils"),
    "torch.backends": words("mkldnn cpu opt_einsum quantized sys types"),
    "torch.nn.utils": words("fusion convert_parameters"),
    "numpy": words(
        "load save savez savez_compressed savetxt loadtxt genfromtxt fromfile fromregex memmap"
        " frombuffer fromstring from_dlpack ctypeslib matrix bmat asmatrix rec recarray record void"
        " core f2py test info show_config show_runtime get_include frompyfunc nested_iters"
        " seterrcall setbufsize strings datetime64 busday_count einsum_path"
        " geterrcall exceptions dtypes typing ufunc sctypeDict"
    ),
    "numpy.lib": words("npyio format introspect mixins scimath array_utils add_docstring"),
    "numpy.random": words("set_state get_state bytes bit_generator BitGenerator PCG64 MT19937"),
    "numpy.linalg": words("linalg test lapack_lite"),
    "numpy.testing": words("measure rundocs runstring suppress_warnings break_cycles"),
    "torch.cuda": words("set_stream default_stream memory caching_allocator_alloc"),
}
"""What typed code reaches neither as it is nor by a stand-in."""
STOOD_IN = {
    "torch": words(
        "save load empty empty_like set_default_dtype set_printoptions manual_seed"
        " sparse_coo_tensor"
    ),
    "torch.nn.utils": words("weight_norm spectral_norm"),
    "torch.sparse": words("FloatTensor DoubleTensor LongTensor"),
    "torch.nn.utils.parametrize": words("register_parametrization remove_parametrizations"),
    "torch.nn.utils.parametrizations": words("orthogonal spectral_norm weight_norm"),
    "torch.autograd.graph": words("save_on_cpu"),
    "gc": words("collect enable disable isenabled"),
    "timeit": words("timeit repeat"),
    "enum": words("Enum IntEnum StrEnum Flag IntFlag unique"),
    "inspect": words("signature getfullargspec getdoc isfunction"),
    "traceback": words("print_exc format_exc"),
    "pathlib": words("Path PurePath"),
    "io": words("StringIO BytesIO"),
    "operator": words("attrgetter methodcaller"),
    "torch.profiler": words("profile record_function ProfilerActivity"),
    "torch.testing": words("assert_close"),
    "numbers": words("Number Complex Real Integral"),
    "collections": words("namedtuple"),
    "collections.abc": words("Callable Iterable Sequence"),
    "functools": words("wraps lru_cache cache total_ordering cached_property"),
    "torch.utils.data": words("DataLoader get_worker_info default_collate"),
    "torch.nn.utils.prune": words("l1_unstructured global_unstructured remove"),
    "json": words("dumps loads"),
    "weakref": words("ref"),
    "types": words("SimpleNamespace"),
    "argparse": words("ArgumentParser Namespace"),
    "copy": words("copy deepcopy"),
    "warnings": words("warn simplefilter filterwarnings catch_warnings"),
    "numpy": words("ndarray dtype empty empty_like vectorize nditer r_ mgrid"),
    "numpy.ma": words("masked_array masked_where"),
    "numpy.char": words("upper add"),
    "numpy.lib.stride_tricks": words("as_strided sliding_window_view"),
    "numpy.polynomial": words("Polynomial"),
    "numpy.random": words("seed default_rng RandomState"),
}
"""What would lead too far as it is, and is something of this project's under its name."""
MUST_STAY_OUT_OF_ATTRIBUTES = words(
    "new resize resize_ resize_as resize_as_ set_ as_strided as_strided_ storage untyped_storage"
    " data_ptr"
    " share_memory_ record_stream pin_memory apply_ map_ map2_ to_sparse to_mkldnn dlpack"
    " format format_map encode mro gi_frame gi_code cr_frame ag_frame tb_frame tb_next f_globals"
    " f_locals f_builtins f_back obj with_traceback add_note func func_globals co_code ctypes"
    " tofile dump dumps setflags setfield getfield flags tobytes tostring reinforce module_load"
    " get_submodule get_parameter get_buffer get_extra_state set_extra_state share_memory compile"
    " _parameters _modules _buffers _backward_hooks hooks_dict_ref"
    " metadata _raw_saved_self _input_metadata _sequence_nr _register_hook_dict _make_subclass"
    " os sys path open read write load save system popen __class__ __dict__ __globals__"
)


@pytest.mark.parametrize("module", MUST_STAY_OUT)
def test_dangerous_names_of_modules_stay_out(module: str) -> None:
    assert allowed.MODULES[module] & set(MUST_STAY_OUT[module]) == set()


@pytest.mark.parametrize("module", STOOD_IN)
def test_what_would_lead_too_far_has_a_stand_in(module: str) -> None:
    real, held = importlib.import_module(module), parts()[module]
    assert [name for name in STOOD_IN[module] if getattr(held, name) is getattr(real, name)] == []


def test_dangerous_attributes_stay_out() -> None:
    assert allowed.OBJECT_ATTRIBUTES & set(MUST_STAY_OUT_OF_ATTRIBUTES) == set()
    assert not any(name.startswith("__") for name in allowed.OBJECT_ATTRIBUTES | set(allowed.BARE))


def test_dangerous_arguments_stay_out() -> None:
    assert not allowed.KEYWORDS & set(
        words("out device layout pin_memory file pickle_module assign context_fn mmap")
    )


def test_what_a_course_needs_is_in() -> None:
    assert (
        set(
            words(
                "tensor arange randn ones zeros sin exp log dot mm matmul norm no_grad manual_seed"
            )
        )
        <= allowed.MODULES["torch"]
    )
    assert (
        set(
            words(
                "backward grad requires_grad requires_grad_ detach zero_ retain_grad item tolist"
                " numpy"
                " grad_fn is_leaf register_hook data T shape dtype sum mean add_ mul_"
                " next_functions"
            )
        )
        <= allowed.OBJECT_ATTRIBUTES
    )
    assert set(words("gradient retain_graph create_graph inputs dim keepdim")) <= allowed.KEYWORDS


def test_every_parameter_of_an_allowed_function_has_been_reviewed() -> None:
    undecided: dict[str, str] = {}
    for module, part in parts().items():
        for name, value in vars(part).items():
            if isinstance(value, Part | TypeName) or not callable(value):
                continue
            for parameter in parameters(value):
                if parameter not in allowed.KEYWORDS | reviewed.KEPT_OUT_KEYWORDS:
                    undecided[parameter] = f"{module}.{name}"
    assert undecided == {}


def parameters(function: Callable[..., Any]) -> list[str]:
    """The names by which a Python function or class takes arguments; of C functions none."""
    try:
        found = inspect.signature(function.__init__ if isinstance(function, type) else function)
    except (TypeError, ValueError):
        return []
    return [
        each.name
        for each in found.parameters.values()
        if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)
        and each.name != "self"
        and not each.name.startswith("_")
    ]
