// The form editor: form-js with a preview, who uses the form, and the fields that its recorder cannot do without.
import '@bpmn-io/form-js-viewer/dist/assets/form-js-base.css';
import '@bpmn-io/form-js-viewer/dist/assets/flatpickr/light.css';
import '@bpmn-io/form-js-editor/dist/assets/form-js-editor-base.css';
import '@bpmn-io/form-js-editor/dist/assets/dragula.css';
import '@bpmn-io/form-js-editor/dist/assets/properties-panel.css';
import '../css/form.css';
import '../css/workshop.css';
import { FormEditor } from '@bpmn-io/form-js-editor';
import { Form } from '@bpmn-io/form-js-viewer';
import flatpickr from 'flatpickr';
import { Mandarin } from 'flatpickr/dist/l10n/zh.js';
import { difference } from './editor/difference_dialog.js';
import { chinese, watch } from './editor/dictionary.js';
import { findings } from './editor/findings.js';
import { config, download, editable, part, root } from './editor/page.js';
import { saving } from './editor/saving.js';
import { enable, tools } from './editor/tools.js';
import { needed } from './form_editor/needed.js';
import { about } from './form_editor/about.js';
import { t } from './words.js';

if (chinese) flatpickr.localize(Mandarin);
const place = part('canvas');
let schema = config.content;

const editor = editable
  ? new FormEditor({ container: place, propertiesPanel: { parent: part('panel'), feelPopupContainer: root } })
  : new Form({ container: place });

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

async function show(content) {
  schema = content;
  if (editable) await editor.importSchema(content);
  else {
    await editor.importSchema(content, {});
    editor.setProperty('readOnly', true);
  }
}

// A repaired or restored form is a step of undo as a whole.
const undone = [];
const redone = [];

async function replace(content, changed = []) {
  undone.push(schema);
  redone.length = 0;
  await show(content);
  store.changed();
  lint.changed();
  reach();
  if (changed[0]) jump({ element: changed[0] });
}

async function swap(from, to) {
  to.push(schema);
  await show(from.pop());
  store.changed();
  lint.changed();
  reach();
}

const fieldOf = (name) => editor.get('formFieldRegistry').getAll().find((field) => field.id === name || field.key === name || field.path === name);

function jump({ element }) {
  if (!editable) return;
  const field = fieldOf(element);
  if (!field) return;
  editor.get('selection').set(field);
  place.querySelector(`[data-id="${CSS.escape(field.id)}"]`)?.scrollIntoView({ block: 'center' });
}

// Findings beside the fields: an attribute that the style sheet turns into a sign and a word.
function mark(found) {
  if (!editable) return;
  for (const one of place.querySelectorAll('[data-finding]')) one.removeAttribute('data-finding');
  for (const { element, severity } of found) {
    const field = element && fieldOf(element);
    const box = field && place.querySelector(`[data-id="${CSS.escape(field.id)}"]`);
    if (box && box.dataset.finding !== 'error') box.dataset.finding = severity;
  }
}

let told = [];
const store = saving({ read: () => schema, replace, same });
const lint = findings({
  read: () => schema,
  show(found) {
    told = found;
    mark(found);
  },
  jump,
  play() {},
  replace,
  editable,
});

function reach() {
  if (!editable) return;
  const stack = editor.get('commandStack');
  enable('undo', stack.canUndo() || undone.length > 0);
  enable('redo', stack.canRedo() || redone.length > 0);
}

function undo() {
  const stack = editor.get('commandStack');
  if (stack.canUndo()) stack.undo();
  else if (undone.length) swap(undone, redone);
}

function redo() {
  const stack = editor.get('commandStack');
  if (stack.canRedo()) stack.redo();
  else if (redone.length) swap(redone, undone);
}

let previewed = null;

async function preview(button) {
  const over = part('preview');
  if (previewed) {
    previewed.destroy();
    previewed = null;
    over.replaceChildren();
    over.hidden = true;
  } else {
    over.hidden = false;
    const paper = document.createElement('div');
    paper.className = 'ws-paper';
    over.replaceChildren(paper);
    previewed = new Form({ container: paper });
    await previewed.importSchema(structuredClone(schema), {});
  }
  button.setAttribute('aria-pressed', String(Boolean(previewed)));
}

async function start() {
  const looking = { keys: () => part('keys').showModal(), 'save-file': () => download(`${config.key}.form`, `${JSON.stringify(schema, null, 2)}\n`, 'application/json'), difference };
  tools(editable ? { ...looking, undo, redo, preview } : looking);
  about(part('panel'));
  await show(config.content);
  if (editable) {
    needed(editor, place);
    editor.on('commandStack.changed', () => {
      schema = editor.saveSchema();
      redone.length = 0;
      store.changed();
      lint.changed();
      reach();
      window.requestAnimationFrame(() => mark(told));
    });
    reach();
  }
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
