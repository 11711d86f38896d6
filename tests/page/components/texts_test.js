// Texts in the spoken language.

import assert from "node:assert/strict";
import { speak, told } from "../../../viz/page/components/shared/texts.js";

Deno.test("a template is translated, and its places are filled", () => {
  speak({ "round {number}": "第 {number} 轮" });
  assert.equal(told("round {number}", { number: 3 }), "第 3 轮");
  assert.equal(told("{a} and {b}", { a: 1 }), "1 and {b}");
  assert.equal(told("no translation"), "no translation");
});
