// What a curve says between its samples. That it agrees with Python's read-out is shown by
// test_agreement.py, which runs `valueAt` on curves that Python made.

import assert from "node:assert/strict";
import { undefinedAt, valueAt } from "../../../viz/page/components/overlay/samples.js";

const cube = {
  x: [-1, 0, 2],
  derivatives: [[-1, 0, 8], [3, 0, 12], [-6, 0, 12]],
  gaps: [],
};

Deno.test("a cubic is exact between its samples", () => {
  for (const x of [-0.5, 0.5, 1, 1.9]) {
    assert.ok(Math.abs(valueAt(cube, x) - x ** 3) < 1e-12);
  }
});

Deno.test("at a sample it is the sample, outside and beyond the orders nothing", () => {
  assert.equal(valueAt(cube, 2), 8);
  assert.equal(valueAt(cube, 2, 2), 12);
  assert.equal(valueAt(cube, 2.1), null);
  assert.equal(valueAt(cube, 0.5, 3), null);
});

Deno.test("nothing is told across a gap; undefined is told from not known", () => {
  const gaps = [
    { order: 0, kind: /** @type {const} */ ("undefined"), start: -1, stop: 0 },
    { order: 1, kind: /** @type {const} */ ("kink"), start: 1, stop: 1 },
  ];
  const torn = { x: [-1, 0, 2], derivatives: [[NaN, 0, 8], [NaN, Infinity, 12]], gaps };
  assert.equal(valueAt(torn, -0.5), null);
  assert.ok(undefinedAt(torn, -0.5));
  assert.ok(undefinedAt(torn, -1));
  assert.ok(!undefinedAt(torn, 1, 1));
  assert.equal(valueAt(torn, 1, 1), null);
  assert.equal(valueAt(torn, 1), 4 + 0);
  assert.equal(valueAt(torn, 0, 1), null);
});
