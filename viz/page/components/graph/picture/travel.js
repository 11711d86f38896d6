// Numbers that travel along the arrows while the play goes on: values from a card to the one that
// uses them, contributions back from it.

import { svgElement } from "../../shared/dom.js";

const LONGEST = 14; // letters of a number that travels; a longer one is a dot

/**
 * @typedef {{ line: SVGPathElement, text: string, back: boolean }} Way
 */

export class Travel {
  constructor() {
    /** @type {{ way: Way, length: number, text: SVGElement }[]} */
    this.under = [];
    this.frame = 0;
  }

  // Sends each number along its line; all arrive after `ms`.
  /**
   * @param {Way[]} ways
   * @param {number} ms
   */
  start(ways, ms) {
    this.stop();
    this.under = ways.map((way) => {
      const text = svgElement("text", { class: `traveller ${way.back ? "backward" : "forward"}` });
      text.textContent = way.text.length > LONGEST ? "●" : way.text;
      way.line.parentNode?.appendChild(text);
      return { way, length: way.line.getTotalLength(), text };
    });
    const began = performance.now();
    const move = () => {
      const gone = Math.min(1, (performance.now() - began) / ms);
      for (const { way, length, text } of this.under) {
        const { x, y } = way.line.getPointAtLength(length * along(gone, way.back));
        text.setAttribute("x", String(x));
        text.setAttribute("y", String(y + 4));
      }
      if (gone < 1) this.frame = requestAnimationFrame(move);
      else this.stop();
    };
    if (this.under.length) move();
  }

  stop() {
    cancelAnimationFrame(this.frame);
    for (const { text } of this.under) text.remove();
    this.under = [];
  }
}

/**
 * The part of its line at which a number is when `gone` of its time has passed: it starts and
 * arrives gently.
 * @param {number} gone
 * @param {boolean} back
 */
export function along(gone, back) {
  const eased = gone * gone * (3 - 2 * gone);
  return back ? 1 - eased : eased;
}
