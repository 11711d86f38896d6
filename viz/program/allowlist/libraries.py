"""The review of what comes along with torch: Python's own modules, data, distributions, drawing.

The tables have the shape of those in `reviewed.py`, which takes them in. `STAND_INS` are modules of
which nothing real is handed out: `viz.tracing.typed` has something of its own under every name.
"""

from __future__ import annotations

from viz.program.allowlist import book_names, drawing_names, python_names
from viz.program.allowlist.words import joined, these

_DISTRIBUTIONS = these(
    "beta.Beta gamma.Gamma dirichlet.Dirichlet exponential.Exponential laplace.Laplace"
    " kl.kl_divergence multivariate_normal.MultivariateNormal normal.Normal uniform.Uniform"
    " bernoulli.Bernoulli categorical.Categorical multinomial.Multinomial binomial.Binomial"
    " poisson.Poisson geometric.Geometric studentT.StudentT cauchy.Cauchy half_normal.HalfNormal"
    " chi2.Chi2 log_normal.LogNormal gumbel.Gumbel independent.Independent"
)
_ALONE = sorted(
    {f"distributions.{each}" for each in _DISTRIBUTIONS}
    | these(
        "optim.sgd.SGD optim.adam.Adam optim.adamw.AdamW nn.parameter.Parameter signal.windows"
        " nn.modules.module.Module"
    )
)
"""What is let in of a file of torch's alone."""

