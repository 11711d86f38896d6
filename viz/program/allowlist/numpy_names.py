"""The review of numpy: what typed code finds behind `np`, in the shape of the tables in `reviewed`.

Why a name stays out:

- files, memory maps, pickles: load, save, savez, loadtxt, genfromtxt, fromfile, tofile, memmap
- memory as it lies: frombuffer, fromstring, from_dlpack, ctypeslib, tobytes, getfield, setfield,
  resize in place to another number of elements, flags and setflags
- texts that are read as code, or names looked up in the caller's frame: matrix, bmat, asmatrix
- elements with parts of their own: rec, recarray, void, datetime64
- what compiles, tests or describes numpy itself: f2py, test, show_config, core, the rest of lib

Each further name is a function of numpy's own, or a stand-in in `viz.tracing.typed` where its
arguments are to be looked at: every ufunc (`where=` leaves memory that nobody has written), every
function with a `dtype`, `empty`, `pad`, `r_`, `nditer`, `vectorize`, all of `random`, both of
`lib.stride_tricks` (views within an array's own memory).
"""

from __future__ import annotations

from viz.program.allowlist.words import these

KINDS = these(
    "float16 float32 float64 half single double int8 int16 int32 int64 uint8 uint16 uint32 uint64"
    " int_ uint intc uintc intp uintp byte ubyte short ushort long ulong longlong ulonglong bool"
    " bool_ complex64 complex128 csingle cdouble str_ object_"
)
"""Number types, each a stand-in that is called and given as `dtype`."""
ABSTRACT_KINDS = these(
    "generic number integer signedinteger unsignedinteger inexact floating complexfloating"
)
"""Kinds of number types, for `isinstance` and `issubdtype`."""
UFUNCS = these(
    "abs absolute acos acosh add arccos arccosh arcsin arcsinh arctan arctan2 arctanh asin asinh"
    " atan atan2 atanh bitwise_and bitwise_count bitwise_invert bitwise_left_shift bitwise_not"
    " bitwise_or bitwise_right_shift bitwise_xor cbrt ceil conj conjugate copysign cos cosh deg2rad"
    " degrees divide divmod equal exp exp2 expm1 fabs float_power floor floor_divide fmax fmin fmod"
    " frexp gcd greater greater_equal heaviside hypot invert isfinite isinf isnan lcm ldexp"
    " left_shift less less_equal log log10 log1p log2 logaddexp logaddexp2 logical_and logical_not"
    " logical_or logical_xor matmul matvec maximum minimum mod modf multiply negative nextafter"
    " not_equal positive pow power rad2deg radians reciprocal remainder right_shift rint sign"
    " signbit sin sinh spacing sqrt square subtract tan tanh true_divide trunc vecdot vecmat"
)
"""Functions of each element, with `reduce`, `accumulate`, `outer` and `at`."""
TYPED_FUNCTIONS = these(
    "arange array asanyarray asarray ascontiguousarray asfortranarray astype concat concatenate"
    " cumprod cumsum cumulative_prod cumulative_sum einsum eye fromfunction fromiter full full_like"
    " geomspace hstack identity indices linspace logspace mean nancumprod nancumsum nanmean nanprod"
    " nanstd nansum nanvar ones ones_like prod stack std sum trace tri var vstack zeros zeros_like"
    " corrcoef cov"
)
"""Functions with a `dtype`, which holds numbers, texts or objects, never parts or raw memory."""
STAND_INS = these(
    "ndarray dtype empty empty_like pad r_ c_ s_ mgrid ogrid ndindex ndenumerate nditer vectorize"
    " set_printoptions finfo iinfo issubdtype can_cast promote_types result_type min_scalar_type"
)

