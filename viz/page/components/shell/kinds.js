// Every component by its name: its class and the styles that it wears.

import { AskAgain } from "../again/again.js";
import { AsShown } from "../as_shown/as_shown.js";
import { Course } from "../course/course.js";
import { FirstPicture } from "../first/first.js";
import { Player } from "../graph/player.js";
import { Inputs } from "../inputs/inputs.js";
import { Lesson } from "../lesson/lesson.js";
import { Overlay } from "../overlay/overlay.js";
import { Samples } from "../overlay/samples.js";
import { Sights } from "../sights/sights.js";
import { Editor } from "../source/editor.js";
import { Steps } from "../steps/steps.js";

export const KINDS = {
  source: [Editor, ["editor"]],
  inputs: [Inputs, ["inputs"]],
  graph: [Player, ["player", "picture"]],
  steps: [Steps, ["steps"]],
  lesson: [Lesson, ["lesson"]],
  course: [Course, ["course"]],
  sights: [Sights, []],
  as_shown: [AsShown, ["as_shown"]],
  again: [AskAgain, []],
  first: [FirstPicture, []],
  samples: [Samples, []],
  overlay: [Overlay, ["overlay"]],
};
