// The picture: the SVG of the drawing room, and what of it is lit, chosen, active or still blank.

import { told } from "../../shared/texts.js";

export class Picture {
  constructor(canvas) {
    this.canvas = canvas;
    this.nodes = new Map();
    this.edges = new Map();
    this.width = 0;
    this.height = 0;
    this.cursor = new Set();
    this.masked = false; // a quiz: what would tell an answer stays hidden
    this.pointed = null;
  }

  // Puts a picture in; answers in words which nodes came or went, if the program is the same.
  /**
   * @param {import("../../shared/records.js").GraphPlayer} data
   * @param {boolean} same
   */
  load(data, same) {
    const before = new Set(this.nodes.keys());
    // a run that changes nothing brings the same picture once more: what is new in it stays so
    const again = same && data.svg === this.data?.svg;
    const marked = again ? [...this.canvas.querySelectorAll(".came")].map((node) => node.id) : [];
    this.data = data;
    this.canvas.innerHTML = data.svg;
    const svg = this.canvas.querySelector("svg");
    this.width = Number(svg?.getAttribute("width") ?? 0);
    this.height = Number(svg?.getAttribute("height") ?? 0);
    this.nodes = new Map([...this.canvas.querySelectorAll(".node")].map((node) => [node.id, node]));
    this.edges = new Map([...this.canvas.querySelectorAll(".edge")].map((edge) => [edge.id, edge]));
    this.parts = new Map();
    for (const home of [this.nodes, this.edges]) {
      for (const [id, one] of home) {
        for (const part of one.querySelectorAll(".value, .gradient, .contribution")) {
          this.parts.set(`${id} ${part.classList[0]}`, part);
        }
      }
    }
    this.whole = new Map([...this.parts.values()].map((part) => [part, part.textContent]));
    this.further = [...this.nodes].flatMap(([id, node]) =>
      [.../** @type {NodeListOf<SVGElement>} */ (node.querySelectorAll("[data-further]"))].map(
        (part) => ({ id, part, kind: part.dataset.further, text: part.textContent }),
      )
    );
    this.makeReachable();
    this.applied = null;
    this.lit = [];
    if (!same) this.pointed = null;
    this.relink();
    for (const id of marked) this.nodes.get(id)?.classList.add("came");
    return same ? this.differs(before) : "";
  }

  // Every card can be reached by the Tab key, in the order of the run, and says what it shows. Its
  // tool tip would tell numbers before the play has reached them: the panel has them instead.
  makeReachable() {
    for (const node of this.nodes.values()) {
      node.querySelector("title")?.remove();
      node.setAttribute("tabindex", "0");
      node.setAttribute("role", "button");
      named(node);
    }
    this.canvas.querySelector("svg")?.setAttribute("role", "group");
  }

  differs(before) {
    const came = [...this.nodes.keys()].filter((id) => !before.has(id));
    const went = [...before].filter((id) => !this.nodes.has(id));
    for (const id of came) this.nodes.get(id).classList.add("came");
    if (!came.length && !went.length) return "";
    return told("{came} nodes came, {went} went", { came: came.length, went: went.length });
  }

  has(id) {
    return this.nodes.has(id);
  }

  calls(id) {
    return this.data?.calls[id] ?? [];
  }

  // What a click on a card can open or fold away.
  folds(id) {
    const { opens = "", closes = null } = this.nodes.get(id)?.dataset ?? {};
    return { opens: opens.split(" ").filter(Boolean), closes };
  }

  // The middle of a card and its size, in the picture's own pixels.
  /**
   * @param {string} id
   * @returns {[number, number, number, number] | null}
   */
  place(id) {
    const card = this.nodes.get(id)?.querySelector(".card");
    const svg = this.canvas.querySelector("svg");
    if (!card || !svg) return null;
    const { x, y } = svg.viewBox.baseVal;
    const read = (name) => Number(card.getAttribute(name));
    const [left, top, width, height] = [read("x"), read("y"), read("width"), read("height")];
    return [left + width / 2 - x, top + height / 2 - y, width, height];
  }

  // Shows the picture as it is after step `index`: what comes later is blank.
  /**
   * @param {import("../../shared/records.js").PlayedStep[]} steps
   * @param {number} index
   */
  show(steps, index) {
    if (!this.applied || index < this.at) {
      this.applied = new Map();
      this.at = -1;
    }
    for (let at = this.at + 1; at <= index; at += 1) {
      for (const [target, part, text] of steps[at].changes) {
        this.applied.set(`${target} ${part}`, { text, at });
      }
    }
    this.at = index;
    this.steps = steps;
    const turns = this.masked ? turnsOf(steps) : null;
    for (const [key, part] of this.parts) {
      const shown = turns && this.early(key, turns, index) ? "" : this.applied.get(key)?.text ?? "";
      const text = steps[index].all ? this.whole.get(part) : shown;
      if (part.textContent === text) continue;
      part.textContent = text;
      const node = part.closest(".node");
      if (node) named(node);
    }
    const reached = new Set(
      [...this.applied.keys()].map((key) => key.slice(0, key.lastIndexOf(" "))),
    );
    const passed = new Set(); // by the backward run
    for (const step of steps.slice(0, index + 1)) {
      for (const id of step.nodes) {
        reached.add(id);
        if (step.direction === "backward") passed.add(id);
      }
    }
    for (const { id, part, kind, text } of this.further) {
      const known = kind === "gradient" ? passed.has(id) && !this.masked : reached.has(id);
      part.textContent = steps[index].all || known ? text : "";
    }
    for (const [id, node] of this.nodes) {
      node.classList.toggle("pending", !steps[index].all && !reached.has(id));
    }
    this.light(steps[index]);
  }