# Why a name stays out:
# - it calls what any object says of itself, or looks into any object: pickle, inspect, enum,
#   functools.singledispatch, operator.attrgetter and methodcaller
# - it starts processes, or waits for others: the workers of torch.utils.data
LET_IN: dict[str, set[str]] = {
    "torch": these(
        "distributions backends amp autocast mps xpu version signal"
        # how numbers lie in memory
        " channels_last contiguous_format preserve_format"
        # made of zeros, not of memory that nobody has written (stand-ins)
        " empty empty_like"
        # sparse tensors by coordinates, their indices looked at and kept apart (`decided.sparse`)
        " sparse sparse_coo_tensor spmm"
        # kept in memory for the run, no file (stand-ins)
        " save load"
        # types of old, each a stand-in with the same number type
        " FloatTensor DoubleTensor HalfTensor LongTensor IntTensor ShortTensor ByteTensor"
        " CharTensor BoolTensor"
        # what is set for the whole run (checked stand-ins, or without effect here)
        " set_printoptions set_default_dtype set_default_tensor_type set_num_threads"
        " set_float32_matmul_precision use_deterministic_algorithms initial_seed get_num_threads"
        # gives back what it was given: nothing is compiled here (a stand-in)
        " compile"
        # where random numbers stand: only what the run itself was given is taken (stand-ins)
        " get_rng_state set_rng_state random functional"
        # in place, as the methods of these names
        " abs_ acos_ asin_ atan_ ceil_ clamp_ cos_ cosh_ erf_ exp_ exp2_ expm1_ floor_ log_ log10_"
        " log1p_ log2_ neg_ reciprocal_ relu_ round_ rsqrt_ sigmoid_ sin_ sinh_ sqrt_ square_ tan_"
        " tanh_ trunc_ zero_ fill_ logit_ sinc_ frac_"
    ),
    "torch.random": these("manual_seed initial_seed get_rng_state set_rng_state fork_rng"),
    # where torch has them, and who means nn.functional finds some
    "torch.functional": these(
        "atleast_1d atleast_2d atleast_3d block_diag broadcast_tensors cartesian_prod cdist einsum"
        " meshgrid norm split tensordot unique"
    ),
    "torch.utils": these("data"),
    "torch.utils.data": these(
        "Sampler SequentialSampler RandomSampler SubsetRandomSampler WeightedRandomSampler"
        " BatchSampler"
        # stand-ins, as those of `DATA`
        " Dataset TensorDataset Subset ConcatDataset DataLoader random_split IterableDataset"
        " default_collate get_worker_info"
    ),
    "torch.utils.checkpoint": these("checkpoint_sequential"),
    # asked where a program has found an accelerator, which it does not here (stand-ins)
    "torch.cuda": these(
        "amp get_device_properties"
        " manual_seed manual_seed_all device_count empty_cache synchronize current_device"
        " get_device_name set_device memory_allocated max_memory_allocated"
        " reset_peak_memory_stats FloatTensor DoubleTensor HalfTensor LongTensor IntTensor"
        " ByteTensor BoolTensor"
    ),
    "torch.nn.modules": these("Module module batchnorm conv linear utils loss"),
    # the files that classes lie in, as code that builds upon them names them
    "torch.nn.modules.batchnorm": these("_BatchNorm BatchNorm1d BatchNorm2d BatchNorm3d"),
    "torch.nn.modules.loss": these(
        "_Loss _WeightedLoss L1Loss MSELoss SmoothL1Loss HuberLoss NLLLoss CrossEntropyLoss BCELoss"
        " BCEWithLogitsLoss KLDivLoss MarginRankingLoss CosineEmbeddingLoss TripletMarginLoss"
    ),
    "torch.nn.modules.conv": these("Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d"),
    "torch.nn.modules.linear": these("Linear Identity"),
    "torch.nn.modules.utils": these("_single _pair _triple"),  # a number, as often as asked
    "torch.autograd.function": these("InplaceFunction"),
    "torch.optim.optimizer": these("Optimizer required"),
    "torch.optim.swa_utils": these(
        "AveragedModel SWALR update_bn get_ema_avg_fn get_ema_multi_avg_fn get_swa_avg_fn"
        " get_swa_multi_avg_fn"
    ),
    "torch.backends": these("cudnn mps cuda"),
    "torch.backends.cuda": these("is_built"),
    "torch.backends.mps": these("is_available is_built"),
    "torch.mps": these("is_available empty_cache synchronize manual_seed device_count"),
    "torch.xpu": these("is_available empty_cache synchronize manual_seed device_count"),
    "torch.version": these("cuda __version__"),
    "torch.distributions": these(
        "ContinuousBernoulli FisherSnedecor HalfCauchy InverseGamma Kumaraswamy LogisticNormal"
        " LowRankMultivariateNormal MixtureSameFamily NegativeBinomial"
        " OneHotCategoricalStraightThrough Pareto RelaxedBernoulli RelaxedOneHotCategorical"
        " VonMises Weibull TransformedDistribution multivariate_normal Distribution Normal Uniform"
        " AffineTransform ExpTransform SigmoidTransform TanhTransform PowerTransform AbsTransform"
        " SoftmaxTransform SoftplusTransform StickBreakingTransform ComposeTransform Bernoulli"
        " Categorical OneHotCategorical Multinomial Exponential Beta Gamma Dirichlet Laplace"
        " LogNormal MultivariateNormal Poisson Geometric Binomial Cauchy StudentT Gumbel kl"
        " HalfNormal Chi2 Independent kl_divergence normal uniform bernoulli categorical"
        " multinomial beta gamma dirichlet exponential laplace binomial poisson geometric studentT"
        " cauchy half_normal log_normal chi2 gumbel independent"
    ),
    **{f"torch.{file}": {name} for file, _, name in (each.rpartition(".") for each in _ALONE)},
    "torch.signal.windows": these(
        "bartlett blackman cosine exponential gaussian general_cosine general_hamming hamming hann"
        " kaiser nuttall"
    ),
    "torch.optim.lr_scheduler": these(
        "LRScheduler _LRScheduler ConstantLR PolynomialLR MultiplicativeLR OneCycleLR"
        " ReduceLROnPlateau CyclicLR"
        " CosineAnnealingWarmRestarts SequentialLR ChainedScheduler"
    ),
    "functools": these("wraps lru_cache cache total_ordering cmp_to_key cached_property"),
    "torch.nn.utils.prune": these(
        "identity random_unstructured l1_unstructured random_structured ln_structured"
        " custom_from_mask remove global_unstructured is_pruned"
        " BasePruningMethod Identity RandomUnstructured L1Unstructured"
    ),
    "itertools": these(
        "combinations_with_replacement compress dropwhile filterfalse groupby pairwise starmap"
        " takewhile tee"
    ),
    "collections": these("Counter namedtuple"),
    "random": these(
        "gammavariate getrandbits paretovariate vonmisesvariate weibullvariate"
        " getstate setstate choices normalvariate expovariate betavariate triangular lognormvariate"
    ),
    "typing": these(
        "Protocol Annotated ClassVar Final Generator Generic Hashable Iterable Literal Mapping"
        " NamedTuple NoReturn Type TypeVar"
        " AbstractSet AnyStr Collection Container ContextManager Counter DefaultDict Deque"
        " ItemsView KeysView LiteralString MutableMapping MutableSequence MutableSet"
        " OrderedDict Reversible Self Sized SupportsFloat SupportsInt Text TypeAlias"
        " TypeGuard ValuesView TypedDict FrozenSet SupportsIndex ParamSpec Concatenate Never"
        " NewType Pattern Match Required NotRequired Unpack ChainMap Awaitable"
        # stand-ins that do what they do: nothing
        " TYPE_CHECKING cast final overload runtime_checkable no_type_check"
    ),
    "dataclasses": these("asdict astuple replace"),
    "contextlib": these("contextmanager nullcontext suppress"),
    "operator": these(
        "add sub mul truediv floordiv mod pow matmul neg pos abs eq ne lt le gt ge and_ or_ xor"
        " not_ itemgetter getitem contains concat is_ is_not truth inv invert index indexOf countOf"
        " lshift rshift"
    ),
    "abc": these("ABC ABCMeta abstractmethod"),
    "argparse": these("ArgumentParser Namespace"),
    # by their names of old
    "torch.nn.init": these(
        "constant dirac eye kaiming_normal kaiming_uniform normal orthogonal sparse uniform"
        " xavier_normal xavier_uniform"
    ),
    "torch.optim": these("ASGD NAdam RAdam Rprop Adafactor swa_utils"),
    "torch.nn.utils.rnn": these(
        "pad_sequence pack_sequence pack_padded_sequence pad_packed_sequence unpad_sequence"
    ),
    "torch.nn": these(
        "parameter"
        # one device: the layer itself (a stand-in)
        " DataParallel"
        " MultiLabelMarginLoss MultiMarginLoss MultiLabelSoftMarginLoss FeatureAlphaDropout"
        " TripletMarginWithDistanceLoss"
        " LazyLinear LazyConv1d LazyConv2d LazyConv3d LazyConvTranspose1d LazyConvTranspose2d"
        " Transformer TransformerEncoder TransformerEncoderLayer TransformerDecoder"
        " TransformerDecoderLayer ParameterDict AdaptiveLogSoftmaxWithLoss RNNBase NLLLoss2d"
        " LazyConvTranspose3d LazyInstanceNorm3d"
        " LazyBatchNorm1d LazyBatchNorm2d LazyBatchNorm3d LazyInstanceNorm1d LazyInstanceNorm2d"
    ),
    "torch.nn.utils": these(
        "parametrize parametrizations prune rnn clip_grad_norm stateless weight_norm spectral_norm"
    ),
    "datetime": these("datetime timedelta date"),
    "time": these(
        "strftime localtime gmtime ctime asctime monotonic_ns process_time_ns"
        " time time_ns perf_counter perf_counter_ns process_time monotonic sleep"
    ),
    "copy": these("copy deepcopy"),
    "warnings": these("warn filterwarnings simplefilter catch_warnings"),
    "math": these("comb perm factorial isqrt nextafter ulp"),
    "cmath": these(
        "sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh exp log log10 sqrt phase polar"
        " rect isfinite isinf isnan isclose pi e tau inf nan infj nanj"
    ),
    "heapq": these("heappush heappop heapify heapreplace heappushpop nlargest nsmallest merge"),
    "fractions": these("Fraction"),
    "decimal": these("Decimal ROUND_HALF_UP ROUND_HALF_EVEN ROUND_DOWN ROUND_UP ROUND_FLOOR"),
}

