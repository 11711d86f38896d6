// The graph player: the picture, its steps, and everything one does with them. All of it happens
// here; Python hears only of folds that open and close.

import { Awaited } from "./awaited.js";
import { take } from "./downloads.js";
import { bus } from "../shared/bus.js";
import { element } from "../shared/dom.js";
import { moment } from "../shared/moment.js";
import { exact } from "../shared/numbers.js";
import { told } from "../shared/texts.js";
import { Guided } from "./guided.js";
import { Heading } from "./heading.js";
import { pressed, pressedAnywhere } from "./keyboard.js";
import { legendRows } from "./picture/legend.js";
import { Overview } from "./picture/overview.js";
import { Panel } from "./panel.js";
import { PanZoom } from "./picture/panzoom.js";
import { Picture } from "./picture/picture.js";
import { Printed } from "./picture/printed.js";
import { Quiz } from "./quiz.js";
import { stand, standing } from "./standing.js";
import { Toolbar } from "./toolbar.js";
import { Travel } from "./picture/travel.js";

const PACE = 1400; // ms for one step at speed 1
const MOST_FOLDS = 20; // clicks that are sent: of several triggers Streamlit may keep the last alone
const UNFILLED = 500; // ms in which a key that ended the full screen has not led on
const TRAVELS = 0.6; // of that: how long numbers are under way

export class Player {
  /**
   * @param {HTMLElement} root
   * @param {import("../shared/component.js").Component<import("../shared/records.js").GraphPlayer>} component
   */
  constructor(root, component) {
    this.component = component;
    this.root = root;
    /** @type {{ opens?: string, closes?: string, at: number }[]} clicks that are not yet answered */
    this.folds = [];
    this.speeds = [1];
    this.speed = 1;
    /** @type {number | null} the last link that the player stands by */
    this.followed = null;
    /** @type {number | null} */
    this.meant = null;
    this.build();
    this.quiz = new Quiz(this);
    this.travel = new Travel();
    this.picture = new Picture(this.canvas);
    const changed = () => {
      this.overview?.frame();
      this.tell();
    };
    this.view = new PanZoom(this.stage, this.canvas, changed, () => this.reopen());
    this.overview = new Overview(this.stage, this.view);
    this.panel = new Panel(this.aside, {
      choose: (id, path) => {
        this.pick(id);
        this.picture.along(path);
      },
      close: () => this.choose(null),
      unfold: (what) => this.fold(what),
    });
    this.awaited = new Awaited(
      this.frame,
      this.middle,
      () => this.component.setStateValue("stop", moment()),
    );
    this.stops = [
      bus.on("cursor", ({ calls }) => this.picture.link(calls)),
      bus.on("go", ({ index }) => this.jump(index)),
      bus.on("take", ({ form }) => take(this, form)),
      this.quiz.follow(),
    ];
    this.guided = new Guided(this);
    this.printed = new Printed(this);
    this.listen();
  }

  // The last step that is to be had now: a lesson's open question holds the play back.
  get end() {
    return this.guided.limit();
  }

  close() {
    clearTimeout(this.timer);
    this.outdated(false);
    this.travel.stop();
    this.view.close();
    this.awaited.close();
    this.heading.close();
    this.guided.close();
    this.printed.close();
    document.removeEventListener("keydown", this.clicker);
    document.removeEventListener("fullscreenchange", this.refitted);
    for (const stop of this.stops) stop();
  }

  build() {
    this.heading = new Heading();
    this.said = element("p", { class: "unseen", "aria-live": "polite" });
    this.canvas = element("div", { class: "canvas" });
    this.stage = element("div", { class: "stage", tabindex: "0", role: "group" }, this.canvas);
    this.aside = element("aside", { class: "panel", hidden: true });
    this.note = element("p", { class: "note" });
    this.legend = element("div", { class: "legend", hidden: true });
    this.toolbar = new Toolbar(this);
    this.middle = element(
      "div",
      { class: "middle" },
      this.stage,
      this.toolbar.tools,
      this.legend,
      this.aside,
      this.note,
    );
    this.frame = element(
      "section",
      { class: "player", tabindex: "-1" }, // on a Mac a click gives its button no focus, but this
      this.heading.root,
      this.said,
      this.middle,
      this.toolbar.bar,
    );
    this.root.append(this.frame);
  }

  reopen() {
    this.view.open();
    this.reveal(this.chosen ?? this.data.steps[this.index]?.node);
  }

  // Everything that has words in it, made again when the language changes.
  words() {
    this.stage.setAttribute(
      "aria-label",
      told("Graph. Arrow keys step, space plays, plus and minus zoom."),
    );
    this.toolbar.words();
    this.quiz.words();
    this.legend.replaceChildren(...(this.legend.hidden ? [] : legendRows()));
    this.panel.words();
    this.playing(false);
  }

