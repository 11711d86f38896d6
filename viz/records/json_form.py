"""A trace as JSON with field names, to be kept or read by other programs, and back.

```json
{"format": "autograd-explorer trace", "version": 5, "trace": {"program": {…}, "nodes": […], …}}
```

The fields are those of the records in `viz.records.trace`, under the same names; what has its usual
value is left out. JSON has no infinity and no NaN: such a float is the text `"Infinity"`,
`"-Infinity"` or `"NaN"`; where a text could stand as well (in `saved`) it is a list with that text.
`schema(Trace)` is the form as a JSON Schema. `VERSION` grows when a reader of
the last one could not read the new one; `from_json` reads every version up to its own.
"""

from __future__ import annotations

import math
import types
from collections.abc import Callable
from functools import cache
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Final,
    Literal,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import msgspec

from viz.records.base import Record

if TYPE_CHECKING:
    from viz.records.trace import Trace

FORMAT: Final = "autograd-explorer trace"
VERSION: Final = 5
Spelled = Literal["NaN", "Infinity", "-Infinity"]
_SPELLED: Final = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
UPGRADES: Final[dict[int, Callable[[Any], Any]]] = {
    1: lambda plain: plain,
    2: lambda plain: plain,
    3: lambda plain: plain,
    4: lambda plain: plain,
}
"""What makes a trace of one version, as plain data, one of the next. 2: `Pass.hooked` came; 3:
`Trace.modules` and `Call.module`; 4: `Node.frozen` and `Trace.frozen`; 5:
`Trace.output_indices` and `Port.name`."""


def to_json(trace: Trace, indent: int | None = None) -> str:
    """The trace as JSON."""
    return _encoded({"format": FORMAT, "version": VERSION, "trace": _plain(trace)}, indent)


def record_json(record: Record, indent: int | None = None) -> str:
    """Any other record as JSON in the same manner, to be read by other programs: a curve."""
    kind = type(record).__name__.lower()
    whole = {"format": f"autograd-explorer {kind}", "version": 1, kind: _plain(record)}
    return _encoded(whole, indent)


def _encoded(whole: dict[str, Any], indent: int | None) -> str:
    text = msgspec.json.encode(whole)
    return (text if indent is None else msgspec.json.format(text, indent=indent)).decode()


def from_json(text: str | bytes, kind: type[Trace]) -> Trace:
    """The trace that was written down, of the class `kind`. Raises `ValueError` for what is none,
    or is of a version that was not known yet when this one was made.
    """
    if not isinstance(text, str | bytes | bytearray):
        raise ValueError(f"this is no trace: it is a {type(text).__name__}, not the text of a file")
    try:
        head = msgspec.json.decode(text, type=_Envelope)
        if head.format != FORMAT:
            raise ValueError(f"this is no {FORMAT}: its format is {head.format!r}")
        if not 1 <= head.version <= VERSION:
            raise ValueError(
                f"this trace is of version {head.version}, and at most {VERSION} can be read here: "
                "take a newer release"
            )
        plain = msgspec.json.decode(head.trace)
        for version in range(head.version, VERSION):
            plain = UPGRADES[version](plain)
        trace: Trace = _record(msgspec.convert(plain, named(kind)))
    except msgspec.DecodeError as error:
        raise ValueError(f"this is no trace: {error}") from error
    if not all(tensor.consistent for tensor in trace.tensors()):
        raise ValueError("this is no trace: a tensor's values do not fill its shape")
    return trace


def schema(kind: type[Trace]) -> dict[str, Any]:
    """The form as a JSON Schema."""
    found = msgspec.json.schema(_whole(kind))
    return {"title": FORMAT, "version": VERSION, **found}


class _Envelope(msgspec.Struct):
    format: str = ""
    version: int = 0
    trace: msgspec.Raw = msgspec.Raw(b"{}")


@cache
def _whole(kind: type[Trace]) -> Any:
    fields = [("format", Literal[FORMAT]), ("version", Literal[VERSION]), ("trace", named(kind))]
    return msgspec.defstruct("Whole", fields)


# ── there ──


