// The shell carries code, styles and texts to the browser once; the other components are small
// and ask it for theirs. It also keeps the document's title, language and colours up to date.

import { bus } from "../shared/bus.js";
import { speak } from "../shared/texts.js";
import { closeAside, watchAside } from "./aside.js";
import { shownBefore, watchPage } from "./broken.js";
import { Connection } from "./connection.js";
import { Foreign } from "./foreign.js";
import { KINDS } from "./kinds.js";
import { meeting } from "./meeting.js";
import { leaving, standing } from "./places.js";

/** @type {Map<object, unknown> | null} what components were sent by a session that does not yet know
 * what this browser holds: they wait */
let waiting = null;

// Opens a component: made once for each place on the page, updated at every newer data.
function opened(Kind, component) {
  const instance = standing(Kind, component);
  if (instance && waiting && Kind !== Shell) waiting.set(instance, component.data);
  else instance?.update(component.data ?? {});
  return leaving(component.parentElement, (one) => waiting?.delete(one));
}

class Shell {
  /**
   * @param {HTMLElement} root
   * @param {import("../shared/component.js").Component<import("../shared/records.js").Shell>} component
   */
  constructor(root, component) {
    this.root = root;
    this.component = component;
    /** @type {string | undefined} the session that answers */
    this.session = undefined;
    this.backs = 0;
    this.anew = false; // the page was loaded anew by itself
    document.addEventListener("click", closeAside, true); // others stop it on its way up
    this.unwatched = watchAside();
    watchPage(held);
    this.foreign = new Foreign();
    // a server that does not know this tab drops what its parts send, until the page ran as a whole,
    // which Streamlit asks for only where the last run was one of a part
    this.connection = new Connection(() => this.ask("back", () => true));
    this.unheard = bus.on("asked", () => this.hear());
  }

  close() {
    document.removeEventListener("click", closeAside, true);
    this.unwatched();
    this.foreign.close();
    this.connection.close();
    this.unheard();
    clearInterval(this.asking);
    clearInterval(this.hearing);
    clearInterval(this.opening);
  }

  /** @param {import("../shared/records.js").Shell} data */
  update(data) {
    this.meet(data);
    speak(data.texts);
    this.foreign.later();
    document.documentElement.lang = data.language;
    document.documentElement.classList.toggle("presenting", Boolean(data.present));
    document.title = data.title;
    this.colours();
    meeting.open(rooms);
  }

  // A server that was killed and started again, or another one in its place, knows of this tab only
  // the link that opened it: it is told what the tab shows, and until it has taken that nothing of
  // what it sends is shown.
  meet({ session, adopted, backs }) {
    const before = this.session === undefined ? shownBefore() : null;
    this.anew ||= before !== null;
    const another = this.session !== undefined && this.session !== session;
    // other colours bring the same data once more, without a run
    if (another || backs !== this.backs || (adopted && waiting)) clearInterval(this.asking);
    this.session = session;
    this.backs = backs;
    if ((another || before) && !adopted) {
      waiting ??= new Map();
      this.ask("held", () => before ?? held());
    } else if (adopted && waiting) {
      if (!this.anew) return this.open();
      // nothing stands here that a newer text could be compared with: it comes with this very run
      clearInterval(this.opening);
      this.opening = setInterval(() => this.connection.idle() && this.open(), SOON);
    }
  }

  open() {
    clearInterval(this.opening);
    const late = waiting ?? [];
    waiting = null;
    for (const [instance, data] of late) instance.update(data ?? {});
  }

  // Asks for a run of the whole page, until one has come: Streamlit sends what several components say
  // at the same moment as if one had said it, and runs that one's part of the page alone.
  ask(name, value) {
    clearInterval(this.asking);
    this.component.setTriggerValue(name, value());
    this.asking = setInterval(() => {
      if (this.connection.idle()) this.component.setTriggerValue(name, value());
    }, AGAIN);
  }

  // What was sent to a session that had not yet run has gone to nobody, and what was sent while one
  // took over may have been overtaken: where the server has nothing more to do and something is not
  // answered, it is told what the tab shows.
  hear() {
    clearInterval(this.hearing);
    let left = TIMES;
    this.hearing = setInterval(() => {
      if (waiting || !this.connection.idle()) return;
      const found = { lost: false };
      bus.once("unanswered", found);
      if (found.lost) this.component.setTriggerValue("held", { ...held(), lost: true });
      left -= 1;
      if (!left) clearInterval(this.hearing);
    }, AGAIN);
  }

  // Streamlit gives its theme to components only; the page's own styles want it too.
  colours() {
    const style = getComputedStyle(this.root);
    document.documentElement.classList.toggle("dark", style.colorScheme === "dark");
    for (const name of THEME) {
      document.documentElement.style.setProperty(name, style.getPropertyValue(name));
    }
  }
}

// What the tab shows, for a session that does not know it.
function held() {
  return {
    address: location.search,
    ...bus.last.get("typed"),
    values: bus.last.get("values") ?? null,
  };
}

const SOON = 50; // ms until it is looked again whether a run has ended
const AGAIN = 1_000; // ms until something is asked for once more
const TIMES = 3; // at which the server is idle and it is looked whether all is answered

const THEME = [
  "text",
  "background",
  "secondary-background",
  "border",
  "blue",
  "orange",
  "green",
  "gray",
  "red",
]
  .map((name) => `--st-${name}-color`)
  .concat("--st-code-font", "--st-base-radius");

const rooms = {
  open(name, component) {
    const [Kind, styles] = KINDS[name];
    dress(component.parentElement, ["base", ...styles]);
    return opened(Kind, component);
  },
};

const sheets = new Map();

// Styles are parsed once and shared by every component that wears them.
function dress(shadow, names) {
  if (!shadow.adoptedStyleSheets || shadow.adoptedStyleSheets.length) return;
  shadow.adoptedStyleSheets = names.map((name) => {
    if (!sheets.has(name)) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(meeting.styles[name]);
      sheets.set(name, sheet);
    }
    return sheets.get(name);
  });
}

export function shell(component) {
  return opened(Shell, component);
}