  listen() {
    this.frame.addEventListener("keydown", (event) => pressed(this, event));
    this.stage.addEventListener("click", (event) => this.click(event));
    this.stage.addEventListener("pointermove", (event) => this.point(event));
    this.stage.addEventListener("pointerover", (event) => this.hover(cardOf(event)));
    this.stage.addEventListener("pointerleave", () => this.hover(null));
    this.stage.addEventListener("focusin", (event) => this.hover(cardOf(event)));
    this.clicker = (event) => pressedAnywhere(this, event);
    document.addEventListener("keydown", this.clicker);
    // a screen of another size: the picture opens on it anew
    this.refitted = () => {
      this.emptied = performance.now();
      this.reopen();
    };
    document.addEventListener("fullscreenchange", this.refitted);
  }

  /** @param {import("../shared/records.js").GraphPlayer} data */
  update(data) {
    const before = this.data;
    this.data = data;
    const linked = data.gone !== this.followed && data.steps.length > 0;
    if (!before || linked) {
      this.speeds = data.speeds.map(exact);
      this.speed = exact(data.speed);
    }
    if (this.language !== document.documentElement.lang || !before || linked) {
      this.language = document.documentElement.lang;
      this.words();
    }
    this.outdated(Boolean(data.stale));
    this.frame.classList.toggle("big", Boolean(data.present));
    this.frame.classList.toggle("saved-outside", data.saved_outside);
    this.note.textContent = data.note ?? "";
    this.awaited.heard(data.asked);
    this.folds = this.folds.filter(({ at }) => at > data.folded);
    // every rerun sends its data anew: only another picture is worth the work, and the flicker
    if (linked || data.made !== before?.made || data.svg !== before?.svg) {
      bus.emit("steps", { steps: data.steps });
      this.load(before, linked);
    }
    if (data.ask !== before?.ask) this.turnQuiz(Boolean(data.ask));
    if (linked) {
      this.followed = data.gone;
      stand(this);
    }
    // behind the frame that paints it
    requestAnimationFrame(() => setTimeout(() => bus.emit("pictured", {})));
  }

  // Of an older run everything grows dim, the page's figures too.
  outdated(is) {
    for (const part of [this.frame, document.documentElement]) part.classList.toggle("stale", is);
  }

  // A new picture: steps, zoom and selection stay where the program is still the same.
  load(before, linked) {
    const same = !linked && before && before.program === this.data.program;
    const came = this.picture.load(this.data, same);
    this.most = Math.max(0, this.data.steps.length - 1);
    this.toolbar.scrubber.max = this.most;
    this.view.size(this.picture.width, this.picture.height);
    this.overview.load(this.picture);
    if (!same) this.view.open();
    const atEnd = before && this.index >= before.steps.length - 1;
    if (!same) {
      this.pause();
      this.choose(null);
      const first = this.first(linked);
      this.go(first, first);
      if (first === 0 && !calm() && !this.quiz.on) this.play();
      if (this.quiz.on) this.quiz.begin();
    } else {
      const open = this.quiz.open();
      this.go(atEnd ? this.most : Math.min(this.index, this.most));
      if (this.chosen) this.choose(this.picture.has(this.chosen) ? this.chosen : null);
      if (open !== null && this.quiz.holds(open.index)) this.quiz.ask(open.index, open);
    }
    if (came) this.said.textContent = came;
    this.guided.loaded();
  }

  // Where a new picture stands: the first one of a link at the link's step.
  first(linked) {
    const { step } = this.data;
    if (linked && step !== null) return step;
    return calm() ? this.most : 0;
  }

  // Tells how the player stands, for the address.
  tell() {
    if (this.followed === null) return;
    const { entry, gone } = this.data;
    bus.emit("stands", { how: standing(this), place: { entry, gone } });
  }

  pace(speed) {
    this.speed = speed;
    this.tell();
  }

  // Somebody turns to a step: the play stands still from there on.
  jump(index) {
    this.pause();
    this.go(index);
  }

  back() {
    this.jump(this.index - 1);
  }

  forward() {
    this.pause();
    this.advance();
  }

  // One step on; with questions first to the question, then to its answer.
  advance() {
    const next = this.index + 1;
    if (next <= this.most && this.quiz.holds(next)) this.quiz.ask(next);
    else this.go(next);
  }

  askFirst(on) {
    this.turnQuiz(on);
    this.component.setTriggerValue("ask", { on });
  }

  turnQuiz(on) {
    this.toolbar.asker.setAttribute("aria-pressed", String(on));
    if (on) this.pause();
    this.quiz.turn(on);
    // what was hidden comes back; a question that was opened stays
    if (this.quiz.pending === null && this.data.steps.length) this.go(this.index, this.meant);
  }

