// Formulas that may take several lines.

import { element } from "./dom.js";

const LONGEST = 24; // letters of a list of numbers that is set as mathematics; a longer one as words

/**
 * Lets the formulas inside an element go on in the next line where there is no room.
 * @param {HTMLElement} home
 */
export function breakable(home) {
  for (const math of home.querySelectorAll("math")) math.replaceWith(...pieces(math));
}

/**
 * A formula in pieces between which a line may end, before `=` and `+`: browsers break no formula.
 * @param {Element} math
 * @returns {Element[]}
 */
function pieces(math) {
  const made = [];
  for (const part of [...math.children]) {
    const sign = part.localName === "mo" && ["=", "+"].includes(part.textContent ?? "");
    if (sign || !made.length) made.push(/** @type {Element} */ (math.cloneNode(false)));
    made[made.length - 1].append(part);
  }
  return made.map((piece) => {
    const words = piece.textContent ?? "";
    const list = words.length > LONGEST && piece.lastElementChild?.localName === "mn" &&
      piece.childElementCount <= 2;
    return list ? element("span", {}, words) : piece;
  });
}
