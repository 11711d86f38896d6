// Streamlit takes everything off the page where a message does not fit what stands there, as after
// a connection that was cut in the middle of a run, and shows an error in the place of what needs a
// script of its own that did not arrive. Then the page is loaded anew, and what was typed stands there
// again.

import { element } from "../shared/dom.js";
import { told } from "../shared/texts.js";

const HELD = "explorer.held";
const WHEN = "explorer.anew";
const ONCE = 20_000; // ms in which it is loaded anew by itself once
const PAUSE = 1_000; // ms until it is looked again whether the server answers
const HEALTH = "_stcore/health";

let watched = false;

// From now on loads the page anew when nothing is left of it, or a script of Streamlit's has not arrived.
/** @param {() => object} held what the tab shows */
export function watchPage(held) {
  if (watched) return;
  watched = true;
  const root = document.getElementById("root");
  let over = false;
  const anew = () => {
    if (!over) loadAnew(held());
    over = true;
  };
  globalThis.addEventListener("vite:preloadError", anew);
  new MutationObserver(() => root.hasChildNodes() || anew()).observe(root, { childList: true });
}

// What the tab showed before it was loaded anew; told once.
/** @returns {object | null} */
export function shownBefore() {
  const kept = read(HELD);
  write(HELD, null);
  return kept;
}

/** @param {object} held */
async function loadAnew(held) {
  const again = Date.now() - (read(WHEN) ?? 0) < ONCE;
  write(HELD, held);
  write(WHEN, Date.now());
  while (!(await answers())) await new Promise((over) => setTimeout(over, PAUSE));
  if (!again) return location.reload();
  if (document.getElementById("root")?.hasChildNodes()) return; // but for one place it is whole
  const words = told("The connection has ended. Reload the page: its address holds what you see.");
  document.body.append(element("p", { role: "status" }, words));
}

async function answers() {
  try {
    return (await fetch(HEALTH, { cache: "no-store" })).ok;
  } catch { // no network
    return false;
  }
}

// A browser may keep nothing within another site's frame.
function read(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name) ?? "null");
  } catch {
    return null;
  }
}

function write(name, value) {
  try {
    if (value === null) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, JSON.stringify(value));
  } catch {
    // then the address is all that is left
  }
}
