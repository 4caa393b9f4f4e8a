// A path that the lint found, played as tokens over the drawing: step by step, or all at once where motion is not wanted.
import { is } from 'bpmn-js/lib/util/ModelUtil';
import { make, part } from '../editor/page.js';
import { t } from '../words.js';

const calm = window.matchMedia('(prefers-reduced-motion: reduce)');
const STEP = 900;

// `trace`: a list of steps, each the ids of the elements that hold a token then.
export function trace(modeler) {
  const bar = part('trace');
  const words = bar.querySelector('[data-words]');
  const registry = modeler.get('elementRegistry');
  const canvas = modeler.get('canvas');
  const overlays = modeler.get('overlays');
  let steps = [];
  let at = 0;
  let timer = 0;

  const label = (id) => registry.get(id)?.businessObject?.get?.('name') || id;

  // The lint names the steps that were passed; on the drawing the token also goes along the lines between them, from the
  // start to the place that the finding is about.
  function wayOf(finding) {
    const named = (finding.trace || []).filter((step) => step.length);
    if (!named.length || named.some((step) => step.length > 1)) return named;
    const ids = named.map(([id]) => id);
    const first = registry.get(ids[0]);
    const before = first?.incoming?.map(({ source }) => source).find((one) => is(one, 'bpmn:StartEvent'));
    if (before && !is(first, 'bpmn:StartEvent')) ids.unshift(before.id);
    if (finding.element && ids.at(-1) !== finding.element && registry.get(finding.element)) ids.push(finding.element);
    return ids.flatMap((id, place) => {
      const line = place && registry.get(ids[place - 1])?.outgoing?.find(({ target }) => target.id === id);
      return line ? [[line.id], [id]] : [[id]];
    });
  }

  function clear() {
    overlays.remove({ type: 'token' });
    for (const id of new Set(steps.flat())) {
      if (!registry.get(id)) continue;
      canvas.removeMarker(id, 'ws-passed');
      canvas.removeMarker(id, 'ws-token-here');
    }
  }

  function draw() {
    clear();
    steps.slice(0, at).flat().forEach((id) => registry.get(id) && canvas.addMarker(id, 'ws-passed'));
    const now = new Map();
    for (const id of steps[at]) now.set(id, (now.get(id) || 0) + 1);
    for (const [id, count] of now) {
      const element = registry.get(id);
      if (!element?.parent) continue;
      canvas.addMarker(id, 'ws-token-here');
      const token = make('div', { class: 'ws-token', 'data-said': true }, String(count));
      const middle = element.waypoints ? element.waypoints[Math.floor(element.waypoints.length / 2)] : null;
      const box = element.waypoints ? { left: middle.x - Math.min(...element.waypoints.map((one) => one.x)), top: middle.y - Math.min(...element.waypoints.map((one) => one.y)) } : { left: element.width / 2, top: element.height / 2 };
      overlays.add(id, 'token', { position: { left: box.left - 11, top: box.top - 11 }, html: token });
    }
    words.textContent = t('第 %(at)s 步，共 %(all)s 步：%(where)s', { at: at + 1, all: steps.length, where: [...now.keys()].map(label).join('、') });
    bar.dataset.step = String(at + 1);
    const first = [...now.keys()].map((id) => registry.get(id)).find((one) => one?.parent);
    if (first) canvas.scrollToElement(first, { top: 120, right: 200, bottom: 120, left: 120 });
  }

  function go(to) {
    at = Math.max(0, Math.min(steps.length - 1, to));
    draw();
  }

  function pause() {
    window.clearInterval(timer);
    timer = 0;
  }

  function run() {
    pause();
    if (at >= steps.length - 1) at = 0;
    draw();
    timer = window.setInterval(() => {
      if (at >= steps.length - 1) pause();
      else go(at + 1);
    }, STEP);
  }

  function close() {
    pause();
    clear();
    steps = [];
    bar.hidden = true;
  }

  bar.querySelector('[data-back]').addEventListener('click', () => (pause(), go(at - 1)));
  bar.querySelector('[data-next]').addEventListener('click', () => (pause(), go(at + 1)));
  bar.querySelector('[data-run]').addEventListener('click', () => (timer ? pause() : run()));
  bar.querySelector('[data-close]').addEventListener('click', close);

  return (finding) => {
    close();
    steps = wayOf(finding);
    if (!steps.length) return;
    at = 0;
    bar.hidden = false;
    bar.querySelector('[data-sentence]').textContent = finding.sentence;
    if (calm.matches) go(steps.length - 1);
    else run();
  };
}
