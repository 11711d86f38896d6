// A quiz by link: a lecturer chooses lessons and exercises and copies the link; who opens it is led
// through them, and sees in the end what was answered. Nothing of it leaves the browser.

import { element } from "../shared/dom.js";
import { told } from "../shared/texts.js";
import { sheet } from "./plan.js";

/** @typedef {import("../shared/records.js").ListedLesson} ListedLesson */

const SIGNS = { right: "✓", shown: "○", open: "·" };

// How each question of a part was answered; an exercise knows its questions once it was begun.
/**
 * @param {ListedLesson} part
 * @param {Record<string, string>} answers
 * @returns {string[]}
 */
export function verdicts({ questions }, answers) {
  const found = Object.keys(answers).sort((one, other) => Number(one) - Number(other));
  const missing = Math.max(0, questions - found.length);
  return [...found.map((number) => answers[number]), ...Array(missing).fill("open")];
}

/**
 * @param {ListedLesson} part
 * @param {Record<string, string>} answers
 */
export function finished(part, answers) {
  const found = verdicts(part, answers);
  return found.length > 0 && !found.includes("open");
}

// What was answered, as lines of text: to be copied, or printed.
/**
 * @param {ListedLesson[]} parts
 * @param {Record<string, Record<string, string>>} known
 */
export function report(parts, known) {
  const all = parts.map((part) => verdicts(part, known[part.key] ?? {}));
  const right = all.flat().filter((one) => one === "right").length;
  const lines = parts.map(({ title }, at) =>
    `${all[at].map((one) => SIGNS[one]).join(" ") || SIGNS.open} ${title}`
  );
  return [
    told("{right} of {asked} at the first try.", { right, asked: all.flat().length }),
    ...lines,
    told("✓ right at the first try, ○ with help or after a mistake, · open"),
  ];
}

// The page of what was answered.
/**
 * @param {ListedLesson[]} parts
 * @param {Record<string, Record<string, string>>} known
 * @param {{ go: (key: string) => void, again: () => void, leave: () => void }} act
 */
export function results(parts, known, act) {
  const lines = report(parts, known);
  const [sum, ...rest] = lines;
  const legend = rest.pop();
  const open = parts.find((part) => !finished(part, known[part.key] ?? {}));
  const rows = parts.map(({ key }, at) =>
    element(
      "li",
      {},
      element("span", { class: "state" }),
      element("button", { type: "button", class: "title", onclick: () => act.go(key) }, rest[at]),
    )
  );
  const button = (text, onclick) => element("button", { type: "button", onclick }, text);
  return [
    element("p", { class: "summary" }, sum),
    element("ol", {}, ...rows),
    element("p", { class: "about" }, `${legend}. ${told("Your answers stay in this browser.")}`),
    element(
      "p",
      { class: "levels" },
      open ? button(told("Go on: {title}", { title: open.title }), () => act.go(open.key)) : null,
      copier(told("Copy as text"), () => lines.join("\n")),
      button(told("Print"), () => sheet(told("Quiz"), lines.map((line) => element("p", {}, line)))),
      button(told("Ask me again"), act.again),
      button(told("Leave the quiz"), act.leave),
    ),
  ];
}

// A button that copies a text and says that it did.
/**
 * @param {string} label
 * @param {() => string} text
 */
function copier(label, text) {
  const button = element("button", { type: "button" }, label);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text());
      button.textContent = told("Copied");
    } catch {
      // a browser may refuse: then the text is there to be copied by hand
      prompt(label, text());
    }
  });
  return button;
}

// Lessons and exercises to tick, and the link that asks a class for them.
/** @param {import("../shared/records.js").CourseOverview} data */
export function chooser({ groups, levels }) {
  const link = element("input", {
    type: "text",
    readonly: "",
    "aria-label": told("Link to the quiz"),
    onfocus: () => link.select(),
  });
  const copy = copier(told("Copy the link"), () => link.value);
  const row = element("p", { class: "levels", hidden: true }, link, copy);
  const exercise = (at) => `practice-${at + 1}-${Math.floor(Math.random() * 100_000)}`;
  const offered = [
    ...groups.flatMap(({ lessons }) => lessons.map(({ key, title }) => ({ key, title }))),
    ...levels.map((name, at) => ({ key: exercise(at), title: `${told("Practice")}: ${name}` })),
  ];
  /** @type {HTMLInputElement[]} */
  const boxes = offered.map(({ key }) => element("input", { type: "checkbox", value: key }));
  const choose = () => {
    const keys = boxes.filter(({ checked }) => checked).map(({ value }) => value);
    row.hidden = !keys.length;
    link.value = quizLink(keys);
    copy.textContent = told("Copy the link");
  };
  const labels = boxes.map((box, at) => {
    box.addEventListener("change", choose);
    return element("label", {}, box, ` ${offered[at].title}`);
  });
  return element(
    "details",
    { class: "chooser" },
    element("summary", {}, told("Put together a quiz")),
    element(
      "p",
      { class: "about" },
      told("Tick lessons and exercises, and give the link to your class. It asks for no names."),
    ),
    element("div", { class: "ticks" }, ...labels),
    row,
  );
}

/** @param {string[]} keys */
function quizLink(keys) {
  return `${location.origin}${location.pathname}?quiz=${keys.join(",")}`;
}
