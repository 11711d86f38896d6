// A slope to sketch by three points: sliders that stand upright, and a dot for each. No line joins
// them: between them nothing was asked, and a slope may jump there.

import { element, svgElement } from "../shared/dom.js";
import { numeral } from "../shared/numbers.js";
import { told } from "../shared/texts.js";

const WIDTH = 300, HEIGHT = 150, SIDE = 45;
const STEPS = 40; // of a slider, up and down
const LARGE = 0.8; // of the reach: a round number that is marked above and below 0

export class Sketch {
  /**
   * @param {number[]} at
   * @param {number} reach
   */
  constructor(at, reach) {
    this.at = at;
    this.reach = reach;
    this.drawn = dots(at, "drawn", 4);
    this.truth = dots(at, "truth", 7);
    const most = roundBelow(LARGE * reach);
    this.canvas = svgElement("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" });
    this.canvas.append(
      ...[most, 0, -most].flatMap((value) => this.mark(value)),
      ...this.truth,
      ...this.drawn,
    );
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
    this.place(this.drawn, this.values());
    this.values().forEach((value, at) => {
      this.outputs[at].textContent = numeral(value, 3);
    });
  }

  // The right values beside the drawn ones, as rings and as numbers.
  /** @param {number[]} values */
  show(values) {
    this.place(this.truth, values);
    values.forEach((value, at) => {
      this.outputs[at].after(element("span", { class: "truth" }, numeral(value, 3)));
    });
  }

  /**
   * @param {SVGElement[]} points
   * @param {number[]} values
   */
  place(points, values) {
    const step = (WIDTH - 2 * SIDE) / (values.length - 1);
    values.forEach((value, at) => {
      points[at].setAttribute("cx", String(SIDE + at * step));
      points[at].setAttribute("cy", String(this.height(value)));
    });
  }

  height(value) {
    return HEIGHT / 2 - (value / this.reach) * 0.45 * HEIGHT;
  }

  // A line across at a value, and its number.
  mark(value) {
    const y = this.height(value);
    const line = svgElement("line", { class: "axis", x1: 0, x2: WIDTH, y1: y, y2: y });
    const number = svgElement("text", { class: "tick", x: 4, y: y - 4 });
    number.textContent = numeral(value, 3);
    return [line, number];
  }
}

function dots(at, name, size) {
  return at.map(() => svgElement("circle", { class: name, r: size }));
}

// The largest of 1, 2, 5, 10, 20, 0.5, … that is no larger.
/** @param {number} value */
export function roundBelow(value) {
  const tens = 10 ** Math.floor(Math.log10(value));
  return [5, 2, 1].map((times) => times * tens).find((round) => round <= value) ?? tens;
}
