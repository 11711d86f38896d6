// The steps as a table to read: each a sentence and its chain rule; a click shows it in the graph.

import { bus } from "../shared/bus.js";
import { element } from "../shared/dom.js";
import { breakable } from "../shared/formulas.js";

export class Steps {
  /**
   * @param {HTMLElement} root
   * @param {import("../shared/component.js").Component<import("../shared/records.js").Steps>} component
   */
  constructor(root, component) {
    this.component = component;
    this.table = element("table", { class: "steps" });
    root.append(this.table);
    /** @type {import("../shared/records.js").PlayedStep[]} */
    this.steps = [];
    this.stops = [
      bus.on("steps", ({ steps }) => {
        this.steps = steps;
        this.fill();
      }),
      bus.on("step", ({ index }) => this.mark(index)),
    ];
  }

  close() {
    for (const stop of this.stops) stop();
  }

  /** @param {import("../shared/records.js").Steps} data */
  update({ heads }) {
    this.heads = heads;
    this.fill();
  }

  fill() {
    if (!this.heads) return;
    const head = element(
      "tr",
      {},
      ...this.heads.map((text) => element("th", { scope: "col" }, text)),
    );
    this.rows = this.steps.map((step, index) => this.row(step, index));
    this.table.replaceChildren(element("thead", {}, head), element("tbody", {}, ...this.rows));
    this.mark(this.index);
  }

  /**
   * @param {import("../shared/records.js").PlayedStep} step
   * @param {number} index
   */
  row(step, index) {
    const formula = element("td", { class: "formula", lang: "en" });
    formula.innerHTML = step.formula.join("");
    breakable(formula, 24);
    const go = element(
      "button",
      { type: "button", onclick: () => bus.once("go", { index }) },
      String(index),
    );
    return element(
      "tr",
      {},
      element("td", {}, go),
      element("td", { class: step.direction }, step.phase),
      element("td", {}, step.said),
      formula,
    );
  }

  mark(index) {
    this.index = index;
    (this.rows ?? []).forEach((row, at) => row.toggleAttribute("aria-current", at === index));
  }
}