STAND_INS: dict[str, set[str]] = {
    "json": these("dumps loads JSONDecodeError"),
    "re": these(
        "compile match fullmatch search findall finditer sub subn split escape error"
        " I IGNORECASE M MULTILINE S DOTALL X A"
    ),
    "statistics": these(
        "mean fmean median median_low median_high stdev variance pstdev pvariance mode multimode"
        " harmonic_mean geometric_mean quantiles StatisticsError"
    ),
    "bisect": these("bisect bisect_left bisect_right insort insort_left insort_right"),
    "textwrap": these("dedent indent fill wrap"),
    "types": these("SimpleNamespace"),
    "weakref": these("ref"),
    "platform": these("python_version system"),
    "typing_extensions": these(
        "Annotated Any Callable ClassVar Dict Final Generic Iterable Iterator List Literal"
        " LiteralString NamedTuple NoReturn Optional Protocol Self Sequence Set Tuple Type"
        " TypeAlias TypeGuard TypeVar TypedDict Union override final cast TYPE_CHECKING"
        " runtime_checkable overload"
    ),
    "torch.amp": these("autocast GradScaler"),
    "torch.cuda.amp": these("autocast GradScaler"),
    "timeit": these("timeit default_timer"),
    "gc": these("collect enable disable isenabled"),
    "pprint": these("pprint pformat"),
    "numbers": these("Number Complex Real Integral"),
    "string": these(
        "ascii_letters ascii_lowercase ascii_uppercase digits hexdigits punctuation printable"
        " whitespace"
    ),
    "collections.abc": these(
        "Callable Iterable Iterator Sequence Mapping MutableMapping Generator Hashable Sized"
        " Collection"
    ),
    "torch.nn.utils.stateless": these("functional_call"),
    "functorch": these("grad grad_and_value vmap vjp jvp jacrev jacfwd hessian"),
    "sys": these(
        "stdout stderr version version_info maxsize platform argv path exit setrecursionlimit"
        " getrecursionlimit getsizeof executable byteorder"
    ),
    "os": these("environ sep cpu_count path makedirs mkdir"),
    "os.path": these("join basename dirname splitext exists isfile isdir"),
    "logging": these(
        "basicConfig debug info warning error disable getLogger DEBUG INFO WARNING ERROR CRITICAL"
    ),
    "torch.utils.data.sampler": these(
        "Sampler SequentialSampler RandomSampler SubsetRandomSampler WeightedRandomSampler"
        " BatchSampler"
    ),
    "torch.utils.data.dataset": these(
        "Dataset TensorDataset Subset ConcatDataset IterableDataset random_split"
    ),
    "torch.utils.data.dataloader": these("DataLoader default_collate"),
    "__future__": these(
        "annotations division print_function absolute_import unicode_literals generator_stop"
    ),
    "tqdm": these("tqdm trange tqdm_notebook auto notebook"),
    "tqdm.auto": these("tqdm trange"),
    "tqdm.notebook": these("tqdm trange"),
    "IPython": these("display"),
    "IPython.display": these(
        "display clear_output set_matplotlib_formats Math Latex Markdown HTML Image SVG"
    ),
    "matplotlib_inline": these("backend_inline"),
    "matplotlib_inline.backend_inline": these("set_matplotlib_formats"),
}

