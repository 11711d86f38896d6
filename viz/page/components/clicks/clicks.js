// Tells Python where somebody clicked in one of plotly's figures.

import { plotOf, surroundings } from "../shared/plotly.js";

export class Clicks {
  /**
   * @param {HTMLElement} root
   * @param {import("../shared/component.js").Component<import("../shared/records.js").Clicks>} component
   */
  constructor(root, component) {
    this.component = component;
    this.observer = new MutationObserver(() => this.attach());
    this.observer.observe(surroundings(root), { childList: true, subtree: true });
  }

  close() {
    this.observer.disconnect();
  }

  /** @param {import("../shared/records.js").Clicks} data */
  update(data) {
    this.data = data;
    this.attach();
  }

  attach() {
    const plot = plotOf(this.data?.target);
    if (!plot || plot === this.plot) return;
    this.plot = plot;
    plot.on("plotly_click", ({ points: [point] }) => {
      this.component.setStateValue("place", [Number(point.x), Number(point.y)]);
    });
  }
}
