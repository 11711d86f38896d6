"""Where in the source a call stands: from its frame to a `Spot` that counts its rounds."""

from __future__ import annotations

import sys
from collections.abc import Callable
from inspect import CO_ASYNC_GENERATOR, CO_COROUTINE, CO_GENERATOR
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, NamedTuple

import msgspec

from viz.records import Call
from viz.tracing.recording.nodes.graph import Graph
from viz.tracing.recording.source.bound_names import BoundNames
from viz.tracing.recording.source.module_frames import (
    CALLING,
    is_method,
    module_at,
    reaching_parts,
)
from viz.tracing.recording.source.modules import CalledModules
from viz.tracing.recording.source.targets import names_of
from viz.tracing.source_map import Role, Site, SourceMap

_NN = str(Path("torch", "nn", "modules"))
_CALLING_COMPILED = "compile_wrapper"
"""What torch calls the function that `torch.compile` puts around another, its `fn`."""
_RESUMED = CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR
_OWN = ("own", "own method")
_REACHING = ("calling", "own method", "method")
_BUILDING = ("__init__", "_infer_parameters")
"""Where modules make their parameters; a lazy one does at its first input."""


CallPlace = tuple[int, int, Any]
"""Code by identity, the instruction in there, and what is called."""


class Spot(msgspec.Struct, eq=False, gc=False):
    """One function at one site of the source, and how often it was called there so far."""

    site: Site
    alone: str | None
    """What the result is called of a call that gives a single one."""
    rounds: int = 0
    visit: int = 0
    """The visit of the library that it counted last: one visit is one round."""


class CallDraft(msgspec.Struct, eq=False, gc=False):
    """A call under construction: the function's name, its spot, the round there, and the path of
    the module that made it (`module`: the place of that module's call). Its iteration is settled
    when the run is over.

    `building` tells that a module makes its parameters: not a call of the record. `visit` numbers
    the library's own Python that was under way (0: none); `inner`: it made further calls for the
    same expression of the source, so that this one's result is not what is assigned there.
    """

    spot: Spot | None = None
    iteration: int = 0
    scope: str = ""
    building: bool = False
    function: str = ""
    visit: int = 0
    inner: bool = False
    module: int | None = None

    @property
    def site(self) -> Site | None:
        """The place of the source, `None` where it is not known."""
        return self.spot.site if self.spot is not None else None

    @property
    def name(self) -> str | None:
        """The variable that the call's result is assigned to."""
        return self.spot.site.name if self.spot is not None and not self.inner else None

    @property
    def settled(self) -> int | None:
        """The iteration as a record has it, now that the run is over: `None` if it ran once."""
        if self.spot is None or not (self.spot.site.in_loop or self.spot.rounds > 1):
            return None
        return self.iteration

    def record(self, id: str) -> Call:
        """The finished call."""
        spot, scope, module = self.spot, self.scope, self.module
        if spot is None:
            return Call(id, self.function, None, None, None, scope, module)
        site = spot.site
        iteration = self.iteration if site.in_loop or spot.rounds > 1 else None
        name = None if self.inner else site.name
        return Call(id, self.function, site.span, name, iteration, scope, module)


class Standing(NamedTuple):
    """What is found of a frame that makes calls."""

    own: FrameType
    """The innermost one of the program's, which is that frame or led to it."""
    below: FrameType | None
    """What that one called; `None` where it makes the calls itself."""
    building: bool
    scope: str
    module: int | None


_NOWHERE: Any = None


