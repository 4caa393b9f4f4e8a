// The facts that an expression may read, offered by the FEEL editor beside the process's own variables.
import { is } from 'bpmn-js/lib/util/ModelUtil';
import { config } from '../editor/page.js';

const { choices } = config;
const TYPES = { string: 'String', boolean: 'Boolean', number: 'Number', fen: 'Number', date: 'Date', 'date and time': 'DateTime', list: 'List', any: 'Any' };

function grow(tree, path, type, doc) {
  let level = tree;
  path.forEach((name, depth) => {
    let found = level.find((one) => one.name === name);
    if (!found) {
      found = { name, type: 'Context' };
      level.push(found);
    }
    if (depth === path.length - 1) Object.assign(found, { type: TYPES[type] || 'Any', info: doc });
    else level = found.entries ||= [];
  });
}

export function factTree() {
  const tree = [];
  for (const { name, type, doc } of choices.facts || []) {
    grow(tree, name.split('.'), type, doc);
  }
  return tree;
}

export class Facts {
  constructor(variableResolver) {
    this._tree = factTree();
    variableResolver.registerProvider(this);
  }

  getVariables(element) {
    return is(element, 'bpmn:Process') ? this._tree : undefined;
  }
}
Facts.$inject = ['variableResolver'];
