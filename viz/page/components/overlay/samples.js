// A curve's samples as Python sends them, and what they say at one x. `valueAt` answers as
// `viz.drawing.figures.curve.readout.value_at` does, to the last bit.

import { bus } from "../shared/bus.js";
import { doubles } from "../shared/numbers.js";

// Draws nothing: it tells the overlay which curve is on the page.
export class Samples {
  /** @param {import("../shared/records.js").CurveSamples} data */
  update(data) {
    bus.emit("curve", { curve: curveOf(data) });
  }
}

/** @typedef {{ x: number[], derivatives: number[][], gaps: import("../shared/records.js").Break[] }} Curve */

/**
 * @param {import("../shared/records.js").CurveSamples} data
 * @returns {Curve}
 */
export function curveOf({ x, derivatives, gaps }) {
  return { x: doubles(x), derivatives: derivatives.map(doubles), gaps };
}

// The derivative of an order at x: exact at a sample, between two of them by the cubic that has
// their values and slopes. null: not known, or not defined.
/**
 * @param {Curve} curve
 * @param {number} x
 * @returns {number | null}
 */
export function valueAt(curve, x, order = 0) {
  const place = firstNotBelow(curve.x, x);
  const row = curve.derivatives[order];
  if (!row) return null;
  if (place < curve.x.length && curve.x[place] === x) return finite(row[place]);
  if (place <= 0 || place >= curve.x.length || inGap(curve, x, order)) return null;
  return finite(between(curve.x, row, curve.derivatives[order + 1], place, x));
}

// Whether the derivative of an order is known to be none at x: NaN at a sample, or within a
// stretch where f is not defined.
/**
 * @param {Curve} curve
 * @param {number} x
 */
export function undefinedAt(curve, x, order = 0) {
  const place = firstNotBelow(curve.x, x);
  const row = curve.derivatives[order];
  if (row && curve.x[place] === x) return Number.isNaN(row[place]);
  return inGap(curve, x, order, "undefined");
}

function firstNotBelow(xs, x) {
  let [low, high] = [0, xs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[middle] < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

function between(xs, row, slopes, place, x) {
  const width = xs[place] - xs[place - 1];
  const t = (x - xs[place - 1]) / width;
  const [low, high] = [row[place - 1], row[place]];
  const line = low + (high - low) * t;
  if (!slopes || !Number.isFinite(slopes[place - 1]) || !Number.isFinite(slopes[place])) {
    return line;
  }
  const chord = high - low;
  const bend = (1 - t) * (slopes[place - 1] * width - chord) - t * (slopes[place] * width - chord);
  return line + t * (1 - t) * bend;
}

function inGap({ gaps }, x, order, kind = null) {
  return gaps.some((gap) =>
    gap.order <= order && Number(gap.start) <= x && x <= Number(gap.stop) &&
    (!kind || gap.kind === kind)
  );
}

function finite(value) {
  return Number.isFinite(value) ? value : null;
}
