// Small builders of elements, and the icons.

export const PAUSE = 400; // ms after the last keystroke until a text counts

// An element with attributes and children; text children are text, never markup.
/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/**
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [attributes]
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function svgElement(tag, attributes = {}) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

// Whether somebody is in this field: components stand in shadows of their own.
/** @param {Element} field */
export function focused(field) {
  return /** @type {ShadowRoot} */ (field.getRootNode()).activeElement === field;
}

const ICONS = {
  first: "M4 3h2v14H4zM16 3v14L7 10z",
  previous: "M14 3v14L5 10z",
  play: "M5 3l12 7-12 7z",
  pause: "M4 3h4v14H4zM12 3h4v14h-4z",
  next: "M6 3v14l9-7z",
  last: "M14 3h2v14h-2zM4 3v14l9-7z",
  fit: "M3 3h5v2H5v3H3zM12 3h5v5h-2V5h-3zM3 12h2v3h3v2H3zM15 12h2v5h-5v-2h3z",
  full: "M3 8V3h5L6 5l3 3-1 1-3-3zM17 12v5h-5l2-2-3-3 1-1 3 3z",
  closer: "M9 4h2v5h5v2h-5v5H9v-5H4V9h5z",
  farther: "M4 9h12v2H4z",
  legend: "M3 4h3v3H3zM8 5h9v1.5H8zM3 9h3v3H3zM8 10h9v1.5H8zM3 14h3v3H3zM8 15h9v1.5H8z",
  close: "M5.4 4L10 8.6 14.6 4 16 5.4 11.4 10l4.6 4.6-1.4 1.4L10 11.4 5.4 16 4 14.6 8.6 10 4 5.4z",
  take: "M9 3h2v7h3l-4 4-4-4h3zM4 15h12v2H4z",
  back: "M8 3v4h3a5 5 0 0 1 0 10H5v-2h6a3 3 0 0 0 0-6H8v4L2 8z",
  draw:
    "M10 4a6 6 0 1 0 5.7 8h-2.2A4 4 0 1 1 10 6c1.2 0 2.2.5 2.9 1.3L10.5 9.5H17V3l-2.3 2.3A6 6 0 0 0 10 4z",
};

export function icon(name) {
  const svg = svgElement("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" });
  svg.append(svgElement("path", { d: ICONS[name] }));
  return svg;
}

export function iconButton(name, label, act) {
  return element("button", {
    type: "button",
    class: `icon icon-${name}`,
    title: label,
    "aria-label": label,
    onclick: act,
  }, icon(name));
}

// Whether a key belongs to what somebody composes (pinyin): Safari has ended that when it tells of the
// key that chose, and gives it the number of such keys.
/** @param {KeyboardEvent} event */
export function composing(event) {
  return event.isComposing || event.keyCode === 229;
}

// A key stays in its field: Streamlit and the player listen to letters. Esc leads out of a lecture.
/** @param {KeyboardEvent} event */
export function kept(event) {
  if (event.key !== "Escape") event.stopPropagation();
}
