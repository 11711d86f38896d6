// The words of Streamlit and of plotly in the page's language: labels of their buttons and fields.
// Their icons are letters of a font, whose names ("restart_alt") nobody is to hear.

import { told } from "../shared/texts.js";

const PARTS = [
  ".modebar-btn",
  '[data-testid="stSelectbox"] :is(button, input)',
  '[data-testid="stCode"] button',
  '[data-testid="stExpandSidebarButton"]',
  '[data-testid="stSidebarCollapseButton"] button',
  '[data-testid="stSidebar"]',
].join();
const NOTE = ".plotly-notifier .notifier-note span";
const LABELS = ["aria-label", "title", "data-title", "placeholder"];

export class Foreign {
  constructor() {
    /** @type {WeakMap<Element, Map<string, { english: string, shown: string }>>} */
    this.known = new WeakMap();
    this.observer = new MutationObserver(() => this.later());
    this.observer.observe(document.body, { childList: true, subtree: true });
  }

  close() {
    this.observer.disconnect();
    cancelAnimationFrame(this.frame);
  }

  // Once for all that came into the page together.
  later() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.translate());
  }

  translate() {
    for (const part of document.querySelectorAll(PARTS)) {
      for (const label of LABELS) {
        const shown = part.getAttribute(label);
        if (shown === null) continue;
        const translated = this.of(part, label, shown);
        if (translated !== shown) part.setAttribute(label, translated);
      }
    }
    for (const icon of document.querySelectorAll('[data-testid="stIconMaterial"]')) {
      icon.setAttribute("aria-hidden", "true");
    }
    const skip = document.querySelector('[data-testid="stSkipToContent"]');
    for (const part of [skip, ...document.querySelectorAll(NOTE)]) {
      if (part) this.reword(part);
    }
  }

  // What is written is a change of the page, of which the observer hears: to write the same again
  // would have no end.
  /** @param {Element} part */
  reword(part) {
    const shown = part.textContent;
    const translated = this.of(part, "text", shown);
    if (translated !== shown) part.textContent = translated;
  }

  /** @param {Element} part @param {string} label @param {string} shown what stands there */
  of(part, label, shown) {
    if (!this.known.has(part)) this.known.set(part, new Map());
    const labels = this.known.get(part);
    const known = labels.get(label);
    const english = known?.shown === shown ? known.english : shown;
    const translated = noted(english);
    labels.set(label, { english, shown: translated });
    return translated;
  }
}

// A label or a note of plotly's in the page's language; the name of a file at its end stays.
/** @param {string} english */
export function noted(english) {
  const [file = ""] = / - \S+\.\w+$/.exec(english) ?? [];
  return told(english.slice(0, english.length - file.length)) + file;
}
