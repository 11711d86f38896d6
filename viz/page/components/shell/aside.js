// The sidebar on a phone lies over the page: it closes when something was chosen in it.

const NARROW = "(max-width: 768px)";
const CHOICES =
  '[role="radio"], [role="switch"], [role="checkbox"], [role="slider"], label, button';
const CLOSE = '[data-testid="stSidebarCollapseButton"] button';
const AFTER = 300; // ms: the choice is seen before it goes

/** @returns {HTMLButtonElement | null} */
const button = () => document.querySelector(CLOSE);

export function closeAside({ target }) {
  const chosen = target instanceof Element && matchMedia(NARROW).matches &&
    target.closest(CHOICES) && !target.closest(CLOSE) &&
    target.closest('[data-testid="stSidebar"]');
  if (chosen) setTimeout(() => button()?.click(), AFTER);
}
