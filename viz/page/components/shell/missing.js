// Scripts of Streamlit's own that did not arrive, for the connection was cut meanwhile: where they
// are needed an error stands, until the page is loaded anew. So it is, once, as soon as the server
// answers and its address holds all that was typed.

import { bus } from "../shared/bus.js";

const FAILED = "vite:preloadError"; // what the scripts' loader tells
const AGAIN = 400; // ms until it is looked once more
const QUIET = 2_000; // ms without a key, in which what was typed is sent
const APART = 60_000; // ms: what is still missing after a reload is not mended by another one
const KEPT = "autograd-explorer loaded anew";

export class Missing {
  /** @param {() => boolean} idle whether the server answers and has nothing to do for this tab */
  constructor(idle) {
    this.idle = idle;
    this.failed = () => this.wait();
    this.typed = () => {
      this.last = Date.now();
    };
    addEventListener(FAILED, this.failed);
    document.addEventListener("input", this.typed, true);
  }

  close() {
    removeEventListener(FAILED, this.failed);
    document.removeEventListener("input", this.typed, true);
    clearInterval(this.timer);
  }

  wait() {
    if (Date.now() - Number(sessionStorage.getItem(KEPT)) < APART) return;
    clearInterval(this.timer);
    this.timer = setInterval(() => this.look(), AGAIN);
  }

  look() {
    const found = { lost: false };
    bus.once("unanswered", found);
    const quiet = Date.now() - (this.last ?? 0) > QUIET;
    if (!quiet || !this.idle() || found.lost || typing()) return;
    clearInterval(this.timer);
    sessionStorage.setItem(KEPT, String(Date.now()));
    location.reload();
  }
}

// Whether somebody is typing what only this document holds; the editor sends its text by itself.
function typing() {
  let part = document.activeElement;
  while (part?.shadowRoot?.activeElement) part = part.shadowRoot.activeElement;
  return part instanceof HTMLInputElement && part.type !== "range" && part.value !== "";
}
