// A process diagram to look at: bpmn-js with where the instance stands; the table on the page says the same in words.
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';
import { t } from './words.js';

const READABLE = 0.7;

// What is open at a step, with a sign each for what is late or stuck.
function stateOf({ open, late, stuck }) {
  const group = document.createElement('div');
  group.className = 'states';
  const one = (kind, text, title) => {
    const badge = document.createElement('span');
    badge.className = `count ${kind}`;
    badge.textContent = text;
    badge.title = title;
    group.append(badge);
  };
  if (open) one('open', String(open), t('在办 %(count)s 件', { count: open }));
  if (late) one('late', `▲${late}`, t('逾期 %(count)s 件', { count: late }));
  if (stuck) one('stuck', `⊘${stuck}`, t('停住 %(count)s 件', { count: stuck }));
  return group;
}

async function draw(place) {
  const { source, marks = {}, flows = [], counts = {}, states = {}, notes = {}, links = {} } = JSON.parse(document.getElementById(place.dataset.diagram).textContent);
  const viewer = new NavigatedViewer({ container: place, moddleExtensions: { zeebe } });
  await viewer.importXML(source);
  const canvas = viewer.get('canvas');
  const registry = viewer.get('elementRegistry');
  const overlays = viewer.get('overlays');
  for (const [id, mark] of Object.entries(marks)) if (registry.get(id)) canvas.addMarker(id, mark);
  for (const id of flows) if (registry.get(id)) canvas.addMarker(id, 'done');
  for (const [id, count] of Object.entries(counts)) {
    if (!registry.get(id)) continue;
    const badge = document.createElement('div');
    badge.className = 'count';
    badge.textContent = String(count);
    badge.title = t('%(count)s 件在这里', { count });
    overlays.add(id, { position: { top: -11, right: 12 }, html: badge });
  }
  for (const [id, state] of Object.entries(states)) {
    if (registry.get(id)) overlays.add(id, { position: { top: -11, right: 12 }, html: stateOf(state) });
  }
  for (const [id, note] of Object.entries(notes)) {
    if (!registry.get(id)) continue;
    const badge = document.createElement('div');
    badge.className = 'count note';
    badge.textContent = note;
    overlays.add(id, { position: { bottom: 10, left: 6 }, html: badge });
  }
  viewer.get('eventBus').on('element.click', ({ element }) => {
    if (links[element.id]) window.location.assign(links[element.id]);
    else {
      const row = document.getElementById(`step-${element.id}`);
      const folded = row?.closest('details');
      if (folded) folded.open = true;
      row?.scrollIntoView({ block: 'center' });
    }
  });
  const fit = () => {
    canvas.zoom('fit-viewport', 'auto');
    if (canvas.zoom() > 1) canvas.zoom(1, 'auto');
  };
  fit();
  // A wide diagram opens where it can be read: at the step that is done now, else at its beginning.
  const now = Object.keys(marks).find((id) => marks[id] === 'now' && registry.get(id));
  const start = registry.find((element) => element.type === 'bpmn:StartEvent');
  const at = now || start?.id;
  if (at && canvas.zoom() < READABLE && place.clientWidth > 0) {
    canvas.zoom(READABLE);
    canvas.scrollToElement(at, { top: 120, right: 400, bottom: 120, left: 80 });
  }
  const step = { in: () => canvas.zoom(canvas.zoom() * 1.25), out: () => canvas.zoom(canvas.zoom() / 1.25), fit };
  for (const button of place.querySelectorAll('[data-zoom]')) button.addEventListener('click', () => step[button.dataset.zoom]());
  place.dataset.ready = '1';
}

function drawAll(within) {
  for (const place of within.querySelectorAll('[data-diagram]')) {
    draw(place).catch((error) => {
      console.error(error);
      place.append(t('流程图没有画出来，请看下面的步骤表。'));
    });
  }
}

// A rehearsal tells how far it is, a line each; the last line brings the piece of the page with the outcome.
async function rehearse(place) {
  const answer = await fetch(place.dataset.rehearse);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value = '', done } = await reader.read();
    const lines = (rest + value).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      const told = JSON.parse(line);
      if (told.html) {
        place.innerHTML = told.html;
        drawAll(place);
        return;
      }
      place.querySelector('progress').value = told.done / told.of;
      place.querySelector('[data-told]').textContent = t('已推演 %(done)s / %(of)s 件', told);
    }
    if (done) throw new Error('the rehearsal ended early');
  }
}

drawAll(document);
for (const place of document.querySelectorAll('[data-rehearse]')) {
  rehearse(place).catch((error) => {
    console.error(error);
    place.textContent = t('推演没有做完，请再试一次。');
  });
}
