// What one component tells the others: which calls are lit, where the play is, what an input is set to.

class Bus {
  constructor() {
    this.listeners = new Map();
    this.last = new Map();
  }

  // Calls `listener` with each event of this name, and at once with the last one if there was one.
  on(name, listener) {
    if (!this.listeners.has(name)) this.listeners.set(name, new Set());
    this.listeners.get(name).add(listener);
    if (this.last.has(name)) listener(this.last.get(name));
    return () => this.listeners.get(name).delete(listener);
  }

  emit(name, detail) {
    this.last.set(name, detail);
    this.once(name, detail);
  }

  // Tells those who listen now: what is to be done once is no news for who comes later.
  once(name, detail) {
    for (const listener of this.listeners.get(name) ?? []) listener(detail);
  }
}

export const bus = new Bus();
