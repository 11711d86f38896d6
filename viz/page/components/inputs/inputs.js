// The inputs: a slider and a number field for each scalar, a text field for each tensor.

import { bus } from "../shared/bus.js";
import { composing, element, focused, iconButton, kept, PAUSE } from "../shared/dom.js";
import { moment } from "../shared/moment.js";
import { floated, narrow, reach, trimmed } from "../shared/numbers.js";

const LONGEST = 10_000; // characters of an input's text that are sent; the server reads fewer
const BEAT = 60; // ms between two values sent while dragging
const GESTURE = 800; // ms without a new value until the next one begins a change of its own
const PATIENCE = 700; // ms until a value is sent although the last one was not answered

export class Inputs {
  /**
   * @param {HTMLElement} root
   * @param {import("../shared/component.js").Component<import("../shared/records.js").Inputs>} component
   */
  constructor(root, component) {
    this.component = component;
    this.rows = new Map();
    this.values = {};
    // by input: the values before each change, the newest last
    /** @type {Map<string, string[]>} */
    this.past = new Map();
    this.touched = { name: "", at: 0 };
    this.sent = 0; // when values were sent last,
    this.echo = 0; // and when those that are answered
    this.list = element("div", { class: "rows" });
    this.luck = element("div", { class: "luck" });
    this.group = element("div", { class: "inputs", role: "group" }, this.list, this.luck);
    root.append(this.group);
    const stops = [
      bus.on("set", ({ name, value, from }) => from !== this && this.set(name, value)),
      bus.on("unanswered", (found) => {
        if (this.sent <= this.echo) return;
        found.lost = true;
        bus.emit("values", this.told()); // with the number that is to be answered
      }),
    ];
    this.stop = () => stops.forEach((stop) => stop());
  }

  close() {
    clearTimeout(this.timer);
    this.stop();
  }

  /** @param {import("../shared/records.js").Inputs} data */
  update(data) {
    const fresh = data.edition !== this.edition;
    this.edition = data.edition;
    this.echo = data.echo ?? 0;
    if (fresh) this.past.clear();
    this.group.setAttribute("aria-label", data.labels.inputs);
    this.labels = data.labels;
    this.group.classList.toggle("stale", data.stale);
    const wanted = data.inputs.map(({ name, kind }) => `${name} ${kind}`).join();
    const rebuilt = wanted !== this.wanted;
    if (rebuilt) {
      this.wanted = wanted;
      this.rows = new Map();
      for (const input of data.inputs) this.rows.set(input.name, this.row(input));
      this.list.replaceChildren(...[...this.rows.values()].map((row) => row.root));
    }
    for (const input of data.inputs) {
      const row = this.rows.get(input.name);
      // what somebody is typing or dragging stays as it is, sent or not: the answer is older than it
      const busy = !fresh && (this.waiting || this.sent > this.echo);
      if (rebuilt || (!busy && (fresh || this.values[input.name] !== input.text))) {
        this.values[input.name] = input.text;
        row.show(input.text);
      }
      row.wrong(data.wrong === input.name);
      this.offerBack(input.name);
    }
    this.drawLuck(data);
    bus.emit("values", this.told());
    if (this.echo >= this.sent) this.released();
  }

  drawLuck({ random, seed, labels }) {
    this.luck.hidden = !random;
    if (this.seed === seed && this.shownRandom === random) return;
    this.seed = seed;
    this.shownRandom = random;
    const field = element("input", {
      type: "number",
      min: 0,
      step: 1,
      value: seed,
      id: "seed",
      onchange: () => this.draw(Number(field.value)),
    });
    const anew = iconButton("draw", labels.anew, () => this.draw(this.seed + 1));
    anew.append(labels.anew);
    this.luck.replaceChildren(element("label", { for: "seed" }, labels.seed), field, anew);
    field.addEventListener("keydown", kept);
  }

  draw(seed) {
    if (!Number.isInteger(seed) || seed < 0 || seed > 2 ** 31 - 1) return;
    this.seed = seed;
    this.shownRandom = null;
    this.changed(0);
  }

  row(input) {
    return input.kind === "text" ? textRow(this, input) : numberRow(this, input);
  }

  // The button that takes the last change of an input back.
  backButton(name) {
    const back = iconButton("back", this.labels.back.replace("{name}", name), () => {
      const text = this.past.get(name)?.pop();
      if (text === undefined) return;
      this.set(name, text, 0, false); // the way back is no change of its own
      this.touched = { name: "", at: 0 };
      this.offerBack(name);
    });
    back.hidden = true;
    return back;
  }

  // What stood there before a change begins: a drag is one change, however many values it has.
  remember(name) {
    const now = performance.now();
    const begins = this.touched.name !== name || now - this.touched.at > GESTURE;
    if (begins) this.past.set(name, [...(this.past.get(name) ?? []), this.values[name]].slice(-50));
    this.touched = { name, at: now };
    this.offerBack(name);
  }

  offerBack(name) {
    this.rows.get(name).back.hidden = !this.past.get(name)?.length;
  }

