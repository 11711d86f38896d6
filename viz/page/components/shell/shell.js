// The shell carries code, styles and texts to the browser once; the other components are small
// and ask it for theirs. It also keeps the document's title, language and colours up to date.

import { speak } from "../shared/texts.js";
import { KINDS } from "./kinds.js";
import { meeting } from "./meeting.js";

const instances = new WeakMap();

// Opens a component: made once for each place on the page, updated at every new data.
function opened(Kind, component) {
  let instance = instances.get(component.parentElement);
  if (!instance) {
    const root = component.parentElement.querySelector(".root");
    instance = new Kind(root, component);
    instances.set(component.parentElement, instance);
  }
  instance.component = component;
  instance.update(component.data ?? {});
  return () => {
    instance.close?.();
    instances.delete(component.parentElement);
  };
}

class Shell {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
  }

  /** @param {import("../shared/records.js").Shell} data */
  update(data) {
    speak(data.texts);
    document.documentElement.lang = data.language;
    document.documentElement.classList.toggle("presenting", Boolean(data.present));
    document.title = data.title;
    this.colours();
    meeting.open(rooms);
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
