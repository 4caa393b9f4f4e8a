// What form-js itself says about submissions: its importer, its conditions, its validator; only the page is missing.
// stdin: [{schema, data}, …]; stdout: for each the paths of the fields with errors, and the data that it would submit.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const node = () => ({ classList: { add() {} }, style: {}, setAttribute() {}, appendChild() {}, addEventListener() {} });
globalThis.document ??= { createElement: node, createTextNode: node, documentElement: node(), addEventListener() {} };
globalThis.window ??= globalThis;
globalThis.navigator ??= { userAgent: 'node' };
globalThis.KeyboardEvent ??= class KeyboardEvent {};

const require = createRequire(import.meta.url);
require('preact').options.debounceRendering = () => {}; // nothing is drawn
const { Form } = require('@bpmn-io/form-js-viewer');

function judge({ schema, data }) {
  const form = new Form();
  return form.importSchema(schema, data).then(() => {
    const [paths, registry, conditions, validator] = ['pathRegistry', 'formFieldRegistry', 'conditionChecker', 'validator']
      .map(name => form.get(name));
    const all = form._getState().data;
    let visible = all;
    for (let pass = 0; pass < 10; pass++) visible = conditions.applyConditions(all, visible);
    const wrong = [];
    const hidden = (field, context) => field.conditional?.hide &&
      form.get('expressionLanguage').evaluateUnaryTest(field.conditional.hide, context) === true;

    // the rendered page registers one instance for each visible field and row; we walk the same tree
    function walk(fields, scope, indexes, place) {
      for (const field of fields) {
        const info = { data: visible, this: scope.row, parent: scope.parent, i: scope.i };
        if (hidden(field, { ...info, ...visible })) continue;
        if (field.type === 'dynamiclist') {
          const rows = read(visible, paths.getValuePath(field, { indexes })) ?? [];
          rows.forEach((row, n) => walk(field.components, { row, parent: scope.row, i: [...scope.i, n + 1] },
            { ...indexes, [field.id]: n }, `${place}${field.path}[${n}].`));
        } else if (field.components) {
          walk(field.components, scope, indexes, field.path ? `${place}${field.path}.` : place);
        } else if (field.key && !field.disabled) {
          const value = read(visible, paths.getValuePath(field, { indexes }));
          const errors = validator.validateFieldInstance({ id: field.id, indexes, expressionContextInfo: info }, value);
          if (errors.length) wrong.push(place + field.key);
        }
      }
    }
    walk(registry.getForm().components, { row: visible, parent: null, i: [] }, {}, '');
    return { wrong, data: visible };
  });
}

const read = (data, path) => path.reduce((inner, key) => inner?.[key], data);

const cases = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(await Promise.all(cases.map(judge))));