  // `meant`: the step that was wanted and a question holds back as long as it is open.
  /** @param {number} index @param {number | null} [meant] */
  go(index, meant = null) {
    this.quiz.close();
    this.meant = meant;
    this.index = Math.min(this.end, Math.max(0, index));
    const step = this.data.steps[this.index];
    bus.emit("meant", { step: this.guided.linkedBeyond(this.index) });
    this.toolbar.at(this.index, this.most, step?.said ?? "");
    if (!step) return;
    this.picture.show(this.data.steps, this.index);
    this.heading.show(step);
    if (this.timer && !calm()) {
      this.travel.start(this.picture.travelling(step), (TRAVELS * PACE) / this.speed);
    } else this.travel.stop();
    this.panel.reach(this.reached());
    if (!this.timer) this.said.textContent = step.said;
    this.reveal(step.node);
    if (!this.hovered && !this.chosen) bus.emit("light", { calls: this.picture.calls(step.node) });
    bus.emit("step", { index: this.index });
    this.tell();
  }

  // Which numbers of the chosen card the play has come to; at its end there is nothing to hide.
  reached() {
    const all = this.index === this.most;
    const known = (part) => all || !this.chosen || this.picture.known(this.chosen, part);
    return { value: known("value"), gradient: known("gradient") };
  }

  reveal(id) {
    const place = this.picture.place(id);
    if (place) this.view.reveal(place);
  }

  play() {
    if (this.index >= this.end) this.go(0);
    this.playing(true);
    const beat = () => {
      this.advance();
      if (this.index >= this.end) this.pause();
      else if (this.timer) this.timer = setTimeout(beat, PACE / this.speed);
    };
    clearTimeout(this.timer);
    this.timer = setTimeout(beat, PACE / this.speed);
    this.tell();
  }

  pause() {
    clearTimeout(this.timer);
    this.timer = null;
    this.playing(false);
    this.tell();
  }

  toggle() {
    if (this.timer) this.pause();
    else this.play();
  }

  playing(on) {
    this.frame.classList.toggle("playing", on);
    this.toolbar.playing(on);
  }

  click(event) {
    if (this.view.dragged) return;
    const node = event.target.closest(".node");
    if (this.guided.picked(event, node?.id)) return;
    if (node && event.target.closest(".opener")) this.unfold(node);
    else if (node) this.activate(node, event.detail > 1);
    else this.choose(null);
  }

  // A stack opens on click; other cards are selected, and open on a second click.
  activate(node, again = false) {
    const folded = node.classList.contains("stack") || node.classList.contains("group");
    if (folded || again || this.chosen === node.id) {
      if (this.unfold(node)) return;
    }
    this.pick(node.id);
  }

  unfold(node) {
    const { opens, closes } = this.picture.folds(node.id);
    if (opens.length) this.fold({ opens: opens[0] });
    else if (closes) this.fold({ closes });
    return Boolean(opens.length || closes);
  }

  fold(what) {
    this.folds.push({ ...what, at: moment() });
    this.component.setStateValue("fold", this.folds.slice(-MOST_FOLDS));
  }

  // Somebody chooses a card: it comes into sight beside the panel.
  pick(id) {
    this.choose(id);
    this.reveal(id);
  }

  choose(id) {
    this.chosen = id;
    this.picture.select(id);
    this.frame.classList.toggle("paneled", Boolean(id));
    this.view.resize();
    this.panel.show(
      id ? { ...this.data.details[id], ...this.picture.folds(id) } : null,
      this.reached(),
    );
    bus.emit("light", { calls: id ? this.picture.calls(id) : [] });
    this.tell();
  }

  hover(node) {
    const id = node?.id ?? null;
    if (id === this.hovered) return;
    this.hovered = id;
    this.picture.hover(id);
    const lit = id ?? this.chosen ?? null;
    bus.emit("light", { calls: lit ? this.picture.calls(lit) : [] });
  }

  // In a lecture the pointer is a spot of light that is seen from the last row.
  point(event) {
    if (!this.data?.present) return;
    const box = this.stage.getBoundingClientRect();
    this.stage.style.setProperty("--spot-x", `${event.clientX - box.left}px`);
    this.stage.style.setProperty("--spot-y", `${event.clientY - box.top}px`);
  }

  search(text, enter = false) {
    const found = this.picture.find(text.trim().toLowerCase());
    if (!found.length) return;
    this.found = enter ? ((this.found ?? -1) + 1) % found.length : 0;
    const id = found[this.found];
    this.picture.select(id);
    this.reveal(id);
    if (enter) this.pick(id);
  }

  // Esc closes what is open, and then leads out of the lecture; what fills the screen it ends first.
  escape() {
    if (this.chosen) this.choose(null);
    else if (this.data.present && !this.filled()) this.leave();
  }

  leave() {
    this.component.setTriggerValue("leave", true);
  }

  // Whether something fills the screen, or did when this very key was pressed.
  filled() {
    return Boolean(document.fullscreenElement) || performance.now() - this.emptied < UNFILLED;
  }

  explain() {
    this.legend.hidden = !this.legend.hidden;
    this.legend.replaceChildren(...(this.legend.hidden ? [] : legendRows()));
    this.tell();
  }

  full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.frame.requestFullscreen();
  }
}

// The card that an event happened on.
function cardOf(event) {
  return event.target instanceof Element ? event.target.closest(".node") : null;
}

function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
