// A curve to sketch by three points: sliders that stand upright, and the line through them.

import { element, svgElement } from "../shared/dom.js";
import { numeral } from "../shared/numbers.js";
import { told } from "../shared/texts.js";

const WIDTH = 300, HEIGHT = 150, SIDE = 45;
const STEPS = 40; // of a slider, up and down

export class Sketch {
  /**
   * @param {number[]} at
   * @param {number} reach
   */
  constructor(at, reach) {
    this.at = at;
    this.reach = reach;
    this.line = svgElement("polyline", { class: "drawn" });
    this.truth = svgElement("polyline", { class: "truth" });
    const axis = svgElement("line", {
      class: "axis",
      x1: 0,
      x2: WIDTH,
      y1: HEIGHT / 2,
      y2: HEIGHT / 2,
    });
    this.canvas = svgElement("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" });
    this.canvas.append(axis, this.truth, this.line);
    this.sliders = at.map((x) =>
      element("input", {
        type: "range",
        min: -STEPS,
        max: STEPS,
        value: 0,
        "aria-label": told("Slope at x = {x}", { x: numeral(x, 3) }),
        oninput: () => this.draw(),
      })
    );
    const columns = this.sliders.map((slider, place) =>
      element("label", {}, slider, element("span", {}, `x = ${numeral(at[place], 3)}`))
    );
    this.outputs = columns.map((column) => {
      const output = element("output");
      column.append(output);
      return output;
    });
    this.root = element(
      "div",
      { class: "sketch" },
      this.canvas,
      element("div", { class: "sliders" }, ...columns),
    );
    this.draw();
  }

  values() {
    return this.sliders.map((slider) => (Number(slider.value) * this.reach) / STEPS);
  }

  draw() {
    this.line.setAttribute("points", this.points(this.values()));
    this.values().forEach((value, at) => {
      this.outputs[at].textContent = numeral(value, 3);
    });
  }

  // The right curve beside the drawn one.
  /** @param {number[]} values */
  show(values) {
    this.truth.setAttribute("points", this.points(values));
  }

  points(values) {
    const step = (WIDTH - 2 * SIDE) / (values.length - 1);
    return values
      .map((value, at) =>
        `${SIDE + at * step},${HEIGHT / 2 - (value / this.reach) * 0.45 * HEIGHT}`
      )
      .join(" ");
  }
}
