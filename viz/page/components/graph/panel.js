// The panel of a chosen node: what it is, its numbers, its derivatives, and its paths to the end.

import { element, iconButton } from "../shared/dom.js";
import { exact } from "../shared/numbers.js";
import { told } from "../shared/texts.js";

export class Panel {
  constructor(root, { choose, close, unfold }) {
    this.root = root;
    this.act = { choose, close, unfold };
    root.addEventListener("keydown", (event) => event.key === "Escape" && close());
  }

  words() {
    this.root.setAttribute("aria-label", told("The chosen node"));
  }

  // Shows these details, `null` for none; numbers that the play has not reached stay hidden.
  /**
   * @param {(import("../shared/records.js").Details & { opens: string[], closes: string | null }) | null} details
   * @param {{ value: boolean, gradient: boolean }} reached
   */
  show(details, reached) {
    this.details = details;
    this.reached = reached;
    this.root.hidden = !details;
    if (details) this.fill();
  }

  // The play went on: numbers appear, or go.
  reach(reached) {
    if (
      !this.details ||
      (reached.value === this.reached.value && reached.gradient === this.reached.gradient)
    ) return;
    this.reached = reached;
    const { scrollTop } = this.root;
    this.fill();
    this.root.scrollTop = scrollTop;
  }

  fill() {
    const details = this.disclosed();
    this.root.replaceChildren(
      iconButton("close", told("Close"), this.act.close),
      this.heading(details),
      ...this.folds(details),
      ...quantity(told("Value"), "value", details.value),
      ...quantity(told("Gradient"), "gradient", details.gradient),
      ...formulas(told("Result"), [details.result]),
      ...formulas(told("Local derivatives"), details.derivatives),
      ...this.paths(details),
      ...saved(details.saved),
      ...(details.cut
        ? [element("p", { class: "cut" }, told("The graph is too large to say more here."))]
        : []),
    );
  }

  // The details without what the play has not come to: values with all that follows from them, and
  // a gradient with the paths that it is the sum of.
  disclosed() {
    const { value, gradient } = this.reached;
    return {
      ...this.details,
      ...(value ? {} : { value: null, result: "", derivatives: [], saved: [] }),
      ...(gradient || !this.details.gradient ? {} : { gradient: null, paths: null }),
    };
  }

  /** @param {import("../shared/records.js").Details} details */
  heading(
    { title, name, op, function: called, link, iteration, in_place: inPlace, view, frozen },
  ) {
    const facts = [
      called && called !== op ? called : null,
      iteration ? told("round {number}", { number: iteration }) : null,
      inPlace ? told("wrote into an existing tensor") : null,
      view ? told("shares memory with its input") : null,
      frozen ? told("frozen: a parameter that does not require grad") : null,
    ].filter(Boolean);
    const documented = link
      ? element(
        "a",
        { href: link, target: "_blank", rel: "noopener noreferrer" },
        told("Documentation"),
      )
      : null;
    return element(
      "div",
      {},
      element("h2", {}, [title, name].filter(Boolean).join("  ")),
      element("p", { class: "facts" }, [op, ...facts].join(" · ")),
      documented,
    );
  }

  folds({ opens, closes }) {
    const button = (label, what) =>
      element(
        "button",
        { type: "button", class: "fold", onclick: () => this.act.unfold(what) },
        label,
      );
    const made = [];
    if (opens?.length) made.push(button(told("Open"), { opens: opens[0] }));
    if (opens?.length > 1) made.push(button(told("Open all rounds"), { opens: opens[1] }));
    if (closes) made.push(button(told("Fold away"), { closes }));
    return made.length ? [element("div", { class: "folds" }, ...made)] : [];
  }

  /** @param {Pick<import("../shared/records.js").Details, "paths">} details */
  paths({ paths }) {
    if (!paths || !paths.listed.length) return [];
    const list = paths.listed.map(({ cards, names, math }) => {
      const go = element("button", {
        type: "button",
        class: "path",
        onclick: () => this.act.choose(cards.at(-1), cards),
      }, names);
      return element("li", {}, go, typeset(math));
    });
    const more = paths.more
      ? element("li", {}, told("and more: {count} paths in all", { count: paths.count }))
      : null;
    const total = paths.total
      ? element("li", { class: "gradient" }, told("Sum: {total}", { total: paths.total }))
      : null;
    return [
      element("h3", {}, told("Paths to the result")),
      element("ul", {}, ...list, more, total),
    ];
  }
}

// MathML of the drawing room, which escapes every text in it.
function typeset(markup) {
  const place = element("div", { class: "math", lang: "en" });
  place.innerHTML = markup;
  return place;
}

function formulas(title, all) {
  const some = all.filter(Boolean);
  return some.length ? [element("h3", {}, title), ...some.map(typeset)] : [];
}

/**
 * @param {string} title
 * @param {string} kind
 * @param {import("../shared/records.js").Quantity | null} found
 */
function quantity(title, kind, found) {
  if (!found) return [];
  const about = `${found.shape} ${found.dtype}`;
  const shown = found.heat ? heatMap(found.heat, title) : element("p", { class: kind }, found.text);
  return [element("h3", {}, `${title} · ${about}`), shown];
}

/** @param {import("../shared/records.js").Details["saved"]} all */
function saved(all) {
  if (!all.length) return [];
  const rows = all.map(([name, text]) => element("li", {}, element("i", {}, name), ` ${text}`));
  return [element("h3", {}, told("Saved for backward")), element("ul", {}, ...rows)];
}

const WIDEST_ROW = 16;

// A small matrix: numbers on a ground from one colour over paper to the other.
/**
 * @param {import("../shared/records.js").Heat} heat
 * @param {string} title
 */
function heatMap({ rows, columns, cells, levels }, title) {
  const table = element("table", { class: "heat", "aria-label": title });
  for (let row = 0; row < rows; row += 1) {
    const line = element("tr");
    for (let column = 0; column < Math.min(columns, WIDEST_ROW); column += 1) {
      const level = exact(levels[row * columns + column]) ?? 0;
      const colour = level < 0 ? "var(--backward)" : "var(--forward)";
      const cell = element("td", {}, cells[row * columns + column]);
      cell.style.background = `color-mix(in srgb, ${colour} ${
        Math.round(Math.abs(level) * 38)
      }%, transparent)`;
      line.append(cell);
    }
    if (columns > WIDEST_ROW) line.append(element("td", {}, "…"));
    table.append(line);
  }
  return table;
}
