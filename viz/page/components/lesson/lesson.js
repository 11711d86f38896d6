// The open lesson: its words, which drive the figure, and its questions, one after the other. What
// comes after an open question is shown when it is over; meanwhile the figure waits where the
// question wants it.

import { bus } from "../shared/bus.js";
import { element } from "../shared/dom.js";
import { told } from "../shared/texts.js";
import { answered, forget, remember } from "./progress.js";
import { Question } from "./question.js";
import { linesOf } from "../graph/targets.js";

const CONTROLS = "button, input, summary";
const BELOW = ".st-key-trials"; // things to try, and the next lesson: the page's own buttons

export class Lesson {
  /**
   * @param {HTMLElement} root
   * @param {import("../shared/component.js").Component<import("../shared/records.js").LessonText>} component
   */
  constructor(root, component) {
    this.component = component;
    /** @type {Question[]} */
    this.questions = [];
    this.now = element("p", { class: "now" });
    this.hidden = element("p", { class: "hiding" });
    this.body = element("article", { class: "lesson" });
    this.body.addEventListener("keydown", (event) => this.pressed(event));
    root.append(this.body);
    // keys that nothing else has taken: nothing is in focus, or what stands below the lesson
    this.around = (event) => this.pressedAround(event);
    document.addEventListener("keydown", this.around);
    this.stops = [
      bus.on("picked", ({ end }) => this.pending()?.picked(end)),
      bus.on("steps", ({ steps }) => {
        this.steps = steps;
      }),
      bus.on("forgotten", () => this.write()),
      bus.on("meant", ({ step }) => {
        this.meant = step;
        this.tellHidden();
      }),
      bus.on("step", ({ index }) => {
        this.now.textContent = this.steps?.[index]?.said ?? "";
      }),
    ];
  }

  close() {
    for (const stop of this.stops) stop();
    document.removeEventListener("keydown", this.around);
    this.veil(null);
  }

  /** @param {import("../shared/records.js").LessonText} data */
  update(data) {
    const before = this.data;
    this.data = data;
    const same = before && before.key === data.key &&
      before.veiled === data.veiled &&
      before.quiz === data.quiz &&
      JSON.stringify(before.parts) === JSON.stringify(data.parts) &&
      this.language === document.documentElement.lang;
    if (!same) this.write();
    if (before && before.key !== data.key) this.arrive();
    this.hold();
  }

  // Another lesson begins at its beginning, for the eye and for the keyboard.
  arrive() {
    document.querySelector(".st-key-words")?.closest(".stColumn")?.scrollTo(0, 0);
    document.querySelector(".st-key-masthead")?.scrollIntoView({ block: "nearest" });
    this.heading.focus({ preventScroll: true });
  }

  write() {
    this.language = document.documentElement.lang;
    const { key, parts, title, about } = this.data;
    const known = answered()[key] ?? {};
    this.questions = [];
    this.parts = parts.map((part) => {
      if (!part.question) return element("p", {}, ...this.words(part.runs));
      const question = new Question(part.question, known[part.question.number], {
        words: (runs) => this.words(runs),
        over: (one, verdict) => this.over(one, verdict),
      });
      this.questions.push(question);
      return question.root;
    });
    this.begin = element("button", {
      type: "button",
      class: "begin",
      onclick: () => this.act({ does: "lesson", what: key }),
    });
    this.already = element("p", { class: "hiding" });
    this.end = element("p", { class: "end" });
    this.heading = element("h2", { tabindex: "-1" }, title);
    this.body.replaceChildren(
      this.heading,
      this.part(),
      element("p", { class: "about", hidden: !this.data.veiled }, about),
      ...this.parts,
      this.begin,
      this.already,
      this.end,
      this.now,
    );
    if (this.data.fails && Object.keys(known).length) this.act({ does: "reveal" });
    bus.emit("lesson", { key });
    this.disclose();
  }

  // Which part of a quiz this is, and what was answered in it.
  part() {
    return element(
      "p",
      { class: "part", hidden: !this.data.quiz },
      this.data.quiz,
      " ",
      element(
        "button",
        { type: "button", onclick: () => bus.once("results", {}) },
        told("My answers"),
      ),
    );
  }

  // Shows all up to the first open question.
  disclose() {
    const open = this.pending()?.root;
    let past = false;
    for (const part of this.parts) {
      part.hidden = past;
      past ||= part === open;
    }
    this.begin.hidden = true;
    this.already.hidden = true;
    if (!this.data.veiled && open) this.beforehand(open);
    this.end.hidden = past || !this.questions.length;
    const known = Object.values(answered()[this.data.key] ?? {});
    this.end.replaceChildren(
      told("{right} of {asked} at the first try.", {
        right: known.filter((verdict) => verdict === "right").length,
        asked: this.questions.length,
      }),
      " ",
      element("button", { type: "button", onclick: () => this.again() }, told("Ask me again")),
    );
  }

  // The page that nobody chose a lesson for shows what comes before the first question.
  beforehand(open) {
    open.hidden = true;
    this.begin.hidden = false;
    this.begin.textContent = told("Begin: predict, then see");
    this.already.hidden = false;
    this.already.textContent = told(
      "The run has shown its numbers already. The lesson hides them, and you work them out.",
    );
  }

