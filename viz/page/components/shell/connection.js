// A word while there is no connection to the server: what is typed stays in the page. Streamlit's own,
// a dialog over a page that takes nothing any more, is closed.

import { element } from "../shared/dom.js";
import { told } from "../shared/texts.js";

const STATE = "data-test-connection-state";
const SCRIPT = "data-test-script-state";
const DIALOG = '[data-testid="stDialog"]';
const PASSING = 500; // ms until a closed dialog lets the page be used again
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
    this.dialogs = new MutationObserver((changes) => this.shut(changes));
    this.dialogs.observe(document.body, { childList: true });
    /** @param {FocusEvent} event */
    this.focused = (event) => {
      const [part] = event.composedPath();
      if (part instanceof HTMLElement && !part.closest(DIALOG)) this.last = part;
    };
    document.addEventListener("focusin", this.focused);
  }

  close() {
    this.observer.disconnect();
    this.dialogs.disconnect();
    document.removeEventListener("focusin", this.focused);
    clearTimeout(this.timer);
    this.said.remove();
  }

  // Whether the server answers and has nothing to do for this tab.
  idle() {
    const connected = this.app?.getAttribute(STATE) === "CONNECTED";
    return connected && this.app.getAttribute(SCRIPT) === "notRunning";
  }

  // Closes a dialog that opens while the server is looked for: the page itself has none then.
  /** @param {MutationRecord[]} changes */
  shut(changes) {
    const state = this.app?.getAttribute(STATE);
    if (state === "CONNECTED" || state === "DISCONNECTED_FOREVER") return;
    const added = changes.flatMap(({ addedNodes }) => [...addedNodes]);
    for (const each of added) {
      if (!(each instanceof HTMLElement) || !each.matches(DIALOG)) continue;
      /** @type {HTMLElement | null} */ (each.querySelector("section > button"))?.click();
      setTimeout(() => this.last?.focus({ preventScroll: true }), PASSING);
    }
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