def _plain(value: Any) -> Any:
    if isinstance(value, Record):
        return _fields(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else _spelled(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return value


def _fields(record: Record) -> dict[str, Any]:
    found = {}
    for name, usual, either in _usual(type(record)):
        value = getattr(record, name)
        if value is not usual and value != usual:
            plain = _plain(value)
            is_spelled = either and isinstance(value, float) and isinstance(plain, str)
            found[name] = [plain] if is_spelled else plain
    return found


@cache
def _usual(record: type[Record]) -> tuple[tuple[str, Any, bool], ...]:
    """The fields with what stands in them if nothing is said (of one that must be said, a mark),
    and whether a text may stand where a float does.
    """
    hints = get_type_hints(record, include_extras=True)
    return tuple(
        (
            field.name,
            field.default
            if field.default_factory is msgspec.NODEFAULT
            else field.default_factory(),
            _holds_either(hints[field.name]),
        )
        for field in msgspec.structs.fields(record)
    )


def _spelled(value: float) -> str:
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


# ── and back ──


@cache
def named(record: type[Record]) -> type[msgspec.Struct]:
    """A type like the record's whose fields are told by name, and whose floats may be spelled."""
    hints = get_type_hints(record, include_extras=True)
    fields: list[Any] = []
    for field in msgspec.structs.fields(record):
        type_ = _told(hints[field.name], texts=_holds_either(hints[field.name]))
        if field.required:
            fields.append((field.name, type_))
        elif field.default_factory is not msgspec.NODEFAULT:
            usual = msgspec.field(default_factory=field.default_factory)
            fields.append((field.name, type_, usual))
        else:
            fields.append((field.name, type_, field.default))
    made = msgspec.defstruct(record.__name__, fields, frozen=True, forbid_unknown_fields=True)
    numeric = frozenset(name for name, hint in hints.items() if _holds_numbers(hint))
    either = frozenset(name for name, hint in hints.items() if _holds_either(hint))
    _RECORDS[made] = (record, numeric, either)
    return made


_RECORDS: Final[dict[type, tuple[type[Record], frozenset[str], frozenset[str]]]] = {}
"""The record of each named type, its fields in which a text is a spelled float, and those in which
a tuple is one.
"""


def _told(type_: Any, *, texts: bool = False) -> Any:
    """A field's type in the same manner; lists may be longer than in an answer of the sandbox."""
    origin, parts = get_origin(type_), get_args(type_)
    if type_ is float:
        return Union[float, tuple[Spelled] if texts else Spelled]  # noqa: UP007 - of a Literal
    if isinstance(type_, type) and origin is None and issubclass(type_, Record):
        return named(type_)
    if origin is Annotated:
        inner = _told(parts[0], texts=texts)
        return inner if get_origin(parts[0]) in (tuple, dict) else Annotated[(inner, *parts[1:])]
    if origin is tuple:
        return tuple.__class_getitem__(
            tuple(each if each is ... else _told(each) for each in parts)
        )
    if origin is dict:
        return dict.__class_getitem__((parts[0], _told(parts[1])))
    if origin in (Union, types.UnionType):
        return Union[tuple(_told(each, texts=texts) for each in parts)]  # noqa: UP007 - computed
    return type_


def _holds_either(hint: Any) -> bool:
    """Whether a float or a text stands in a field."""
    return {float, str} <= set(get_args(hint))


def _holds_numbers(hint: Any) -> bool:
    """Whether floats stand in a field and texts do not."""
    if hint in (float, str):
        return bool(hint is float)
    parts = get_args(hint)[:1] if get_origin(hint) is Annotated else get_args(hint)
    return str not in parts and any(_holds_numbers(part) for part in parts)


def _record(value: Any, numeric: bool = False) -> Any:
    """What a value of a named type stands for; in a `numeric` place texts are spelled floats."""
    if isinstance(value, msgspec.Struct):
        cls, numbers, either = _RECORDS[type(value)]
        told = ((name, getattr(value, name)) for name in cls.__struct_fields__)
        return cls(
            *[
                _SPELLED[each[0]]
                if name in either and isinstance(each, tuple)
                else _record(each, name in numbers)
                for name, each in told
            ]
        )
    if isinstance(value, tuple):
        return tuple([_record(each, numeric) for each in value])
    if isinstance(value, dict):
        return {key: _record(each, numeric) for key, each in value.items()}
    return _SPELLED[value] if numeric and isinstance(value, str) else value
