// The syntax tree of an expression as plain nodes: name, from, to, kids, error.
import { parseExpression, parseUnaryTests } from 'feelin';

export function treeOf(expression, unary = false) {
  const root = { name: '', from: 0, to: expression.length, kids: [], error: false };
  const stack = [root];
  (unary ? parseUnaryTests : parseExpression)(expression, {}).iterate({
    enter({ name, from, to, type }) {
      if (type.isSkipped && !type.isError) {
        return false;
      }
      const node = { name, from, to, kids: [], error: type.isError };
      stack.at(-1).kids.push(node);
      stack.push(node);
      return undefined;
    },
    leave({ type }) {
      if (!type.isSkipped || type.isError) {
        stack.pop();
      }
    },
  });
  return root;
}

export const textOf = (expression, node) => expression.slice(node.from, node.to);

// A name as FEEL reads it: inner spaces count as one.
export const nameOf = (expression, node) => textOf(expression, node).replace(/`/g, '').trim().replace(/\s+/g, ' ');

export const child = (node, name) => node.kids.find((kid) => kid.name === name);

export function* descendants(node) {
  yield node;
  for (const kid of node.kids) {
    yield* descendants(kid);
  }
}