LET_IN: dict[str, set[str]] = {
    "numpy": KINDS
    | ABSTRACT_KINDS
    | UFUNCS
    | TYPED_FUNCTIONS
    | STAND_INS
    | these(
        "random linalg fft testing char ma polynomial lib"
        " pi e inf nan newaxis euler_gamma True_ False_ __version__"
        " all allclose amax amin angle any append apply_along_axis apply_over_axes argmax argmin"
        " argpartition argsort argwhere around array2string array_equal array_equiv array_repr"
        " array_split array_str atleast_1d atleast_2d atleast_3d average bartlett base_repr"
        " binary_repr bincount blackman block broadcast_arrays broadcast_shapes broadcast_to choose"
        " clip column_stack compress convolve copy copyto correlate count_nonzero cross delete diag"
        " diag_indices diag_indices_from diagflat diagonal diff digitize dot dsplit dstack ediff1d"
        " errstate expand_dims extract fill_diagonal fix flatnonzero flip fliplr flipud"
        " format_float_positional format_float_scientific get_printoptions gradient hamming hanning"
        " histogram histogram2d histogram_bin_edges hsplit i0 imag inner insert interp intersect1d"
        " isclose iscomplex iscomplexobj isin isneginf isposinf isreal isrealobj isscalar iterable"
        " ix_ kaiser kron lexsort matrix_transpose max may_share_memory median meshgrid min"
        " moveaxis nan_to_num nanargmax nanargmin nanmax nanmedian nanmin nanpercentile nanquantile"
        " ndim nonzero outer packbits partition percentile permute_dims piecewise place polyadd"
        " polyder polydiv polyfit polyint polymul polysub polyval printoptions ptp put"
        " put_along_axis putmask quantile ravel ravel_multi_index real real_if_close repeat reshape"
        " resize"
        " roll rollaxis roots rot90 round searchsorted select setdiff1d seterr setxor1d shape"
        " shares_memory sinc size sort sort_complex split squeeze swapaxes take take_along_axis"
        " tensordot tile transpose trapezoid tril tril_indices tril_indices_from trim_zeros triu"
        " triu_indices triu_indices_from union1d unique unique_all unique_counts unique_inverse"
        " unique_values unpackbits unravel_index unstack unwrap vander vdot vsplit where"
    ),
    "numpy.linalg": these(
        "norm inv pinv det slogdet solve lstsq eig eigh eigvals eigvalsh svd svdvals qr cholesky"
        " matrix_rank matrix_power cond multi_dot tensorinv tensorsolve LinAlgError cross outer"
        " trace vector_norm matrix_norm diagonal matmul matrix_transpose vecdot"
    ),
    "numpy.fft": these(
        "fft ifft rfft irfft fft2 ifft2 rfft2 irfft2 fftn ifftn fftfreq rfftfreq fftshift ifftshift"
    ),
    # texts and numbers only (stand-ins): what is handed over is looked at
    "numpy.char": these(
        "add multiply upper lower capitalize title swapcase strip lstrip rstrip replace center"
        " ljust rjust zfill startswith endswith find count str_len isdigit isalpha isnumeric equal"
        " not_equal"
    ),
    "numpy.ma": these(
        "masked masked_array array masked_where masked_equal masked_not_equal masked_greater"
        " masked_greater_equal masked_less masked_less_equal masked_inside masked_outside"
        " masked_invalid is_masked getmaskarray filled mean sum average median"
    ),
    "numpy.polynomial": these("Polynomial polynomial chebyshev legendre hermite"),
    "numpy.polynomial.polynomial": these(
        "Polynomial polyval polyfit polyadd polysub polymul polydiv polypow polyder polyint"
        " polyroots polyfromroots polyvander"
    ),
    "numpy.polynomial.chebyshev": these(
        "chebval chebfit chebder chebint chebroots chebvander chebpts1 chebpts2 chebgauss"
    ),
    "numpy.polynomial.legendre": these("legval legfit legder legint legroots legvander leggauss"),
    "numpy.polynomial.hermite": these("hermval hermfit hermder hermint hermgauss"),
    "numpy.lib": these("stride_tricks"),
    "numpy.lib.stride_tricks": these("as_strided sliding_window_view"),
    "numpy.testing": these(
        "assert_allclose assert_almost_equal assert_array_almost_equal assert_array_equal"
        " assert_array_less assert_equal"
    ),
}

