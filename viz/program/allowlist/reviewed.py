"""The review behind the allow-list: what stays out and why, what else is let in.

`KEPT_OUT` are operators of PyTorch's database that typed code may not reach; `LET_IN` is what the
database does not hold. What is in neither and not in the database cannot be reached at all.
"""

from __future__ import annotations

from viz.program.allowlist import (
    book_names,
    drawing_names,
    libraries,
    numpy_names,
    python_names,
)
from viz.program.allowlist.words import joined, these

# Why an operator stays out:
# - memory that nobody has written, or strides that overlap: empty…, resize…, as_strided…
# - kernels that crash or read out of bounds on odd arguments: native_…, ormqr, …
# - kernels that give back what nobody has written: grid_sampler_… for a mode that does not exist
#   (F.grid_sample checks it), the polynomials of torch.special for NaN
# - copies of views under the hood of compilers, layouts that the tracer cannot write down: …_copy
KEPT_OUT: dict[str, set[str]] = {
    "torch": these(
        "empty_permuted empty_strided as_strided as_strided_copy"
        " as_strided_scatter native_batch_norm native_group_norm native_layer_norm geqrf ormqr"
        " orgqr lu_unpack unsafe_chunk unsafe_split histogramdd nonzero_static hash_tensor"
        " alias_copy diagonal_copy expand_copy permute_copy split_with_sizes_copy squeeze_copy"
        " t_copy transpose_copy unbind_copy unfold_copy unsqueeze_copy"
        " view_copy narrow_copy resize_as_ grid_sampler_2d grid_sampler_3d"
    ),
    "torch.nn.functional": these(
        "embedding_bag fractional_max_pool2d fractional_max_pool3d multi_head_attention_forward"
    ),
    "torch.linalg": these("householder_product ldl_factor ldl_factor_ex ldl_solve"),
    "torch.fft": set(),
    "torch.special": these(
        "chebyshev_polynomial_t chebyshev_polynomial_u chebyshev_polynomial_v"
        " chebyshev_polynomial_w hermite_polynomial_h hermite_polynomial_he laguerre_polynomial_l"
        " legendre_polynomial_p shifted_chebyshev_polynomial_t shifted_chebyshev_polynomial_u"
        " shifted_chebyshev_polynomial_v shifted_chebyshev_polynomial_w"
    ),
    "Tensor": these(
        "new_empty new_empty_strided resize_ resize_as_ as_strided as_strided_"
        " as_strided_scatter geqrf ormqr orgqr unsafe_chunk unsafe_split nonzero_static"
        " hash_tensor narrow_copy to_sparse"
    ),
}

DTYPES = these(
    "float16 float32 float64 bfloat16 float double half int8 int16 int32 int64 uint8 short int"
    " long bool complex64 complex128 cfloat cdouble"
)

