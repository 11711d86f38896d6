// What is used of plotly's figures; `_fullLayout` is private, and the only way to its axes' scales.

/**
 * @typedef {object} Axis
 * @property {number} _offset pixels before it
 * @property {number} _length pixels
 * @property {Array<number | string>} range
 * @property {(value: number) => number} l2p from a number to pixels
 * @property {(pixels: number) => number} p2l
 */

/**
 * @typedef {HTMLElement & {
 *   on: (name: string, listener: (event: any) => void) => void,
 *   _fullLayout?: { xaxis?: Axis, yaxis?: Axis },
 * }} Plot
 */

/**
 * The figure with this Streamlit key, once plotly has drawn it.
 * @param {string | undefined} key
 * @returns {Plot | null}
 */
export function plotOf(key) {
  const found =
    /** @type {Plot | null} */ (document.querySelector(`.st-key-${key} .js-plotly-plot`));
  return typeof found?.on === "function" ? found : null;
}

// The block of the page that a component's figure stands in, to be watched for new figures.
/** @param {HTMLElement} root */
export function surroundings(root) {
  const host = /** @type {ShadowRoot} */ (root.getRootNode()).host;
  return host.closest('[data-testid="stVerticalBlock"]') ?? document.body;
}
