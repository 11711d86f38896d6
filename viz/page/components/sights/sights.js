// Tells Python how plotly's figures are looked at, and where somebody clicked in one of them.

import { plotOf, surroundings } from "../shared/plotly.js";

const SETTLED = 250; // ms after the last turn of the wheel

export class Sights {
  /**
   * @param {HTMLElement} root
   * @param {import("../shared/component.js").Component<import("../shared/records.js").Sights>} component
   */
  constructor(root, component) {
    this.component = component;
    /** @type {Map<string, import("../shared/plotly.js").Plot | null>} */
    this.plots = new Map();
    /** @type {Map<string, ReturnType<typeof setTimeout>>} */
    this.timers = new Map();
    this.observer = new MutationObserver(() => this.attach());
    this.observer.observe(surroundings(root), { childList: true, subtree: true });
  }

  close() {
    this.forget();
    this.observer.disconnect();
  }

  forget() {
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  /** @param {import("../shared/records.js").Sights} data */
  update(data) {
    if (data.edition !== this.data?.edition) this.forget(); // that was another program's
    this.data = data;
    this.attach();
  }

  attach() {
    for (const key of Object.keys(this.data?.followed ?? {})) {
      const plot = plotOf(key);
      if (plot && plot !== this.plots.get(key)) this.follow(key, plot);
      this.plots.set(key, plot);
    }
  }

  follow(key, plot) {
    plot.on("plotly_relayout", (event) => this.moved(key, plot, event));
    if (key !== this.data.clicked) return;
    plot.on("plotly_click", ({ points: [point] }) => {
      this.component.setStateValue("place", [Number(point.x), Number(point.y)]);
    });
  }

  moved(key, plot, event) {
    const parts = this.data.followed[key];
    const names = Object.keys(event).filter((name) => parts.includes(name.split(/[.[]/)[0]));
    if (!names.length) return;
    const plain = names.some((name) => name.endsWith("autorange"));
    const numbers = plain ? [] : parts.flatMap((part) => sight(plot._fullLayout, event, part));
    clearTimeout(this.timers.get(key));
    const tell = () => {
      this.component.setStateValue("sight", { key, numbers, at: performance.now() });
    };
    this.timers.set(key, setTimeout(tell, SETTLED));
  }
}

// What is seen of one part: an axis from where to where, or a scene from where.
/** @returns {number[]} */
function sight(layout, event, part) {
  if (part !== "scene") return layout[part].range.map((end) => Number(Number(end).toPrecision(7)));
  const { eye, center } = event["scene.camera"] ?? layout.scene.camera;
  return [eye, center].flatMap(({ x, y, z }) => [x, y, z]).map((at) => Number(at.toFixed(3)));
}