LET_IN: dict[str, set[str]] = {
    "torch": DTYPES
    | these(
        # modules that have an allow-list of their own
        "nn linalg fft special autograd func optim"
        # numbers
        " pi e inf nan newaxis"
        # making tensors
        " tensor as_tensor rand randn randperm arange linspace logspace zeros ones full eye"
        " scalar_tensor manual_seed bernoulli poisson normal hann_window hamming_window"
        " vander from_numpy"
        # autograd
        " no_grad enable_grad set_grad_enabled is_grad_enabled inference_mode vmap detach relu"
        # names of types, for annotations and isinstance
        " Tensor Size dtype device cuda accelerator"
        # random numbers of their own, the CPU by default (a stand-in), checkpoints
        " Generator set_default_device utils"
        # what is shown of torch itself (a stand-in: a plain text)
        " __version__"
        # what torch once had: each only raises, with torch's words on what to write instead
        " symeig eig solve lstsq matrix_rank"
        # further functions
        " clip inverse numel is_tensor is_floating_point is_complex is_nonzero is_same_size"
        " real imag celu selu prelu rrelu relu_ threshold hardshrink softmax log_softmax dropout"
        " alpha_dropout feature_dropout conv1d conv2d conv3d conv_transpose1d conv_transpose2d"
        " conv_transpose3d avg_pool1d max_pool1d max_pool2d max_pool3d adaptive_avg_pool1d"
        " adaptive_max_pool1d batch_norm layer_norm group_norm instance_norm rms_norm bilinear"
        " embedding cosine_similarity pairwise_distance pdist pixel_shuffle pixel_unshuffle"
        " binary_cross_entropy_with_logits kl_div cosine_embedding_loss hinge_embedding_loss"
        " margin_ranking_loss poisson_nll_loss triplet_margin_loss chain_matmul matrix_power"
        " frobenius_norm nuclear_norm norm_except_dim slogdet get_default_dtype finfo iinfo"
        " result_type promote_types can_cast"
    ),
    "torch.nn.functional": these(
        "relu relu_ elu_ leaky_relu_ selu_ celu_ hardtanh_ threshold_ lp_pool1d lp_pool2d lp_pool3d"
        " dropout1d gumbel_softmax affine_grid fold upsample max_pool1d_with_indices"
        " max_pool2d_with_indices max_pool3d_with_indices adaptive_max_pool1d_with_indices"
        " adaptive_max_pool2d_with_indices adaptive_max_pool3d_with_indices"
    ),
    "torch.linalg": these("LinAlgError"),
    "torch.fft": these("fftfreq rfftfreq"),
    "torch.special": set(),
    "Tensor": these(
        # autograd
        "backward grad grad_fn requires_grad requires_grad_ is_leaf retain_grad retains_grad"
        " detach detach_ register_hook register_post_accumulate_grad_hook data _version output_nr"
        # reading
        " shape dtype device ndim size dim ndimension numel nelement item tolist numpy cpu"
        " is_floating_point is_complex is_signed is_nonzero is_same_size is_contiguous stride"
        " storage_offset element_size itemsize nbytes"
        # views of matrices
        " T H mT mH real imag"
        # further operations, and those in place
        " bernoulli multinomial norm abs_ relu relu_ clip clip_ inverse slogdet prelu hardshrink"
        " add_ sub_ mul_ div_ pow_ neg_ zero_ fill_ fill_diagonal_ copy_ normal_ uniform_ random_"
        " bernoulli_ exponential_ new_tensor new_full new_ones new_zeros type_as to type"
        " float_power addcmul addcdiv"
        # what torch once had: each only raises, with torch's words on what to write instead
        " symeig eig solve lstsq"
    ),
    "torch.nn": these(
        "Module Parameter Sequential ModuleList ModuleDict ParameterList Identity"
        " Flatten Unflatten Linear Bilinear Embedding"
        " Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d Unfold Fold"
        " MaxPool1d MaxPool2d MaxPool3d MaxUnpool1d MaxUnpool2d MaxUnpool3d CTCLoss"
        " AvgPool1d AvgPool2d AvgPool3d LPPool1d LPPool2d LPPool3d"
        " AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveMaxPool3d AdaptiveAvgPool1d"
        " AdaptiveAvgPool2d AdaptiveAvgPool3d"
        " ReflectionPad1d ReflectionPad2d ReflectionPad3d ReplicationPad1d ReplicationPad2d"
        " ReplicationPad3d ZeroPad1d ZeroPad2d ZeroPad3d ConstantPad1d ConstantPad2d ConstantPad3d"
        " CircularPad1d CircularPad2d CircularPad3d"
        " ELU Hardshrink Hardsigmoid Hardtanh Hardswish LeakyReLU LogSigmoid PReLU ReLU ReLU6 RReLU"
        " SELU CELU GELU Sigmoid SiLU Mish Softplus Softshrink Softsign Tanh Tanhshrink Threshold"
        " GLU Softmin Softmax Softmax2d LogSoftmax"
        " BatchNorm1d BatchNorm2d BatchNorm3d LayerNorm GroupNorm InstanceNorm1d InstanceNorm2d"
        " InstanceNorm3d LocalResponseNorm RMSNorm"
        " RNN LSTM GRU RNNCell LSTMCell GRUCell MultiheadAttention"
        " Dropout Dropout1d Dropout2d Dropout3d AlphaDropout"
        " CosineSimilarity PairwiseDistance ChannelShuffle PixelShuffle PixelUnshuffle Upsample"
        " UpsamplingNearest2d UpsamplingBilinear2d"
        " L1Loss MSELoss CrossEntropyLoss NLLLoss PoissonNLLLoss GaussianNLLLoss KLDivLoss BCELoss"
        " BCEWithLogitsLoss MarginRankingLoss HingeEmbeddingLoss HuberLoss SmoothL1Loss"
        " SoftMarginLoss CosineEmbeddingLoss TripletMarginLoss"
        " functional init utils"
    ),
    "torch.nn.init": these(
        "uniform_ normal_ trunc_normal_ constant_ ones_ zeros_ eye_ dirac_ xavier_uniform_"
        " xavier_normal_ kaiming_uniform_ kaiming_normal_ orthogonal_ sparse_ calculate_gain"
    ),
    "torch.autograd": these(
        "backward grad functional graph no_grad enable_grad set_grad_enabled inference_mode"
        " Variable Function function forward_ad gradcheck gradgradcheck"
        " detect_anomaly set_detect_anomaly"
    ),
    "torch.autograd.function": these("Function once_differentiable"),
    "torch.autograd.functional": these("jacobian hessian vjp jvp vhp hvp"),
    "torch.autograd.graph": these(
        # save_on_cpu is a stand-in: its second argument is the name of any part of torch
        "saved_tensors_hooks save_on_cpu register_multi_grad_hook Node"
    ),
    "torch.autograd.forward_ad": these("dual_level make_dual unpack_dual"),
    "torch.func": these(
        # stack_module_state copies the parameters and buffers that layers name: leaves of its own
        "grad grad_and_value vmap vjp jvp jacrev jacfwd hessian functional_call stack_module_state"
    ),
    "torch.nn.utils": these(
        "clip_grad_norm_ clip_grad_value_ parameters_to_vector vector_to_parameters"
    ),
    "torch.utils": these("checkpoint"),
    "torch.utils.checkpoint": these("checkpoint"),
    "torch.cuda": these("is_available"),
    "torch.accelerator": these("is_available current_accelerator"),
    # names for annotations, each a stand-in: typing compiles the texts within brackets
    "typing": these("Any Callable Dict Iterable Iterator List Optional Sequence Set Tuple Union"),
    "dataclasses": these("dataclass field"),
    "functools": these("partial reduce"),
    "itertools": these(
        "accumulate chain combinations count cycle islice permutations product repeat zip_longest"
    ),
    "collections": these("OrderedDict defaultdict deque"),
    "random": these("random uniform gauss randint randrange choice shuffle sample seed"),
    "torch.optim": these(
        "Optimizer SGD Adam AdamW Adagrad RMSprop Adadelta Adamax LBFGS lr_scheduler"
    ),
    "torch.optim.lr_scheduler": these(
        "StepLR MultiStepLR ExponentialLR CosineAnnealingLR LambdaLR LinearLR"
    ),
    "math": these(
        "sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh exp expm1 exp2 log log2"
        " log10 log1p sqrt cbrt pow fabs floor ceil trunc fmod hypot degrees radians copysign"
        " isfinite isinf isnan isclose gcd lcm erf erfc gamma lgamma pi e tau inf nan fsum prod"
        " modf frexp ldexp remainder dist"
    ),
}

