// The sidebar: the address says whether it is open. On a phone it lies over the page, and closes when
// something was chosen in it.

import { bus } from "../shared/bus.js";

const NARROW = "(max-width: 768px)";
const CHOICES =
  '[role="radio"], [role="switch"], [role="checkbox"], [role="slider"], label, button';
const ASIDE = '[data-testid="stSidebar"]';
const OPEN = `${ASIDE}:is([data-collapsed="false"], [aria-expanded="true"])`;
const CLOSE = '[data-testid="stSidebarCollapseButton"] button';
const AFTER = 300; // ms: the choice is seen before it goes

/** @returns {HTMLButtonElement | null} */
const button = () => document.querySelector(CLOSE);

export function closeAside({ target }) {
  const chosen = target instanceof Element && matchMedia(NARROW).matches &&
    target.closest(CHOICES) && !target.closest(CLOSE) &&
    target.closest(ASIDE);
  if (chosen) setTimeout(() => button()?.click(), AFTER);
}

// Tells the address whenever it opens or closes; gives what ends that.
export function watchAside() {
  let was = null;
  const tell = () => {
    const open = document.querySelector(OPEN) !== null;
    if (open === was) return; // lists and menus open and close as well
    was = open;
    bus.emit("aside", { sidebar: open ? "1" : null });
  };
  const observer = new MutationObserver(tell);
  const attributeFilter = ["data-collapsed", "aria-expanded"];
  observer.observe(document.body, { subtree: true, attributes: true, attributeFilter });
  return () => observer.disconnect();
}
