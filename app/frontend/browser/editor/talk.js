// Questions and answers on the elements of a drawing: how many there are, and a way to ask about the one that is picked.
import { t } from '../words.js';
import { make } from './page.js';

// `talk`: {element: how many}; `open` is called with the element of a badge, or of the button on what was clicked.
export function talking(viewer, talk, open) {
  const overlays = viewer.get('overlays');
  const registry = viewer.get('elementRegistry');
  for (const [id, count] of Object.entries(talk)) {
    const element = registry.get(id);
    if (!element?.parent) continue;
    const said = t('%(count)s 条问答', { count });
    overlays.add(id, 'talk', {
      position: element.waypoints ? { top: 0, left: 0 } : { top: -12, right: 12 },
      html: make('button', { type: 'button', class: 'ws-badge ws-talk', title: said, 'aria-label': said, onclick: () => open(id) }, `？${count}`),
    });
  }
  return {
    offer(id) {
      overlays.remove({ type: 'ask' });
      if (!registry.get(id)?.parent) return;
      overlays.add(id, 'ask', { position: { bottom: -4, left: 0 }, html: make('button', { type: 'button', class: 'btn btn-sm btn-line ws-ask-here', onclick: () => open(id) }, t('就这一处提问')) });
    },
  };
}
