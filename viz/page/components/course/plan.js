// The plan of the course on paper: a page of its own, with nothing but the list, and links to each
// lesson in lecture mode.

import { element } from "../shared/dom.js";
import { told } from "../shared/texts.js";

/** @param {import("../shared/records.js").ListedGroup[]} groups */
export function printed(groups) {
  const sheet = document.implementation.createHTMLDocument(told("Plan of the course"));
  sheet.documentElement.lang = document.documentElement.lang;
  const body = groups.flatMap(({ title, lessons }) => [
    element("h2", {}, `${title} (${told("{minutes} min", { minutes: total(lessons) })})`),
    element("ul", {}, ...lessons.map(line)),
  ]);
  sheet.head.append(element("meta", { charset: "utf-8" }));
  sheet.body.append(element("h1", {}, told("Plan of the course")), ...body);
  const page = new Blob([`<!doctype html>${sheet.documentElement.outerHTML}`], {
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
