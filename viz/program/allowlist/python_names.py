"""The review of Python's further modules and of what measures: all of it stand-ins.

The tables have the shape of those in `reviewed.py`, which takes them in.

Why a name stays out:

- it looks into any object, or finds frames and source: the rest of `inspect`, `traceback` and `sys`
- it makes or reads files: the rest of `os`, `io`, `pathlib`; whatever starts processes
"""

from __future__ import annotations

from viz.program.allowlist.words import these, words

FOREACH = these(
    "abs acos add addcdiv addcmul asin atan ceil clamp_max clamp_min cos cosh div erf erfc exp"
    " expm1 floor frac lerp lgamma log log10 log1p log2 maximum minimum mul neg pow reciprocal"
    " round rsqrt sigmoid sign sin sinh sqrt sub tan tanh trunc"
)
"""What torch does to each tensor of a list; every name has a sibling that does it in place."""

LET_IN: dict[str, set[str]] = {
    # which way attention is computed: flags of this process
    "torch.backends.cuda": these(
        "enable_flash_sdp enable_math_sdp enable_mem_efficient_sdp enable_cudnn_sdp sdp_kernel"
        " flash_sdp_enabled math_sdp_enabled mem_efficient_sdp_enabled cudnn_sdp_enabled"
    ),
    "torch.nn.attention": these("sdpa_kernel SDPBackend"),
    "torch": {f"_foreach_{name}{place}" for name in FOREACH for place in ("", "_")}
    | these(
        "_foreach_norm _foreach_zero_ _foreach_max _foreach_copy_"
        " range seed has_mps layout strided channels_last_3d"
        " profiler testing jit get_default_device is_anomaly_enabled is_inference_mode_enabled"
        " get_float32_matmul_precision are_deterministic_algorithms_enabled is_autocast_enabled"
        " blackman_window bartlett_window kaiser_window asarray get_device is_signed is_conj"
        " is_inference"
        # in place, as the methods of these names
        " acosh_ arccos_ arccosh_ arcsin_ arcsinh_ arctan_ arctanh_ asinh_ atanh_ clip_ deg2rad_"
        " clamp_max_ clamp_min_ erfc_ fix_ nan_to_num_ negative_ rad2deg_ selu_ celu_ threshold_"
        " dropout_ alpha_dropout_ i0_ ldexp_ xlogy_ gcd_ lcm_"
    ),
    "torch.random": these("seed"),
    "torch.cuda": these(
        "memory_reserved max_memory_reserved memory_summary mem_get_info get_device_capability"
        " is_bf16_supported reset_max_memory_allocated ipc_collect Event Stream is_initialized"
        " memory_cached max_memory_cached memory_stats get_arch_list init current_stream"
    ),
    "torch.sparse": these("mm sum softmax log_softmax addmm FloatTensor DoubleTensor LongTensor"),
    "torch.nn.utils.parametrize": these(
        "register_parametrization remove_parametrizations is_parametrized cached"
    ),
    "torch.nn.utils.parametrizations": these("orthogonal spectral_norm weight_norm"),
    "torch.testing": these("assert_close"),
    "torch.autograd": these("profiler"),
    "torch.utils.data": these(
        "ChainDataset StackDataset default_convert dataset dataloader sampler"
    ),
    "torch.nn": these("attention DataParallel modules"),
    "torch.nn.utils": these("remove_weight_norm remove_spectral_norm get_total_norm"),
    "torch.nn.utils.prune": these("LnStructured RandomStructured CustomFromMask"),
    "torch.nn.utils.rnn": these("PackedSequence unpack_sequence"),
    "torch.optim": these("SparseAdam"),
    "collections": these("abc"),
    "operator": these("attrgetter methodcaller"),
    "contextlib": these("ExitStack closing AbstractContextManager ContextDecorator"),
    "warnings": these("resetwarnings"),
    "datetime": these("timezone UTC"),
    "time": these("thread_time mktime"),
    "dataclasses": these("fields is_dataclass"),
    "random": these("Random"),
    "numpy": these(
        "poly1d mask_indices isfortran asarray_chkfinite flexible character geterr index_exp poly"
        " matlib"
    ),
    "typing": these(
        "IO TextIO BinaryIO SupportsAbs SupportsComplex SupportsRound Coroutine AsyncIterator"
        " AsyncGenerator AsyncIterable ByteString MappingView TypeVarTuple"
    ),
}

