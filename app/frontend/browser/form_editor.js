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
import { chinese } from './editor/dictionary.js';
import { config, download, editable, part, root } from './editor/page.js';
import { workbench } from './editor/workbench.js';
import { about } from './form_editor/about.js';
import { naming } from './form_editor/naming.js';
import { needed } from './form_editor/needed.js';
import { newFields } from './form_editor/new_fields.js';

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
const bench = workbench({
  read: () => schema,
  async write() {
    if (editable) schema = editor.saveSchema();
  },
  show,
  stack: () => editable && editor.get('commandStack'),
  mark(found) {
    told = found;
    mark(found);
  },
  jump,
  same,
  pause: 0,
});

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

bench.begin({
  looking: { 'save-file': () => download(`${config.key}.form`, `${JSON.stringify(schema, null, 2)}\n`, 'application/json') },
  drawing: { preview },
  async draw() {
    await show(config.content);
    about(part('panel'), editable && naming(editor));
    if (!editable) return;
    needed(editor, place);
    newFields(editor);
    editor.on('commandStack.changed', () => {
      bench.edited();
      window.requestAnimationFrame(() => mark(told));
    });
  },
});
