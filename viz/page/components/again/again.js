// Asks the page again after a pause: what it wanted was not to be had a moment ago.

export class AskAgain {
  /**
   * @param {HTMLElement} _root
   * @param {import("../shared/component.js").Component<import("../shared/records.js").AskAgain>} component
   */
  constructor(_root, component) {
    this.component = component;
  }

  close() {
    clearTimeout(this.asking);
  }

  /** @param {import("../shared/records.js").AskAgain} data */
  update(data) {
    clearTimeout(this.asking);
    const pause = Number(data.pause);
    if (!pause) return;
    this.asking = setTimeout(
      () => this.component.setTriggerValue("now", true),
      1000 * pause * (1 + Math.random()),
    );
  }
}
