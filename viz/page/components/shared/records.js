// The records that Python sends, as types. Written by `python -m viz.page.components.contract`.

/** @typedef {number | "Infinity" | "-Infinity" | "NaN"} Exact a float; see `exact` */

/**
 * @typedef {object} Shell `texts`: English template → the spoken language; `language` as HTML names it
 * @property {Record<string, string>} texts
 * @property {string} language
 * @property {boolean} present
 * @property {string} title
 * @property {string} session
 * @property {boolean} adopted
 * @property {number} backs
 */

/**
 * @typedef {object} Source `edition` rises when the page itself sets the text; else the browser's text counts
 * @property {string} text
 * @property {number} edition
 * @property {Entry} place
 * @property {string} label
 * @property {string} keys
 * @property {boolean} present
 * @property {number} reply
 * @property {number} asked
 * @property {[number, number, number, number] | null} error
 * @property {Array<CallSpan>} spans
 * @property {Record<string, number>} counts
 * @property {Record<string, string>} remarks
 */

/**
 * @typedef {object} Entry Where this view stands in the browser's history
 * @property {string} view
 * @property {number} entry
 * @property {number} gone
 */

/**
 * @typedef {object} CallSpan Where a call of the run stands
 * @property {string} call
 * @property {[number, number, number, number]} span
 */

/**
 * @typedef {object} Inputs `edition` as of the editor's; `echo` is the number of the newest values that came here
 * @property {number} edition
 * @property {number} echo
 * @property {Array<Control>} inputs
 * @property {number} seed
 * @property {boolean} random
 * @property {boolean} stale
 * @property {string | null} wrong
 * @property {Labels} labels
 */

/**
 * @typedef {object} Control One input, its text, and what sets it
 * @property {string} name
 * @property {string} text
 * @property {"integer" | "number" | "text"} kind
 */

/**
 * @typedef {object} Labels What the controls are called; `value` and `back` have a place for a name
 * @property {string} inputs
 * @property {string} value
 * @property {string} seed
 * @property {string} anew
 * @property {string} back
 */

/**
 * @typedef {object} GraphPlayer A picture and how it is shown
 * @property {number} made
 * @property {string} program
 * @property {string} svg
 * @property {Array<PlayedStep>} steps
 * @property {Record<string, Details>} details
 * @property {Record<string, Array<string>>} calls
 * @property {string} note
 * @property {number} asked
 * @property {number} folded
 * @property {boolean} stale
 * @property {boolean} saved_outside
 * @property {boolean} present
 * @property {boolean} ask
 * @property {string} kept
 * @property {Record<string, StepHelp>} help
 * @property {number} entry
 * @property {number} gone
 * @property {number | null} step
 * @property {Array<Exact>} speeds
 * @property {Exact} speed
 * @property {Array<Exact>} look
 * @property {string | null} card
 * @property {boolean} legend
 */

/**
 * @typedef {object} PlayedStep One step of the play, as `viz.drawing.play.steps` tells it, in the spoken language
 * @property {string} phase
 * @property {"backward" | "forward"} direction
 * @property {string | null} node
 * @property {Array<string>} nodes
 * @property {Array<string>} edges
 * @property {Array<string>} arrived
 * @property {Array<[string, "contribution" | "gradient" | "value", string]>} changes
 * @property {Array<string>} formula
 * @property {string} said
 * @property {Array<Exact> | null} answer
 * @property {boolean} all
 */

/**
 * @typedef {object} Details Everything the panel shows of a card; texts are escaped by whoever inserts them
 * @property {string} title
 * @property {string} name
 * @property {string} op
 * @property {string} function
 * @property {string | null} link
 * @property {Quantity | null} value
 * @property {Quantity | null} gradient
 * @property {Array<[string, string]>} saved
 * @property {string} result
 * @property {Array<string>} derivatives
 * @property {Paths | null} paths
 * @property {number | null} iteration
 * @property {boolean} in_place
 * @property {boolean} view
 * @property {boolean} frozen
 * @property {boolean} cut
 */

/**
 * @typedef {object} Quantity A tensor in the panel: its text, shape and type, and a heat map where it is a small one
 * @property {string} text
 * @property {string} shape
 * @property {string} dtype
 * @property {Heat | null} heat
 */

/**
 * @typedef {object} Heat `rows` × `columns` cells, row by row
 * @property {number} rows
 * @property {number} columns
 * @property {Array<string>} cells
 * @property {Array<Exact | null>} levels
 */

/**
 * @typedef {object} Paths Some of the ways; `count` all of them (a text: it may be 10^300), `total` their sum
 * @property {Array<PathText>} listed
 * @property {string} count
 * @property {boolean} more
 * @property {string} total
 */

