// The head of the player: the phase, and the step's chain rule, as large as there is room for it.
// Its height never changes: whatever a step says, the picture below stays where it is.

import { element } from "../shared/dom.js";
import { breakable } from "../shared/formulas.js";

const SIZES = [1, 0.92, 0.84, 0.76, 0.68, 0.6]; // of the type; the first that fits is taken

export class Heading {
  constructor() {
    this.phase = element("span", { class: "phase" });
    // mathematics has its own letters: in a Chinese page their signs would be taken as wide ones
    this.formula = element("div", { class: "formula", lang: "en" });
    this.verdict = element("p", { class: "verdict", role: "status" });
    this.root = element("header", {}, this.phase, this.formula, this.verdict);
    this.resized = new ResizeObserver(() => this.fit());
    this.resized.observe(this.root);
  }

  close() {
    this.resized.disconnect();
  }

  // The step's formula; in words where it has none.
  /** @param {import("../shared/records.js").PlayedStep} step */
  show(step) {
    this.name(step);
    this.formula.innerHTML = step.formula.join("");
    breakable(this.formula);
    if (!step.formula.length) {
      this.formula.append(
        element("span", { class: "words", lang: document.documentElement.lang }, step.said),
      );
    }
    this.fit();
  }

  // The formula with symbols, and a form in place of its numbers; of a leaf that holds something
  // already, what it holds then.
  /**
   * @param {import("../shared/records.js").PlayedStep} step
   * @param {HTMLFormElement} form
   * @param {string | null} leaf
   */
  ask(step, form, leaf) {
    this.name(step);
    if (step.formula.length > 2) this.formula.textContent = `${leaf}.grad `;
    else this.formula.innerHTML = step.formula[0];
    this.formula.append(form);
    this.fit();
  }

  say(text, kind) {
    if (!text && !this.verdict.textContent) return;
    this.verdict.textContent = text;
    this.verdict.className = `verdict ${kind}`;
    this.fit();
  }

  // What `say` was given last.
  /** @returns {[string, string]} */
  said() {
    return [this.verdict.textContent, this.verdict.className.replace(/^verdict ?/, "")];
  }

  name(step) {
    this.phase.textContent = step.phase;
    this.phase.className = `phase ${step.direction}`;
  }

  fit() {
    const fits = (size) => {
      this.root.style.setProperty("--fit", size);
      const { root, formula } = this;
      return formula.scrollWidth <= formula.clientWidth && root.scrollHeight <= root.clientHeight;
    };
    SIZES.some(fits);
  }
}