STAND_INS: dict[str, set[str]] = {
    "enum": these("Enum IntEnum StrEnum Flag IntFlag auto unique"),
    "inspect": these(
        "Parameter signature getfullargspec getdoc isfunction ismethod isclass isbuiltin"
        " isgenerator isgeneratorfunction"
    ),
    "traceback": these("print_exc format_exc print_stack"),
    "pathlib": these("Path PurePath"),
    "io": these("StringIO BytesIO"),
    "pdb": these("set_trace"),
    "ipdb": these("set_trace"),
    "IPython.core.debugger": these("set_trace"),
    "numpy.matlib": these("repmat"),
    "torch.profiler": these(
        "profile record_function ProfilerActivity schedule tensorboard_trace_handler"
    ),
    "torch.autograd.profiler": these("profile record_function"),
    "functorch": these("make_functional make_functional_with_buffers"),
    "torch.jit": these("script ignore unused export is_scripting is_tracing"),
    "torch.utils.tensorboard": these("SummaryWriter"),
    "tensorboardX": these("SummaryWriter"),
    "torchviz": these("make_dot"),
    "torch.hub": these("load load_state_dict_from_url download_url_to_file"),
    "torch.utils": these("checkpoint data model_zoo"),  # the last only stands in
    "torch.utils.model_zoo": these("load_url"),
    "sys": these("modules exc_info getrefcount float_info implementation"),
    "os": these("name linesep pathsep getcwd getpid getenv listdir remove unlink rmdir rename"),
    "os.path": these("abspath realpath expanduser normpath split isabs getsize sep"),
    "logging": these(
        "NOTSET WARN critical exception log captureWarnings StreamHandler FileHandler Formatter"
        " NullHandler"
    ),
    "platform": these("machine processor platform release version node python_implementation"),
    "string": these("capwords octdigits"),
    "pprint": these("pp"),
    "types": these("FunctionType LambdaType MethodType MappingProxyType GeneratorType NoneType"),
    "timeit": these("repeat"),
    "re": these("VERBOSE ASCII UNICODE U NOFLAG Pattern Match"),
    "collections.abc": these(
        "AsyncIterator Container Coroutine ItemsView KeysView MutableSequence MutableSet"
        " Reversible Set ValuesView MappingView"
    ),
}

ATTRIBUTES: dict[str, set[str]] = {
    "SDPBackend": these("MATH FLASH_ATTENTION EFFICIENT_ATTENTION CUDNN_ATTENTION"),
    "Sparse": these("to_dense coalesce is_coalesced sparse_dim dense_dim _nnz"),
    "Parametrized": these("parametrizations original original0 original1 right_inverse"),
    "Text": these(
        "casefold expandtabs isalnum isascii isdecimal isidentifier islower isnumeric isprintable"
        " isspace istitle isupper maketrans removeprefix removesuffix rindex rpartition partition"
        " swapcase translate"
    ),
    "Set": these("difference_update intersection_update symmetric_difference_update"),
    "Whole number": these("bit_count"),
    "Optimizer": these("add_param_group register_step_pre_hook register_step_post_hook"),
    "Signature": these(
        "parameters default kind annotation empty POSITIONAL_ONLY POSITIONAL_OR_KEYWORD"
        " VAR_POSITIONAL KEYWORD_ONLY VAR_KEYWORD varargs varkw kwonlyargs kwonlydefaults"
        " annotations"
    ),
    "Profile": these(
        "CPU CUDA XPU key_averages table total_average events export_chrome_trace start stop"
    ),
    "SummaryWriter": these(
        "add_scalar add_scalars add_histogram add_graph add_image add_images add_figure add_text"
        " add_embedding add_hparams close flush"
    ),
    "Drawing": these("render view"),
    "Path": these(
        "name stem suffix parts parent joinpath with_suffix with_name as_posix exists is_file"
        " is_dir resolve absolute glob iterdir rglob mkdir touch"
    ),
    "Buffer": these("getvalue seek tell readlines"),
    "Logger": these("critical exception log setFormatter removeHandler"),
    "ExitStack": these("enter_context callback pop_all push"),
    "poly1d": these("c coef coefficients coeffs o order r roots variable"),
    "Wrapped": these("module"),
    "answered by stand-ins": these(
        # of what is nowhere here: events and streams of accelerators
        "record elapsed_time wait_stream "
        "apply_ map_ format format_map get_submodule get_parameter get_buffer read"
    ),
}

BUILTINS = these(
    "vars hash delattr ascii breakpoint"
    " BufferError ChildProcessError ConnectionError EnvironmentError FileExistsError"
    " ImportWarning IndentationError IsADirectoryError NotADirectoryError"
    " PendingDeprecationWarning PermissionError ReferenceError ResourceWarning SyntaxError"
    " SyntaxWarning SystemError TimeoutError UnicodeError UnicodeWarning"
)

KEYWORDS = these(
    "set_priority enable_flash enable_math enable_mem_efficient enable_cudnn backends "
    "tensor_name leave_parametrized parametrization unsafe orthogonal_map use_trivialization"
    " n_power_iterations log_probs targets input_lengths target_lengths blank zero_infinity"
    " disable_autograd_tracking is_coalesced check_invariants sparse_dim "
    "devices activities record_shapes profile_memory with_stack with_flops on_trace_ready"
    " use_cuda use_kineto sort_by row_limit group_by_input_shape warmup active skip_first"
    " log_dir comment tag scalar_value global_step show_attrs show_saved max_attr_chars"
    " exist_ok handlers filename filemode datefmt exc_info"
    " device_ids output_device param_group c_or_r variable sections check_device check_dtype"
    " check_layout check_stride msg tb_log initial_value start module class_or_instance"
    " packed_sequences enumeration expected mapping mask_func seq_of_zeros thing"
)
FURTHER_TAKEN = these(
    "_text _at _path _annotation _names _ends read_text _before _on _change _numbers _unheard"
).union(
    *(
        ATTRIBUTES[kind]
        for kind in words("Path Buffer Logger Profile SummaryWriter Drawing Signature")
    )
)

KEPT_OUT_KEYWORDS = these("")
