class Panel {
  constructor(root, choose, close) { this.root = root; }
  words() {}
  show(details) { this.root.hidden = !details; }
  step() {}
}
