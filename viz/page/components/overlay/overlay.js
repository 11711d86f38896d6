// What lies over plotly's curve: the point x₀ with its tangent, which can be dragged, and word to
// Python of the stretch of x that is in sight. Nothing is drawn anew by plotly while x₀ moves.

import { bus } from "../shared/bus.js";
import { element, svgElement } from "../shared/dom.js";
import { exact, floated, numeral, trimmed } from "../shared/numbers.js";
import { plotOf, surroundings } from "../shared/plotly.js";
import { told } from "../shared/texts.js";
import { undefinedAt, valueAt } from "./samples.js";

const SETTLED = 250; // ms after the last zoom or pan

export class Overlay {
  /**
   * @param {HTMLElement} root
   * @param {import("../shared/component.js").Component<import("../shared/records.js").Overlay>} component
   */
  constructor(root, component) {
    this.component = component;
    this.root = root;
    this.layer = svgElement("svg", { class: "overlay", "aria-hidden": "true" });
    this.tangent = svgElement("line", { class: "tangent" });
    this.stem = svgElement("line", { class: "stem" });
    this.point = svgElement("circle", { class: "point", r: 6 });
    this.grip = svgElement("circle", { class: "grip", r: 18 });
    this.layer.append(this.stem, this.tangent, this.point, this.grip);
    this.read = element("output", { class: "readout" });
    root.append(this.read);
    this.grip.addEventListener("pointerdown", (event) => this.down(event));
    this.grip.addEventListener("pointermove", (event) => this.drag(event));
    this.grip.addEventListener("pointerup", () => this.layer.classList.remove("held"));
    this.stops = [
      bus.on("set", ({ name, value }) => this.moved(name, value)),
      bus.on("curve", ({ curve }) => {
        this.curve = curve;
        this.draw();
      }),
    ];
    this.watch();
  }

  close() {
    for (const stop of this.stops) stop();
    this.observer.disconnect();
    clearTimeout(this.timer);
    cancelAnimationFrame(this.frame);
    this.layer.remove();
  }

  /** @param {import("../shared/records.js").Overlay} data */
  update(data) {
    this.data = data;
    if (!this.layer.classList.contains("held")) this.x = exact(data.x);
    this.attach();
    this.draw();
  }

  // The figure is replaced when f changes: find it again whenever the page around it changes.
  watch() {
    this.observer = new MutationObserver(() => {
      cancelAnimationFrame(this.frame);
      this.frame = requestAnimationFrame(() => this.attach());
    });
    this.observer.observe(surroundings(this.root), { childList: true, subtree: true });
  }

  attach() {
    const plot = plotOf(this.data?.target ?? "curve");
    if (!plot?._fullLayout) return;
    if (plot !== this.plot) {
      this.plot = plot;
      plot.on("plotly_relayout", (event) => this.seen(event));
      plot.on("plotly_relayouting", () => this.draw());
      plot.on("plotly_afterplot", () => this.draw());
      this.layer.style.cssText =
        "position:absolute;inset:0;width:100%;height:100%;pointer-events:none;overflow:hidden";
      this.colours();
    }
    if (this.layer.parentNode !== plot) {
      plot.style.position = "relative";
      plot.append(this.layer);
    }
    this.draw();
  }

  // The layer lives in plotly's document, outside this component's styles.
  colours() {
    const style = getComputedStyle(this.root);
    const [forward, back, paper] = ["--forward", "--backward", "--paper"].map((name) =>
      style.getPropertyValue(name)
    );
    this.tangent.style.cssText = `stroke:${back};stroke-width:2;stroke-dasharray:7 4`; // f′ is solid
    this.stem.style.cssText = `stroke:${forward};stroke-width:1;stroke-dasharray:2 3`;
    this.point.style.cssText = `fill:${paper};stroke:${forward};stroke-width:2.5`;
    this.grip.style.cssText =
      "fill:transparent;pointer-events:all;cursor:ew-resize;touch-action:none";
  }

  moved(name, value) {
    if (!this.data || name !== this.data.input || !this.data.scalar) return;
    this.x = Number(value);
    this.draw();
  }

