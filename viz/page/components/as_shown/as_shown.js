// Two entries of the page's menu of files: the picture as it stands, which only the player has.

import { bus } from "../shared/bus.js";
import { element } from "../shared/dom.js";

export class AsShown {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
  }

  /** @param {import("../shared/records.js").AsShown} data */
  update({ forms }) {
    const entry = ([form, label]) =>
      element(
        "button",
        { type: "button", onclick: () => bus.once("take", { form }) },
        label,
      );
    this.root.replaceChildren(...Object.entries(forms).map(entry));
  }
}
