// When somebody asked for something: what is sent may arrive in another order, or in one go.

let last = 0;

// Now, in ms, and later than any moment before it: of a page that was loaded anew, too.
export function moment() {
  last = Math.max(last + 1, Date.now());
  return last;
}
