// The shell carries code, styles and texts to the browser once; the other components are small
// and ask it for theirs. It also keeps the document's title, language and colours up to date.

import { bus } from "../shared/bus.js";
import { speak } from "../shared/texts.js";
import { closeAside, watchAside } from "./aside.js";
import { Connection } from "./connection.js";
import { Foreign } from "./foreign.js";
import { KINDS } from "./kinds.js";
import { meeting } from "./meeting.js";
import { leaving, standing } from "./places.js";

/** @type {Map<object, unknown> | null} what components were sent by a session that does not yet know
 * what this browser holds: they wait */
let waiting = null;

// Opens a component: made once for each place on the page, updated at every new data.
function opened(Kind, component) {
  const instance = standing(Kind, component);
  if (waiting && Kind !== Shell) waiting.set(instance, component.data);
  else instance.update(component.data ?? {});
  return leaving(component.parentElement, () => waiting?.delete(instance));
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
    document.addEventListener("click", closeAside, true); // others stop it on its way up
    this.unwatched = watchAside();
    this.foreign = new Foreign();
    this.connection = new Connection();
  }

  close() {
    document.removeEventListener("click", closeAside, true);
    this.unwatched();
    this.foreign.close();
    this.connection.close();
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
  meet({ session, adopted }) {
    const another = this.session !== undefined && this.session !== session;
    this.session = session;
    if (another && !adopted) {
      waiting ??= new Map();
      this.component.setTriggerValue("held", {
        address: location.search,
        ...bus.last.get("typed"),
        values: bus.last.get("values") ?? null,
      });
    } else if (adopted && waiting) {
      const late = waiting;
      waiting = null;
      for (const [instance, data] of late) instance.update(data ?? {});
    }
  }

  // Streamlit gives its theme to components only; the page's own styles want it too.
  colours() {
    const style = getComputedStyle(this.root);
    for (const name of THEME) {
      document.documentElement.style.setProperty(name, style.getPropertyValue(name));
    }
  }
}

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
