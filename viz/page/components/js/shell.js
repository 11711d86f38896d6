// The shell carries code, styles and texts to the browser once; the other components are small
// and ask it for theirs. It also keeps the document's title, language and colours up to date.

class Shell {
  constructor(root, component) {
    this.root = root;
  }

  update(data) {
    texts = data.texts;
    document.documentElement.lang = data.language;
    document.documentElement.classList.toggle("presenting", Boolean(data.present));
    document.title = data.title;
    this.colours();
    globalThis.autogradExplorer.open(rooms);
  }

  // Streamlit gives its theme to components only; the page's own styles want it too.
  colours() {
    const style = getComputedStyle(this.root);
    for (const name of THEME) {
      document.documentElement.style.setProperty(name, style.getPropertyValue(name));
    }
  }
}

const THEME = ["text", "background", "secondary-background", "border", "blue", "orange", "green", "gray", "red"]
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
      sheet.replaceSync(STYLES[name]);
      sheets.set(name, sheet);
    }
    return sheets.get(name);
  });
}

export default function shell(component) {
  return opened(Shell, component);
}
