// Findings on the elements of a drawing: a sign, a word and a number, and the way to the list.
import { make } from '../editor/page.js';
import { t } from '../words.js';

const SIGNS = { error: '⊘', warning: '▲', info: 'ⓘ' };
const ORDER = ['error', 'warning', 'info'];

export function marks(modeler, { onPick } = {}) {
  const overlays = modeler.get('overlays');
  const registry = modeler.get('elementRegistry');
  const canvas = modeler.get('canvas');
  const names = { error: t('错误'), warning: t('提醒'), info: t('建议') };
  let marked = [];

  return (findings) => {
    overlays.remove({ type: 'finding' });
    for (const [id, name] of marked) if (registry.get(id)) canvas.removeMarker(id, name);
    marked = [];
    const by = new Map();
    for (const one of findings) {
      if (!one.element || !registry.get(one.element)) continue;
      by.set(one.element, [...(by.get(one.element) || []), one]);
    }
    for (const [id, found] of by) {
      const element = registry.get(id);
      const worst = ORDER.find((severity) => found.some((one) => one.severity === severity));
      const said = found.map((one) => `${names[one.severity]}：${one.sentence}`).join('\n');
      const badge = make('button', { type: 'button', class: 'ws-badge', 'data-severity': worst, title: said, 'aria-label': said, 'data-said': true, onclick: () => onPick?.(found) }, `${SIGNS[worst]}${found.length > 1 ? found.length : ''}`);
      const root = element === canvas.getRootElement() || !element.parent;
      if (root) continue;
      const position = element.waypoints ? { top: -10, left: 0 } : { bottom: 10, left: -8 };
      overlays.add(id, 'finding', { position, html: badge, show: { minZoom: 0.3 } });
      if (worst !== 'info') {
        canvas.addMarker(id, `finding-${worst}`);
        marked.push([id, `finding-${worst}`]);
      }
    }
  };
}

export function jumper(modeler, pulse = true) {
  return ({ element: id }) => {
    const element = modeler.get('elementRegistry').get(id);
    const canvas = modeler.get('canvas');
    const selection = modeler.get('selection', false);
    if (!element) {
      selection?.select(null);
      return;
    }
    const root = canvas.findRoot(element);
    if (root && root !== canvas.getRootElement()) canvas.setRootElement(root);
    if (element.parent) canvas.scrollToElement(element, { top: 100, right: 200, bottom: 100, left: 120 });
    selection?.select(element);
    if (!pulse || !element.parent) return;
    canvas.addMarker(element, 'ws-here');
    window.setTimeout(() => modeler.get('elementRegistry').get(id) && canvas.removeMarker(element, 'ws-here'), 1600);
  };
}