_STOOD_IN = (drawing_names.STAND_INS, book_names.STAND_INS, python_names.STAND_INS)
STAND_INS = joined(STAND_INS, *_STOOD_IN)

ATTRIBUTES: dict[str, set[str]] = {
    "Pattern": these(
        "match fullmatch search findall finditer sub subn group groups groupdict start end span"
        " pattern string"
    ),
    "Fraction": these("numerator denominator limit_denominator as_integer_ratio from_float"),
    "Decimal": these("quantize sqrt ln exp normalize is_nan"),
    "struct_time": these("tm_year tm_mon tm_mday tm_hour tm_min tm_sec tm_wday tm_yday"),
    "GradScaler": these("scale unscale_ get_scale is_enabled"),
    "Device": these("total_memory major minor multi_processor_count"),
    "Transformer": these(
        "self_attn multihead_attn linear1 linear2 norm1 norm2 norm3 dropout1 dropout2 dropout3"
        " activation layers encoder decoder generate_square_subsequent_mask"
    ),
    "Sampler": these("data_source num_samples replacement sampler weights generator"),
    "Distribution's": these(
        "transforms cache_size component_distribution mixture_distribution cov_diag cov_factor inv"
        " domain codomain log_abs_det_jacobian power temperature lims"
    ),
    "AveragedModel": these("update_parameters n_averaged use_buffers"),
    "Pruning": these(
        "compute_mask apply_mask prune PRUNING_TYPE weight_mask bias_mask bias_orig _tensor_name"
    ),
    "answered by stand-ins": these(
        "new new_empty data_ptr storage untyped_storage _modules _parameters _buffers write save"
        " _forward_hooks _forward_pre_hooks _backward_hooks resize_ resize resize_as to_sparse"
        " _flat_weights_names pin_memory"
    ),
    "Distribution": these(
        "sample rsample log_prob entropy cdf icdf perplexity mean variance stddev mode probs"
        " logits loc scale low high rate concentration concentration0 concentration1 df"
        " total_count batch_shape event_shape covariance_matrix precision_matrix scale_tril"
        " base_dist has_rsample param_shape"
    ),
    "Module": these(
        # how a layer was made: numbers, texts and switches
        "hidden_size input_size num_layers bidirectional batch_first dropout nonlinearity stride"
        " padding dilation groups padding_mode output_padding num_features momentum affine"
        " track_running_stats num_batches_tracked normalized_shape elementwise_affine num_groups"
        " num_channels embed_dim num_heads head_dim padding_idx max_norm inplace negative_slope"
        " start_dim end_dim output_size ceil_mode reduction ignore_index label_smoothing"
        " scale_factor align_corners in1_features in2_features proj_size"
        " weight_ih_l1 weight_hh_l1 bias_ih_l1 bias_hh_l1 in_proj_weight in_proj_bias out_proj"
        " register_full_backward_pre_hook"
        " _get_name register_backward_hook weight_g weight_v weight_orig"
    ),
    "what a tensor is not": these(
        "is_cpu get_device is_conj"
        " is_cuda is_mps is_sparse is_quantized is_meta is_inference layout"
    ),
    "DataParallel": these("module device_ids"),
    "Dataset": these("tensors dataset datasets indices batch_size drop_last collate_fn"),
    "Tensor of old": these("cuda"),
    "Progress": these(
        "set_description set_postfix set_postfix_str update close refresh total desc n"
    ),
    "datetime": these(
        "now today strftime isoformat total_seconds seconds days microseconds year month day hour"
        " minute second timestamp ctime date time weekday"
    ),
    "cached": these("cache_info cache_clear hits misses currsize maxsize"),
    "namedtuple": these("_fields _asdict _replace _make"),
    "Counter": these("most_common elements subtract total"),
    "deque": these("appendleft popleft extendleft rotate maxlen"),
    "OrderedDict": these("move_to_end"),
    "chain": these("from_iterable"),
    "Stream": these("flush isatty"),
    "Logger": these("debug info warning error setLevel addHandler"),
    "Arguments": these("add_argument parse_args parse_known_args"),
    "PackedSequence": these("batch_sizes sorted_indices unsorted_indices"),
    "Scheduler": these("optimizer base_lrs _step_count get_lr"),
    "Switches": these("cudnn deterministic benchmark enabled allow_tf32 version is_available"),
    "Plateau": these("best num_bad_epochs last_epoch base_lrs"),
}

