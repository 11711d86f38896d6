// What a sampled curve says between its samples, as the page says it.

// A drawn line's height at x, between its neighbouring samples; null in a gap.
export function sampled({ x: xs, y: ys }, x) {
  let [low, high] = [0, xs.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (xs[middle] <= x) low = middle;
    else high = middle;
  }
  const [from, to] = [ys[low], ys[high]];
  if (x === xs[low]) return Number.isFinite(from) ? from : null;
  if (!Number.isFinite(from) || !Number.isFinite(to)) return null;
  return from + ((x - xs[low]) / (xs[high] - xs[low] || 1)) * (to - from);
}
