// One question: its form, hints that go further and further, what is said to a wrong answer, and
// what is told in the end. The lesson hears when it is over.

import { bus } from "../shared/bus.js";
import { element } from "../shared/dom.js";
import { exact, numbers } from "../shared/numbers.js";
import { told } from "../shared/texts.js";
import { judgedEnd, judgedNumbers, judgedSketch } from "./judge.js";
import { Sketch } from "./sketch.js";

export class Question {
  /**
   * @param {import("../shared/records.js").AskedTask} data
   * @param {string | undefined} verdict of an earlier visit
   * @param {{ words: Function, over: Function }} act
   */
  constructor(data, verdict, act) {
    this.data = data;
    this.act = act;
    this.hints = 0;
    this.tried = false;
    this.said = element("p", { class: "verdict", role: "status" });
    this.shown = element("ol", { class: "hints" });
    this.root = element(
      "section",
      { class: "question", "aria-label": told("Question {number}", { number: data.number + 1 }) },
      element("p", { class: "asked" }, ...act.words(data.ask)),
    );
    if (verdict) this.finish(verdict);
    else if (data.problem) this.unanswerable();
    else this.open();
  }

  open() {
    this.pending = true;
    const { kind } = this.data;
    if (kind === "number") this.number();
    else if (kind === "choice") this.choice();
    else if (kind === "sketch") this.sketch();
    else this.pointing();
    this.hinting = element("button", { type: "button", onclick: () => this.hint() }, told("Hint"));
    this.hinting.hidden = !this.data.hints.length;
    this.row = element(
      "p",
      { class: "row" },
      this.hinting,
      element("button", { type: "button", onclick: () => this.over("shown") }, told("Show me")),
    );
    this.root.append(this.said, this.shown, this.row);
  }

  unanswerable() {
    this.said.textContent = this.data.problem;
    this.root.append(
      this.said,
      element(
        "p",
        { class: "row" },
        element("button", {
          type: "button",
          onclick: () => this.over("shown"),
        }, told("Show me")),
      ),
    );
    this.pending = true;
  }

  number() {
    this.field = element("input", {
      type: "text",
      autocomplete: "off",
      spellcheck: "false",
      "aria-label": told("Your answer"),
    });
    this.form = element(
      "form",
      {
        onsubmit: (event) => {
          event.preventDefault();
          const given = numbers(this.field.value);
          if (given) this.judge(judgedNumbers(this.data, given));
          else this.say(told("Type a number such as −4 or 1/3, or a list such as [1, 2]."));
        },
      },
      this.field,
      element("button", { type: "submit", class: "check" }, told("Check")),
    );
    this.root.append(this.form);
  }

  choice() {
    this.buttons = this.data.choices.map((choice) =>
      element("button", {
        type: "button",
        class: "choice",
        onclick: (event) => {
          event.currentTarget.classList.toggle("wrong", !choice.right);
          this.judge({ right: choice.right, say: choice.say, general: "" });
        },
      }, ...this.act.words(choice.text))
    );
    this.root.append(element("div", { class: "choices" }, ...this.buttons));
  }

  // On a card or an arrow of the graph; from a list for those who do not point.
  pointing() {
    const items = this.data.listed.map(({ label, end }) =>
      element("button", {
        type: "button",
        class: "choice",
        onclick: () => this.judge(judgedEnd(this.data, end)),
      }, label)
    );
    this.root.append(
      element(
        "details",
        {},
        element("summary", {}, told("Or choose from a list")),
        element("div", { class: "choices" }, ...items),
      ),
    );
  }

  sketch() {
    const all = [...this.data.truth, ...this.data.mistakes.flatMap(({ values }) => values)];
    const reach = 1.25 * Math.max(0.1, ...all.map((value) => Math.abs(exact(value))));
    this.drawn = new Sketch(this.data.at.map(exact), reach);
    this.root.append(
      this.drawn.root,
      element("button", {
        type: "button",
        class: "check",
        onclick: () => this.judge(judgedSketch(this.data, this.drawn.values(), reach)),
      }, told("Check")),
    );
  }

  // Somebody pointed at a card or an arrow in the graph.
  /** @param {[string, string | null]} end */
  picked(end) {
    const wanted = { card: end[1] === null, arrow: end[1] !== null };
    if (this.pending && wanted[this.data.kind]) this.judge(judgedEnd(this.data, end));
  }

  /** @param {import("./judge.js").Verdict} verdict */
  judge({ right, say, general }) {
    if (right) return this.over(this.tried ? "shown" : "right", true);
    this.tried = true;
    this.said.className = "verdict wrong";
    this.said.replaceChildren(
      ...(say?.length ? this.act.words(say) : [general]),
    );
    return undefined;
  }

  say(text) {
    this.said.className = "verdict";
    this.said.textContent = text;
  }

  // The next hint; the last one says nearly all.
  hint() {
    const hint = this.data.hints[this.hints];
    if (!hint) return;
    this.hints += 1;
    this.tried = true;
    this.shown.append(element("li", {}, ...this.act.words(hint)));
    this.hinting.hidden = this.hints >= this.data.hints.length;
  }

  over(verdict, right = false) {
    this.pending = false;
    for (const part of [this.form, this.row, this.root.querySelector("details")]) part?.remove();
    for (const part of this.root.querySelectorAll("button.check")) part.remove();
    this.said.className = right ? "verdict right" : "verdict";
    this.said.textContent = right ? told("Right.") : "";
    for (const slider of this.drawn?.sliders ?? []) slider.disabled = true;
    this.drawn?.show(this.data.truth.map(exact));
    this.finish(verdict);
    this.act.over(this, verdict);
  }

  // What is told in the end, and which of the answers was right.
  finish(verdict) {
    this.pending = false;
    const { kind, choices, truth } = this.data;
    this.root.classList.add("over", verdict);
    const right = choices.find((choice) => choice.right);
    if (this.buttons) {
      this.buttons.forEach((button, at) => {
        button.disabled = true;
        button.classList.toggle("correct", choices[at].right);
      });
    } else if (right) {
      this.root.append(element("p", { class: "answer" }, ...this.act.words(right.text)));
    }
    if (kind === "number" && truth.length) {
      this.root.append(element("p", { class: "answer" }, written(truth)));
    }
    this.root.append(element("p", { class: "then" }, ...this.act.words(this.data.then)));
  }

  aim() {
    const { kind } = this.data;
    bus.emit("aim", { on: kind === "card" || kind === "arrow" ? kind : null });
  }
}

function written(truth) {
  const text = truth.map((number) => String(Number(exact(number).toPrecision(6)))).join(", ");
  return text.replaceAll("-", "−").replaceAll("Infinity", "∞");
}
