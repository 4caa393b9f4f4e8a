// The difference of two versions on a page of its own: the page hands over both and what the server says about them.
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import '../css/workshop.css';
import { draw } from './editor/compare.js';
import { ask } from './editor/page.js';

// Pages may name a file by its kind in an address or by its format.
const KINDS = { bpmn: 'process', dmn: 'decision' };

// On the page of a release, what is picked in the drawing is what the next question is about.
const about = document.querySelector('#talk select[name="element"]');
const talkAbout = about && ((id) => {
  if (![...about.options].some((one) => one.value === id)) return;
  about.value = id;
  about.form.elements.words.focus();
});

for (const place of document.querySelectorAll('[data-difference]')) {
  const handed = JSON.parse(document.getElementById(place.dataset.difference).textContent);
  const two = handed.url ? { ...handed, ...(await ask(handed.url)) } : handed;
  const kind = KINDS[two.kind ?? place.dataset.kind] ?? two.kind ?? place.dataset.kind;
  await draw(place, { ...two, ask: talkAbout, kind, left: two.left?.content ?? two.left, right: two.right?.content ?? two.right });
}