DRAWS = these(
    "beta binomial chisquare choice dirichlet exponential gamma geometric gumbel hypergeometric"
    " laplace logistic lognormal multinomial multivariate_normal negative_binomial normal pareto"
    " permutation poisson power random rayleigh shuffle standard_cauchy standard_exponential"
    " standard_gamma standard_normal standard_t triangular uniform vonmises wald weibull"
)
"""What both kinds of numpy's generators draw."""
OF_OLD = these("rand randn randint random_sample")
OF_GENERATORS = these("integers permuted")
LET_IN["numpy.random"] = (
    DRAWS | OF_OLD | these("seed ranf sample RandomState Generator default_rng")
)
"""Stand-ins all of them: `viz.tracing.typed.numpy.random`."""

ATTRIBUTES: dict[str, set[str]] = {
    "ndarray": these(
        # view, astype, base, data, sort and a dtype's type are looked at when they are asked for
        "shape dtype ndim size itemsize nbytes strides T mT real imag flat base tolist item copy"
        " astype view reshape flatten ravel transpose swapaxes squeeze repeat take put choose"
        " compress diagonal trace nonzero searchsorted sort argsort partition argpartition sum mean"
        " std var min max argmin argmax prod cumsum cumprod all any clip round dot conj conjugate"
        " fill"
    ),
    "numpy.dtype": these("name kind char num itemsize type"),
    "ufunc": these("reduce accumulate reduceat outer at"),
    "masked array": these("mask filled compressed fill_value"),
    "Polynomial": these(
        "coef domain window symbol degree deriv integ roots linspace trim truncate cutdeg fit"
        " convert fromroots identity basis"
    ),
    "flatiter": these("index coords copy"),
    "nditer": these("multi_index index iternext finished value reset"),
    "numpy.random": DRAWS | OF_OLD | OF_GENERATORS | these("seed"),
    "numpy.finfo": these("eps max min tiny bits smallest_normal resolution precision dtype"),
    "numpy's results": these("eigenvalues eigenvectors U S Vh Q R sign logabsdet counts"),
}

KEYWORDS = these(
    "axis axes dtype shape order ndmin subok copy casting where keepdims initial ddof endpoint"
    " window_shape writeable"
    " retstep num start stop step base loc scale low high size a p replace shuffle method lam mean"
    " cov pvals alpha mu sigma left right mode n N M k obj arr values value v x y fp xp period"
    " weights returned minlength bins range density kind side sorter fill_value offset axis1 axis2"
    " sparse indexing optimize decimals rtol atol equal_nan precision threshold edgeitems linewidth"
    " suppress nanstr infstr formatter sign floatmode max_line_width suppress_small prefix suffix"
    " separator all divide over under invalid seed deg full w rcond rowvar bias fweights aweights"
    " condlist choicelist default funclist func1d func pad_width constant_values end_values"
    " reflect_type stat_length return_index return_inverse return_counts assume_unique invert"
    " full_matrices compute_uv hermitian ord tol UPLO flags op_flags otypes excluded signature doc"
    " cache actual desired decimal err_msg verbose edge_order prepend append trim unique nan posinf"
    " neginf indices_or_sections repeats reps shift source destination dx to_begin to_end q"
    " interpolation overwrite_input iterable count function discont include_initial newshape norm s"
    " axisa axisb axisc test_elements element increasing width"
    " arrays array ar1 ar2 tup pyfunc a1 a2 keys number fractional pad_left pad_right min_digits"
    " new_shape arg1 arg2 ary kth bitorder op ndim choices dst ar exp_digits int_type a_min a_max u"
    " multi_index z filt prototype vals refcheck"
)

KEPT_OUT_KEYWORDS = these("call f legacy max_work")

FURTHER_TAKEN = these(
    "_optinfo _basedict _iterator _implementation _radix maxexp minexp nmant smallest_subnormal"
)
