// The way through the course: a button, and a dialog with all lessons, what was answered, practice,
// and what a lecturer needs. What was answered is known to this browser alone.

import { bus } from "../shared/bus.js";
import { element } from "../shared/dom.js";
import { told } from "../shared/texts.js";
import { answered, forget } from "../lesson/progress.js";
import { score } from "./score.js";
import { printed } from "./plan.js";
import { chooser, finished, results } from "./quiz.js";

const LONGEST = 20_000; // characters of a lesson's file

export class Course {
  /**
   * @param {HTMLElement} root
   * @param {import("../shared/component.js").Component<import("../shared/records.js").CourseOverview>} component
   */
  constructor(root, component) {
    this.component = component;
    this.opener = element("button", {
      type: "button",
      class: "opener",
      onclick: () => this.open(),
    });
    this.dialog = element("dialog", { class: "course" });
    this.outcome = element("dialog", { class: "course" });
    for (const dialog of [this.dialog, this.outcome]) {
      dialog.addEventListener("keydown", (event) => {
        // Streamlit listens to single letters on the page
        if (event.key.length === 1) event.stopPropagation();
      });
    }
    root.append(this.opener, this.dialog, this.outcome);
    this.stops = [
      bus.on("answered", ({ key }) => this.answered(key)),
      bus.on("results", () => this.conclude()),
    ];
  }

  close() {
    for (const stop of this.stops) stop();
  }

  // Something was answered; with the last answer of a quiz its page opens.
  answered(key) {
    if (this.dialog.open) this.fill();
    const { quiz } = this.data;
    const known = answered();
    const here = quiz.some((part) => part.key === key);
    if (here && quiz.every((part) => finished(part, known[part.key] ?? {}))) this.conclude();
  }

  // What was answered in the quiz.
  conclude() {
    const { quiz } = this.data;
    if (!quiz.length) return;
    const done = (act) => () => {
      this.outcome.close();
      act();
    };
    const parts = results(quiz, answered(), {
      go: (key) => done(() => this.go(key))(),
      again: done(() => {
        for (const { key } of quiz) forget(key);
        bus.once("forgotten", {});
        this.go(quiz[0].key);
      }),
      leave: done(() => this.component.setTriggerValue("act", { does: "leave" })),
    });
    this.outcome.replaceChildren(
      element(
        "header",
        {},
        element("h2", {}, told("Quiz")),
        element("button", { type: "button", onclick: () => this.outcome.close() }, told("Close")),
      ),
      ...parts,
    );
    this.outcome.setAttribute("aria-label", told("Quiz"));
    if (!this.outcome.open) this.outcome.showModal();
  }

  /** @param {import("../shared/records.js").CourseOverview} data */
  update(data) {
    this.data = data;
    this.opener.textContent = told("All lessons");
    this.dialog.setAttribute("aria-label", told("All lessons"));
    if (this.dialog.open) this.fill();
  }

  open() {
    this.fill();
    this.dialog.showModal();
  }

  fill() {
    this.known = answered();
    this.dialog.replaceChildren(
      element(
        "header",
        {},
        element("h2", {}, told("All lessons")),
        element("button", { type: "button", onclick: () => this.dialog.close() }, told("Close")),
      ),
      this.summary(),
      ...this.data.groups.map((group) => this.group(group)),
      this.practice(),
      this.teaching(),
    );
  }

  lessons() {
    return this.data.groups.flatMap(({ lessons }) => lessons);
  }

  verdicts(key) {
    return Object.values(this.known[key] ?? {});
  }

  done({ key, questions }) {
    return this.verdicts(key).length >= questions;
  }

  // How far one has come; when all is done, the closing page.
  summary() {
    const all = this.lessons();
    const done = all.filter((lesson) => this.done(lesson)).length;
    const verdicts = all.flatMap(({ key }) => this.verdicts(key));
    const right = verdicts.filter((verdict) => verdict === "right").length;
    const parts = [told("{done} of {all} lessons done.", { done, all: all.length })];
    if (verdicts.length) {
      parts.push(told("{right} of {asked} at the first try.", { right, asked: verdicts.length }));
    }
    if (done === all.length) {
      parts.push(told("You have been through the whole course. Practice has no end: see below."));
    }
    const said = element("p", { class: "summary" }, parts.join(" "));
    if (verdicts.length) {
      said.append(
        " ",
        element("button", {
          type: "button",
          onclick: () => {
            forget();
            this.fill();
          },
        }, told("Forget my answers")),
      );
    }
    return said;
  }

  /** @param {import("../shared/records.js").ListedGroup} group */
  group({ title, about, lessons }) {
    return element(
      "section",
      {},
      element("h3", {}, title),
      element("p", { class: "about" }, about),
      element("ol", {}, ...lessons.map((lesson) => this.row(lesson))),
    );
  }

  /** @param {import("../shared/records.js").ListedLesson} lesson */
  row(lesson) {
    const begun = this.verdicts(lesson.key).length > 0;
    const state = this.done(lesson) ? "✓" : begun ? "…" : "";
    const needs = lesson.needs.length
      ? told("Before it: {lessons}", { lessons: lesson.needs.join(told("; ")) })
      : "";
    return element(
      "li",
      {},
      element("span", { class: "state" }, state),
      element(
        "button",
        { type: "button", class: "title", onclick: () => this.go(lesson.key) },
        lesson.title,
      ),
      element("span", { class: "time" }, told("{minutes} min", { minutes: lesson.minutes })),
      element("p", {}, [lesson.learns, needs].filter(Boolean).join(" ")),
    );
  }

  practice() {
    const { right, asked } = score();
    const buttons = this.data.levels.map((name, at) =>
      element("button", {
        type: "button",
        onclick: () => this.go(`practice-${at + 1}-${Math.floor(Math.random() * 100_000)}`),
      }, `${at + 1} · ${name}`)
    );
    const so = asked ? told("{right} of {asked} at the first try.", { right, asked }) : "";
    return element(
      "section",
      {},
      element("h3", {}, told("Practice without end")),
      element(
        "p",
        { class: "about" },
        `${
          told("Random small graphs, asked card by card. The address gives a class the same one.")
        } ${so}`,
      ),
      element("p", { class: "levels" }, ...buttons),
    );
  }

  teaching() {
    const file = element("input", {
      type: "file",
      accept: ".md,text/markdown,text/plain",
      onchange: () => this.take(file.files?.[0]),
    });
    return element(
      "section",
      {},
      element("h3", {}, told("For teachers")),
      element(
        "p",
        { class: "levels" },
        element(
          "button",
          { type: "button", onclick: () => printed(this.data.groups) },
          told("Print the plan"),
        ),
        element("label", {}, `${told("Open a lesson file of your own")} `, file),
      ),
      chooser(this.data),
    );
  }

  // A file of somebody's own goes to the page as text, which reads it as strictly as a typed one.
  async take(file) {
    if (!file) return;
    const text = await file.slice(0, 4 * LONGEST).text();
    this.dialog.close();
    this.component.setTriggerValue("act", { does: "own", what: text.slice(0, LONGEST) });
  }

  go(key) {
    this.dialog.close();
    this.component.setTriggerValue("act", { does: "lesson", what: key });
  }
}