ATTRIBUTES: dict[str, set[str]] = {
    "Node": these(
        "next_functions name variable register_hook register_prehook saved_tensors"
        " _saved_self _saved_other _saved_result _saved_exponent _saved_mask _saved_input"
        " _saved_weight _saved_target _saved_grad_output _saved_dim _saved_indices _saved_mat1"
        " _saved_mat2 _saved_tensor _saved_vec _saved_tensors _saved_alpha _saved_condition"
    ),
    "Handle": these("remove"),
    "Module": these(
        "forward parameters named_parameters buffers named_buffers children named_children modules"
        " named_modules state_dict load_state_dict zero_grad train eval training requires_grad_"
        " apply append extend insert weight bias running_mean running_var double float to"
        " register_buffer register_parameter add_module register_module reset_parameters"
        " register_forward_hook register_forward_pre_hook register_full_backward_hook"
        " in_features out_features in_channels out_channels kernel_size p eps"
        " num_embeddings embedding_dim weight_ih_l0 weight_hh_l0 bias_ih_l0 bias_hh_l0"
        " weight_ih weight_hh bias_ih bias_hh"
    ),
    "Context": these(
        "save_for_backward saved_tensors saved_variables needs_input_grad mark_dirty"
        " mark_non_differentiable set_materialize_grads"
    ),
    "Optimizer": these("step zero_grad param_groups state defaults get_last_lr"),
    "Generator": these("manual_seed"),
    "list": these("append extend insert pop remove index count sort reverse copy clear"),
    "dict": these("keys values items get pop popitem setdefault update copy clear fromkeys"),
    "set": these(
        "add discard remove union intersection difference symmetric_difference issubset issuperset"
        " isdisjoint update"
    ),
    "str": these(
        "join split rsplit splitlines strip lstrip rstrip replace startswith endswith upper lower"
        " title capitalize find rfind index count isdigit isalpha ljust rjust center zfill"
    ),
    "number": these("real imag conjugate is_integer bit_length"),
    "exception": these("args"),
    # named results: torch.max(x, dim=0).values, torch.linalg.svd(A).S, …
    "result": these(
        "values indices sign logabsdet eigenvalues eigenvectors U S V Vh Q R L P LU pivots info"
        " primal tangent solution residuals rank singular_values mantissa exponent hist bin_edges"
    ),
    "finfo": these("eps max min tiny bits smallest_normal resolution"),
    "dtype": these("is_floating_point is_complex is_signed itemsize"),
    "device": these("type index"),
}

