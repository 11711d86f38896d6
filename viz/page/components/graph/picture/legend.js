// What colours, outlines and dashes mean, each with a sample drawn like the thing itself.

import { element, svgElement } from "../../shared/dom.js";
import { told } from "../../shared/texts.js";

export function legendRows() {
  const rows = [
    ["leaf", told("leaf: a tensor that asks for its gradient")],
    ["operation", told("operation that autograd recorded")],
    ["output", told("result of the function")],
    ["constant", told("constant or detached: no gradient flows")],
    ["stack", told("repeats: click to open one round")],
    ["forward", told("value, going forward")],
    ["backward", told("gradient, coming back")],
  ];
  const keys = [
    ["← →", told("one step back, one step on")],
    ["␣", told("play, pause")],
    ["+ − 0", told("zoom; all of the picture")],
    ["?", told("this legend")],
  ];
  return [
    ...rows.map(([kind, text]) => element("div", {}, legendSample(kind), text)),
    ...keys.map(([key, text]) => element("div", {}, element("kbd", {}, key), text)),
  ];
}

function legendSample(kind) {
  const svg = svgElement("svg", { viewBox: "0 0 44 22", class: "graph", "aria-hidden": "true" });
  if (kind === "forward" || kind === "backward") {
    const edge = svgElement("g", { class: `edge active ${kind}` });
    edge.append(
      svgElement("path", { class: "line", d: "M4,11L34,11" }),
      svgElement("path", { class: "head", d: "M40,11L33,14L33,8Z" }),
    );
    svg.append(edge);
    return svg;
  }
  const node = svgElement("g", { class: `node ${kind}` });
  const box = (name, x, y, rx) =>
    node.append(svgElement("rect", { class: name, x, y, width: 34, height: 15, rx }));
  if (kind === "stack") [[8, 6], [6, 4]].forEach(([x, y]) => box("sheet", x, y, 4));
  box("card", 4, 3, kind === "leaf" ? 7.5 : 4);
  if (kind === "output") {
    node.append(
      svgElement("rect", { class: "inner", x: 6.5, y: 5.5, width: 29, height: 10, rx: 3 }),
    );
  }
  svg.append(node);
  return svg;
}
