"""What one visitor's session remembers, and how the page's controls change it.

The `View` says what the page shows; it is read from the link once and replaced by every control.
`edition` counts the times that the page, not the visitor, set the texts: the editor in the browser
takes the server's text only when it rises, so that nothing typed meanwhile is ever lost. `entries`
counts those that are a place of the browser's history; Back and Forward, which make none, are
numbered by `gone`.
`wanting`: something was not to be had in this run, because all places are taken; `attempts` were
made in a row to get it.
"""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from threading import Lock
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import parse_qsl

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from viz.errors import N_, LessonRejected
from viz.lessons import Lesson, lesson, read
from viz.lessons.practice import exercise
from viz.page.components.received import Gone, SentText, SightTaken, Values, received
from viz.page.session.language import _, spoken
from viz.page.session.links import INPUT, OWN, clean, parameters_of, view_of
from viz.page.session.sights import SightNumbers, fits
from viz.page.session.texts import as_read, unless_given
from viz.page.session.view import FIRST, FIRST_LESSON, View
from viz.records import MAX_INPUTS, MAX_SOURCE, MAX_TYPED, Curve, Message, Problem, Program, Trace

if TYPE_CHECKING:
    from viz.drawing.figures.chart import Chart
    from viz.page.session.picture import Drawn

ALIKE = 0.4
"""Part of the words and signs that an edited program and a lesson's share at least."""
_PARTS = re.compile(r"\w+|[^\w\s]")
KEPT_NAMES = 4 * MAX_INPUTS
"""Input names whose texts are remembered while the function changes."""


@dataclass(frozen=True)
class Before:
    """The view as it was before somebody took over what the page offered, as `edition`."""

    view: View
    edition: int


@dataclass
class Session:
    """One visitor: what is shown, and the last picture that was good.

    `name` is what the sandbox and the kept answers know the visitor by: random, and never shown.
    `headed` is the key of the lesson that the head names, `told` the lessons whose failure on
    purpose was asked about and may be shown, `stopped` the question that its visitor has stopped.
    `asked` is when something was typed, set or asked to run again last, `ended` when a run was
    stopped that has not yet ended: by the browser's clock (see `SentText`), since both may arrive
    in one go. `spent` is the typed program if its run has just taken all the time or memory that
    there is: nothing further is asked of it, to take as much again.
    `rerun_page`: head and sidebar are to run again as well, not the fragment alone.
    `ranges` counts how often the curve's range was chosen: each time plotly's own zoom ends.
    `replies` counts what the page has replied to what was typed or set.
    `echo` is when the newest values were sent by the inputs (see `Inputs`).
    `drawn` is the last good picture, `charted` the curve on show with its figure, for the files.
    `sighted`: of each figure what it was made of when it was drawn, and how it was looked at then.
    `before`: what a mended version, or a fitting start, has replaced and may be taken back.
    `offered`: starts that the page offered and this visitor took (see `viz.page.session.texts`).
    `stood`: `entries` and `gone` of the newest view whose own picture was shown.
    `folded` is when the last fold was opened or closed that is heard of.
    `adopted`: the view is the one that a browser held when its server was gone. `backs`: how often
    it asked for the whole page, having found its server again.
    `complete`: the first picture was sent, so that all the rest is drawn as well.
    `making`: what makes the files that may be saved, by their labels.
    `runs`: how many runs of the page are under way in this session.
    """

    view: View
    problems: tuple[Problem, ...] = ()
    before: Before | None = None
    offered: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)
    name: str = field(default_factory=lambda: uuid.uuid4().hex)
    edition: int = 0
    entries: int = 0
    gone: int = 0
    stood: tuple[int, int] = (0, 0)
    echo: int = 0
    replies: int = 0
    ranges: int = 0
    rerun_page: bool = False
    headed: str | None = None
    told: set[str] = field(default_factory=set)
    adopted: bool = False
    backs: int = 0
    complete: bool = False
    wanting: bool = False
    asked: int = 0
    ended: int = 0
    stopped: bytes = b""
    folded: int = 0
    spent: Program | None = None
    attempts: int = 0
    program: Program | None = None
    trace: Trace | None = None
    drawn: Drawn | None = None
    sighted: dict[str, tuple[tuple[object, ...], SightNumbers]] = field(default_factory=dict)
    charted: tuple[Chart, Curve] | None = None
    making: dict[str, Callable[[], str | bytes]] = field(default_factory=dict)
    runs: int = 0

    @contextmanager
    def running(self) -> Iterator[None]:
        """A run of the page, which needs what the session holds."""
        with _RUNS:
            self.runs += 1
        try:
            yield
        finally:
            with _RUNS:
                self.runs -= 1

    def asks(self, at: int) -> None:
        """What was typed or set then shall run, whatever was stopped before."""
        if at > self.asked:
            self.asked = at
            self.stopped = b""

    def end(self) -> None:
        """What was asked for last shall run no longer."""
        self.ended = self.asked + 1

    def let_go(self) -> bool:
        """Lets go the records that are shown, unless the page runs: the next run has them anew."""
        with _RUNS:
            if self.runs:
                return False
            self.trace = self.drawn = self.charted = None
            self.making.clear()
            return True


