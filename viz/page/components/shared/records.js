// The records that Python sends, as types. Written by `python -m viz.page.components.contract`.

/** @typedef {number | "Infinity" | "-Infinity" | "NaN"} Exact a float; see `exact` */

/**
 * @typedef {object} Shell `texts`: English template → the spoken language; `language` as HTML names it
 * @property {Record<string, string>} texts
 * @property {string} language
 * @property {boolean} present
 * @property {string} title
 */

/**
 * @typedef {object} Source `edition` rises when the page itself sets the text; else the browser's text counts
 * @property {string} text
 * @property {number} edition
 * @property {Entry} place
 * @property {string} label
 * @property {string} keys
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
 * @property {boolean} stale
 * @property {boolean} present
 * @property {boolean} ask
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
 * @typedef {object} Overlay Where x₀ stands, and f and its slope there as the run recorded them
 * @property {string} target
 * @property {string} name
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
 * @typedef {object} Clicks `target` is the key of the figure
 * @property {string} target
 */

/**
 * @typedef {object} AskAgain `attempt` numbers the tries and changes with each; `pause`: seconds until then, 0 is never
 * @property {number} attempt
 * @property {Exact} pause
 */

export {};
