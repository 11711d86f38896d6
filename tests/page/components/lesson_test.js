// What the lesson's scripts decide: which answer is right, which explanation belongs to a wrong one,
// which step a word means, and what of the browser's memory is believed.

import {
  judgedEnd,
  judgedNumbers,
  judgedSketch,
} from "../../../viz/page/components/lesson/judge.js";
import { roundBelow } from "../../../viz/page/components/lesson/sketch.js";
import { parsed } from "../../../viz/page/components/lesson/progress.js";
import { parsedScore } from "../../../viz/page/components/course/score.js";
import { finished, report, verdicts } from "../../../viz/page/components/course/quiz.js";
import { linesOf, stepOf } from "../../../viz/page/components/graph/targets.js";

function equal(found, wanted) {
  const [one, other] = [found, wanted].map((each) => JSON.stringify(each));
  if (one !== other) throw new Error(`${one} is not ${other}`);
}

const say = (text) => [{ text, code: false, target: "" }];

const QUESTION = /** @type {any} */ ({
  truth: [0, 4, 8, 12],
  ends: [["n1", "n3"]],
  mistakes: [
    { values: [0, 2, 4, 6], ends: [], say: say("half") },
    { values: [], ends: [["n2", "n3"]], say: say("the other one") },
  ],
});

const NUMBERS = [
  [[0, 4, 8, 12], true, undefined, ""],
  [[0, 4.01, 8, 12], true, undefined, ""],
  [[0, 2, 4, 6], false, "half", ""],
  [[0, -4, -8, -12], false, undefined, "The size is right; look at the sign."],
  [[24], false, undefined, "Count your numbers: the answer has 4."],
  [[1, 2, 3, 4], false, undefined, "Not yet. Try again, or take a hint."],
];

for (const [given, right, said, general] of NUMBERS) {
  Deno.test(`numbers: ${given}`, () => {
    const verdict = judgedNumbers(QUESTION, /** @type {number[]} */ (given));
    equal([verdict.right, verdict.say?.[0].text, verdict.general], [right, said, general]);
  });
}

Deno.test("one number stands for all where all are the same", () => {
  const question = /** @type {any} */ ({ truth: [1, 1, 1], mistakes: [] });
  equal(judgedNumbers(question, [1]).right, true);
  equal(judgedNumbers(question, [2]).right, false);
});

Deno.test("infinity is a number, and nothing is near what is not one", () => {
  const question = /** @type {any} */ ({ truth: ["NaN"], mistakes: [] });
  equal(judgedNumbers(question, [0]).right, false);
});

Deno.test("a sketch may be off by a tenth", () => {
  const question = /** @type {any} */ ({ truth: [-1, 0, 1], mistakes: [] });
  equal(judgedSketch(question, [-0.9, 0.1, 1.1], 1.25).right, true);
  equal(judgedSketch(question, [-0.8, 0.1, 1.1], 1.25).right, false);
  const turned = judgedSketch(question, [1, 0, -1], 1.25).general;
  equal(turned, "The size is right; look at the sign.");
});

Deno.test("cards and arrows are judged by their ends", () => {
  equal(judgedEnd(QUESTION, ["n1", "n3"]).right, true);
  equal(judgedEnd(QUESTION, ["n2", "n3"]).say?.[0].text, "the other one");
  equal(judgedEnd(QUESTION, ["n1", null]).right, false);
});

const STORED = [
  [null, {}],
  ["not JSON", {}],
  ["[1]", {}],
  ["null", {}],
  ['{"chain":{"0":"right","1":"shown"}}', { chain: { 0: "right", 1: "shown" } }],
  ['{"chain":{"0":"<b>","x":"right","999":"right"}}', { chain: {} }],
  ['{"<b>":{"0":"right"},"fork":7}', {}],
];

for (const [text, wanted] of STORED) {
  Deno.test(`stored answers: ${text}`, () => equal(parsed(/** @type {any} */ (text)), wanted));
}

Deno.test("a stored score is believed if it can be one", () => {
  equal(parsedScore('{"right":3,"asked":5}'), { right: 3, asked: 5 });
  for (const text of [null, "x", "{}", '{"right":6,"asked":5}', '{"right":-1,"asked":5}']) {
    equal(parsedScore(text), { right: 0, asked: 0 });
  }
});

const STEPS = /** @type {any} */ ([
  { direction: "forward", node: null, nodes: ["n0", "n1"] },
  { direction: "forward", node: "n2", nodes: ["n2"] },
  { direction: "forward", node: "n3", nodes: ["n3"] },
  { direction: "backward", node: "n3", nodes: ["n3"] },
  { direction: "backward", node: "n2", nodes: ["n2"] },
  { direction: "backward", node: "n0", nodes: ["n0"] },
]);
const DETAILS = /** @type {any} */ ({
  n0: { name: "x", op: "AccumulateGrad" },
  n1: { name: "y", op: "AccumulateGrad" },
  n2: { name: "a", op: "AddBackward0" },
  n3: { name: "", op: "MulBackward0" },
});
const TARGETS = [
  ["start", 0],
  ["end", 5],
  ["forward", 2],
  ["step:4", 4],
  ["step:99", 5],
  ["forward:x", 0],
  ["forward:a", 1],
  ["forward:MulBackward0", 2],
  ["back:a", 4],
  ["back:x", 5],
  ["back:x:1", 5],
  ["back:x:2", null],
  ["back:y", null],
];

for (const [target, index] of TARGETS) {
  Deno.test(`target ${target}`, () => equal(stepOf(STEPS, DETAILS, String(target)), index));
}

Deno.test("a quiz counts a lesson's questions, and an exercise's once it was begun", () => {
  const part = (key, questions) => /** @type {any} */ ({ key, title: key, questions });
  equal(verdicts(part("kink", 2), { 1: "right" }), ["right", "open"]);
  equal(verdicts(part("practice-1-2", 0), { 10: "open", 9: "shown" }), ["shown", "open"]);
  equal(finished(part("practice-1-2", 0), {}), false);
  equal(finished(part("kink", 2), { 0: "right", 1: "shown" }), true);
  const known = { kink: { 0: "right" }, "practice-1-2": { 9: "right" } };
  equal(report([part("kink", 2), part("practice-1-2", 0)], known).slice(0, 3), [
    "2 of 3 at the first try.",
    "✓ · kink",
    "✓ practice-1-2",
  ]);
});

Deno.test("words mark one line or several", () => {
  equal([linesOf("line:3"), linesOf("line:3-5")], [[3, 3], [3, 5]]);
});

Deno.test("a sketch's axis is marked at a round number", () => {
  equal([2, 1.99, 0.05, 7, 120].map(roundBelow), [2, 1, 0.05, 5, 100]);
});
