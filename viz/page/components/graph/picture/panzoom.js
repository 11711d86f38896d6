// Pan and zoom by CSS transform: drag, pinch, Ctrl+wheel (plain wheel once the picture has the
// focus), buttons and keys. The picture is drawn anew, crisp, when a gesture ends.

const LEAST = 0.05;
const MOST = 12;
const LEGIBLE = 1; // below this scale the labels on the cards are smaller than 11 px
export const MARGIN = 14; // px kept around a card that is brought into sight
const AFAR = 1.4; // how much larger everything is in a lecture
const LEGIBLE_AFAR = 1.1; // the scale that will do there, where all of the picture is in sight
const NOTCH = Math.log(1.3); // how much one event of the wheel zooms at most: as the buttons do
const LINE = 33; // px that a line of the wheel stands for: browsers that count so tell 3 a notch
const OPENING = 1; // the scale at which a picture opens that is too large to be read as a whole

export class PanZoom {
  // `seen` is called when a picture that had no room to open in (a hidden place) has some.
  constructor(stage, canvas, changed, seen = () => this.open()) {
    this.stage = stage;
    this.canvas = canvas;
    this.changed = changed;
    this.seen = seen;
    this.hidden = false;
    this.x = 0;
    this.y = 0;
    this.scale = 1;
    this.pointers = new Map();
    this.fitted = true;
    this.own = false; // whether somebody has chosen what is in sight
    /** @type {[number, number] | null} the stage's size when it was last looked at */
    this.room = null;
    stage.addEventListener("pointerdown", (event) => this.down(event));
    stage.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) {
      stage.addEventListener(name, (event) => this.up(event));
    }
    stage.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    // Safari's own events of a trackpad's pinch, which elsewhere is a wheel with Ctrl
    for (const name of ["gesturestart", "gesturechange"]) {
      stage.addEventListener(name, (event) => this.gesture(event));
    }
    this.resized = new ResizeObserver(() => this.resize());
    this.resized.observe(stage);
  }

  close() {
    this.resized.disconnect();
    clearTimeout(this.timer);
  }

  // The picture's own size, in pixels at scale 1.
  size(width, height) {
    this.width = width;
    this.height = height;
    if (this.fitted) this.fit();
  }

  // A place of another size: what somebody chose to look at stays in its middle.
  resize() {
    const { clientWidth, clientHeight } = this.stage;
    if (this.own && this.room) {
      this.x += (clientWidth - this.room[0]) / 2;
      this.y += (clientHeight - this.room[1]) / 2;
    }
    this.room = [clientWidth, clientHeight];
    if (this.hidden && clientWidth && clientHeight) this.seen();
    else if (this.fitted) this.fit();
    else this.apply();
  }

  // Whether people look at it from afar.
  large() {
    return Boolean(this.canvas.closest(".big, :fullscreen"));
  }

  // The scale at which all of the picture is in sight.
  whole() {
    const most = this.large() ? 3 : 1.5;
    return Math.min(
      this.stage.clientWidth / this.width,
      this.stage.clientHeight / this.height,
      most,
    );
  }

  fit() {
    if (!this.width || !this.stage.clientWidth || !this.stage.clientHeight) return;
    this.centre(this.whole());
    this.fitted = true;
    this.own = false;
    this.apply();
  }

  centre(scale) {
    this.scale = scale;
    this.x = (this.stage.clientWidth - this.width * scale) / 2;
    this.y = (this.stage.clientHeight - this.height * scale) / 2;
  }

  // A new picture: all of it, or where that would be too small to read, its beginning; the play
  // then leads through it, and the small picture of the whole shows where one is.
  open() {
    this.hidden = !this.stage.clientWidth || !this.stage.clientHeight;
    if (
      !this.width || !this.stage.clientWidth ||
      this.whole() >= (this.large() ? LEGIBLE_AFAR : LEGIBLE)
    ) {
      this.fitted = true;
      this.fit();
      return;
    }
    this.centre(OPENING * (this.large() ? AFAR : 1));
    this.x = Math.max(this.x, 0);
    this.y = Math.max(this.y, 0);
    this.fitted = false;
    this.own = false;
    this.apply();
  }

  // What somebody looks at: the point of the picture in the middle and the scale; nothing where the
  // picture stands as it opens.
  looking() {
    const { clientWidth, clientHeight } = this.stage;
    if (!this.own || !clientWidth) return null;
    const [x, y] = [
      (clientWidth / 2 - this.x) / this.scale,
      (clientHeight / 2 - this.y) / this.scale,
    ];
    return [Math.round(x), Math.round(y), Number(this.scale.toPrecision(4))];
  }

  // Looks there again, as near as this picture has it.
  look(x, y, scale) {
    const { clientWidth, clientHeight } = this.stage;
    if (!this.width || !clientWidth || !clientHeight) return;
    this.scale = Math.min(MOST, Math.max(LEAST, scale));
    const near = (at, extent) => Math.min(2 * extent, Math.max(-extent, at));
    this.x = clientWidth / 2 - near(x, this.width) * this.scale;
    this.y = clientHeight / 2 - near(y, this.height) * this.scale;
    this.fitted = false;
    this.own = true;
    this.room = [clientWidth, clientHeight];
    this.apply();
  }

  // Brings a card of the picture (its middle and size at scale 1) into the middle, unless it is in
  // sight already.
  reveal([x, y, width, height]) {
    if (this.fitted) return;
    const { clientWidth, clientHeight } = this.stage;
    const sides = (
      at,
      size,
      room,
    ) => [at - (size / 2) * this.scale >= MARGIN, at + (size / 2) * this.scale <= room - MARGIN];
    const across = sides(this.x + x * this.scale, width, clientWidth).every(Boolean);
    if (!across) {
      this.x = within(clientWidth / 2 - x * this.scale, clientWidth, this.width * this.scale);
    }
    const down = sides(this.y + y * this.scale, height, clientHeight).every(Boolean);
    if (!down) {
      this.y = within(clientHeight / 2 - y * this.scale, clientHeight, this.height * this.scale);
    }
    if (across && down) return;
    this.canvas.classList.add("gliding");
    this.apply();
  }

  zoom(factor, x = this.stage.clientWidth / 2, y = this.stage.clientHeight / 2) {
    Object.assign(this, zoomed(this, factor, x, y));
    this.fitted = false;
    this.own = true;
    this.canvas.classList.remove("gliding");
    this.apply();
  }

  pan(x, y) {
    this.canvas.classList.remove("gliding");
    this.x += x;
    this.y += y;
    this.fitted = false;
    this.own = true;
    this.apply();
  }

  apply() {
    const style = this.canvas.style;
    style.willChange = "transform";
    style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
    clearTimeout(this.timer);
    // a promoted layer keeps its old pixels: letting go of it draws the picture crisp again
    this.timer = setTimeout(() => {
      style.willChange = "auto";
    }, 160);
    this.changed?.();
  }

  wheel(event) {
    const focused = this.stage.contains(this.stage.getRootNode().activeElement);
    if (!event.ctrlKey && !event.metaKey && !focused) return;
    event.preventDefault();
    this.zoomAt(event, turned(event));
  }

  // The fingers' scale is told from their start on. On a screen they are pointers as well.
  gesture(event) {
    event.preventDefault();
    if (event.type === "gesturechange" && !this.pointers.size) {
      this.zoomAt(event, event.scale / this.spread);
    }
    this.spread = event.scale;
  }

  zoomAt({ clientX, clientY }, factor) {
    const box = this.stage.getBoundingClientRect();
    this.zoom(factor, clientX - box.left, clientY - box.top);
  }

  down(event) {
    if (event.button !== 0) return;
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    this.moved = 0;
  }

  move(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    this.moved += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
    if (this.moved > 4 && !this.stage.hasPointerCapture(event.pointerId)) {
      this.stage.setPointerCapture(event.pointerId);
    }
    const others = [...this.pointers].filter(([id]) => id !== event.pointerId).map(([, place]) =>
      place
    );
    this.pointers.set(event.pointerId, now);
    if (others.length === 0 && this.moved > 4) this.pan(now.x - before.x, now.y - before.y);
    if (others.length === 1) this.pinch(before, now, others[0]);
  }

  pinch(before, now, other) {
    const apart = (place) => Math.hypot(place.x - other.x, place.y - other.y) || 1;
    const box = this.stage.getBoundingClientRect();
    this.zoom(
      apart(now) / apart(before),
      (now.x + other.x) / 2 - box.left,
      (now.y + other.y) / 2 - box.top,
    );
    this.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
  }

  up(event) {
    this.pointers.delete(event.pointerId);
  }

  // Whether the pointer that just went up had dragged rather than clicked.
  get dragged() {
    return this.moved > 4;
  }
}

