// What the three editors share: saving, findings, whole files as steps of undo, and being drawn or failing in words.
import { t } from '../words.js';
import { difference } from './difference_dialog.js';
import { watch } from './dictionary.js';
import { findings } from './findings.js';
import { editable, part, root } from './page.js';
import { release } from './release.js';
import { saving } from './saving.js';
import { enable, tools } from './tools.js';

// `read`: () → the file as it was written last; `write`: () → Promise, writes it anew; `show`: (content) → Promise;
// `stack`: () → the editor's own command stack; `mark`, `jump`, `play`: what findings do; `pause`: milliseconds of rest
// before a change is written; `reached`: called whenever the buttons have to say again what can be done.
export function workbench({ read, write, show, stack, mark, jump, play = () => {}, same, pause = 120, reached = () => {} }) {
  // Repairs come from the server as a whole file, and another's version is one: they are steps of undo all the same.
  const undone = [];
  const redone = [];
  let showing = false;
  let timer = 0;

  const store = saving({ read, replace, same });
  const lint = findings({ read, show: mark, jump, play, replace, editable });

  function reach() {
    if (!editable) return;
    enable('undo', Boolean(stack()?.canUndo()) || undone.length > 0);
    enable('redo', Boolean(stack()?.canRedo()) || redone.length > 0);
    reached();
  }

  function touched() {
    store.changed();
    lint.changed();
    reach();
  }

  async function put(content) {
    showing = true;
    try {
      await show(content);
    } finally {
      showing = false;
    }
    touched();
  }

  async function replace(content, changed = []) {
    await write();
    undone.push(read());
    redone.length = 0;
    await put(content);
    if (changed[0]) jump({ element: changed[0] });
  }

  async function swap(from, to) {
    await write();
    to.push(read());
    await put(from.pop());
  }

  function undo() {
    if (stack()?.canUndo()) stack().undo();
    else if (undone.length) swap(undone, redone);
  }

  function redo() {
    if (stack()?.canRedo()) stack().redo();
    else if (redone.length) swap(redone, undone);
  }

  // A step of the editor's own.
  function edited() {
    if (showing) return;
    redone.length = 0;
    reach();
    window.clearTimeout(timer);
    timer = window.setTimeout(async () => {
      await write();
      touched();
    }, pause);
  }

  // `looking`: what everybody can do, `drawing`: what only who draws can; `draw` shows the file for the first time.
  async function begin({ looking, drawing = {}, draw }) {
    const everybody = { keys: () => part('keys').showModal(), difference, ...looking };
    tools(editable ? { ...everybody, ...drawing, undo, redo, release: release(store) } : everybody);
    try {
      showing = true;
      await draw();
      reach();
      root.addEventListener('workshop:back', ({ detail }) => replace(detail));
      watch(root);
      root.dataset.ready = '1';
      performance.mark('workshop-ready');
    } catch (error) {
      console.error(error);
      part('said-place').textContent = t('这个文件画不出来：%(why)s', { why: error.message });
      root.dataset.ready = 'failed';
    } finally {
      showing = false;
    }
    lint.look();
  }

  return { begin, edited, reach };
}