/**
 * @typedef {object} PathText One way to the end: the cards on it, its names, and its product in MathML
 * @property {Array<string>} cards
 * @property {string} names
 * @property {string} math
 */

/**
 * @typedef {object} StepHelp Help with the question of a step: hints one after the other, known mistakes
 * @property {Array<string>} hints
 * @property {Array<AnsweredMistake>} mistakes
 */

/**
 * @typedef {object} AnsweredMistake What somebody answers who makes a known mistake, and its explanation
 * @property {Array<Exact>} values
 * @property {string} say
 */

/**
 * @typedef {object} Overlay Where x₀ stands, and f and its slope there as the run recorded them
 * @property {string} target
 * @property {string} name
 * @property {string} function
 * @property {string} input
 * @property {boolean} scalar
 * @property {[string, string]} around
 * @property {Exact} x
 * @property {Exact | null} value
 * @property {Exact | null} slope
 * @property {number} digits
 */

/**
 * @typedef {object} CurveSamples A curve's samples: `derivatives` row by row, f first
 * @property {string} x
 * @property {Array<string>} derivatives
 * @property {Array<Break>} gaps
 */

/**
 * @typedef {object} Break Where the curve of `order`, and all above it, are not joined
 * @property {number} order
 * @property {"jump" | "kink" | "pole" | "undefined" | "unresolved"} kind
 * @property {Exact} start
 * @property {Exact} stop
 */

/**
 * @typedef {object} Steps The heads of the four columns
 * @property {[string, string, string, string]} heads
 */

/**
 * @typedef {object} LessonText The open lesson
 * @property {string} key
 * @property {string} title
 * @property {string} about
 * @property {Array<LessonPart>} parts
 * @property {boolean} exact
 * @property {boolean} veiled
 * @property {boolean} fails
 * @property {string} quiz
 */

/**
 * @typedef {object} LessonPart A paragraph, or a question
 * @property {Array<LessonRun>} runs
 * @property {AskedTask | null} question
 */

/**
 * @typedef {object} LessonRun Words of a paragraph: plain, as code, or with a target that they drive the figure to
 * @property {string} text
 * @property {boolean} code
 * @property {string} target
 */

/**
 * @typedef {object} AskedTask A question with what is right, from the run that it is about
 * @property {number} number
 * @property {string} kind
 * @property {Array<LessonRun>} ask
 * @property {Array<LessonRun>} then
 * @property {Array<Exact>} truth
 * @property {Array<[string, string | null]>} ends
 * @property {Array<JudgedMistake>} mistakes
 * @property {Array<OfferedChoice>} choices
 * @property {Array<Array<LessonRun>>} hints
 * @property {Array<ListedEnd>} listed
 * @property {Array<Exact>} at
 * @property {string} hold
 * @property {string} play
 * @property {boolean} veil
 * @property {boolean} elsewhere
 * @property {string} problem
 */

/**
 * @typedef {object} JudgedMistake What somebody answers who makes a known mistake, and its explanation
 * @property {Array<Exact>} values
 * @property {Array<[string, string | null]>} ends
 * @property {Array<LessonRun>} say
 */

/**
 * @typedef {object} OfferedChoice One of the answers to choose from
 * @property {Array<LessonRun>} text
 * @property {boolean} right
 * @property {Array<LessonRun>} say
 */

/**
 * @typedef {object} ListedEnd A card or an arrow by its name, for those who choose from a list
 * @property {string} label
 * @property {[string, string | null]} end
 */

/**
 * @typedef {object} CourseOverview The whole list; `levels` are the names of the levels of practice, the first is level 1
 * @property {Array<ListedGroup>} groups
 * @property {Array<string>} levels
 * @property {Array<ListedLesson>} quiz
 */

/**
 * @typedef {object} ListedGroup Lessons that belong together
 * @property {string} title
 * @property {string} about
 * @property {Array<ListedLesson>} lessons
 */

/**
 * @typedef {object} ListedLesson A lesson in the list: what one learns, how long it takes, what comes before it
 * @property {string} key
 * @property {string} title
 * @property {string} learns
 * @property {number} minutes
 * @property {Array<string>} needs
 * @property {number} questions
 */

/**
 * @typedef {object} Sights What is followed of each figure, by its key: axes that can be zoomed, or `scene`
 * @property {Record<string, Array<string>>} followed
 * @property {number} edition
 * @property {string} clicked
 */

/**
 * @typedef {object} AsShown What the forms are called, `svg` and `png`, that the player makes
 * @property {Record<string, string>} forms
 */

/**
 * @typedef {object} AskAgain `attempt` numbers the tries and changes with each; `pause`: seconds until then, 0 is never
 * @property {number} attempt
 * @property {Exact} pause
 */

/**
 * @typedef {object} FirstPicture `session` names the session that waits for the word
 * @property {string} session
 */

export {};
