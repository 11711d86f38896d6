// Texts in the spoken language.

import assert from "node:assert/strict";
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
