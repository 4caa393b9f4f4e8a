// The server's FEEL: evaluates expressions, unary tests and decision tables, and reads expressions without running them.
// Every function takes one JSON text and gives one back.
import { evaluate, unaryTest } from 'feelin';

import { codePoints, problems, references } from './analysis.js';
import { contextFor, plain, revive } from './values.js';

const MOST_WARNINGS = 20;
// The text that is being evaluated, to name it when the time limit ends the call.
let current = '';
const PATH_BEFORE = /(?:[\p{L}\p{N}_]+\s*\.\s*)+$/u;

function warning(expression, { type, position }) {
  const entry = { t: type, p: codePoints(expression, position.from) };
  const named = expression.slice(position.from, position.to);
  if (type === 'NO_VARIABLE_FOUND') {
    entry.n = named;
  } else if (type === 'NO_CONTEXT_ENTRY_FOUND' || type === 'NO_PROPERTY_FOUND') {
    const before = PATH_BEFORE.exec(expression.slice(0, position.from));
    entry.n = (before ? before[0].replace(/\s/g, '') : '') + named;
  }
  return entry;
}

// What one evaluation gave: { v: value, w: warnings }, or { x: why not, p: where, if the text does not parse }.
function attempt(expression, run) {
  current = expression;
  try {
    const { value, warnings } = run();
    const answer = { v: plain(value) };
    if (warnings.length) {
      answer.w = warnings.slice(0, MOST_WARNINGS).map((each) => warning(expression, each));
    }
    return answer;
  } catch (error) {
    const answer = { x: String(error && error.message) };
    if (error && error.position) {
      answer.p = codePoints(expression, error.position.from);
    }
    return answer;
  }
}

function run({ now, context, jobs }) {
  const names = contextFor(context, now);
  return jobs.map(({ e, u }) => attempt(e, () =>
    u === undefined ? evaluate(e, names) : unaryTest(e, { ...names, '?': revive(u) })));
}

// A decision table: the inputs once, then rule by rule until a cell does not pass; outputs only of rules that hit.
// A cell that fails ends the table: { x: its answer, c: [rule, column] } names it.
function table({ now, context, inputs, rules }) {
  const names = contextFor(context, now);
  const given = inputs.map((e) => attempt(e, () => evaluate(e, names)));
  const failed = given.findIndex((answer) => 'x' in answer || answer.w);
  if (failed >= 0) {
    return { x: given[failed], c: [-1, failed] };
  }
  const scopes = given.map(({ v }) => ({ ...names, '?': revive(v) }));
  const hits = [];
  for (const [number, [cells, outputs]] of rules.entries()) {
    let passes = true;
    for (let column = 0; passes && column < cells.length; column++) {
      if (cells[column] === '-') {
        continue;
      }
      const answer = attempt(cells[column], () => unaryTest(cells[column], scopes[column]));
      if ('x' in answer || answer.w) {
        return { x: answer, c: [number, column] };
      }
      passes = answer.v === true;
    }
    if (passes) {
      const results = outputs.map((e) => attempt(e, () => evaluate(e, names)));
      const wrong = results.findIndex((answer) => 'x' in answer || answer.w);
      if (wrong >= 0) {
        return { x: results[wrong], c: [number, cells.length + wrong] };
      }
      hits.push([number, results.map(({ v }) => v)]);
    }
  }
  return { inputs: given.map(({ v }) => v), hits };
}

function analyse({ expression, unary }) {
  return { references: references(expression, unary), problems: problems(expression, unary) };
}

const json = (work) => (text) => JSON.stringify(work(JSON.parse(text)));

globalThis.feel = Object.freeze({ run: json(run), table: json(table), analyse: json(analyse), current: () => current });
