// The buttons above an editor, and the sheet of keys.
import { part, root } from './page.js';

export function tools(acts) {
  for (const button of root.querySelectorAll('[data-act]')) {
    const act = acts[button.dataset.act];
    if (!act) {
      button.hidden = true;
      continue;
    }
    button.addEventListener('click', () => act(button));
  }
  const help = part('keys');
  root.addEventListener('keydown', (event) => {
    if (event.key === '?' && !event.target.closest('input, textarea, select, [contenteditable], .cm-editor')) {
      event.preventDefault();
      help?.showModal();
    }
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') {
      event.preventDefault();
      root.dispatchEvent(new CustomEvent('workshop:save'));
    }
  });
}

export const enable = (name, on) => {
  for (const button of root.querySelectorAll(`[data-act="${name}"]`)) button.disabled = !on;
};
