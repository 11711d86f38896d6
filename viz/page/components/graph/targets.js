// Which step of the play a lesson means: `start`, `forward` (all values are there, no gradient yet),
// `end`, `step:3`, `forward:a` and `back:a` (the card named a has its value, its gradient);
// `back:a:2`: when it gets one for the second time.

/**
 * @param {import("../shared/records.js").PlayedStep[]} steps
 * @param {Record<string, import("../shared/records.js").Details>} details
 * @param {string} target
 * @returns {number | null} the step's index; null where the play has no such step
 */
export function stepOf(steps, details, target) {
  const last = steps.length - 1;
  const [kind, name = ""] = target.split(/:(.*)/s);
  if (kind === "start") return 0;
  if (kind === "end") return last;
  if (kind === "step") return Math.min(Number(name), last);
  if (kind === "forward" && !name) {
    const back = steps.findIndex(({ direction }) => direction === "backward");
    return back < 0 ? last : Math.max(0, back - 1);
  }
  const direction = { forward: "forward", back: "backward" }[kind];
  const [card, place = "1"] = name.split(":");
  const found = [...steps.keys()].filter((index) =>
    steps[index].direction === direction &&
    cards(steps[index]).some((id) => isNamed(details[id], card))
  );
  return found[Number(place) - 1] ?? null;
}

// The first and the last line of the program that words mark: `line:3`, `line:3-5`.
/**
 * @param {string} target
 * @returns {[number, number]}
 */
export function linesOf(target) {
  const [first, last = first] = target.slice("line:".length).split("-").map(Number);
  return [first, last];
}

// The card of this name; of several the first.
/**
 * @param {Record<string, import("../shared/records.js").Details>} details
 * @param {string} name
 */
export function cardOf(details, name) {
  return Object.keys(details).find((id) => isNamed(details[id], name)) ?? null;
}

// The inputs' values come in one step, which is about no card but shows several.
function cards(step) {
  return step.node ? [step.node] : step.nodes;
}

function isNamed(details, name) {
  return Boolean(details) && (details.name === name || details.op === name);
}
