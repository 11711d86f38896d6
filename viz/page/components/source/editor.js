// The editor: a native textarea over a sheet that shows what is lit, wrong, counted and decided.

import { bus } from "../shared/bus.js";
import { composing, element, focused, kept, PAUSE } from "../shared/dom.js";
import { moment } from "../shared/moment.js";
import { Address } from "./address.js";

const INDENT = "    ";
const LONGEST = 100_000; // characters that are sent; the server reads fewer, and says so
const PAGES = { PageUp: -1, PageDown: 1 };

export class Editor {
  /**
   * @param {HTMLElement} root
   * @param {import("../shared/component.js").Component<import("../shared/records.js").Source>} component
   */
  constructor(root, component) {
    this.component = component;
    /** @type {Partial<import("../shared/records.js").Source>} */
    this.notes = {};
    this.lit = [];
    this.told = ""; // what was to be lit last, as text
    this.asked = 0; // when a text was sent last
    this.area = element("textarea", {
      spellcheck: "false",
      autocapitalize: "off",
      autocomplete: "off",
      autocorrect: "off",
      wrap: "off",
      "aria-describedby": "keys",
    });
    this.sheet = element("div", { class: "sheet", "aria-hidden": "true" });
    this.gutter = element("div", { class: "gutter", "aria-hidden": "true" });
    this.keys = element("p", { class: "keys", id: "keys" });
    this.address = new Address((gone) => this.component.setStateValue("gone", gone));
    this.decided = element("p", { class: "keys decided" });
    this.paper = element("div", { class: "paper" }, this.sheet, this.area);
    this.box = element("div", { class: "editor" }, this.gutter, this.paper);
    root.append(this.box, this.decided, this.keys);
    this.listen();
  }