  // A question mark where the gradient of a card will be; the next `show` takes it away.
  ask(id) {
    const part = this.parts.get(`${id} gradient`);
    if (part) part.textContent = "?";
    if (part) named(this.nodes.get(id));
  }

  // Whether a gradient, or what flows towards it, is known before its card had its turn.
  early(key, turns, index) {
    const [id, part] = key.split(" ");
    const card = part === "contribution" ? this.edges.get(id)?.dataset.source : id;
    if (part === "value" || !this.applied.has(key)) return false;
    const turn = (turns.get(card) ?? []).find((at) => at >= this.applied.get(key).at);
    return turn !== undefined && turn > index;
  }

  // Whether a number of a card is on show by now, or would be if the card had room for it.
  known(id, part) {
    const key = `${id} ${part}`;
    if (!this.applied?.has(key)) return false;
    const turns = this.masked ? turnsOf(this.steps) : null;
    return !(turns && this.early(key, turns, this.at));
  }

  // Lights what is active in a step, in the colour of its direction.
  light({ nodes, edges, arrived, direction }) {
    for (const one of this.lit ?? []) {
      one.classList.remove("active", "arrived", "forward", "backward");
    }
    const found = (ids, home, kind) =>
      ids.map((id) => home.get(id)).filter(Boolean).map((one) => {
        one.classList.add(kind, direction);
        return one;
      });
    this.lit = [
      ...found(nodes, this.nodes, "active"),
      ...found(edges, this.edges, "active"),
      ...found(arrived, this.edges, "arrived"),
    ];
  }

  // What goes along which line in a step: values into its card, contributions out of it.
  /**
   * @param {import("../../shared/records.js").PlayedStep} step
   * @returns {import("./travel.js").Way[]}
   */
  travelling({ edges, arrived, direction }) {
    const back = direction === "backward";
    return (back ? arrived : edges).flatMap((id) => {
      const edge = this.edges.get(id);
      const line = edge?.querySelector(".line");
      const key = back ? `${id} contribution` : `${edge?.dataset.source} value`;
      const text = this.parts.get(key)?.textContent;
      return line && text ? [{ line, text, back }] : [];
    });
  }

  select(id) {
    for (const node of this.nodes.values()) node.classList.toggle("selected", node.id === id);
  }

  // Lights a card and its arrows; `null`: again the cards that the cursor stands for.
  hover(id) {
    this.pointed = id ? { card: id } : null;
    this.relink();
  }

  // Lights the cards and arrows of one path to the end.
  along(cards) {
    if (!cards) return;
    this.pointed = { path: new Set(cards) };
    this.relink();
  }

  // Lights the cards of these calls: the cursor stands in their code.
  link(calls) {
    this.cursor = new Set(calls);
    this.pointed = null;
    this.relink();
  }

  relink() {
    const { card, path } = this.pointed ?? {};
    const coded = (id) => this.calls(id).some((call) => this.cursor.has(call));
    for (const [id, node] of this.nodes) {
      node.classList.toggle("linked", path ? path.has(id) : card ? id === card : coded(id));
    }
    for (const edge of this.edges.values()) {
      const { source, target } = edge.dataset;
      edge.classList.toggle(
        "linked",
        path ? path.has(source) && path.has(target) : [source, target].includes(card),
      );
    }
  }

  find(text) {
    if (!text) return [];
    return [...this.nodes.values()]
      .filter((node) => node.textContent.toLowerCase().includes(text))
      .map((node) => node.id);
  }
}

// The steps at which each card has its turn on the way back.
/** @param {import("../../shared/records.js").PlayedStep[]} steps */
function turnsOf(steps) {
  const turns = new Map();
  steps.forEach(({ direction, node }, at) => {
    if (direction === "backward" && node) turns.set(node, [...(turns.get(node) ?? []), at]);
  });
  return turns;
}

// A card is called what can be read on it.
function named(node) {
  const texts = [...node.querySelectorAll("text")].map((text) => text.textContent).filter(Boolean);
  node.setAttribute("aria-label", texts.join(" ") || node.id);
}