FURTHER_TAKEN = these(
    # what no class shows: this project's stand-ins, and what is stored under a name put together
    "_desk _drawing _function _lines _made _of _name _sheet _shown _type _values"
    " _torchscript_modifier it areas current drawings marks place plots printed say sheet"
    " transcript written labels weight_ih_l0 weight_hh_l0 bias_ih_l0 bias_hh_l0 weight_ih_l1"
    " weight_hh_l1 bias_ih_l1 bias_hh_l1"
)
"""Names that objects have beside those that a walk of classes finds; the tests' walk of objects
finds what is missing here."""

BUILTINS = these(
    "abs all any bin bool callable chr complex dict divmod enumerate filter float format frozenset"
    # the two are stand-ins: they take the names that may be written after a dot
    " getattr hasattr setattr"
    " hex int isinstance iter len list map max min next oct ord pow print range repr reversed round"
    " set slice sorted str sum tuple type zip"
    " Exception ArithmeticError AssertionError AttributeError"
    " FloatingPointError IndexError KeyError"
    " LookupError NameError NotImplementedError OverflowError RuntimeError StopIteration TypeError"
    " ValueError ZeroDivisionError"
    " NotImplemented Ellipsis"
)

ASSIGNABLE = these("grad requires_grad data weight bias training")

