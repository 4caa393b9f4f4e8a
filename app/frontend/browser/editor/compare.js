// Two versions side by side in a dialog of the page: drawings, forms or tables, each with its list in words.
import { t } from '../words.js';
import { make, part } from './page.js';

const DRAWERS = {
  process: () => import('./compare_diagrams.js').then(({ diagrams }) => diagrams),
  form: () => import('./compare_forms.js').then(({ forms }) => forms),
  decision: () => import('./compare_tables.js').then(({ tables }) => tables),
};

// `changes`: [{element, kind, words}] of the server; without them only what has changed is said. `talk`: how much has been
// said on which element; `ask`: called with the element of a drawing about which something is to be asked.
export async function draw(place, { kind, left, right, names = [t('在用的'), t('这一份')], changes, talk, ask }) {
  place.replaceChildren(make('p', { class: 'ws-hint' }, t('正在比较')));
  try {
    const drawer = await DRAWERS[kind]();
    place.replaceChildren();
    await drawer(place, { left, right, names, changes, talk, ask });
  } catch (error) {
    console.error(error);
    place.replaceChildren(make('p', {}, t('比较不了：%(why)s', { why: error.message })));
  }
  place.dataset.compared = '1';
}

export async function compare(two) {
  const dialog = part('difference');
  delete dialog.querySelector('[data-place]').dataset.compared;
  dialog.showModal();
  await draw(dialog.querySelector('[data-place]'), two);
}

export const SIGNS = { added: '＋', removed: '－', changed: '≠', moved: '↔' };
export const kinds = () => ({ added: t('新增'), removed: t('删去'), changed: t('改动'), moved: t('移动') });

export function list(changes, onPick) {
  const names = kinds();
  const rows = changes.map((one) =>
    make('li', { 'data-kind': one.kind }, make('button', { type: 'button', class: 'ws-goto', onclick: () => onPick?.(one) },
      make('span', { class: 'ws-kind', 'data-kind': one.kind }, `${SIGNS[one.kind] || ''} ${names[one.kind] || one.kind}`), make('span', { 'data-said': true }, ` ${one.words}`))));
  return make('ol', { class: 'ws-changes', tabindex: '0', 'aria-label': t('差异清单') }, ...(rows.length ? rows : [make('li', {}, t('两份没有不同。'))]));
}

export function legend(counts) {
  const names = kinds();
  return make('p', { class: 'ws-legend' }, ...Object.keys(SIGNS).filter((kind) => counts[kind]).map((kind) => make('span', { class: 'ws-kind', 'data-kind': kind }, `${SIGNS[kind]} ${names[kind]} ${counts[kind]}`)));
}

export const counted = (changes) => changes.reduce((counts, { kind }) => ({ ...counts, [kind]: (counts[kind] || 0) + 1 }), {});
