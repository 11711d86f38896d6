// Tells the page, once, that the first picture stands in the browser. It is the last part of a first
// run: once it is here all others have their places, and are seen.

import { bus } from "../shared/bus.js";

export class FirstPicture {
  /**
   * @param {HTMLElement} _root
   * @param {import("../shared/component.js").Component<import("../shared/records.js").FirstPicture>} component
   */
  constructor(_root, component) {
    this.component = component;
    /** @type {string | undefined} the session that has been told */
    this.told = undefined;
    /** @type {(() => void) | undefined} */
    this.unheard = undefined;
  }

  close() {
    this.unheard?.();
  }

  /** @param {import("../shared/records.js").FirstPicture} data */
  update({ session }) {
    document.documentElement.classList.add("arrived");
    this.unheard?.();
    this.unheard = bus.on("pictured", () => this.tell(session));
  }

  tell(session) {
    if (this.told === session) return;
    this.told = session;
    this.component.setTriggerValue("there", true);
  }
}