_RUNS: Final = Lock()
"""Held while a session's runs are counted."""


def session() -> Session:
    """This visitor's session, opened from the link at its first run."""
    if "session" not in st.session_state:
        view, problems = linked(dict(st.query_params) | _embed())
        st.session_state["session"] = Session(view, problems)
    return cast(Session, st.session_state["session"])


def _embed() -> dict[str, str]:
    """The link's `embed`, which Streamlit takes for its own and keeps from the others."""
    context = get_script_run_ctx(suppress_warning=True)
    link = parse_qsl(context.query_string) if context is not None else []
    return {name: text for name, text in link if name == "embed"}


def linked(parameters: dict[str, str]) -> tuple[View, tuple[Problem, ...]]:
    """The view of a link, as `view_of`; a lesson named without a program brings its own.

    A quiz begins with its first part.
    """
    view, problems = view_of(parameters)
    if view.quiz and not parameters.keys() & {"lesson", "f", "z"}:
        return linked({**parameters, "lesson": view.quiz[0]})
    shown, unread = _of_view(view)
    if unread is not None:
        return replace(view, own=""), (*problems, unread)
    if shown is None or parameters.keys() & {"f", "z"}:
        return view, problems
    own = parameters_of(begun(shown), tuple(shown.inputs))
    return view_of({**own, **parameters})


def begun(shown: Lesson) -> View:
    """A view of a lesson as it begins, apart from its name."""
    head = shown.head
    return View(
        source=shown.source,
        texts=MappingProxyType(dict(head.inputs)),
        seed=head.seed,
        order=head.order,
        graph_order=head.graph_order,
        tab=head.tab,
        ask=shown.key.startswith("practice-"),
    )


def link(view: View, names: tuple[str, ...]) -> dict[str, str]:
    """The parameters that `linked` reads as this view; `names` are the program's inputs."""
    found = parameters_of(view, names)
    shown = _of_view(view)[0]
    if shown is None or shown.source == view.source or found.keys() & {"f", "z"}:
        return found
    # the first program goes without saying, but not beside a lesson that has another
    texts = {f"{INPUT}{name}": view.texts[name] for name in names if name in view.texts}
    return {"f": view.source, **texts, **found}


def change(**fields: Any) -> None:
    """Replaces fields of the view."""
    now = session()
    now.view = replace(now.view, **fields)


def leave_lecture() -> None:
    """The lecture is over: the whole page comes back, not its fragment alone."""
    change(present=False)
    session().rerun_page = True


def display(**fields: Any) -> None:
    """Replaces choices of how the graph is drawn."""
    change(display=replace(session().view.display, **fields))


def show(source: str, texts: dict[str, str], **fields: Any) -> None:
    """Puts a program of the page's own into the editor: a lesson, a mended version."""
    now = session()
    now.edition += 1
    now.entries += 1
    now.rerun_page = True  # the head and the sidebar show what belongs to the program, too
    now.problems = ()
    change(
        source=source,
        texts=MappingProxyType(dict(texts)),
        start=None,
        stop=None,
        along=None,
        over=None,
        of="value",
        second="",
        walk=(),
        opened=frozenset(),
        sights=(),
        **fields,
    )


def take_over(source: str, texts: dict[str, str]) -> None:
    """Puts a mended version, or a fitting start, in the place of what was typed."""
    now = session()
    typed = now.view
    show(source, texts)
    now.before = Before(typed, now.edition)


def take_back() -> None:
    """What was there before the last `take_over` comes back, with all that was chosen for it."""
    now = session()
    if now.before is not None:
        typed = now.before.view
        show(typed.source, dict(typed.texts))
        now.view = typed
        now.before = None


def went() -> None:
    """Back or Forward of the browser led to another address: it is read as any link is."""
    gone = received("source", "gone", Gone)
    if gone is None:
        return
    now = session()
    now.gone = gone.at
    now.edition += 1
    now.rerun_page = True
    now.view, now.problems = linked(parsed(gone.search))


