// The small picture of the whole, with a frame around what is in sight.

import { element, svgElement } from "../shared/dom.js";
import { MARGIN } from "./panzoom.js";

// px that the small picture is high at least, wide usually, and high at most
const [FLATTEST, WIDE, TALL] = [22, 144, 160];

export class Overview {
  constructor(stage, view) {
    this.view = view;
    this.window = element("i");
    this.small = element("div");
    this.root = element(
      "div",
      { class: "overview", hidden: true, "aria-hidden": "true" },
      this.small,
      this.window,
    );
    stage.parentNode.append(this.root);
  }

  load(picture) {
    const svg = svgElement("svg", { viewBox: `0 0 ${picture.width || 1} ${picture.height || 1}` });
    for (const id of picture.nodes.keys()) {
      const [x, y, width, height] = picture.place(id);
      svg.append(svgElement("rect", { x: x - width / 2, y: y - height / 2, width, height }));
    }
    this.small.replaceChildren(svg);
    // a long picture gets a wide frame, and is stretched where even that would be flatter than a line
    const ratio = (picture.width || 1) / (picture.height || 1);
    svg.setAttribute("preserveAspectRatio", "none");
    this.root.style.width = `min(${
      Math.min(Math.max(FLATTEST * ratio, WIDE), TALL * ratio)
    }px, 60%)`;
    svg.style.aspectRatio = String(ratio);
    this.frame();
  }

  // What it covers of the lower right corner: width and height.
  size() {
    return this.root.hidden
      ? [0, 0]
      : [this.root.offsetWidth + MARGIN, this.root.offsetHeight + MARGIN];
  }

  frame() {
    const { width, height, scale, x, y, stage } = this.view;
    if (!width) return;
    const { clientWidth, clientHeight } = stage;
    const whole = x >= -1 && y >= -1 && x + width * scale <= clientWidth + 1 &&
      y + height * scale <= clientHeight + 1;
    this.root.hidden = whole;
    if (whole) return;
    const across = this.root.clientWidth / width;
    const down = this.root.clientHeight / height;
    Object.assign(this.window.style, {
      left: `${(-x / scale) * across}px`,
      top: `${(-y / scale) * down}px`,
      width: `${(clientWidth / scale) * across}px`,
      height: `${(clientHeight / scale) * down}px`,
    });
  }
}
