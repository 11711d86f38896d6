// Questions before answers: each gradient is asked for before it is shown. Next (or a clicker)
// first shows the chain rule with its result open, then what it comes to. Until then nothing that
// would tell it stands in the picture.

import { count } from "../course/score.js";
import { bus } from "../shared/bus.js";
import { element } from "../shared/dom.js";
import { judgedNumbers } from "../lesson/judge.js";
import { answered, expect, remember } from "../lesson/progress.js";
import { numbers } from "../shared/numbers.js";
import { told } from "../shared/texts.js";

export class Quiz {
  constructor(player) {
    this.player = player;
    this.on = false;
    this.pending = null;
    this.practising = false; // an exercise counts for the score that the browser keeps
    bus.on("lesson", ({ key }) => {
      this.practising = key.startsWith("practice-");
    });
    this.score = { right: 0, asked: 0, tried: new Set() };
    this.field = element("input", {
      type: "text",
      inputmode: "text",
      autocomplete: "off",
      spellcheck: "false",
      class: "guess",
    });
    this.field.addEventListener("keydown", (event) => {
      // a clicker works here too; Streamlit listens to single letters
      if (!["PageDown", "PageUp"].includes(event.key)) event.stopPropagation();
      if (event.key === "Escape") this.player.stage.focus();
    });
    this.form = element("form", {
      class: "ask",
      onsubmit: (event) => {
        event.preventDefault();
        this.judge();
      },
    });
  }

  // While a gradient is still to be asked for, what stands below the graph would tell it.
  veil() {
    const { data, index } = this.player;
    const open = this.on && data.steps.findLastIndex(({ answer }) => answer) > index;
    document.documentElement.classList.toggle("quizzing", open);
  }

  // Follows the play; gives what ends that.
  follow() {
    const deaf = bus.on("step", () => this.veil());
    return () => {
      deaf();
      document.documentElement.classList.remove("quizzing");
    };
  }

  words() {
    this.hinting = element("button", { type: "button", onclick: () => this.hint() }, told("Hint"));
    this.hinting.title = told("With a hint it does not count as right at the first try.");
    this.field.setAttribute("aria-label", told("Your answer"));
    this.form.replaceChildren(
      "= ",
      this.field,
      element("button", { type: "submit" }, told("Check")),
      this.hinting,
      element("button", { type: "button", onclick: () => this.reveal() }, told("Show")),
    );
  }

  turn(on) {
    if (on === this.on) return;
    this.on = on;
    this.player.picture.masked = on || Boolean(this.player.guided.held);
    this.score = { right: 0, asked: 0, tried: new Set() };
    this.close();
    this.veil();
    if (on) this.begin();
  }

  // A quiz knows an exercise's questions from its beginning on.
  announce() {
    const { data } = this.player;
    if (!data.kept || data.stale) return;
    const asked = [...data.steps.keys()].filter((index) => data.steps[index].answer);
    expect(data.kept, asked);
  }

  // To the first question: the next one from here, or the first of all.
  begin() {
    this.announce();
    const { steps } = this.player.data;
    const open = steps.map((_, index) => index).filter((index) => steps[index].answer);
    const first = open.find((index) => index > this.player.index) ?? open[0];
    if (first > 0) this.ask(first);
  }

  // Whether the way to step `index` leads over a question that is still open.
  holds(index) {
    return this.on && this.pending !== index && Boolean(this.player.data.steps[index]?.answer);
  }

  // The question that is being asked, as far as it is answered.
  open() {
    const { pending: index, hinted, field } = this;
    if (index === null) return null;
    const focused = field.matches(":focus");
    const said = this.player.heading.said();
    return { index, hinted, text: field.value, focused, said };
  }

  // `before` is how far an open question was answered when the same picture came anew.
  ask(index, before = null) {
    const { player } = this;
    const step = player.data.steps[index];
    player.pause();
    if (!before) player.choose(null);
    player.go(index - 1);
    this.pending = index;
    this.field.value = before?.text ?? "";
    this.hinted = before?.hinted ?? 0;
    this.hinting.hidden = this.hinted >= this.help(index).hints.length;
    player.heading.ask(step, this.form, player.data.details[step.node]?.name ?? null);
    player.picture.light(step);
    player.picture.ask(step.node);
    player.reveal(step.node);
    player.said.textContent = told("What is the gradient here? Type it, or press Next to see it.");
    if (before) this.say(...before.said);
    if (!player.data.present && (before?.focused ?? matchMedia("(pointer: fine)").matches)) {
      this.field.focus({ preventScroll: true });
    }
  }

  judge() {
    const index = this.pending;
    const truth = this.player.data.steps[index].answer;
    const given = numbers(this.field.value);
    if (!given) return this.say(told("Type a number such as −4 or 1/3, or a list such as [1, 2]."));
    const question = { truth, mistakes: this.help(index).mistakes };
    const { right, say, general } = judgedNumbers(question, given);
    this.count(index, right);
    if (!right) return this.say(say ?? general, "wrong");
    this.player.go(index);
    this.player.stage.focus({ preventScroll: true });
    return this.say(`${told("Right.")} ${this.tally()}`, "right");
  }

  // What helps with the question of a step; nothing until the page has sent it.
  help(index) {
    return this.player.data.help[index] ?? { hints: [], mistakes: [] };
  }

  // The next hint: the rule, the numbers to put in, the step itself.
  hint() {
    const { hints } = this.help(this.pending);
    this.count(this.pending, false);
    this.say(hints[this.hinted], "hint");
    this.hinted += 1;
    this.hinting.hidden = this.hinted >= hints.length;
    this.field.focus({ preventScroll: true });
  }

  // Only the first try at a question counts.
  count(index, right) {
    if (this.score.tried.has(index)) return;
    this.score.tried.add(index);
    this.score.asked += 1;
    this.score.right += right ? 1 : 0;
    if (this.practising) count(right);
    // of a quiz, too, only the first try
    const { kept } = this.player.data;
    if (kept && answered()[kept]?.[index] === "open") {
      remember(kept, index, right ? "right" : "shown");
      bus.once("answered", { key: kept });
    }
  }

  tally() {
    return told("{right} of {asked} at the first try.", this.score);
  }

  reveal() {
    const index = this.pending;
    this.count(index, false);
    this.player.go(index);
    this.player.stage.focus({ preventScroll: true });
  }

  say(text, kind = "") {
    this.player.heading.say(text, kind);
  }

  close() {
    this.pending = null;
    this.say("");
  }
}
