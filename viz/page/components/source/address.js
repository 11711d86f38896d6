// The page's address: it follows what is shown, with one entry of the browser's history for each
// program that the page puts up, so that Back leads to the one before.

const PAUSE = 150; // ms: a drag would write too often for the browser

export class Address {
  /** @param {(gone: { search: string, at: number }) => void} go told where Back or Forward lead */
  constructor(go) {
    this.go = go;
    this.at = 0;
    /** @type {number | null} */
    this.entry = null;
    this.gone = 0; // of the view that is shown: below `at` another one is on its way
    /** @type {Record<string, string | null>} how the player stands, by parameter */
    this.stands = {};
    /** @type {Record<string, string | null>} the same of the sidebar, whatever is shown */
    this.aside = {};
    /** @type {Record<string, string | null> | null} how a picture stands that is before its view */
    this.coming = null;
    this.view = "";
    this.popped = () => this.leave();
    addEventListener("popstate", this.popped);
  }

  close() {
    this.stop();
    removeEventListener("popstate", this.popped);
  }

  // Of a run that Back or Forward has overtaken, the address is not written any more.
  /** @param {import("../shared/records.js").Entry} place */
  show({ view, entry, gone }) {
    if (this.entry === null || entry < this.entry) this.at = gone; // another session of the server
    const risen = this.entry !== null && entry > this.entry;
    this.entry = entry;
    if (gone < this.at) return;
    if (risen) this.push(view);
    this.view = view;
    this.gone = gone;
    this.stands = this.coming ?? this.stands;
    this.coming = null;
    this.later();
  }

  // How a picture stands, and where: it may be there before its view is, and stay where the view
  // has none.
  /** @param {Record<string, string | null>} how @param {{ entry: number, gone: number }} place */
  stand(how, { entry, gone }) {
    if (gone < this.at || entry < this.entry) return;
    if (this.entry === null || entry > this.entry || gone > this.gone) this.coming = how;
    else {
      this.stands = how;
      this.later();
    }
  }

  /** @param {Record<string, string | null>} how the sidebar stands */
  beside(how) {
    this.aside = how;
    if (this.entry !== null && this.gone === this.at) this.later();
  }

  later() {
    this.stop();
    this.timer = setTimeout(() => this.now(), PAUSE);
  }

  now() {
    this.stop();
    const seen = Object.entries({ ...this.stands, ...this.aside })
      .filter(([, how]) => how !== null)
      .map(([name, how]) => `${name}=${encodeURIComponent(how)}`);
    this.write("replaceState", [this.view, ...seen].filter(Boolean).join("&"));
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = null;
  }

  // What was still to be written of the place before is its own.
  push(view) {
    if (this.timer) this.now();
    this.write("pushState", view);
  }

  /** @param {"replaceState" | "pushState"} how @param {string} query */
  write(how, query) {
    const wanted = query ? `?${query}` : "";
    if (location.search !== wanted) history[how](history.state, "", wanted || location.pathname);
    this.written = location.search;
  }

  leave() {
    if (location.search === this.written) return; // only the part behind # changed
    this.stop();
    this.written = location.search;
    this.at += 1;
    this.coming = null;
    this.recall();
    this.go({ search: location.search, at: this.at });
  }

  // How things stood in the place that is shown again, until its picture tells.
  recall() {
    const said = new URLSearchParams(location.search);
    for (const name of Object.keys(this.stands)) this.stands[name] = said.get(name);
  }
}
