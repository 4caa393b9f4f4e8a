// Completion of texts: behind “result =” the options of that choice are offered, as the form has them.
import { EditorState, StateEffect } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { getBusinessObject } from 'bpmn-js/lib/util/ModelUtil';
import { root } from '../editor/page.js';
import { textsOf } from './variables.js';

const COMPARED = /([\w.]+)\s*!?=\s*("?[^"=]*)$/;

// A closing quote that the editor has set by itself is taken along.
function apply(view, { label }, from, to) {
  const end = to + (view.state.sliceDoc(to, to + 1) === '"' ? 1 : 0);
  view.dispatch({ changes: { from, to: end, insert: label }, selection: { anchor: from + label.length }, userEvent: 'input.complete' });
}

export class Texts {
  constructor(selection) {
    const offered = (context) => {
      const [, path, written] = COMPARED.exec(context.state.sliceDoc(0, context.pos)) || [];
      const [element] = selection.get();
      if (!path || !element) return null;
      const texts = textsOf(path, getBusinessObject(element));
      if (!texts.length || (!written && !context.explicit && !/[=\s]$/.test(context.state.sliceDoc(0, context.pos)))) return null;
      const options = texts.map((one, place) => ({ label: `"${one}"`, type: 'text', boost: 90 - place, apply }));
      return { from: context.pos - written.length, options, validFor: /^"?[^"]*$/ };
    };
    const source = EditorState.languageData.of(() => [{ autocomplete: offered }]);
    const known = new WeakSet();
    root.addEventListener('focusin', ({ target }) => {
      const place = target.closest?.('.cm-editor');
      const view = place && EditorView.findFromDOM(place);
      if (!view || known.has(view)) return;
      known.add(view);
      view.dispatch({ effects: StateEffect.appendConfig.of(source) });
    });
  }
}
Texts.$inject = ['selection'];