  // A new value from a control of this component, or from a picture that moves an input.
  set(name, value, wait = BEAT, remembered = true) {
    const row = this.rows.get(name);
    if (!row || this.values[name] === value) return;
    if (remembered) this.remember(name);
    this.values[name] = value;
    row.show(value);
    bus.emit("set", { name, value, from: this });
    bus.emit("values", this.told());
    this.changed(wait);
  }

  changed(wait) {
    this.waiting = true;
    const ready = this.answered !== false || performance.now() - this.since > PATIENCE;
    if (this.timer) return;
    const rest = wait === 0 ? 0 : BEAT - (performance.now() - (this.since ?? -BEAT));
    if (ready || wait === 0) this.timer = setTimeout(() => this.send(), Math.max(0, rest));
    else {this.timer = setTimeout(() => {
        this.timer = null;
        this.changed(wait);
      }, BEAT);}
  }

  send() {
    this.timer = null;
    this.waiting = false;
    this.answered = false;
    this.since = performance.now();
    this.sent = moment();
    this.component.setStateValue("values", this.told());
    bus.emit("asked", { at: this.sent });
  }

  // What stands here, as it is sent.
  told() {
    const texts = Object.entries(this.values).map(([name, text]) => [name, text.slice(0, LONGEST)]);
    return {
      texts: Object.fromEntries(texts),
      seed: this.seed,
      at: this.sent,
      edition: this.edition,
    };
  }

  released() {
    this.answered = true;
    if (this.waiting && !this.timer) this.send();
  }
}

function numberRow(inputs, { name, kind }) {
  const whole = kind === "integer";
  const slider = element("input", { type: "range", "aria-label": name, step: "any" });
  // a number as a rule, but whatever a tensor can be made of is taken: [1, 2, 3], torch.arange(3.0)
  const field = element("input", {
    type: "text",
    inputmode: "decimal",
    class: "scalar",
    spellcheck: "false",
    autocomplete: "off",
    id: `field-${name}`,
    "aria-label": inputs.labels.value.replace("{name}", name),
  });
  const label = element("label", { for: `field-${name}`, class: "name" }, name);
  const back = inputs.backButton(name);
  const root = element("div", { class: "row number" }, label, slider, field, back);
  const step = () => (whole ? 1 : Number(slider.max) / 500);
  slider.addEventListener("input", () => {
    const text = trimmed(Math.round(Number(slider.value) / step()) * step(), step());
    inputs.set(name, whole ? text : floated(text));
  });
  slider.addEventListener("keydown", (event) => {
    kept(event);
    const way = {
      ArrowRight: 1,
      ArrowUp: 1,
      ArrowLeft: -1,
      ArrowDown: -1,
      PageUp: 10,
      PageDown: -10,
    }[event.key];
    if (!way) return;
    event.preventDefault();
    const text = trimmed(Number(inputs.values[name]) + (whole ? way : way * step() * 5), step());
    inputs.set(name, whole ? text : floated(text));
  });
  const typed = () => narrow(field.value.trim());
  const isNumber = () => typed() !== "" && Number.isFinite(Number(typed()));
  const finish = () => {
    if (typed() === "") field.value = String(Number(inputs.values[name]));
    else if (!isNumber()) inputs.set(name, typed(), 0);
    else if (field.value.trim() !== typed()) field.value = typed();
  };
  field.addEventListener("keydown", (event) => {
    kept(event);
    const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (event.key === "Enter" && !composing(event)) finish();
    if (!way || !isNumber()) return;
    event.preventDefault();
    field.value = trimmed(Number(typed()) + way, step());
    field.dispatchEvent(new Event("input"));
  });
  field.addEventListener("input", () => {
    if (!isNumber()) return;
    inputs.set(name, whole ? String(Math.trunc(Number(typed()))) : floated(typed()), 250);
  });
  field.addEventListener("blur", finish);
  return {
    root,
    back,
    show(text) {
      const value = Number(text);
      if (!(Math.abs(value) <= Number(slider.max)) || !slider.dataset.ranged) {
        const bound = whole ? Math.max(10, reach(value)) : reach(value);
        slider.dataset.ranged = "yes";
        slider.max = String(bound);
        slider.min = String(-bound);
      }
      slider.value = String(value);
      if (!focused(field) || (isNumber() && Number(typed()) !== value)) {
        field.value = String(value);
      }
    },
    wrong: (is) => field.toggleAttribute("aria-invalid", is),
  };
}

function textRow(inputs, { name }) {
  const field = element("input", {
    type: "text",
    spellcheck: "false",
    autocomplete: "off",
    id: `field-${name}`,
    class: "tensor",
  });
  const label = element("label", { for: `field-${name}`, class: "name" }, name);
  let timer = null;
  const commit = () => {
    clearTimeout(timer);
    inputs.set(name, field.value, 0);
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(commit, PAUSE);
  });
  field.addEventListener("keydown", (event) => {
    kept(event);
    if (event.key === "Enter" && !composing(event)) commit();
  });
  field.addEventListener("blur", commit);
  const back = inputs.backButton(name);
  return {
    root: element("div", { class: "row" }, label, field, back),
    back,
    show: (text) => {
      if (field.value !== text) field.value = text;
    },
    wrong: (is) => field.toggleAttribute("aria-invalid", is),
  };
}
