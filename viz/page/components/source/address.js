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
    /** @type {Record<string, string | null>} how player and sidebar stand, by parameter */
    this.stands = {};
    this.view = "";
    this.popped = () => this.leave();
    addEventListener("popstate", this.popped);
  }

  close() {
    clearTimeout(this.timer);
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
    this.later();
  }

  // How something stands; a picture may be there before the entry of the history that it belongs to.
  /** @param {Record<string, string | null>} how @param {number} [entry] */
  stand(how, entry = 0) {
    this.stands = { ...this.stands, ...how };
    if (this.entry !== null && entry <= this.entry) this.later();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const seen = Object.entries(this.stands)
        .filter(([, how]) => how !== null)
        .map(([name, how]) => `${name}=${encodeURIComponent(how)}`);
      this.write("replaceState", [this.view, ...seen].filter(Boolean).join("&"));
    }, PAUSE);
  }

  push(view) {
    clearTimeout(this.timer);
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
    clearTimeout(this.timer);
    this.written = location.search;
    this.at += 1;
    this.go({ search: location.search, at: this.at });
  }
}
