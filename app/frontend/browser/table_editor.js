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
import { difference } from './editor/difference_dialog.js';
import { translateModule, watch } from './editor/dictionary.js';
import { findings } from './editor/findings.js';
import { config, download, editable, part, root } from './editor/page.js';
import { release } from './editor/release.js';
import { saving } from './editor/saving.js';
import { enable, tools } from './editor/tools.js';
import { tryOut } from './table_editor/try.js';
import { t } from './words.js';

const place = part('canvas');
// Each view takes its own modules: those of `common` do not reach them.
const view = { additionalModules: [translateModule] };
const modeler = new (editable ? Modeler : Viewer)({ container: place, drd: view, decisionTable: view, literalExpression: view, boxedExpression: view });
let xml = config.content;

async function show(content) {
  xml = content;
  quiet = true;
  await modeler.importXML(content, { open: false });
  const views = modeler.getViews();
  await modeler.open(views.find(({ type }) => type === 'decisionTable') || views.find(({ type }) => type === 'literalExpression') || views[0]);
  quiet = false;
}

const undone = [];
const redone = [];
let quiet = true;

async function replace(content) {
  undone.push(xml);
  redone.length = 0;
  await show(content);
  store.changed();
  lint.changed();
  reach();
}

async function swap(from, to) {
  to.push(xml);
  await show(from.pop());
  store.changed();
  lint.changed();
  reach();
}

const stack = () => modeler.getActiveViewer()?.get('commandStack', false);

function undo() {
  if (stack()?.canUndo()) stack().undo();
  else if (undone.length) swap(undone, redone);
}

function redo() {
  if (stack()?.canRedo()) stack().redo();
  else if (redone.length) swap(redone, undone);
}

function reach() {
  if (!editable) return;
  enable('undo', Boolean(stack()?.canUndo()) || undone.length > 0);
  enable('redo', Boolean(stack()?.canRedo()) || redone.length > 0);
}

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

const store = saving({ read: () => xml, replace });
const lint = findings({ read: () => xml, show: mark, jump, play() {}, replace, editable });

let writing = 0;
function changed() {
  if (quiet) return;
  window.clearTimeout(writing);
  writing = window.setTimeout(async () => {
    xml = (await modeler.saveXML({ format: true })).xml;
    store.changed();
    lint.changed();
    mark(told);
  }, 120);
  redone.length = 0;
  reach();
}

function attend(viewer) {
  viewer.get('eventBus', false)?.on('commandStack.changed', changed);
}

async function start() {
  const looking = {
    keys: () => part('keys').showModal(),
    'save-file': () => download(`${config.key}.dmn`, xml, 'application/xml'),
    try: tryOut({ read: () => xml, point: (rows) => rows.forEach((id) => rowOf(id)?.classList.add('ws-hit')) }),
    difference,
  };
  tools(editable ? { ...looking, release: release(store), undo, redo } : looking);
  const seen = new Set();
  modeler.on('views.changed', () => {
    const viewer = modeler.getActiveViewer();
    if (editable && viewer && !seen.has(viewer)) {
      seen.add(viewer);
      attend(viewer);
    }
    reach();
    window.requestAnimationFrame(() => mark(told));
  });
  await show(config.content);
  reach();
  root.addEventListener('workshop:back', ({ detail }) => replace(detail));
  watch(root);
  root.dataset.ready = '1';
  performance.mark('workshop-ready');
  lint.look();
}

start().catch((error) => {
  console.error(error);
  part('said-place').textContent = t('这个文件画不出来：%(why)s', { why: error.message });
  root.dataset.ready = 'failed';
  lint.look();
});