  seen(event) {
    this.draw();
    const names = Object.keys(event);
    if (!names.some((name) => /^xaxis\.(range|autorange)/.test(name) || name === "autosize")) {
      return;
    }
    clearTimeout(this.timer);
    const reset = event["xaxis.autorange"] === true;
    this.timer = setTimeout(() => {
      const range = reset ? null : this.plot._fullLayout.xaxis.range.map(Number);
      this.component.setStateValue("range", { range, at: performance.now() });
    }, SETTLED);
  }

  draw() {
    const axes = this.plot?._fullLayout;
    const here = this.data && this.x !== null && Number.isFinite(this.x)
      ? this.answer(this.x)
      : null;
    const hidden = !axes?.xaxis || !here || !Number.isFinite(here.value);
    this.layer.style.display = hidden ? "none" : "";
    this.readout(here);
    if (hidden) return;
    const { xaxis, yaxis } = axes;
    const across = (x) => xaxis._offset + xaxis.l2p(x);
    const down = (y) => yaxis._offset + yaxis.l2p(y);
    const [x, y] = [across(this.x), down(here.value)];
    const within = x >= xaxis._offset - 1 && x <= xaxis._offset + xaxis._length + 1;
    this.layer.style.display = within ? "" : "none";
    place(this.stem, x, y, x, yaxis._offset + yaxis._length);
    for (const circle of [this.point, this.grip]) {
      circle.setAttribute("cx", x);
      circle.setAttribute("cy", y);
    }
    const [from, to] = xaxis.range.map(Number);
    const reach = (to - from) * 0.14;
    const steep = Number.isFinite(here.slope);
    this.tangent.style.display = steep ? "" : "none";
    if (steep) {
      const line = (dx) => [across(this.x + dx), down(here.value + here.slope * dx)];
      place(this.tangent, ...line(-reach), ...line(reach));
    }
    this.layer.style.clipPath = `inset(${yaxis._offset}px ${
      this.plot.clientWidth - xaxis._offset - xaxis._length
    }px ${
      Math.max(0, this.plot.clientHeight - yaxis._offset - yaxis._length)
    }px ${xaxis._offset}px)`;
  }

  readout(here) {
    this.read.replaceChildren();
    if (!this.data || !here) return;
    const { name, digits, function: f } = this.data;
    for (
      const [kind, quantity, value] of [["at", name, this.x], ["value", f, here.value], [
        "slope",
        `d${f}/d${name}`,
        here.slope,
      ]]
    ) {
      const text = Number.isNaN(value)
        ? told("{name} is not defined here", { name: quantity })
        : kind === "slope" && Number.isNaN(here.value)
        ? told("{name} is not defined here; PyTorch gives {value}", {
          name: quantity,
          value: numeral(value, digits),
        })
        : `${quantity} = ${numeral(value, digits)}`;
      this.read.append(element("span", { class: kind }, text));
    }
  }

  // f and its slope at x: the trace's own numbers where they are known, else between the samples.
  answer(x) {
    const [known, value, slope] = [this.data.x, this.data.value, this.data.slope].map(exact);
    if (x === known && value !== null) return { value, slope };
    const { curve } = this;
    if (!curve?.x.length || x < curve.x[0] || x > curve.x.at(-1)) return null;
    const at = (order) => valueAt(curve, x, order) ?? (undefinedAt(curve, x, order) ? NaN : null);
    return { value: at(0), slope: at(1) };
  }

  down(event) {
    event.preventDefault();
    event.stopPropagation();
    this.grip.setPointerCapture(event.pointerId);
    this.layer.classList.add("held");
  }

  drag(event) {
    if (!this.layer.classList.contains("held")) return;
    event.stopPropagation();
    const { xaxis } = this.plot._fullLayout;
    const box = this.plot.getBoundingClientRect();
    const [from, to] = xaxis.range.map(Number);
    const step = 10 ** Math.floor(Math.log10((to - from) / 400));
    const raw = xaxis.p2l(event.clientX - box.left - xaxis._offset);
    const x = Math.min(to, Math.max(from, Math.round(raw / step) * step));
    const text = floated(trimmed(x, step));
    this.x = Number(text);
    this.draw();
    bus.emit("set", {
      name: this.data.input,
      value: this.data.around[0] + text + this.data.around[1],
      from: null,
    });
  }
}

function place(line, x1, y1, x2, y2) {
  for (const [name, value] of Object.entries({ x1, y1, x2, y2 })) line.setAttribute(name, value);
}