class CallSites:
    """Finds where calls stand, in the source of one program."""

    def __init__(self, source: SourceMap, graph: Graph) -> None:
        self.source = source
        self.names = BoundNames(source)
        self.modules = CalledModules(graph, self.names)
        graph.known_as = self.modules.known_as
        self._spots: dict[tuple[int, Any], Spot] = {}
        # by instruction, for calls that stand in the typed code itself; `_codes` keeps ids valid
        self._direct: dict[CallPlace, Spot] = {}
        self._met: dict[CallPlace, Spot] = {}  # the same of calls in modules, which differ by round
        self._nowhere: set[CallPlace] = set()  # the same where no source is known
        # what was found of the frame that made the last call: it holds as long as that runs
        self._caller: FrameType | None = None
        self._standing: Standing = _NOWHERE
        self._codes: list[CodeType] = []
        self._below: FrameType | None = None
        self._visits = 0
        self.visited: FrameType | None = None
        """The frame of the program's from which the library was entered last."""
        self.enters: Callable[[FrameType], object] = bool
        """Told of the frame of the program's whenever another one makes calls."""
        self._own: FrameType | None = None

    def begin(self, frame: FrameType) -> None:
        """Tells which frame of ours calls the program: nothing above it is looked at."""
        if self.names.top is None:
            self.names.top = frame

    def direct(self, frame: FrameType, what: Any) -> CallDraft | None:
        """The place of a call that this very frame made, if it was met before; else `None`."""
        place = (id(frame.f_code), frame.f_lasti, what)
        spot = self._direct.get(place)
        if spot is None:
            if frame is self._caller and self._standing.below is None:
                return self._again(place)
            return CallDraft() if place in self._nowhere else None
        if frame is not self._own:
            self._entered(frame)
        self._below = None
        spot.rounds = rounds = spot.rounds + 1
        return CallDraft(spot, rounds)

    def _entered(self, frame: FrameType) -> None:
        self._own = frame
        self.enters(frame)

    def _again(self, place: CallPlace) -> CallDraft | None:
        """The same of a frame in a module's call, which made the last call as well."""
        spot = self._met.get(place)
        if spot is None:
            return None
        self._below = None
        spot.rounds = rounds = spot.rounds + 1
        standing = self._standing
        return CallDraft(spot, rounds, standing.scope, module=standing.module)

    def of(self, what: Any, frame: FrameType | None = None) -> CallDraft:
        """Where the call under way stands; `what` tells calls of one span apart, `frame` is the one
        that makes it, or one below that.
        """
        first = frame = frame or sys._getframe(2)
        if frame is self._caller:
            return self._placed(self._standing, what)
        below: FrameType | None = None
        building = False
        calling: list[FrameType] = []
        roles, top = self.source.roles, self.names.top
        while frame is not None:
            if frame is top:
                frame = None
                break
            role = roles.get(id(frame.f_code)) or self._role(frame)
            if role != "other":
                if role in _OWN:
                    break
                if role == "building":
                    building = True
                elif role == "compiled":
                    self.modules.runs_compiled(frame.f_locals.get("fn"), frame.f_back is top)
                else:
                    calling.append(frame)
            below = frame
            frame = frame.f_back
        if frame is None:
            return self._made_in(calling, CallDraft(None, 0, "", building))
        if frame.f_back is not top:
            calling += self._calling(frame, top)
        made_in = self._made_in(calling, CallDraft(None, 0, "", building))
        standing = Standing(frame, below, building, made_in.scope, made_in.module)
        # a generator is resumed from elsewhere, and names come while a module is built
        if not (building or first.f_code.co_flags & _RESUMED) and self.modules.settled:
            self._caller, self._standing = first, standing
        return self._placed(standing, what)

    def _placed(self, standing: Standing, what: Any) -> CallDraft:
        """A call from where the last one came from, counted."""
        frame, below, building, scope, module = standing
        if frame is not self._own:
            self._entered(frame)
        spot = self._spot(frame, what)
        if spot is None:
            return CallDraft(None, 0, scope, building, module=module)
        if below is not self._below:
            self._visits += 1
            self._below, self.visited = below, frame
        if below is None or spot.visit != self._visits:
            spot.rounds += 1
            spot.visit = self._visits
        visit = 0 if below is None else self._visits
        return CallDraft(spot, spot.rounds, scope, building, visit=visit, module=module)

    def _role(self, frame: FrameType) -> Role:
        """What the code of a frame is for this program, which is looked up once."""
        code = frame.f_code
        role: Role = "other"
        if self.source.owns(frame):
            role = "own method" if is_method(frame) else "own"
        elif code.co_name in _BUILDING and _NN in code.co_filename:
            role = "building"
        elif code is CALLING:
            role = "calling"
        elif code.co_name == _CALLING_COMPILED:
            role = "compiled"
        elif is_method(frame):
            role = "method"
        self.source.learn(code, role)
        return role

    def _made_in(self, calling: list[FrameType], draft: CallDraft) -> CallDraft:
        """The draft with the module that the innermost of these frames calls."""
        calling = reaching_parts(calling)
        if calling and not draft.building:
            if not self.modules.calls:
                self._direct.clear()
                self._nowhere.clear()
            draft.module = place = self.modules.call(calling)
            draft.scope = self.modules.scope_of(place)
        elif calling:  # what it makes has a name from here on
            self.modules.scope([module_at(frame) for frame in calling])
        return draft

    def advance(self, ran: dict[int, int]) -> None:
        """Counts the rounds that nobody watched: how often each line ran meanwhile."""
        for spot in self._spots.values():
            if spot.site.span is not None:
                spot.rounds += ran.get(spot.site.span.line, 0)

    def let_go(self) -> None:
        """Lets the frames go of functions that have come to their end, and with them what is in
        their variables."""
        self._below = self._caller = self.visited = self._own = None
        self._standing = _NOWHERE
        self.modules.forget()

    def forget(self) -> None:
        """The same for good."""
        self.let_go()
        self.names.top = None
        self.enters = bool

    def _spot(self, frame: FrameType, what: Any) -> Spot | None:
        code = frame.f_code
        place = (id(code), frame.f_lasti, what)
        known = self._met.get(place)
        if known is not None:
            return known
        # once there are modules, which one a function is in must be asked each time
        lasting = frame.f_back is self.names.top or not (
            self.modules.calls or code.co_name == "forward"
        )
        site = self.source.site_at(code, frame.f_lasti)
        if site is not None or lasting:
            self._codes.append(code)
        if site is None:
            if lasting:
                self._nowhere.add(place)
            return None
        spot = self._spots.get((id(site), what))
        if spot is None:
            alone = names_of(site.name, 1)[0] if site.name is not None else None
            spot = self._spots[id(site), what] = Spot(site, alone)
        self._met[place] = spot
        if lasting:
            self._direct[place] = spot
        return spot

    def _calling(self, frame: FrameType, top: FrameType | None) -> list[FrameType]:
        """The calls of modules and of their methods that led to typed code, innermost first."""
        found: list[FrameType] = []
        above: FrameType | None = frame
        while above is not None and above is not top:
            role = self.source.roles.get(id(above.f_code)) or self._role(above)
            if role in _REACHING:
                found.append(above)
            elif role == "compiled":
                self.modules.runs_compiled(above.f_locals.get("fn"), above.f_back is top)
            above = above.f_back
        return found
