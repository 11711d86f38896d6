// Every component by its name: its class and the styles that it wears.

const KINDS = {
  source: [Editor, ["editor"]],
  inputs: [Inputs, ["inputs"]],
  graph: [Player, ["player", "picture"]],
  steps: [Steps, ["steps"]],
  clicks: [Clicks, []],
  overlay: [Overlay, ["overlay"]],
};
