"""A virtual learner: one browser tab that speaks Streamlit's own protocol.

It sends what a browser sends: all widget states that it has seen, the fragment, the hashes of the
cached messages; after the first picture it asks for the rest, and when the page is full it asks
again as the page's own clock does.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import ssl
import time
import urllib.request
from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates

from benchmarks.crowd.programs import BAD, KINDS, number

THINK = 3.0
"""Seconds between two actions of a learner, on average."""
PATIENCE = 30.0
"""Seconds after which an answer counts as lost."""
HOSTILE = 0.05
AGE = 30
"""Runs for which the browser keeps a cached message (`global.maxCachedMessageAge`)."""


class Lost(Exception):
    """The connection is gone, or no answer came in time."""


@dataclass
class Figures:
    """What was seen, of all learners together."""

    finished: dict[str, list[float]] = field(default_factory=dict)
    graph: list[float] = field(default_factory=list)
    ended: Counter[str] = field(default_factory=Counter)
    events: list[tuple[float, str]] = field(default_factory=list)
    actions: int = 0
    received: int = 0
    messages: int = 0
    counting: bool = False

    def add(self, action: str, seconds: float, graph: float | None) -> None:
        if self.counting:
            self.finished.setdefault(action, []).append(seconds)
            if graph is not None and action != "hostile":
                self.graph.append(graph)

    def count(self, what: str) -> None:
        self.events.append((time.time(), what))
        if self.counting:
            self.ended[what] += 1


class Learner:
    """One browser tab."""

    def __init__(self, number: int, given: argparse.Namespace, figures: Figures) -> None:
        self.number = number
        self.given = given
        self.figures = figures
        self.dice = random.Random(given.seed * 1_000 + number)
        self.kind = KINDS[number % len(KINDS)]
        self.texts = {name: draw(self.dice) for name, draw in self.kind.texts.items()}
        self.constant = self.drawn()
        self.query = ""
        self.cookie = ""
        self.session = ""
        self.replica = ""
        self.forget()

    def forget(self) -> None:
        """As a tab that was just opened; a reconnecting one keeps its session's id and states."""
        self.states: OrderedDict[str, WidgetState] = OrderedDict()
        self.ids: dict[str, str] = {}
        self.cached: dict[str, int] = {}
        self.runs = 0
        self.fragment = ""
        self.script = ""
        self.again = ""
        self.sent_inputs = 0
        self.busy = False
        self.toggled = True
        self.digits = 4

    def drawn(self) -> str:
        return f"{self.dice.randint(2, 12)}.0" if self.kind.name == "script" else number(self.dice)

    # --- the connection -------------------------------------------------------------------------

    def address(self, scheme: str) -> str:
        secure = "s" if self.given.tls else ""
        return f"{scheme}{secure}://{self.given.host}:{self.given.port}"

    def context(self) -> ssl.SSLContext | None:
        if not self.given.tls:
            return None
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context

    def knock(self) -> None:
        """Loads the page itself, for its cookies, as a browser does first."""
        request = urllib.request.Request(f"{self.address('http')}/", headers=self.headers())
        with urllib.request.urlopen(request, timeout=PATIENCE, context=self.context()) as answer:
            answer.read()
            fresh = [one.split(";")[0] for one in answer.headers.get_all("Set-Cookie") or []]
        old = dict(one.split("=", 1) for one in self.cookie.split("; ") if one)
        old.update(one.split("=", 1) for one in fresh)
        self.cookie = "; ".join(f"{name}={value}" for name, value in old.items())

    def headers(self) -> dict[str, str]:
        return {"Cookie": self.cookie} if self.cookie else {}

    async def connect(self) -> Any:
        xsrf = dict(one.split("=", 1) for one in self.cookie.split("; ") if one)
        token = xsrf.get("_streamlit_xsrf", "none")
        # an empty place in the list is a session's id; a client may not send an empty entry
        entries = ["streamlit", token, *([self.session] if self.session else [])]
        protocols = [websockets.Subprotocol(entry) for entry in entries]
        return await websockets.connect(
            f"{self.address('ws')}/_stcore/stream", subprotocols=protocols,
            origin=websockets.Origin(self.address("http")), additional_headers=self.headers(),
            ssl=self.context(), max_size=None, ping_interval=None, open_timeout=PATIENCE,
            compression=None,
        )  # fmt: skip

    # --- what the browser says ------------------------------------------------------------------

    def message(self, *changed: WidgetState, whole: bool) -> bytes:
        """A rerun, of the fragment or of the whole page."""
        sent = BackMsg()
        rerun = sent.rerun_script
        rerun.query_string = self.query
        for state in changed:
            if state.WhichOneof("value") != "json_trigger_value":
                self.states[state.id] = state
        states = [*self.states.values()]
        states += [one for one in changed if one.WhichOneof("value") == "json_trigger_value"]
        rerun.widget_states.CopyFrom(WidgetStates(widgets=states))
        if self.script:
            rerun.page_script_hash = self.script
        if not whole:
            rerun.fragment_id = self.fragment
        rerun.cached_message_hashes.extend(self.cached)
        rerun.context_info.timezone = "UTC"
        rerun.context_info.locale = "en-US"
        rerun.context_info.url = f"{self.address('http')}/"
        rerun.context_info.color_scheme = "light"
        return bytes(sent.SerializeToString())

    def seen(self, message: ForwardMsg) -> None:
        """Notes the widgets of a message, with the state that the browser gives them at first."""
        delta = message.delta
        if delta.fragment_id:
            self.fragment = delta.fragment_id
        if delta.WhichOneof("type") == "add_block":
            block = delta.add_block
            if block.WhichOneof("type") == "tab_container" and block.tab_container.id:
                self.ids["tabs"] = block.tab_container.id
            return
        if delta.WhichOneof("type") != "new_element":
            return
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.figures.count("exception on the page")
        if kind == "bidi_component":
            self.component(element.bidi_component)
        elif kind in ("selectbox", "button_group", "slider", "checkbox"):
            one = getattr(element, kind)
            self.ids[one.id.rsplit("-", 1)[-1]] = one.id
            if one.id not in self.states:
                self.first(kind, one)

    def first(self, kind: str, one: Any) -> None:
        state = WidgetState(id=one.id)
        if kind == "checkbox":
            state.bool_value = one.default
        elif kind == "button_group":
            state.string_array_value.data.extend(one.options[at].content for at in one.default)
        elif kind == "slider":
            if one.options:
                return
            state.double_array_value.data.extend(one.default)
        elif kind == "selectbox" and one.options and one.HasField("default"):
            state.string_value = one.options[one.default]
        self.states[one.id] = state

    def component(self, one: Any) -> None:
        name = one.component_name.split("explorer_")[-1]
        self.ids[name] = one.id
        if name == "again":
            self.busy = json.loads(one.json).get("attempt", 0) > 0
        if name == "graph":
            self.drawn_at = time.perf_counter()

    def keep(self, message: ForwardMsg) -> None:
        if message.metadata.cacheable and message.hash:
            self.cached[message.hash] = self.runs

    # --- one question and its answer ------------------------------------------------------------

    async def ask(self, socket: Any, raw: bytes) -> tuple[float, float | None]:
        """Sends, reads until the script has finished; seconds, and seconds until the graph."""
        began = time.perf_counter()
        self.drawn_at = 0.0
        self.busy = False
        try:
            async with asyncio.timeout(PATIENCE):
                await socket.send(raw)
                while True:
                    message = self.read(await socket.recv())
                    if message.WhichOneof("type") != "script_finished":
                        continue
                    if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                        self.figures.count("compile error")
                    if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                        break
        except TimeoutError as late:
            raise Lost("no answer in time") from late
        except (OSError, websockets.WebSocketException) as gone:
            raise Lost("connection lost") from gone
        self.runs += 1
        self.cached = {key: run for key, run in self.cached.items() if self.runs - run <= AGE}
        ended = time.perf_counter()
        return ended - began, self.drawn_at - began if self.drawn_at else None

    def read(self, raw: bytes) -> ForwardMsg:
        self.figures.received += len(raw)
        self.figures.messages += 1
        message = ForwardMsg()
        message.ParseFromString(raw)
        kind = message.WhichOneof("type")
        if kind == "delta":
            self.keep(message)
            self.seen(message)
        elif kind == "ref_hash":
            if message.ref_hash not in self.cached:
                self.figures.count("cached message missing")
            self.cached[message.ref_hash] = self.runs
        elif kind == "new_session":
            session = message.new_session
            self.script = session.page_script_hash or self.script
            self.session = session.initialize.session_id or self.session
        return message

    # --- what a learner does --------------------------------------------------------------------

    def act(self) -> tuple[str, bytes]:
        """The next action: its name, and its message."""
        chance = self.dice.random()
        if chance < 0.5 or (chance < 0.9 and not self.kind.texts):
            hostile = self.dice.random() < self.given.hostile
            if hostile:
                text = self.dice.choice(BAD).replace("{c}", number(self.dice))
            else:
                self.constant = self.drawn()
                text = self.kind.source.replace("{c}", self.constant)
            typed = {"text": text, "at": int(1000 * time.time())}
            state = WidgetState(id=self.ids["source"], json_value=json.dumps({"text": typed}))
            return "hostile" if hostile else "program", self.message(state, whole=False)
        if chance < 0.9 and "inputs" in self.ids:
            name = self.dice.choice(list(self.kind.texts))
            self.texts[name] = self.kind.texts[name](self.dice)
            self.sent_inputs += 1
            values = {"texts": self.texts, "seed": 0, "at": self.sent_inputs}
            text = json.dumps({"values": values})
            state = WidgetState(id=self.ids["inputs"], json_value=text)
            return "input", self.message(state, whole=False)
        known = [name for name in ("constants", "digits") if name in self.ids]
        if not known:  # the first page never came whole: look at it again
            return "display", self.message(whole=True)
        if self.dice.choice(known) == "constants":
            self.toggled = not self.toggled
            state = WidgetState(id=self.ids["constants"], bool_value=self.toggled)
        else:
            self.digits = 7 - self.digits
            state = WidgetState(id=self.ids["digits"])
            state.double_array_value.data.append(self.digits)
        return "display", self.message(state, whole=True)

    def once_more(self) -> bytes:
        """The page's own word after "busy": ask again."""
        return self.message(self.event("again", "now"), whole=False)

    def event(self, component: str, name: str) -> WidgetState:
        """What a component tells the page, once."""
        trigger = WidgetState(id=f"{self.ids[component]}__events")
        trigger.json_trigger_value = json.dumps([{"event": name, "value": True}])
        return trigger

    def opened(self) -> str:
        link = {"f": self.kind.source.replace("{c}", self.constant), "lang": "en", **self.kind.link}
        return urlencode({**link, **{f"in.{name}": text for name, text in self.texts.items()}})

    async def visit(self, socket: Any, until: float, name: str) -> None:
        """From the first message until the time is over."""
        self.query = self.opened()
        await self.asked(socket, name, self.message(whole=True))
        if "first" in self.ids:
            await self.asked(socket, "rest", self.message(self.event("first", "there"), whole=True))
            del self.ids["first"]
        sent = time.monotonic() - self.dice.uniform(0, THINK)
        while True:
            wait = sent + self.dice.expovariate(1 / self.given.think) - time.monotonic()
            if time.monotonic() + max(0.0, wait) >= until:
                await asyncio.sleep(max(0.0, until - time.monotonic()))
                return
            await self.idle(socket, max(0.0, wait))
            action, raw = self.act()
            sent = time.monotonic()
            await self.asked(socket, action, raw)

    async def idle(self, socket: Any, seconds: float) -> None:
        """Thinks, and reads what comes meanwhile: a closed connection is noticed at once."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    self.read(await socket.recv())
        except TimeoutError:
            pass
        except (OSError, websockets.WebSocketException) as gone:
            raise Lost("connection lost") from gone

    async def asked(self, socket: Any, action: str, raw: bytes) -> None:
        """Asks, and again while the house is full; the latency counts to the last answer."""
        began = time.perf_counter()
        self.figures.actions += self.figures.counting
        spent, graph = await self.ask(socket, raw)
        while self.busy:
            self.figures.count("busy")
            await asyncio.sleep(0.8 + 0.7 * self.dice.random())
            spent, graph = await self.ask(socket, self.once_more())
        whole = time.perf_counter() - began
        self.figures.add(action, whole, None if graph is None else whole - spent + graph)

    async def live(self, start: float, until: float) -> None:
        await asyncio.sleep(max(0.0, start - time.monotonic()))
        name = "open"
        while time.monotonic() < until:
            try:
                if self.given.knock:
                    await asyncio.to_thread(self.knock)
                socket = await self.connect()
            except (OSError, websockets.WebSocketException, TimeoutError) as error:
                status = getattr(getattr(error, "response", None), "status_code", "")
                self.figures.count(f"not connected: {type(error).__name__} {status}".strip())
                await asyncio.sleep(1.0)
                continue
            before = self.session
            try:
                await self.visit(socket, until, name)
            except Lost as lost:
                self.figures.count(str(lost))
                name = "reopen"
                self.forget()
                await asyncio.sleep(0.5)
            finally:
                await socket.close()
            if name == "reopen" and before and self.session == before:
                self.figures.count("session kept")
