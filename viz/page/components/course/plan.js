// What is printed: a page of its own with nothing but that. The plan of the course has links to each
// lesson in lecture mode.

import { element } from "../shared/dom.js";
import { told } from "../shared/texts.js";

// On paper a link says where it leads; a title stays with what it is the title of.
const STYLE = `
  body { font: 11pt/1.45 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.5em; } h2 { font-size: 1.15em; margin: 1.2em 0 0.3em; break-after: avoid; }
  ul { margin: 0; padding-left: 1.2em; } li { break-inside: avoid; margin-bottom: 0.25em; }
  a { white-space: nowrap; }
  @page { margin: 18mm; }
  @media print {
    body { margin: 0; max-width: none; padding: 0; }
    a { color: inherit; text-decoration: none; font-size: 0.85em; }
    a::after { content: ": " attr(data-place); }
  }
`;

/** @param {import("../shared/records.js").ListedGroup[]} groups */
export function printed(groups) {
  const minutes = total(groups.flatMap(({ lessons }) => lessons));
  const where = `${location.origin}${location.pathname} · ${told("{minutes} min", { minutes })}`;
  const body = groups.flatMap(({ title, lessons }) => [
    element("h2", {}, `${title} (${told("{minutes} min", { minutes: total(lessons) })})`),
    element("ul", {}, ...lessons.map(line)),
  ]);
  sheet(told("Plan of the course"), [element("p", {}, where), ...body]);
}

// Opens a page of a title and some parts, and prints it.
/**
 * @param {string} title
 * @param {HTMLElement[]} body
 */
export function sheet(title, body) {
  const paper = document.implementation.createHTMLDocument(title);
  paper.documentElement.lang = document.documentElement.lang;
  paper.head.append(element("meta", { charset: "utf-8" }), element("style", {}, STYLE));
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
    element("a", { href: place.href, "data-place": place.search }, told("Lecture mode")),
  );
}

/** @param {import("../shared/records.js").ListedLesson[]} lessons */
export function total(lessons) {
  return lessons.reduce((sum, { minutes }) => sum + minutes, 0);
}
