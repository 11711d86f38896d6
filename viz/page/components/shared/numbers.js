// Numbers: as they are sent, as people read and type them, as sliders hold them.

const NEAR = 0.01; // part of a number by which an answer may be off: cards show rounded numbers
const NEARER = 0.0005;
const WIDER = 0xfee0; // from a plain character to the same one at full width

// Whether an answer is the number, but for rounding by head.
/**
 * @param {number} given
 * @param {number} truth
 */
export function near(given, truth) {
  return Math.abs(given - truth) <= NEAR * Math.abs(truth) + NEARER;
}

// A row of numbers as it was sent: base64 of float64, least byte first.
/**
 * @param {string} sent
 * @returns {number[]}
 */
export function doubles(sent) {
  const bytes = Uint8Array.from(atob(sent), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Array.from({ length: bytes.length / 8 }, (_, index) => view.getFloat64(8 * index, true));
}

// A number as it was sent: JSON has no infinity and no NaN, they come as texts; null is not known.
/**
 * @param {import("./records.js").Exact | null | undefined} sent
 * @returns {number | null}
 */
export function exact(sent) {
  return sent === null || sent === undefined ? null : Number(sent);
}

// A number as people read it, with a true minus and ∞; a dash where it is not known.
/**
 * @param {number | null} value
 * @param {number} digits
 * @returns {string}
 */
export function numeral(value, digits) {
  if (value === null) return "—";
  const text = Number.isFinite(value)
    ? String(Number(value.toPrecision(digits)))
    : String(value).replace("Infinity", "∞");
  return text.replace("-", "−");
}

// A number as short as its step allows: 0.30000000000000004 → 0.3
/**
 * @param {number} value
 * @param {number} step
 * @returns {string}
 */
export function trimmed(value, step) {
  const digits = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  return value.toFixed(Math.min(digits, 12)).replace(/^-(0(\.0*)?)$/, "$1");
}

// Slider bounds that hold the value: a round number beyond it.
/**
 * @param {number} value
 * @returns {number}
 */
export function reach(value) {
  const size = Math.max(Math.abs(value), 1e-9);
  if (size < 5 && size >= 0.05) return 5;
  const power = 10 ** Math.floor(Math.log10(size));
  return [2, 5, 10, 20].map((factor) => factor * power).find((bound) => bound >= size * 1.2);
}

// The text of a float input keeps its point: "2" would be read as a whole number.
/**
 * @param {string} text
 * @returns {string}
 */
export function floated(text) {
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

// A text in plain characters: as Chinese keyboards type numbers, `－４．５`, and as they are printed.
/**
 * @param {string} text
 * @returns {string}
 */
export function narrow(text) {
  return text
    .replace(/[！-～]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - WIDER))
    .replace(/[−–—]/g, "-");
}

// A text as its numbers: `−4`, `1/3`, `[0, 4]`, `x = - 4`, `tensor([0., 4.])`, and as Chinese keyboards
// type them, `［０，－４］`, `４。`; null for anything else.
/**
 * @param {string} text
 * @returns {number[] | null}
 */
export function numbers(text) {
  const plain = narrow(text)
    .replace(/。/g, ".")
    .replace(/^\s*(?:[A-Za-z_][\w.]{0,40}\s*)?=/, "")
    .replace(/^\s*tensor(?=\()/, "")
    .replace(/[[\]()【】]/g, " ")
    .replace(/(^|[,;、])\s*([-+])\s+(?=[\d.])/g, "$1$2")
    .replace(/\s*\/\s*/g, "/");
  const parts = plain.split(/[\s,;、]+/).filter(Boolean);
  const found = parts.map((part) => {
    const [above, below = "1", ...more] = part.split("/");
    return more.length || above === "" || below === "" ? NaN : Number(above) / Number(below);
  });
  return found.length && found.every(Number.isFinite) ? found : null;
}