  listen() {
    const area = this.area;
    area.addEventListener("input", () => {
      this.draw();
      this.reveal(this.caret());
      this.tell();
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.commit(), PAUSE);
    });
    area.addEventListener("keydown", (event) => this.key(event));
    area.addEventListener("blur", () => this.commit());
    for (const name of ["keyup", "click", "focus"]) area.addEventListener(name, () => this.place());
    const hold = bus.on("hold", ({ target }) => {
      this.held = Boolean(target);
      if (this.notes) this.draw();
    });
    const light = bus.on("light", ({ calls }) => this.light(calls));
    const unanswered = bus.on("unanswered", (found) => {
      const heard = !this.stale() && this.notes.asked >= this.asked;
      found.lost ||= !heard && this.area.value === this.committed;
    });
    const stands = [
      bus.on("stands", ({ how, place }) => this.address.stand(how, place)),
      bus.on("aside", (how) => this.address.beside(how)),
    ];
    const lines = bus.on("lines", (told) => this.mark(told.lines));
    this.stop = () => [hold, light, unanswered, ...stands, lines].forEach((stop) => stop());
  }

  close() {
    clearTimeout(this.timer);
    this.address.close();
    this.stop();
  }

  /** @param {import("../shared/records.js").Source} data */
  update(data) {
    this.notes = data;
    // a second text that is refused leaves the picture as it was: the player hears nothing of it
    bus.emit("replied", { asked: data.asked });
    this.area.setAttribute("aria-label", data.label);
    this.keys.textContent = data.keys;
    this.keys.classList.toggle("sparing", data.present);
    // the browser owns the text: the server's counts only when the server changed it on purpose
    if (data.edition !== this.edition) {
      this.edition = data.edition;
      this.area.value = data.text;
      this.committed = data.text;
    }
    this.tell();
    this.area.setAttribute("aria-invalid", data.error ? "true" : "false");
    this.address.show(data.place);
    this.draw();
    this.warn();
    // the calls have new names now: what the cursor stands for is told again
    if (this.placed) this.place();
  }

  // What stands here, for a session that does not know it.
  tell() {
    const { edition, place } = this.notes;
    if (!place) return;
    bus.emit("typed", {
      text: this.area.value.slice(0, LONGEST),
      asked: this.asked,
      edition,
      entry: place.entry,
      gone: this.address.at,
    });
  }

  // The text that stands here shall run; `again`: also if it was sent before, and stopped.
  commit(again = false) {
    clearTimeout(this.timer);
    if (!again && this.area.value === this.committed) return;
    this.committed = this.area.value;
    this.asked = moment();
    const [text, at] = [this.committed.slice(0, LONGEST), this.asked];
    this.component.setStateValue("text", { text, at, edition: this.edition });
    this.tell();
    bus.emit("asked", { at });
  }

  key(event) {
    if (!this.leaving) event.stopPropagation(); // a second Esc leads out of a lecture
    else kept(event);
    const area = this.area;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.commit(true);
    } else if (event.key === "Escape") {
      this.leaving = true;
    } else if (PAGES[event.key] && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      this.page(PAGES[event.key], event.shiftKey);
    } else if (event.key === "Tab" && !this.leaving && !event.altKey && !event.ctrlKey) {
      event.preventDefault();
      this.indent(event.shiftKey);
    } else if (event.key === "Enter" && !composing(event)) {
      event.preventDefault();
      const line = area.value.slice(0, area.selectionStart).split("\n").pop();
      const deeper = line.trimEnd().endsWith(":") ? INDENT : "";
      insert(area, "\n" + /^\s*/.exec(line)[0] + deeper);
    }
    if (event.key !== "Escape" && event.key !== "Shift") this.leaving = false;
  }

  // Tab indents; with a selection all its lines, Shift+Tab takes the indent back.
  indent(back) {
    const { value, selectionStart, selectionEnd } = this.area;
    if (!back && selectionStart === selectionEnd) return insert(this.area, INDENT);
    const from = value.lastIndexOf("\n", selectionStart - 1) + 1;
    const lines = value.slice(from, selectionEnd).split("\n");
    const moved = lines.map((line) => (back ? line.replace(/^ {1,4}/, "") : INDENT + line)).join(
      "\n",
    );
    this.area.setSelectionRange(from, selectionEnd);
    insert(this.area, moved);
    return this.area.setSelectionRange(from, from + moved.length);
  }

  // As many lines up or down as are in sight: the textarea, which has no end to scroll to, does not.
  page(way, selecting) {
    const { value, selectionStart, selectionEnd, selectionDirection } = this.area;
    const back = selectionDirection === "backward";
    const { line, column } = placeOf(value, back ? selectionStart : selectionEnd);
    const lines = value.split("\n");
    const seen = Math.max(1, Math.floor(this.box.clientHeight / this.row(1).offsetHeight) - 1);
    const to = Math.min(lines.length, Math.max(1, line + way * seen));
    const text = [...lines[to - 1]].slice(0, column).join("");
    const at = lines.slice(0, to - 1).reduce((sum, one) => sum + one.length + 1, 0) + text.length;
    const fixed = selecting ? (back ? selectionEnd : selectionStart) : at;
    this.area.setSelectionRange(
      Math.min(fixed, at),
      Math.max(fixed, at),
      at < fixed ? "backward" : "forward",
    );
    this.reveal({ line: to, column });
  }

  caret() {
    const { value, selectionStart, selectionEnd, selectionDirection } = this.area;
    return placeOf(value, selectionDirection === "backward" ? selectionStart : selectionEnd);
  }

  /**
   * @param {number} line
   * @returns {HTMLElement | undefined}
   */
  row(line) {
    return /** @type {HTMLElement | undefined} */ (this.sheet.children[line - 1]);
  }

  // Scrolls as little as brings a place of the text into sight, with a line above and below it.
  reveal({ line, column }) {
    const row = this.row(line);
    if (!row) return;
    const { box, gutter } = this;
    const [above, height] = [row.offsetTop, row.offsetHeight];
    const left = across(row, column);
    const wide = box.clientWidth - gutter.offsetWidth;
    const margin = 3 * this.letter();
    box.scrollTop = Math.min(
      above - height,
      Math.max(above + 2 * height - box.clientHeight, box.scrollTop),
    );
    box.scrollLeft = Math.min(
      Math.max(0, left - margin),
      Math.max(left + margin - wide, box.scrollLeft),
    );
  }

  // A new error is brought into sight, unless that would take away the line that somebody writes.
  warn() {
    const { error } = this.notes;
    const told = this.stale() || !error ? "" : error.join();
    const fresh = told && told !== this.warned;
    this.warned = told;
    if (!fresh) return;
    this.point(error);
    // letters have their true width only then
    if (document.fonts.status === "loading") {
      document.fonts.ready.then(() => this.warned === told && this.point(error));
    }
  }

  // Scrolls to an error, but not away from where somebody types.
  point(error) {
    const { scrollTop, scrollLeft } = this.box;
    const [line, column, lastLine, end] = error;
    if (lastLine === line) this.reveal({ line, column: end });
    this.reveal({ line, column });
    if (!focused(this.area)) return;
    const row = this.row(this.caret().line);
    const top = row.offsetTop - this.box.scrollTop;
    if (top < 0 || top + row.offsetHeight > this.box.clientHeight) {
      this.box.scrollTo(scrollLeft, scrollTop);
    }
  }

  // Tells which calls stand at the cursor: the innermost span around it.
  place() {
    this.placed = true;
    if (this.stale()) return bus.emit("cursor", { calls: [] });
    const here = placeOf(this.area.value, this.area.selectionStart);
    const around = (this.notes.spans ?? []).filter(({ span }) => holds(span, here));
    const least = Math.min(...around.map(({ span }) => extent(span)));
    return bus.emit("cursor", {
      calls: around.filter(({ span }) => extent(span) === least).map(({ call }) => call),
    });
  }

  light(calls) {
    const lit = new Set(calls);
    const spans = (this.notes.spans ?? []).filter(({ call }) => lit.has(call));
    const told = JSON.stringify([this.notes.text, spans]);
    if (told === this.told) return; // once more the same: what a lesson has marked since stays
    this.told = told;
    this.lit = spans.map(({ span }) => span);
    this.draw();
  }

  // Marks the lines that words of the lesson speak of, until the text or the lit part changes.
  /** @param {[number, number]} lines */
  mark([first, last]) {
    const rows = this.area.value.split("\n").slice(first - 1, last);
    this.lit = rows.map((text, at) => {
      const [line, from] = [first + at, text.length - text.trimStart().length];
      return [line, from, line, [...text.trimEnd()].length];
    });
    this.draw();
    this.reveal({ line: last, column: 0 });
    this.reveal({ line: first, column: 0 });
  }

  stale() {
    return this.area.value !== this.notes.text;
  }

  draw() {
    const lines = this.area.value.split("\n");
    const stale = this.stale();
    const marks = stale ? [] : this.lit.map((span) => ({ span, kind: "lit" }));
    if (!stale && this.notes.error) marks.push({ span: this.notes.error, kind: "wrong" });
    const counts = stale || this.held ? {} : this.notes.counts ?? {};
    const remarks = stale || this.held ? {} : this.notes.remarks ?? {};
    const beside = this.fitting(lines, remarks);
    this.sheet.replaceChildren(
      ...lines.map((line, index) => sheetLine(line, index + 1, marks, counts, beside)),
    );
    const below = Object.keys(remarks).filter((number) => beside[number] === undefined);
    this.decide(below.map((number) => `${number}: ${remarks[number]}`).join(" · "));
    this.gutter.replaceChildren(
      ...lines.map((_, index) => gutterLine(index + 1, counts[index + 1])),
    );
  }

  // The room it once took stays while the source does: what stands below would jump while an input
  // is dragged.
  decide(text) {
    const room = this.roomFor === this.area.value ? this.decided.getBoundingClientRect().height : 0;
    this.roomFor = this.area.value;
    this.decided.style.minHeight = `${room}px`;
    this.decided.textContent = text || (room ? "\u00a0" : "");
  }

  // The remarks that find room at the end of their lines; the others stand below the editor.
  /**
   * @param {string[]} lines
   * @param {Record<string, string>} remarks
   */
  fitting(lines, remarks) {
    const wide = this.letter();
    const room = (this.box.clientWidth - this.gutter.offsetWidth) / wide - 4;
    return Object.fromEntries(
      Object.entries(remarks).filter(
        ([number, remark]) => [...(lines[Number(number) - 1] ?? "")].length + remark.length < room,
      ),
    );
  }

  // Width of one letter, in pixels.
  letter() {
    const probe = element("span", {}, "0".repeat(50));
    this.sheet.append(probe);
    const wide = probe.getBoundingClientRect().width / 50;
    probe.remove();
    return wide || 9;
  }
}

