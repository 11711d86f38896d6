// What is printed: a page of its own with nothing but that. The plan of the course has links to each
// lesson in lecture mode.

import { element } from "../shared/dom.js";
import { told } from "../shared/texts.js";

/** @param {import("../shared/records.js").ListedGroup[]} groups */
export function printed(groups) {
  const body = groups.flatMap(({ title, lessons }) => [
    element("h2", {}, `${title} (${told("{minutes} min", { minutes: total(lessons) })})`),
    element("ul", {}, ...lessons.map(line)),
  ]);
  sheet(told("Plan of the course"), body);
}

// Opens a page of a title and some parts, and prints it.
/**
 * @param {string} title
 * @param {HTMLElement[]} body
 */
export function sheet(title, body) {
  const paper = document.implementation.createHTMLDocument(title);
  paper.documentElement.lang = document.documentElement.lang;
  paper.head.append(element("meta", { charset: "utf-8" }));
  paper.body.append(element("h1", {}, title), ...body);
  const page = new Blob([`<!doctype html>${paper.documentElement.outerHTML}`], {
    type: "text/html",
  });
  const address = URL.createObjectURL(page);
  const opened = open(address);
  opened?.addEventListener("load", () => opened.print());
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** @param {import("../shared/records.js").ListedLesson} lesson */
function line({ key, title, learns, minutes }) {
  const place = new URL(location.pathname, location.origin);
  place.search = String(new URLSearchParams({ lesson: key, present: "1" }));
  return element(
    "li",
    {},
    element("b", {}, title),
    ` · ${told("{minutes} min", { minutes })} · ${learns} `,
    element("a", { href: place.href }, told("Lecture mode")),
  );
}

/** @param {import("../shared/records.js").ListedLesson[]} lessons */
export function total(lessons) {
  return lessons.reduce((sum, { minutes }) => sum + minutes, 0);
}
