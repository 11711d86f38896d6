// The shell carries code, styles and texts to the browser once; the other components are small
// and ask it for theirs. It also keeps the address and the document's language up to date.

class Shell {
  constructor(root, component) {
    this.component = component;
    this.stop = bus.on("take", () => undefined);
  }

  close() {
    clearTimeout(this.timer);
    this.stop();
  }

  update(data) {
    texts = data.texts;
    document.documentElement.lang = data.language;
    document.documentElement.classList.toggle("presenting", Boolean(data.present));
    document.title = data.title;
    this.address(data.address);
    globalThis.autogradExplorer.open(rooms);
  }

  // Replaces, not pushes: a drag would fill the history and run into the browser's limit.
  address(query) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const wanted = query ? `?${query}` : location.pathname;
      if (location.search !== (query ? `?${query}` : "")) history.replaceState(history.state, "", wanted);
    }, 150);
  }
}

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
