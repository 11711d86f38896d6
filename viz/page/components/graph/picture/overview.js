// The small picture of the whole, with a frame around what is in sight. It stands in a strip of its
// own, below a wide picture and beside a tall one: no card is ever under it.

import { element, svgElement } from "../../shared/dom.js";

const STRIP = 52; // px that the strip takes from the stage
const THICK = 44; // px of the small picture across the strip
const LONG = 144; // and along it at least

export class Overview {
  /**
   * @param {HTMLElement} stage
   * @param {import("./panzoom.js").PanZoom} view
   */
  constructor(stage, view) {
    this.view = view;
    this.tall = false;
    this.window = element("i");
    this.small = element("div");
    this.root = element(
      "div",
      { class: "overview", hidden: true, "aria-hidden": "true" },
      this.small,
      this.window,
    );
    this.home = stage.parentElement;
    this.home?.append(this.root);
  }

  load(picture) {
    const svg = svgElement("svg", { viewBox: `0 0 ${picture.width || 1} ${picture.height || 1}` });
    for (const id of picture.nodes.keys()) {
      const [x, y, width, height] = picture.place(id);
      svg.append(svgElement("rect", { x: x - width / 2, y: y - height / 2, width, height }));
    }
    // a long picture is stretched where its proportions would leave a line
    svg.setAttribute("preserveAspectRatio", "none");
    this.small.replaceChildren(svg);
    const ratio = (picture.width || 1) / (picture.height || 1);
    this.tall = ratio < 1;
    const along = Math.max(THICK * Math.max(ratio, 1 / ratio), LONG);
    const [width, height] = this.tall
      ? [`${THICK}px`, `min(${along}px, 80%)`]
      : [`min(${along}px, 60%)`, `${THICK}px`];
    Object.assign(this.root.style, { width, height });
    this.frame();
  }

  // Whether all of the picture is in sight, or would be without the strip.
  whole() {
    const { width, height, scale, x, y, stage } = this.view;
    const shown = !this.root.hidden;
    const right = stage.clientWidth + (shown && this.tall ? STRIP : 0);
    const below = stage.clientHeight + (shown && !this.tall ? STRIP : 0);
    return x >= -1 && y >= -1 && x + width * scale <= right + 1 && y + height * scale <= below + 1;
  }

  frame() {
    const { width, height, scale, x, y, stage } = this.view;
    if (!width) return;
    this.root.hidden = this.whole();
    this.home?.classList.toggle("mapped-beside", !this.root.hidden && this.tall);
    this.home?.classList.toggle("mapped-below", !this.root.hidden && !this.tall);
    if (this.root.hidden) return;
    const across = this.root.clientWidth / width;
    const down = this.root.clientHeight / height;
    Object.assign(this.window.style, {
      left: `${(-x / scale) * across}px`,
      top: `${(-y / scale) * down}px`,
      width: `${(stage.clientWidth / scale) * across}px`,
      height: `${(stage.clientHeight / scale) * down}px`,
    });
  }
}