  again() {
    forget(this.data.key);
    this.write();
    this.hold();
    bus.once("turn", { target: "start" });
  }

  pending() {
    return this.questions.find((question) => question.pending);
  }

  // While a question is open, the play ends where it says, and what stands below is hidden.
  hold() {
    const open = this.pending();
    const { data } = this;
    const veiled = open && data.exact && data.veiled && open.data.veil && !open.data.elsewhere;
    this.veil(veiled ? open.data.hold : null, this.shown());
    this.hidden.hidden = !veiled;
    this.tellHidden();
    if (veiled) open.root.append(this.hidden);
    if (open) open.aim();
    else bus.emit("aim", { on: null });
  }

  // That an open question hides something, and the step of a link that it holds back.
  tellHidden() {
    const step = this.meant;
    const then = step ? told("Step {step} of the link is shown then.", { step }) : null;
    const words = [told("The results stay hidden until you answer."), then];
    this.hidden.textContent = words.filter(Boolean).join(" ");
  }

  // The step that the answers so far have shown: an open question does not take it back.
  shown() {
    const over = this.questions.filter((question) => !question.pending && !question.data.elsewhere);
    return over.at(-1)?.data.play ?? "start";
  }

  /**
   * @param {string | null} target
   * @param {string} [least]
   */
  veil(target, least = "start") {
    document.documentElement.classList.toggle("predicting", Boolean(target));
    if (this.held === target && this.least === least) return;
    this.held = target;
    this.least = least;
    bus.emit("hold", { target, least });
  }

  over(question, verdict) {
    const { number, play, elsewhere } = question.data;
    remember(this.data.key, number, verdict);
    this.disclose();
    this.hold();
    if (this.data.fails) this.act({ does: "reveal" });
    bus.once("turn", { target: play, later: elsewhere, meant: true });
    if (elsewhere) this.act({ does: "play", number });
    bus.once("answered", { key: this.data.key });
    const next = this.pending()?.root ?? this.end;
    const field = next.querySelector("input, button, summary");
    if (field instanceof HTMLElement) field.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  /** @param {{ does: string, what?: string, number?: number }} what */
  act(what) {
    this.component.setTriggerValue("act", what);
  }

  // Runs of words as nodes: text, code, and buttons that drive the figure.
  /** @param {import("../shared/records.js").LessonRun[]} runs */
  words(runs) {
    return runs.map(({ text, code, target }) => {
      if (code) return element("code", {}, text);
      if (!target) return text;
      return element("button", {
        type: "button",
        class: "drives",
        onclick: () => this.drive(target),
      }, text);
    });
  }

  drive(target) {
    const [kind, rest = ""] = target.split(/:(.*)/s);
    if (kind === "set") this.act({ does: "put", what: target });
    else if (kind === "line") bus.once("lines", { lines: linesOf(target) });
    else if (kind === "tab" || kind === "lesson") this.act({ does: kind, what: rest });
    else bus.once("turn", { target });
    const figures = { lesson: "", tab: ".st-key-lower", line: ".st-key-source" };
    const figure = figures[kind] ?? ".st-key-graph";
    if (figure) document.querySelector(figure)?.scrollIntoView({ block: "nearest" });
  }

  // Arrow keys read the lesson: up and down go from one word or field to the next, left and right
  // step through the figure. A slider keeps up and down for itself, left and right lead on.
  pressed(event) {
    const at = /** @type {HTMLElement} */ (event.target);
    const typing = at.matches("input");
    if (event.key.length === 1 && typing) return event.stopPropagation();
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const sliding = at.matches("input[type=range]");
    if (sliding && way) return undefined;
    if (way || (sliding && step)) this.move(at, way ?? step);
    else if (step && !typing) bus.once("move", { by: step });
    else return undefined;
    event.preventDefault();
    return event.stopPropagation();
  }

  // Where nothing is in focus the lesson is read from its open question on; what stands below it,
  // things to try and the next lesson, is gone through in the same way.
  pressedAround(event) {
    const { target } = event;
    const below = target instanceof HTMLElement && target.matches(`${BELOW} button`);
    if (!this.data?.veiled || (target !== document.body && !below)) return;
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (below && way) this.move(target, way);
    else if (way) this.first()?.focus();
    else if (step) bus.once("move", { by: step });
    else return;
    event.preventDefault();
  }

  // The first thing to read on with: the open question's field, or the first word.
  first() {
    const open = this.pending()?.root.querySelector(CONTROLS);
    return /** @type {HTMLElement | undefined} */ (open ?? this.controls()[0]);
  }

  controls() {
    const here = [...this.body.querySelectorAll(CONTROLS)];
    const all = [...here, ...document.querySelectorAll(`${BELOW} button`)];
    return all.filter((one) =>
      // what a closed list holds has a place in the page, but nobody sees it
      one instanceof HTMLElement && one.checkVisibility() &&
      !(/** @type {HTMLButtonElement} */ (one).disabled)
    );
  }

  move(from, way) {
    const all = this.controls();
    const next = all[all.indexOf(from) + way];
    if (next instanceof HTMLElement) next.focus();
  }
}
