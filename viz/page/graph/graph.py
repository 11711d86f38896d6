"""The graph (key `graph`): the trace folded, laid out, and sent to the player with its steps.

Made anew only when the trace, what is opened in it, or how it is drawn changes. When the text does
not run, the last good picture stays, greyed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from typing import Final

import msgspec
import streamlit as st

from viz.drawing import fold, unfolded
from viz.drawing.display import Display
from viz.drawing.picture.cards import faces
from viz.drawing.texts import Words
from viz.errors import DrawingFailed
from viz.lessons.practice import is_exercise
from viz.page import components
from viz.page.asking.answers import Traced
from viz.page.asking.pictures import picture_turn
from viz.page.components.graph import GraphPlayer, StepHelp
from viz.page.components.received import AskFirst, Folds, Small, received
from viz.page.graph.playing import helped, played
from viz.page.serving import hosting
from viz.page.session import state
from viz.page.session.language import _, spoken
from viz.page.session.links import FOLD
from viz.page.session.picture import Drawn
from viz.page.session.view import MOST_OPENED
from viz.page.writing.messages import of_drawing
from viz.records import Trace

EMPTY: Final = GraphPlayer(made=-1, program="", svg="", steps=(), details={}, calls={}, note="")
"""What the player shows before anything ran."""
_made: Final = count()
"""Numbers the pictures, so that the browser can tell a new one from the same one sent again."""


def graph(now: state.Session, asked: Traced) -> None:
    """The player with the newest good picture."""
    drawn: Drawn | None = None
    if now.trace is not None:
        try:
            drawn = drawn_of(now, now.trace)
        except DrawingFailed as error:
            notice = of_drawing(now, error)
            drawn = now.drawn if notice.waiting else None
            st.html(notice.markup())
    stale = asked.problem is not None or asked.trace is not (drawn.trace if drawn else now.trace)
    if not stale:
        now.stood = (now.entries, now.gone)
    entry, gone = now.stood
    components.show(
        msgspec.structs.replace(
            drawn.record if drawn else EMPTY,
            stale=stale,
            saved_outside=not now.view.bare,
            present=now.view.present,
            ask=now.view.ask,
            kept=_kept(now),
            folded=now.folded,
            help=_help(now, drawn) if now.view.ask else {},
            entry=entry,
            gone=gone,
            step=now.view.step,
            speed=now.view.speed,
            look=now.view.look,
            card=now.view.card,
            legend=now.view.legend,
        ),
        on_fold_change=lambda: folded(now),
        on_leave_change=state.leave_lecture,
        on_ask_change=asked_first,
        on_stop_change=stopped,
    )


def _kept(now: state.Session) -> str:
    """The exercise of a quiz that is open."""
    key = now.view.lesson or ""
    return key if key in now.view.quiz and is_exercise(key) else ""


def _help(now: state.Session, drawn: Drawn | None) -> dict[int, StepHelp]:
    """Help with the questions of a picture, kept with it."""
    if drawn is None:
        return {}
    if drawn.help is None:
        found = helped(drawn.trace, drawn.view, worded(now.view.display))
        drawn = now.drawn = replace(drawn, help=found)
    return drawn.help or {}


def stopped() -> None:
    """The run that is under way is not wanted any more: this very event has ended it."""
    at = received("graph", "stop", Small)
    if at is not None:
        state.session().ended = at


def asked_first() -> None:
    """The player was told to ask for each gradient before it shows it, or no longer to."""
    asked = received("graph", "ask", AskFirst)
    if asked is not None:
        state.change(ask=asked.on)


def drawn_of(now: state.Session, trace: Trace) -> Drawn:
    """The trace's picture, from the session if nothing that it depends on has changed."""
    key = (now.view.opened, now.view.display, now.view.fold, now.view.depth, spoken())
    last = now.drawn
    if last is None or last.trace is not trace or last.key != key:
        same = last is not None and last.key == key and last.trace.program == trace.program
        widths = last.widths if last is not None and same else {}
        with picture_turn(now.name, hosting.address()):
            last = _drawn(now, trace, key, widths)
        now.drawn = last
    return last


def _drawn(
    now: state.Session, trace: Trace, key: tuple[object, ...], least: Mapping[str, float]
) -> Drawn:
    display = worded(now.view.display)
    if now.view.fold:
        depth = now.view.depth or None
        view = fold(trace, opened=now.view.opened, display=display, depth=depth)
    else:
        view = unfolded(trace, display)
    widths = {id: card.width for id, card in faces(view, display, _, least).items()}
    record = played(trace, view, display, widths, next(_made))
    # an older picture that is sent again answers nothing newer
    record = msgspec.structs.replace(record, asked=now.asked)
    return Drawn(trace, view, key, record, widths)


def worded(display: Display) -> Display:
    """The display with the words among its numbers in the spoken language."""
    uses = (_("1st use"), _("2nd use"), _("3rd use"), _("4th use"))
    words = Words(mean=_("mean"), scalar=_("scalar"), uses=uses, hook=_("a hook"))
    return replace(display, words=words)


def folded(now: state.Session) -> None:
    """Clicks in the picture opened or closed folds."""
    opened = set(now.view.opened)
    for sent in received("graph", "fold", Folds) or ():
        if sent.at <= now.folded:
            continue
        now.folded = sent.at
        if sent.closes is not None:
            opened -= set(sent.closes.split())
        elif sent.opens is not None:
            opened |= {name for name in sent.opens.split()[:1] if FOLD.fullmatch(name)}
    state.change(opened=frozenset(sorted(opened)[:MOST_OPENED]))