def parsed(search: str) -> dict[str, str]:
    """The parameters of an address; none where it has more than any link of ours."""
    try:
        return dict(parse_qsl(search.removeprefix("?"), keep_blank_values=True, max_num_fields=200))
    except ValueError:
        return {}


def control(name: str) -> str:
    """The key of a control; another one when the page itself has set what the control shows."""
    edition = session().edition
    return f"{name}-{edition}" if edition else name


def turned(name: str, act: Callable[[Any], None]) -> dict[str, Any]:
    """A control's key, and what is done with its value when it is turned.

    Until a new edition stands in the browser, each run that is asked for there (by Back, for
    instance) brings the values of the last edition's controls once more, and Streamlit takes them
    for a change: they are not for this edition.
    """
    key, edition = control(name), session().edition

    def turn() -> None:
        if session().edition == edition:
            act(st.session_state[key])

    return {"key": key, "on_change": turn}


def turning(name: str, field: str | None = None) -> dict[str, Any]:
    """As `turned`, for a control that holds a field of the view: its own name's, else `field`."""
    return turned(name, lambda value: change(**{field or name: value}))


def rounded(number: float) -> float:
    """A place that was pointed at, with as many digits as a link holds."""
    return float(f"{number:.10g}")


def typed() -> None:
    """The editor committed a text, or the one that stands there once more."""
    sent, now = received("source", "text", SentText), session()
    if sent is None:
        return
    now.asks(sent.at)
    if sent.edition == now.edition and as_kept(sent.text) != now.view.source:
        commit(sent.text)


def commit(text: str) -> None:
    """A text of the visitor's own stands in the editor."""
    now, source = session(), as_kept(text)
    now.problems = ()
    now.before = None
    texts = unless_given(now.view.texts, source, now.program, now.offered)
    change(source=source, texts=texts, lesson=kept(now.view, source))


def as_kept(text: str) -> str:
    """A text of the editor's as a view holds it."""
    return clean(text[: MAX_SOURCE + 1])


def kept(view: View, source: str) -> str | None:
    """The lesson that stays open beside an edited source; none beside another program."""
    shown = opened(view)
    if shown is None:
        return view.lesson
    ours, theirs = (Counter(_PARTS.findall(text)) for text in (shown.source, source))
    return shown.key if (ours & theirs).total() >= ALIKE * (ours | theirs).total() else None


def opened(view: View) -> Lesson | None:
    """The lesson that a view shows, in the spoken language; the bare page shows the first one."""
    if view.lesson is None and view.source == FIRST:
        return lesson(FIRST_LESSON, spoken())
    return _of_view(view)[0]


def _of_view(view: View) -> tuple[Lesson | None, Problem | None]:
    """The lesson that a view names, or what is wrong with the text of somebody's own."""
    if view.lesson != OWN or not view.own:
        return named(view.lesson or ""), None
    try:
        return _own(view.own), None
    except LessonRejected as error:
        return None, of_file(error.problem)


def of_file(problem: Problem) -> Problem:
    """What is wrong with a lesson's file, its line in words: the program's lines are others."""
    line = str(problem.span.line if problem.span else 1)
    what = problem.message.filled(_(problem.message.template))
    message = Message(N_("In the lesson's file, line {line}: {what}"), {"line": line, "what": what})
    return Problem(message, problem.remedy)


def named(key: str) -> Lesson | None:
    """The lesson or the exercise of a key, in the spoken language."""
    return lesson(key, spoken()) or exercise(key, _)


@lru_cache(maxsize=16)
def _own(text: str) -> Lesson:
    return read(OWN, text)


def looked() -> None:
    """Somebody turned a figure, or zoomed into it."""
    sent = received("sights", "sight", SightTaken)
    if sent is None or (sent.numbers and not fits(sent.key, sent.numbers)):
        return
    sights = {**dict(session().view.sights), sent.key: sent.numbers}
    change(sights=tuple(sorted((key, numbers) for key, numbers in sights.items() if numbers)))


def moved() -> None:
    """The inputs sent new texts, or a new seed."""
    sent, now = received("inputs", "values", Values), session()
    if sent is not None and sent.edition == now.edition:
        take(sent)
    elif sent is not None:
        now.asks(sent.at)
        now.echo = sent.at


def take(sent: Values) -> None:
    """The inputs' texts and the seed, as the browser sent them."""
    now = session()
    texts = dict(now.view.texts)
    for name, text in sent.texts.items():
        texts.pop(name, None)
        texts[name] = as_read(name, clean(text[: MAX_TYPED + 1]), now.program)
    kept = dict(list(texts.items())[-KEPT_NAMES:])
    change(texts=MappingProxyType(kept), seed=sent.seed)
    now.asks(sent.at)
    now.echo = sent.at
