// Whether an answer is right, and which explanation belongs to a wrong one.

import { exact, near } from "../shared/numbers.js";
import { told } from "../shared/texts.js";

/** @typedef {import("../shared/records.js").LessonRun[]} Said */
/** @typedef {import("../shared/records.js").Exact} Exact */

/**
 * @template [Say=Said]
 * @typedef {object} Verdict
 * @property {boolean} right
 * @property {Say | null} say the explanation of this very mistake
 * @property {string} general the page's own sentence, where there is none
 */

const again = () => told("Not yet. Try again, or take a hint.");
const sign = () => told("The size is right; look at the sign.");

/**
 * @template Say
 * @param {{ truth: Exact[], mistakes: { values: Exact[], say: Say }[] }} question
 * @param {number[]} given
 * @returns {Verdict<Say>}
 */
export function judgedNumbers(question, given) {
  const truth = question.truth.map(exact);
  if (same(given, truth)) return { right: true, say: null, general: "" };
  const known = question.mistakes.find(({ values }) => same(given, values.map(exact)));
  if (known) return { right: false, say: known.say, general: "" };
  const turned = same(given, truth.map((number) => -number));
  if (turned || given.length === truth.length) {
    return { right: false, say: null, general: turned ? sign() : again() };
  }
  const count = truth.length;
  const general = told("Count your numbers: the answer has {count}.", { count });
  return { right: false, say: null, general };
}

// A drawn curve: each point within a tenth of the range that is shown.
/**
 * @param {import("../shared/records.js").AskedTask} question
 * @param {number[]} given
 * @param {number} reach
 * @returns {Verdict}
 */
export function judgedSketch(question, given, reach) {
  const close = (values) =>
    values.length === given.length &&
    values.every((value, at) => Math.abs(exact(value) - given[at]) <= 0.1 * reach);
  if (close(question.truth)) return { right: true, say: null, general: "" };
  const known = question.mistakes.find(({ values }) => close(values));
  if (known) return { right: false, say: known.say, general: "" };
  const turned = close(question.truth.map((value) => -exact(value)));
  return { right: false, say: null, general: turned ? sign() : again() };
}

/**
 * @param {import("../shared/records.js").AskedTask} question
 * @param {[string, string | null]} end
 * @returns {Verdict}
 */
export function judgedEnd(question, end) {
  const meant = (ends) => ends.some(([source, target]) => source === end[0] && target === end[1]);
  if (meant(question.ends)) return { right: true, say: null, general: "" };
  const known = question.mistakes.find(({ ends }) => meant(ends));
  return { right: false, say: known?.say ?? null, general: known ? "" : again() };
}

// As many numbers, each near; one number stands for all where all are the same.
function same(given, values) {
  const all = given.length === 1 && values.every((value) => value === values[0])
    ? values.map(() => given[0])
    : given;
  return all.length === values.length && values.length > 0 &&
    all.every((number, at) => near(number, values[at]));
}
