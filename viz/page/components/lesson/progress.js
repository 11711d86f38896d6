// What somebody has answered, kept in the browser: by lesson, by question, "right" or "shown"; of an
// exercise in a quiz also which questions are "open".
// Nothing of it leaves the browser. What is stored may be anything: only what is known is read.

const PLACE = "autograd-explorer.course";
const MOST = 200; // lessons and questions that are remembered
const NAME = /^[a-z][a-z0-9_-]{0,39}$/;
const VERDICTS = ["right", "shown", "open"];

/** @typedef {Record<string, Record<string, string>>} Answered */

// The stored text as answers; an empty course for anything else.
/**
 * @param {string | null} text
 * @returns {Answered}
 */
export function parsed(text) {
  let found;
  try {
    found = JSON.parse(text ?? "{}");
  } catch {
    return {};
  }
  if (!found || typeof found !== "object" || Array.isArray(found)) return {};
  const lessons = Object.entries(found).filter(([key, answers]) =>
    NAME.test(key) && answers && typeof answers === "object"
  );
  return Object.fromEntries(
    lessons.slice(-MOST).map(([key, answers]) => [
      key,
      Object.fromEntries(
        Object.entries(answers)
          .filter(([number, verdict]) => /^\d{1,2}$/.test(number) && VERDICTS.includes(verdict)),
      ),
    ]),
  );
}

/** @returns {Answered} */
export function answered() {
  return parsed(stored(() => localStorage.getItem(PLACE)));
}

/**
 * @param {string} key
 * @param {number} number
 * @param {string} verdict
 */
export function remember(key, number, verdict) {
  const all = answered();
  all[key] = { ...all[key], [number]: verdict };
  keep(all);
}

// Of an exercise: which questions there are, told once, before any is answered.
/**
 * @param {string} key
 * @param {number[]} numbers
 */
export function expect(key, numbers) {
  const all = answered();
  if (all[key]) return;
  all[key] = Object.fromEntries(numbers.map((number) => [number, "open"]));
  keep(all);
}

// Forgets one lesson's answers, so that it asks again; without a key all of them.
/** @param {string} [key] */
export function forget(key) {
  const all = key ? answered() : {};
  if (key) delete all[key];
  keep(all);
}

/** @param {Answered} all */
function keep(all) {
  stored(() => localStorage.setItem(PLACE, JSON.stringify(all)));
}

// A browser may refuse to store anything: then the page remembers nothing, and works.
function stored(act) {
  try {
    return act() ?? null;
  } catch {
    return null;
  }
}
