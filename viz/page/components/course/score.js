// The score of practice, kept in the browser: how many cards were asked, how many were right at once.

const PLACE = "autograd-explorer.practice";
const MOST = 1e6;

/** @typedef {{ right: number, asked: number }} Score */

// A stored text as a score; none for anything else.
/**
 * @param {string | null} text
 * @returns {Score}
 */
export function parsedScore(text) {
  try {
    const { right, asked } = JSON.parse(text ?? "{}");
    const whole = [right, asked].every((one) => Number.isInteger(one) && one >= 0 && one < MOST);
    if (whole && right <= asked) return { right, asked };
  } catch {
    // what cannot be read counts as nothing
  }
  return { right: 0, asked: 0 };
}

/** @returns {Score} */
export function score() {
  try {
    return parsedScore(localStorage.getItem(PLACE));
  } catch {
    return { right: 0, asked: 0 };
  }
}

// Counts one card that was asked.
/** @param {boolean} right */
export function count(right) {
  const before = score();
  const now = { right: before.right + (right ? 1 : 0), asked: before.asked + 1 };
  try {
    localStorage.setItem(PLACE, JSON.stringify(now));
  } catch {
    // a browser may refuse to store anything: then nothing is counted
  }
}
