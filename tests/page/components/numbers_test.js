// Numbers as they are sent, read, typed and held by sliders.

import assert from "node:assert/strict";
import {
  doubles,
  exact,
  floated,
  near,
  numbers,
  numeral,
  reach,
  trimmed,
} from "../../../viz/page/components/shared/numbers.js";

Deno.test("a number that JSON does not know comes back from its text", () => {
  /** @type {(import("../../../viz/page/components/shared/records.js").Exact | null | undefined)[]} */
  const sent = [1.5, "Infinity", "-Infinity", "NaN", null, undefined];
  assert.deepEqual(sent.map(exact), [1.5, Infinity, -Infinity, NaN, null, null]);
});

Deno.test("numbers are told with a true minus, infinity, and a dash where none is known", () => {
  const told = [-1.23456, -Infinity, Infinity, 0, -0, 1e-9, 1234567, null].map((x) =>
    numeral(x, 4)
  );
  assert.deepEqual(told, ["−1.235", "−∞", "∞", "0", "0", "1e−9", "1235000", "—"]);
});

Deno.test("answers are read as lists, fractions and with a true minus; other texts are none", () => {
  const read = {
    "−4": [-4],
    "1/3": [1 / 3],
    "[0, 4; 8]": [0, 4, 8],
    "[[1 2] [3 4]]": [1, 2, 3, 4],
    "1e3": [1000],
    "－４": [-4],
    "［０，１．５；－８】": [0, 1.5, -8],
    "0、4、8": [0, 4, 8],
    "１／３": [1 / 3],
    "- 4": [-4],
    "1 / 3": [1 / 3],
    "x = −4": [-4],
    "x.grad = [0, - 4]": [0, -4],
    "x.grad = tensor([0., 4.])": [0, 4],
    "４。": [4],
  };
  for (const [text, found] of Object.entries(read)) assert.deepEqual(numbers(text), found);
  for (const text of ["", "x", "1/2/3", "/2", "1/0", "[]", "<b>1", "1 - 4", "4x", "a = b"]) {
    assert.equal(numbers(text), null);
  }
});

Deno.test("an answer may be rounded as a card rounds it, and no further", () => {
  assert.ok(near(0.333, 1 / 3));
  assert.ok(near(0, 0.0004));
  assert.ok(near(-4, -4));
  assert.ok(!near(4, -4));
  assert.ok(!near(0.3, 1 / 3));
  assert.ok(!near(103, 100));
});

Deno.test("a row of numbers is exact, with what JSON does not know", () => {
  const row = [0.1, -1e308, 5e-324, Infinity, -Infinity, NaN, -0];
  const bytes = new Uint8Array(new Float64Array(row).buffer);
  assert.deepEqual(doubles(btoa(String.fromCharCode(...bytes))), row);
  assert.deepEqual(doubles(""), []);
});

Deno.test("a slider's number is as short as its step, and a float keeps its point", () => {
  assert.equal(trimmed(0.1 + 0.2, 0.1), "0.3");
  assert.equal(trimmed(-0.0001, 0.01), "0.00");
  assert.equal(trimmed(12.5, 5), "13");
  assert.deepEqual(["2", "-2", "2.5", "1e5"].map(floated), ["2.0", "-2.0", "2.5", "1e5"]);
});

Deno.test("a slider reaches beyond its number, to a round one", () => {
  for (const value of [0, 1, -4.9, 6, 99, 1234, -1e6, 0.003]) {
    const bound = reach(value);
    assert.ok(bound > Math.abs(value), `${bound} for ${value}`);
    assert.match(bound.toExponential(), /^[125](e|$)/);
  }
});
