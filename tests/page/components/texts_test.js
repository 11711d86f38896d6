// Texts in the spoken language, told and typed.

import assert from "node:assert/strict";
import { composing } from "../../../viz/page/components/shared/dom.js";
import { noted } from "../../../viz/page/components/shell/foreign.js";
import { speak, told } from "../../../viz/page/components/shared/texts.js";

Deno.test("a template is translated, and its places are filled", () => {
  speak({ "round {number}": "第 {number} 轮" });
  assert.equal(told("round {number}", { number: 3 }), "第 3 轮");
  assert.equal(told("{a} and {b}", { a: 1 }), "1 and {b}");
  assert.equal(told("no translation"), "no translation");
});

Deno.test("a note of plotly's is translated, and the name of its file stays", () => {
  speak({ "Image download succeeded": "图片已下载", "Preparing image - this may take": "稍等" });
  assert.equal(noted("Image download succeeded - newplot.png"), "图片已下载 - newplot.png");
  assert.equal(noted("Preparing image - this may take"), "稍等");
  assert.equal(noted("Zoom"), "Zoom");
});

Deno.test("the Enter that chooses a pinyin word is no new line, in Safari neither", () => {
  const key = (isComposing, keyCode) => composing(/** @type {any} */ ({ isComposing, keyCode }));
  assert.ok(key(true, 13));
  assert.ok(key(false, 229)); // Safari: the composition is over by then
  assert.ok(!key(false, 13));
});
