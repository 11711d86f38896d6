// A word while there is no connection to the server: what is typed stays in the page.

import { element } from "../shared/dom.js";
import { told } from "../shared/texts.js";

const STATE = "data-test-connection-state";
const SCRIPT = "data-test-script-state";
const PATIENCE = 1_500; // ms: a connection that comes back at once is not worth a word

export class Connection {
  /** @param {() => void} back a server answers again */
  constructor(back) {
    this.back = back;
    this.app = document.querySelector(`[${STATE}]`);
    this.said = element("p", { class: "connection", role: "status" });
    document.body.append(this.said);
    this.observer = new MutationObserver(() => this.look());
    if (this.app) this.observer.observe(this.app, { attributeFilter: [STATE] });
  }

  close() {
    this.observer.disconnect();
    clearTimeout(this.timer);
    this.said.remove();
  }

  // Whether the server answers and has nothing to do for this tab.
  idle() {
    const connected = this.app?.getAttribute(STATE) === "CONNECTED";
    return connected && this.app.getAttribute(SCRIPT) === "notRunning";
  }

  look() {
    const state = this.app.getAttribute(STATE);
    clearTimeout(this.timer);
    if (state === "CONNECTED") {
      this.said.textContent = "";
      if (this.gone) this.back();
    } else this.timer = setTimeout(() => this.say(state), PATIENCE);
    this.gone = state !== "CONNECTED";
  }

  say(state) {
    this.said.textContent = state === "DISCONNECTED_FOREVER"
      ? told("The connection has ended. Reload the page: its address holds what you see.")
      : told("No connection to the server. What you type stays, and runs when it is back.");
  }
}