FURTHER_TAKEN = these(
    # what newer Pythons have than the one of the walk
    "_from_flags "
    # what no class shows: stored names of this project's stand-ins
    "_rows look looks add record area _nothing _places _heights _bars new _side"
    " _held _kind _kinds _defaults _write"
    " _named _tick_places _css _high _low _stops _corners _words _again _left _chosen _order"
    " _batches _cut"
).union(*(ATTRIBUTES[kind] for kind in ("Progress", "Stream", "Logger", "Arguments")))

BUILTINS = these(
    "id display dir help exit quit issubclass Warning UserWarning DeprecationWarning FutureWarning"
    " RuntimeWarning RecursionError ImportError UnboundLocalError EOFError KeyboardInterrupt"
    " MemoryError OSError IOError FileNotFoundError ModuleNotFoundError"
)

ASSIGNABLE = these("deterministic benchmark enabled allow_tf32 base_lrs last_epoch")

KEYWORDS = these(
    # of json, re, statistics, bisect, textwrap
    "indent sort_keys ensure_ascii separators skipkeys allow_nan object_hook string repl flags pos"
    " endpos a lo hi text prefix data xbar mu numerator denominator exp rounding"
    # of prune, transformers, samplers, distributions, autocast
    " amount importance_scores pruning_method parameters d_model nhead dim_feedforward activation"
    " layer_norm_eps norm_first num_encoder_layers num_decoder_layers custom_encoder custom_decoder"
    " enable_nested_tensor mask_check src_mask tgt_mask memory_mask src_key_padding_mask"
    " tgt_key_padding_mask memory_key_padding_mask src_is_causal tgt_is_causal memory_is_causal"
    " tgt memory encoder_layer decoder_layer sz cutoffs div_value head_bias n_classes"
    " data_source mixture_distribution component_distribution cov_factor cov_diag cache_size"
    " transforms parts lims temperature concentration_ loc_ device_type cache_enabled init_scale"
    " growth_factor backoff_factor growth_interval schedulers"
    " batch df1 df2 event_dim msg proj_size pattern"
    # of timeit, of animations
    " stmt setup fig func frames init_func fargs interval blit repeat save_count cache_frame_data"
    " repeat_delay writer fps"
    # of torch.utils.data
    " dataset batch_size shuffle sampler batch_sampler num_workers collate_fn drop_last lengths"
    " indices datasets persistent_workers prefetch_factor"
    # of distributions
    " batch_shape event_shape loc scale probs logits"
    " concentration concentration0 concentration1 rate total_count"
    " sample_shape covariance_matrix precision_matrix scale_tril df validate_args base_distribution"
    " reinterpreted_batch_ndims expand low high"
    # of schedulers and averaged models
    " loader avg_fn multi_avg_fn use_buffers decay swa_lr anneal_epochs sym"
    " factor patience cooldown min_lr threshold_mode max_lr total_steps epochs steps_per_epoch"
    " pct_start anneal_strategy div_factor final_div_factor three_phase base_lr step_size_up"
    " step_size_down scale_fn scale_mode cycle_momentum base_momentum max_momentum power"
    " total_iters T_0 T_mult metrics epoch verbose"
    # of optimisers, of torch.compile, of losses
    " momentum_decay decoupled_weight_decay etas step_sizes t0 beta2_decay"
    " model fullgraph dynamic backend disable new_state enabled distance_function"
    # of what is printed and set
    " precision edgeitems linewidth profile sci_mode d warn_only mode"
    # of sequences of different lengths, of saved files, of arguments
    " sequences sequence padded_sequences enforce_sorted padding_value padding_side"
    " total_length f pickle_protocol"
    " map_location weights_only description prog epilog help metavar const"
    " type action default dest choices nargs required format level"
    " exist_ok"
    # of torch's older versions, which this one refuses itself
    " retain_variables volatile async"
    # of Python's modules
    " maxsize typed user_function wrapped factory dict_factory tuple_factory obj message category"
    " action stacklevel record lineno"
    " typename type kind seconds funcobj t field_names defaults rename enter_result cls"
    " population weights lambd iterable predicate fillvalue functions segments"
    # of layers on several devices, of progress bars
    " module device_ids output_device"
    " desc total leave ncols unit position disable initial ascii miniters postfix wait"
)

KEPT_OUT_KEYWORDS = these("multiprocessing_context worker_init_fn pin_memory_device")
