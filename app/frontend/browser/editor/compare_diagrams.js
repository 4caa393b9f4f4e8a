// Two drawings side by side that move together; what differs has a colour, a sign and a line in the list.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { diff } from 'bpmn-js-differ';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';
import { t } from '../words.js';
import { SIGNS, counted, kinds, legend, list } from './compare.js';
import { translateModule } from './dictionary.js';
import { make } from './page.js';
import { talking } from './talk.js';

const bpmnRenderer = { defaultFillColor: 'var(--paper)', defaultStrokeColor: 'var(--ink)', defaultLabelColor: 'var(--ink)' };

const nameOf = (element) => {
  const name = element?.name || element?.businessObject?.name;
  return name ? t('“%(name)s”', { name }) : element?.id || '';
};

function found(left, right) {
  const { _added, _removed, _changed, _layoutChanged } = diff(left, right);
  const of = (kind, ids) => Object.entries(ids).map(([element, model]) => ({ element, kind, words: nameOf(model.model || model) || element }));
  return [...of('added', _added), ...of('removed', _removed), ...of('changed', _changed), ...of('moved', Object.fromEntries(Object.entries(_layoutChanged).filter(([id]) => !_changed[id] && !_added[id])))];
}

async function viewer(place, xml) {
  const made = new NavigatedViewer({ container: place, moddleExtensions: { zeebe }, bpmnRenderer, additionalModules: [translateModule] });
  await made.importXML(xml);
  return made;
}

function mark(one, changes, side) {
  const canvas = one.get('canvas');
  const overlays = one.get('overlays');
  const registry = one.get('elementRegistry');
  const names = kinds();
  for (const { element: id, kind } of changes) {
    if ((kind === 'added' && side === 'left') || (kind === 'removed' && side === 'right')) continue;
    const element = registry.get(id);
    if (!element?.parent) continue;
    canvas.addMarker(id, `differs-${kind}`);
    if (element.waypoints) continue;
    const sign = make('span', { class: 'ws-sign', 'data-kind': kind, title: names[kind], role: 'img', 'aria-label': names[kind] }, SIGNS[kind]);
    overlays.add(id, 'difference', { position: { top: -12, left: -8 }, html: sign });
  }
}

function together(one, other) {
  let busy = false;
  for (const [from, to] of [[one, other], [other, one]]) {
    from.get('eventBus').on('canvas.viewbox.changed', ({ viewbox }) => {
      if (busy) return;
      busy = true;
      const { x, y, width, height } = viewbox;
      to.get('canvas').viewbox({ x, y, width, height });
      busy = false;
    });
  }
}

// What stands in for a file that there was not yet: a drawing with nothing on it.
const NOTHING = `<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" id="nothing" targetNamespace="urn:nothing"><bpmn:process id="nothing_yet" />
  <bpmndi:BPMNDiagram id="nothing_diagram"><bpmndi:BPMNPlane id="nothing_plane" bpmnElement="nothing_yet" /></bpmndi:BPMNDiagram></bpmn:definitions>`;

export async function diagrams(place, { left, right, names, changes, talk, ask }) {
  const panes = names.map((name) => make('section', { class: 'ws-pane', 'aria-label': name }, make('h3', { 'data-said': true }, name), make('div', { class: 'ws-half bio-theme-parent' })));
  const side = make('aside', { class: 'ws-side' });
  place.append(make('div', { class: 'ws-two' }, ...panes, side));
  const both = await Promise.all([left, right].map((xml, index) => viewer(panes[index].querySelector('.ws-half'), xml || NOTHING)));
  const differing = found(both[0].getDefinitions(), both[1].getDefinitions());
  const marked = [...differing];
  for (const one of changes || []) if (one.element && !marked.some((other) => other.element === one.element)) marked.push(one);
  both.forEach((one, index) => mark(one, marked, index ? 'right' : 'left'));
  if (ask) {
    const { offer } = talking(both[1], talk || {}, ask);
    both[1].get('eventBus').on('element.click', ({ element }) => offer(element.id));
  }
  const told = changes?.length ? changes : differing;
  const pick = ({ element }) => {
    for (const one of both) {
      const shape = one.get('elementRegistry').get(element);
      if (!shape?.parent) continue;
      one.get('canvas').scrollToElement(shape, 160);
      break;
    }
    for (const one of both) {
      const shape = one.get('elementRegistry').get(element);
      if (!shape) continue;
      one.get('canvas').addMarker(element, 'ws-here');
      window.setTimeout(() => one.get('canvas').removeMarker(element, 'ws-here'), 1600);
    }
  };
  side.append(legend(counted(told)), list(told, pick));
  together(...both);
  const canvas = both[1].get('canvas');
  canvas.zoom('fit-viewport', 'auto');
  if (canvas.zoom() < 0.6) {
    canvas.zoom(0.6);
    const first = told.map(({ element }) => both[1].get('elementRegistry').get(element) || both[0].get('elementRegistry').get(element)).find((one) => one?.parent);
    if (first) canvas.scrollToElement(first, 160);
  }
}
