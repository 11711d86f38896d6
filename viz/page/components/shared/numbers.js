// Numbers: as they are sent, as people read and type them, as sliders hold them.

// A number as it was sent: JSON has no infinity and no NaN, they come as texts; null is not known.
export function exact(sent) {
  return sent === null ? null : Number(sent);
}

// A number as people read it, with a true minus and ∞; a dash where it is not known.
export function numeral(value, digits) {
  if (value === null) return "—";
  const text = Number.isFinite(value) ? String(Number(value.toPrecision(digits))) : String(value).replace("Infinity", "∞");
  return text.replace("-", "−");
}

// A number as short as its step allows: 0.30000000000000004 → 0.3
export function trimmed(value, step) {
  const digits = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  return value.toFixed(Math.min(digits, 12)).replace(/^-(0(\.0*)?)$/, "$1");
}

// Slider bounds that hold the value: a round number beyond it.
export function reach(value) {
  const size = Math.max(Math.abs(value), 1e-9);
  if (size < 5 && size >= 0.05) return 5;
  const power = 10 ** Math.floor(Math.log10(size));
  return [2, 5, 10, 20].map((factor) => factor * power).find((bound) => bound >= size * 1.2);
}

// The text of a float input keeps its point: "2" would be read as a whole number.
export function floated(text) {
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

// A text as its numbers: `−4`, `1/3`, `[0, 4]`; null for anything else.
export function numbers(text) {
  const parts = text.replaceAll("−", "-").replace(/[[\]()]/g, " ").split(/[\s,;]+/).filter(Boolean);
  const found = parts.map((part) => {
    const [above, below = "1", ...more] = part.split("/");
    return more.length || above === "" || below === "" ? NaN : Number(above) / Number(below);
  });
  return found.length && found.every(Number.isFinite) ? found : null;
}
