// The steps as a table to read: each a sentence and its chain rule; a click shows it in the graph.

import { bus } from "../shared/bus.js";
import { element } from "../shared/dom.js";

export class Steps {
  constructor(root, component) {
    this.component = component;
    this.table = element("table", { class: "steps" });
    root.append(this.table);
    this.stop = bus.on("step", ({ index }) => this.mark(index));
  }

  close() {
    this.stop();
  }

  update({ heads, steps }) {
    const head = element("tr", {}, ...heads.map((text) => element("th", { scope: "col" }, text)));
    this.rows = steps.map((step, index) => this.row(step, index));
    this.table.replaceChildren(element("thead", {}, head), element("tbody", {}, ...this.rows));
    this.mark(this.index);
  }

  row(step, index) {
    const formula = element("td", { class: "formula", lang: "en" });
    formula.innerHTML = step.formula;
    const go = element("button", { type: "button", onclick: () => bus.emit("go", { index }) }, String(index));
    return element("tr", {}, element("td", {}, go), element("td", { class: step.direction }, step.phase),
      element("td", {}, step.said), formula);
  }

  mark(index) {
    this.index = index;
    (this.rows ?? []).forEach((row, at) => row.toggleAttribute("aria-current", at === index));
  }
}