KEYWORDS = these(
    # of torch's functions
    "input other dim dims dim0 dim1 axis axes keepdim keepdims dtype requires_grad size"
    " start end step steps"
    " base alpha beta value values eps p q n k r s d diagonal offset"
    " largest sorted descending stable"
    " correction unbiased min max ord tol rcond rtol atol equal_nan index src source mask"
    " mat1 mat2 mat vec vec1 vec2 tensor tensors tensor1 tensor2 batch1 batch2 exponent weight"
    " condition target bias reduction reduce accumulate include_self indexing interpolation"
    " rounding_mode return_inverse return_counts return_indices"
    " shape fill_value low high mean std lambd threshold upper left unitriangular transpose"
    " full_matrices driver hermitian UPLO mode norm center window win_length hop_length n_fft"
    " onesided return_complex normalized pad_mode sections split_size split_size_or_sections chunks"
    " indices_or_sections repeats output_size num_classes minlength bins range density boundaries"
    " right out_int32 side sorter shifts nan posinf neginf decimals copy non_blocking memory_format"
    " as_tuple equation operands"
    " symmetric eigenvectors"
    # of autograd
    " gradient retain_graph create_graph inputs outputs grad_outputs grad_tensors grad_variables"
    " is_grads_batched allow_unused materialize_grads only_inputs vectorize strict strategy"
    " outer_jacobian_strategy argnums has_aux models in_dims out_dims randomness chunk_size prepend"
    " always_call set_to_none"
    " function use_reentrant preserve_rng_state check_nan generator"
    " raise_exception nondet_tol tangent level error_if_nonfinite clip_value"
    " func primals tangents cotangents pack_hook unpack_hook"
    # of layers and losses
    " in_features out_features in_channels out_channels kernel_size stride padding dilation groups"
    " padding_mode output_padding ceil_mode count_include_pad divisor_override affine"
    " track_running_stats momentum elementwise_affine normalized_shape num_features num_groups"
    " num_channels num_embeddings embedding_dim padding_idx max_norm norm_type scale_grad_by_freq"
    " sparse input_size hidden_size num_layers batch_first bidirectional nonlinearity dropout"
    " embed_dim num_heads negative_slope inplace approximate lower scale_factor align_corners"
    " recompute_scale_factor antialias ignore_index label_smoothing pos_weight size_average"
    " log_input full log_target margin delta swap hx query key attn_mask is_causal dropout_p scale"
    " training running_mean running_var num_parameters init upscale_factor downscale_factor"
    " start_dim end_dim unflattened_size pad tau hard gain a b sparsity distance_function"
    " need_weights average_attn_weights key_padding_mask add_bias_kv kdim vdim"
    " recurse remove_duplicate prefix persistent"
    # of optimisers
    " params lr betas weight_decay dampening nesterov amsgrad maximize rho"
    " lr_decay centered foreach"
    " max_iter max_eval tolerance_grad tolerance_change history_size line_search_fn"
    " optimizer step_size gamma last_epoch milestones T_max eta_min lr_lambda"
    " start_factor end_factor total_iters"
    # further parameters of torch's functions
    " A B M args kwargs indices dim2 window_length periodic input1 input2 x1 x2 destination"
    " pivot some length edge_order"
    " assume_unique invert spacing v grid hook compute_uv row col to sorted_sequence num_samples"
    " replacement elements test_elements test_element element append weights anchor positive"
    " negative dx data axis0 axis1 idx sizes split_sizes use_input_stats N ind modules abs angle"
    " niter fweights aweights tensor_indices_or_sections m real imag logits var theta val param"
    " module tie_weights parameter_and_buffer_dicts in1_features in2_features min_val max_val"
    " min_value max_value with_replacement increasing from_ matrices type1 type2 scalar1 scalar2"
    " seed rel_tol abs_tol iterable closure fn sigma dimension wrap adjoint maxnorm obj options"
    " interpolation_mode compute_mode state_dict keep_vars add_zero_attn enable_gqa separator"
    " parameters initial_accumulator_value align_to_window fast_mode masked check_undefined_grad"
    " check_grad_dtypes check_forward_ad check_backward_ad check_batched_grad linear_weight"
    " check_batched_forward_grad check_fwd_over_rev check_rev_over_rev linear_bias"
    " gen_non_contig_grad_outputs decoupled_weight_decay"
    # of random, itertools and collections
    " mu counts cum_weights repeat fillvalue initial maxlen"
    # of dataclasses and optimisers of one's own
    " frozen eq order repr default_factory compare kw_only defaults"
    # of Python
    " sep flush key reverse default maxsplit count tabsize ndigits"
    " x y"
)

KEPT_OUT_KEYWORDS = these(
    # what a call writes into, or where and how it runs, is the explorer's affair
    "out device layout pin_memory out_dtype fused capturable differentiable assign memo sparse_grad"
    " hash metadata with_kwargs name context_fn determinism_check debug early_stop e"
)


for _part in (libraries, drawing_names, numpy_names, book_names, python_names):
    LET_IN = joined(LET_IN, _part.LET_IN)
    ATTRIBUTES = joined(ATTRIBUTES, _part.ATTRIBUTES)
    FURTHER_TAKEN |= _part.FURTHER_TAKEN
    KEYWORDS |= _part.KEYWORDS
    KEPT_OUT_KEYWORDS |= _part.KEPT_OUT_KEYWORDS
BUILTINS |= libraries.BUILTINS | python_names.BUILTINS
ASSIGNABLE |= libraries.ASSIGNABLE
FURTHER_MODULES = [name for name in LET_IN if name != "Tensor" and name not in KEPT_OUT]
