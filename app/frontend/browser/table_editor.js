// The decision table editor: dmn-js in our words, findings on the rows, and a place to try values.
import 'dmn-js/dist/assets/dmn-font/css/dmn.css';
import 'dmn-js/dist/assets/diagram-js.css';
import 'dmn-js/dist/assets/dmn-js-shared.css';
import 'dmn-js/dist/assets/dmn-js-drd.css';
import 'dmn-js/dist/assets/dmn-js-decision-table.css';
import 'dmn-js/dist/assets/dmn-js-decision-table-controls.css';
import 'dmn-js/dist/assets/dmn-js-literal-expression.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression-controls.css';
import '../css/workshop.css';
import Modeler from 'dmn-js/lib/Modeler';
import Viewer from 'dmn-js/lib/Viewer';
import { translateModule } from './editor/dictionary.js';
import { config, download, editable, part } from './editor/page.js';
import { workbench } from './editor/workbench.js';
import { tryOut } from './table_editor/try.js';

const place = part('canvas');
// Each view takes its own modules: those of `common` do not reach them.
const view = { additionalModules: [translateModule] };
const modeler = new (editable ? Modeler : Viewer)({ container: place, drd: view, decisionTable: view, literalExpression: view, boxedExpression: view });
let xml = config.content;

async function show(content) {
  xml = content;
  await modeler.importXML(content, { open: false });
  const views = modeler.getViews();
  await modeler.open(views.find(({ type }) => type === 'decisionTable') || views.find(({ type }) => type === 'literalExpression') || views[0]);
}

const stack = () => modeler.getActiveViewer()?.get('commandStack', false);

const rowOf = (element) => place.querySelector(`td[data-row-id="${CSS.escape(element)}"]`)?.closest('tr') || place.querySelector(`[data-element-id="${CSS.escape(element)}"]`)?.closest('tr');

function jump({ element }) {
  const row = element && rowOf(element);
  if (!row) return;
  row.scrollIntoView({ block: 'center' });
  row.classList.add('ws-here');
  window.setTimeout(() => row.classList.remove('ws-here'), 1600);
}

let told = [];
function mark(found) {
  told = found;
  for (const one of place.querySelectorAll('tr[data-finding]')) one.removeAttribute('data-finding');
  for (const { element, severity } of found) {
    const row = element && rowOf(element);
    if (row && row.dataset.finding !== 'error') row.dataset.finding = severity;
  }
}

const bench = workbench({
  read: () => xml,
  async write() {
    if (editable) xml = (await modeler.saveXML({ format: true })).xml;
    mark(told);
  },
  show,
  stack,
  mark,
  jump,
});

function attend(viewer) {
  viewer.get('eventBus', false)?.on('commandStack.changed', bench.edited);
}

bench.begin({
  looking: {
    'save-file': () => download(`${config.key}.dmn`, xml, 'application/xml'),
    try: tryOut({ read: () => xml, point: (rows) => rows.forEach((id) => rowOf(id)?.classList.add('ws-hit')) }),
  },
  async draw() {
    const seen = new Set();
    modeler.on('views.changed', () => {
      const viewer = modeler.getActiveViewer();
      if (editable && viewer && !seen.has(viewer)) {
        seen.add(viewer);
        attend(viewer);
      }
      bench.reach();
      window.requestAnimationFrame(() => mark(told));
    });
    await show(config.content);
  },
});
