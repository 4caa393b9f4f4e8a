// Which names an expression reads, and what is wrong in it, found without running it.
import { evaluate, isFunction } from 'feelin';

import { lint } from './lint.js';
import { child, descendants, nameOf, treeOf } from './tree.js';

const builtins = new Map();

// Whether the language itself has a function of this name.
export function isBuiltin(name) {
  if (!builtins.has(name)) {
    builtins.set(name, /^[\p{L}][\p{L} ]*$/u.test(name) && callable(name));
  }
  return builtins.get(name);
}

function callable(name) {
  try {
    const { value } = evaluate(name, {});
    return typeof value === 'function' || isFunction(value);
  } catch {
    return false;
  }
}

// Offsets of JavaScript count UTF-16 units; people and Python count characters.
export const codePoints = (text, offset) => Array.from(text.slice(0, offset)).length;

export function references(expression, unary) {
  const tree = treeOf(expression, unary);
  if (hasError(tree)) {
    return [];
  }
  const found = [];
  walk(tree, { expression, found, bound: new Set(), certain: true });
  return found.map(({ path, node, certain }) => ({ path, certain, ...place(expression, node) }));
}

export function problems(expression, unary) {
  const tree = treeOf(expression, unary);
  const errors = [...descendants(tree)].filter((node) => node.error);
  const found = errors.length
    ? [{ code: expression.trim() ? 'syntax' : 'empty', node: errors[0], values: {} }]
    : lint(tree, expression, isBuiltin);
  return found.map(({ code, node, values }) => ({ code, values, ...place(expression, node) }));
}

function place(expression, { from, to }) {
  const start = codePoints(expression, from);
  return { from: start, to: start + codePoints(expression.slice(from), to - from) };
}

const hasError = (tree) => [...descendants(tree)].some((node) => node.error);

const WALKS = {
  VariableName(node, state) {
    add(nameOf(state.expression, node), node, state);
  },
  PathExpression(node, state) {
    const path = pathOf(node, state.expression);
    if (path) {
      add(path, node, state);
    } else {
      walk(node.kids[0], state);
    }
  },
  FunctionInvocation(node, state) {
    const [target, ...rest] = node.kids;
    if (target.name !== 'VariableName') {
      walk(target, state);
    }
    rest.forEach((kid) => walk(kid, state));
  },
  NamedParameter(node, state) {
    walk(node.kids.at(-1), state);
  },
  ForExpression(node, state) {
    iterate(node, state, ['partial']);
  },
  QuantifiedExpression(node, state) {
    iterate(node, state, []);
  },
  FunctionDefinition(node, state) {
    const parameters = [...descendants(node)].filter(({ name }) => name === 'ParameterName');
    walk(child(node, 'FunctionBody') ?? { name: '', kids: [] },
      bind(state, parameters.map((each) => nameOf(state.expression, each))));
  },
  Context(node, state) {
    let inner = state;
    for (const entry of node.kids.filter(({ name }) => name === 'ContextEntry')) {
      walk(entry.kids.at(-1), inner);
      inner = bind(inner, [nameOf(state.expression, entry.kids[0]).replace(/^"|"$/g, '')]);
    }
  },
  FilterExpression(node, state) {
    const [target, ...filter] = node.kids;
    walk(target, state);
    filter.forEach((kid) => walk(kid, { ...bind(state, ['item']), certain: false }));
  },
  InstanceOfExpression(node, state) {
    walk(node.kids[0], state);
  },
};

function walk(node, state) {
  const visit = WALKS[node.name];
  if (visit) {
    visit(node, state);
  } else {
    node.kids.forEach((kid) => walk(kid, state));
  }
}

function iterate(node, state, names) {
  let inner = state;
  for (const each of child(node, 'InExpressions').kids.filter(({ name }) => name === 'InExpression')) {
    walk(each.kids.at(-1), inner);
    inner = bind(inner, [nameOf(state.expression, each.kids[0])]);
  }
  walk(node.kids.at(-1), bind(inner, names));
}

const bind = (state, names) => ({ ...state, bound: new Set([...state.bound, ...names]) });

function add(path, node, { found, bound, certain }) {
  const root = path.split('.')[0];
  if (!bound.has(root) && !(path === root && isBuiltin(root))) {
    found.push({ path, node, certain });
  }
}

function pathOf(node, expression) {
  if (node.name === 'VariableName') {
    return nameOf(expression, node);
  }
  if (node.name !== 'PathExpression') {
    return null;
  }
  const target = pathOf(node.kids[0], expression);
  return target && `${target}.${nameOf(expression, node.kids.at(-1))}`;
}
