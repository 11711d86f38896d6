// Every component by its name: its class and the styles that it wears.

const KINDS = {
  source: [Editor, ["editor"]],
  inputs: [Inputs, ["inputs"]],
  graph: [Player, ["player", "picture"]],
  overlay: [Overlay, ["overlay"]],
};
