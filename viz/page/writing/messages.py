"""What is wrong, as the page says it: one notice for a refusal, a failure, a link's fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape

from viz.errors import DrawingBusy, DrawingFailed
from viz.lessons.causes import cause_of
from viz.page.asking.answers import Traced
from viz.page.session.language import _, told
from viz.page.session.state import Session
from viz.page.writing.own_words import raised
from viz.program.off_graph import off_graph
from viz.program.offered import offered
from viz.records import Failure, Problem, Span


@dataclass(frozen=True)
class Notice:
    """One message: where, what, in torch's own words if they are, and the remedy."""

    what: str
    remedy: str
    span: Span | None = None
    input: str | None = None
    raised: str = ""
    replacement: str | None = None
    label: str = ""
    starts: Mapping[str, str] = field(default_factory=dict)
    waiting: bool = False
    why: str = ""
    lesson: str = ""

    @property
    def in_source(self) -> bool:
        """Whether the span counts in the source, not in an input's text."""
        return self.span is not None and self.input is None

    @property
    def where(self) -> str:
        """The place in words; empty if there is none."""
        parts = [_("Input {name}").replace("{name}", self.input)] if self.input else []
        if self.span:
            place = _("line {line}, column {column}") if not self.input else _("column {column}")
            place = place.replace("{line}", str(self.span.line))
            parts.append(place.replace("{column}", str(self.span.column + 1)))
        where = _(", ").join(parts)
        return where[:1].upper() + where[1:]

    def markup(self) -> str:
        """The notice as HTML, every text escaped."""
        lines = [
            ("where", self.where),
            ("what", self.what),
            ("raised", self.raised),
            ("remedy", self.remedy),
            ("why", self.why),
        ]
        inside = "".join(f'<p class="{kind}">{escape(text)}</p>' for kind, text in lines if text)
        role = "status" if self.waiting else "alert"
        return f'<div class="notice" role="{role}">{inside}</div>'


def notices_of(now: Session, asked: Traced) -> list[Notice]:
    """What the page has to say: about the link, then the one thing that is wrong with the text."""
    found = [of_problem(problem) for problem in now.problems]
    if asked.problem is not None:
        found.insert(0, of_problem(asked.problem, now.view.source, waiting=asked.busy))
    elif asked.trace is not None and asked.trace.failure is not None:
        found.insert(0, of_failure(asked.trace.failure))
    return found


def asides_of(asked: Traced) -> list[Notice]:
    """What is worth knowing of a program that runs: how it was read, where it left the graph."""
    program, trace = asked.program, asked.trace
    if program is None:
        return []
    found = [Notice("", told(note), waiting=True) for note in program.notes]
    if found and (call := offered(program)) is not None:
        name, source = call
        label = _("Call {name} with numbers to start from").replace("{name}", name)
        found[-1] = replace(found[-1], replacement=source, label=label)
    if trace is not None and trace.failure is None and trace.program == program:
        found += [of_problem(place, waiting=True) for place in off_graph(trace)]
    return found


def of_problem(problem: Problem, source: str = "", *, waiting: bool = False) -> Notice:
    """A refusal, in the spoken language; with the mended source where the refusal knows one."""
    mended, part = problem.mended, problem.replacement
    if mended is None and part is not None and problem.span and problem.input is None:
        mended = replaced(source, problem.span, part)
    remedy = told(problem.remedy)
    if problem.further is not None:
        remedy = f"{remedy} {told(problem.further)}"
    return Notice(
        told(problem.message),
        remedy,
        problem.span,
        problem.input,
        replacement=mended,
        waiting=waiting,
    )


def replaced(source: str, span: Span, text: str) -> str | None:
    """The source with another text in the span's place; `None` if there is no such place."""
    lines = source.split("\n")
    if not (span.line <= span.end_line <= len(lines)):
        return None
    return span.replaced(lines, text)


def of_drawing(now: Session, failed: DrawingFailed) -> Notice:
    """Why there is no picture; where all places were taken, the page will ask again."""
    busy = isinstance(failed, DrawingBusy)
    now.wanting |= busy
    return of_problem(failed.problem, waiting=busy)


def of_failure(failure: Failure) -> Notice:
    """What the typed code raised, in Python's or torch's own words, with what helps."""
    remedy = told(failure.hint) if failure.hint else ""
    cause = cause_of(f"{failure.type}: {failure.message}") if failure.hint else None
    return Notice(
        _("The code stopped here:") if failure.span else _("The code stopped:"),
        remedy,
        failure.span,
        raised=raised(failure),
        replacement=failure.replacement,
        starts=failure.starts,
        why=_(cause.why) if cause else "",
        lesson=cause.lesson if cause else "",
    )
