// Formulas that may take several lines.

import { element } from "./dom.js";

/**
 * Lets the formulas inside an element go on in the next line where there is no room. A list of
 * numbers of more than `longest` letters becomes words, which break anywhere.
 * @param {HTMLElement} home
 * @param {number} longest
 */
export function breakable(home, longest = Infinity) {
  for (const math of home.querySelectorAll("math")) math.replaceWith(...pieces(math, longest));
}

/**
 * A formula in pieces between which a line may end, before `=` and `+`: browsers break no formula.
 * @param {Element} math
 * @param {number} longest
 * @returns {Element[]}
 */
function pieces(math, longest) {
  const made = [];
  for (const part of [...math.children]) {
    const sign = part.localName === "mo" && ["=", "+"].includes(part.textContent ?? "");
    if (sign || !made.length) made.push(/** @type {Element} */ (math.cloneNode(false)));
    if (sign) part.setAttribute("form", "infix"); // it opens a piece, and is no sign of a number
    made[made.length - 1].append(part);
  }
  return made.map((piece) => {
    const words = piece.textContent ?? "";
    const list = words.length > longest && piece.lastElementChild?.localName === "mn" &&
      piece.childElementCount <= 2;
    return list ? element("span", {}, words.replace("=", "= ")) : piece;
  });
}
