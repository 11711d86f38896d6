// Streamlit takes everything off the page where a message does not fit what stands there, as after
// a connection that was cut in the middle of a run, and shows an error in the place of what needs a
// script of its own that did not arrive. Then the page is loaded anew by itself, once, and what was
// typed stands there again.

import { element } from "../shared/dom.js";
import { told } from "../shared/texts.js";

const MISSING = "vite:preloadError"; // what the scripts' loader tells
const HELD = "explorer.held";
const WHEN = "explorer.anew";
const APART = 60_000; // ms: what is still broken after that was not mended by it
const PAUSE = 1_000; // ms until it is looked again whether the server answers
const SOON = 400; // ms until it is looked again whether somebody types
const QUIET = 2_000; // ms without a key
const OF_A_PICTURE = ["look", "step", "card"];
const HEALTH = "_stcore/health";

/** @typedef {{ address: string, text?: string }} Shown */

let watched = false;

// From now on loads the page anew where that is needed: at once where nothing is left of it, else as
// soon as nobody types.
/** @param {() => Shown} held what the tab shows */
export function watchPage(held) {
  if (watched) return;
  watched = true;
  let typed = 0;
  document.addEventListener("input", () => typed = Date.now(), true);
  const root = document.getElementById("root");
  new MutationObserver(() => root.hasChildNodes() || loadAnew(held))
    .observe(root, { childList: true });
  addEventListener(MISSING, () => {
    const waiting = setInterval(() => {
      if (Date.now() - typed < QUIET || typing()) return;
      clearInterval(waiting);
      loadAnew(held);
    }, SOON);
  });
}

// What the tab showed before it was loaded anew; told once.
/** @returns {object | null} */
export function shownBefore() {
  const kept = read(HELD);
  write(HELD, null);
  return kept;
}

let loading = false;

/** @param {() => Shown} held */
async function loadAnew(held) {
  if (loading) return;
  loading = true;
  const again = Date.now() - (read(WHEN) ?? 0) < APART;
  while (!(await answers())) await new Promise((over) => setTimeout(over, PAUSE));
  loading = false;
  const whole = document.getElementById("root")?.hasChildNodes();
  if (again && whole) return; // but for one place
  write(HELD, kept(held())); // what was typed meanwhile, too
  write(WHEN, Date.now());
  if (!again) return location.reload();
  const words = told("The connection has ended. Reload the page: its address holds what you see.");
  document.body.append(element("p", { role: "status" }, words));
}

// The same; how a picture was looked at is not kept for that of another text.
function kept(shown) {
  const asked = new URLSearchParams(shown.address);
  if (shown.text === undefined || asked.get("f") === shown.text) return shown;
  for (const name of OF_A_PICTURE) asked.delete(name);
  history.replaceState(history.state, "", `?${asked}`);
  return { ...shown, address: `?${asked}` };
}

async function answers() {
  try {
    return (await fetch(HEALTH, { cache: "no-store" })).ok;
  } catch { // no network
    return false;
  }
}

// Whether somebody is typing what only this document holds; the editor's text comes along.
function typing() {
  let part = document.activeElement;
  while (part?.shadowRoot?.activeElement) part = part.shadowRoot.activeElement;
  return part instanceof HTMLInputElement && part.type !== "range" && part.value !== "";
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
