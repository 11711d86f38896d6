"""The records that components are sent, as the types that the scripts are checked against.

`python -m viz.page.components.contract` writes `shared/records.js` anew; a test holds that it is
current. One `@typedef` a record, with the first line of its text.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from msgspec import inspect

from viz.page.components import KINDS

RECORDS: Final = tuple(KINDS)
FILE: Final = Path(__file__).resolve().parent / "shared" / "records.js"
HEAD: Final = """\
// The records that Python sends, as types. Written by `python -m viz.page.components.contract`.

/** @typedef {number | "Infinity" | "-Infinity" | "NaN"} Exact a float; see `exact` */
"""
PLAIN: Final[dict[type[inspect.Type], str]] = {
    inspect.StrType: "string",
    inspect.BoolType: "boolean",
    inspect.IntType: "number",
    inspect.FloatType: "Exact",
    inspect.NoneType: "null",
}


def written() -> str:
    """The text of the file: every record that one of the components needs, each once."""
    found: dict[str, str] = {}
    for record in RECORDS:
        _typed(inspect.type_info(record), found)
    return "\n".join([HEAD, *found.values(), "export {};\n"])


def _typed(type: inspect.Type, found: dict[str, str]) -> str:
    """A type as JSDoc writes it; the records in it are added to those found."""
    match type:
        case (
            inspect.StructType(cls=cls, fields=fields)
            | inspect.DataclassType(cls=cls, fields=fields)
        ):
            if cls.__name__ not in found:
                found[cls.__name__] = ""
                found[cls.__name__] = _record(cls, fields, found)
            return str(cls.__name__)
        case inspect.UnionType(types=types):
            return " | ".join(_typed(each, found) for each in types)
        case inspect.LiteralType(values=values):
            return " | ".join(f'"{value}"' for value in values)
        case inspect.VarTupleType(item_type=item):
            return f"Array<{_typed(item, found)}>"
        case inspect.TupleType(item_types=items):
            return f"[{', '.join(_typed(each, found) for each in items)}]"
        case inspect.DictType(value_type=value):
            return f"Record<string, {_typed(value, found)}>"
    return PLAIN[type.__class__]


def _record(cls: Any, fields: tuple[inspect.Field, ...], found: dict[str, str]) -> str:
    first = (cls.__doc__ or "").strip().split("\n")[0].rstrip(".")
    lines = [f" * @property {{{_typed(each.type, found)}}} {each.encode_name}" for each in fields]
    return "\n".join(["/**", f" * @typedef {{object}} {cls.__name__} {first}", *lines, " */\n"])


def main() -> None:
    """Writes the file."""
    FILE.write_text(written(), encoding="utf-8")


if __name__ == "__main__":
    main()