/**
 * How much a turn of the wheel zooms. A pinch on a trackpad comes as many small turns with Ctrl.
 * @param {Pick<WheelEvent, "deltaY" | "deltaMode" | "ctrlKey">} event
 */
export function turned({ deltaY, deltaMode, ctrlKey }) {
  const power = -deltaY * (deltaMode === 0 ? 1 : LINE) * (ctrlKey ? 0.01 : 0.0018);
  return Math.exp(Math.min(NOTCH, Math.max(-NOTCH, power)));
}

/**
 * A view after a zoom: what stood under (x, y) of the stage stays there.
 * @param {{ x: number, y: number, scale: number }} view
 * @param {number} factor
 * @param {number} x
 * @param {number} y
 */
export function zoomed(view, factor, x, y) {
  const scale = Math.min(MOST, Math.max(LEAST, view.scale * factor));
  const moved = (at, from) => at - ((at - from) * scale) / view.scale;
  return { x: moved(x, view.x), y: moved(y, view.y), scale };
}

/**
 * Where a picture of this extent begins: no more empty ground at an end of it than a margin.
 * @param {number} at
 * @param {number} room
 * @param {number} extent
 */
export function within(at, room, extent) {
  if (extent <= room) return (room - extent) / 2;
  return Math.min(MARGIN, Math.max(at, room - extent - MARGIN));
}