// The line (from 1) and column (in characters, from 0) of a place in a text.
function placeOf(text, offset) {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: [...before.at(-1)].length };
}

// How far to the right in its row a column stands, in pixels.
function across(row, column) {
  const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
  let rest = column;
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const letters = [...(text.nodeValue ?? "")];
    if (rest <= letters.length) {
      const range = document.createRange();
      range.setStart(text, letters.slice(0, rest).join("").length);
      return range.getBoundingClientRect().left - row.getBoundingClientRect().left + row.offsetLeft;
    }
    rest -= letters.length;
  }
  return row.offsetLeft + row.scrollWidth;
}

// Inserts at the selection so that the browser's undo knows of it.
function insert(area, text) {
  area.focus();
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input"));
  }
}

/**
 * @param {import("../shared/records.js").Source["error"]} span
 * @param {{ line: number, column: number }} place
 */
function holds(span, { line, column }) {
  const [from, fromColumn, to, toColumn] = span;
  const after = line > from || (line === from && column >= fromColumn);
  const before = line < to || (line === to && column <= toColumn);
  return after && before;
}

function extent([from, fromColumn, to, toColumn]) {
  return (to - from) * 10_000 + toColumn - fromColumn;
}

function gutterLine(number, count) {
  const times = count > 1 ? element("span", { class: "times" }, `×${count}`) : null;
  return element("div", { class: count === 0 ? "skipped" : "" }, times, String(number));
}

// One line of the sheet: the line's text (unseen), cut where marks begin and end, then its remark.
function sheetLine(text, number, marks, counts, remarks) {
  const letters = [...text];
  const here = marks
    .filter(({ span: [from, , to] }) => from <= number && number <= to)
    .map(({ span: [from, start, to, stop], kind }) => ({
      kind,
      start: from === number ? start : 0,
      stop: Math.max(to === number ? stop : letters.length, (from === number ? start : 0) + 1),
    }));
  const cuts = [
    ...new Set([0, letters.length, ...here.flatMap(({ start, stop }) => [start, stop])]),
  ];
  cuts.sort((one, other) => one - other);
  const line = element("div", { class: counts[number] === 0 ? "line skipped" : "line" });
  for (let index = 0; index + 1 < cuts.length; index += 1) {
    const kinds = here.filter(({ start, stop }) => start <= cuts[index] && cuts[index + 1] <= stop);
    const part = letters.slice(cuts[index], cuts[index + 1]).join("") || " ";
    line.append(
      kinds.length
        ? element("mark", { class: kinds.map(({ kind }) => kind).join(" ") }, part)
        : part,
    );
  }
  if (!text) line.append("\u200b");
  if (remarks[number]) line.append(element("span", { class: "remark" }, remarks[number]));
  return line;
}
