// What parses and is still wrong: expressions that are silently null or silently false when they run.
import { FeelDate, FeelDateTime, FeelDuration, FeelTime, evaluate } from 'feelin';

import { child, descendants, nameOf, textOf } from './tree.js';

const ISO_DAY = /^"\d{4}-\d{2}-\d{2}(T[^"]*)?"$/;
const NUMERIC = /^"\d+(\.\d+)?"$/;
const TEMPORAL = new Set(['date', 'date time', 'time']);
const ORDERING = new Set(['<', '<=', '>', '>=']);
const NOT_IMPLEMENTED = new Set([
  'overlaps before', 'overlaps after', 'finishes', 'finished by', 'during', 'starts', 'started by', 'coincides',
]);
const KINDS = [[FeelDate, 'date'], [FeelDateTime, 'date time'], [FeelTime, 'time'], [FeelDuration, 'duration']];
const LARGEST_WHOLE = 2n ** 53n;

const RETURNS = {
  today: 'date', now: 'date time', count: 'number', sum: 'number', mean: 'number', 'string length': 'number',
  number: 'number', floor: 'number', ceiling: 'number', decimal: 'number', modulo: 'number', string: 'string',
  substring: 'string', 'upper case': 'string', 'lower case': 'string', 'string join': 'string', contains: 'boolean',
  'starts with': 'boolean', 'ends with': 'boolean', matches: 'boolean', not: 'boolean', 'list contains': 'boolean',
  'day of week': 'string', 'day of year': 'number', 'month of year': 'string', 'week of year': 'number',
};

export function lint(tree, expression, isBuiltin) {
  const found = [];
  const report = (code, node, values = {}) => found.push({ code, node, values });
  const known = { expression, report, isBuiltin, bound: boundNames(tree, expression) };
  for (const node of descendants(tree)) {
    RULES[node.name]?.(node, known);
    node.kids.forEach((kid) => {
      if (kid.name === 'VariableName' && node.name !== 'FunctionInvocation' && node.name !== 'QualifiedName') {
        bareFunction(kid, known);
      }
    });
  }
  return found;
}

const RULES = {
  Comparison(node, known) {
    const [left, operator, right, , end] = node.kids;
    if (operator.name === 'CompareOp') {
      compare(node, left, textOf(known.expression, operator), right, known);
    } else if (operator.name === 'between') {
      compare(node, left, '>=', right, known);
      compare(node, left, '<=', end, known);
    }
  },
  PositiveUnaryTest(node, known) {
    const simple = node.kids[0]?.name === 'SimplePositiveUnaryTest' ? node.kids[0] : node;
    const bounds = simple.kids[0]?.name === 'Interval' ? simple.kids[0] : simple;
    const literal = bounds.kids.find((kid) => kid.name === 'StringLiteral' && ISO_DAY.test(textOf(known.expression, kid)));
    if (literal) {
      known.report('iso-string-comparison', literal, { text: textOf(known.expression, literal) });
    }
  },
  ArithmeticExpression(node, known) {
    if (node.kids.length === 3) {
      arithmetic(node, known);
    }
  },
  DateTimeLiteral: temporalLiteral,
  FunctionInvocation: invocation,
  IfExpression(node, known) {
    notBoolean('if-not-boolean', node.kids[1], known);
  },
  Conjunction: operands,
  Disjunction: operands,
  FunctionDefinition(node, known) {
    if (child(node, 'external')) {
      known.report('external-function', node);
    }
  },
  NumericLiteral(node, known) {
    const text = textOf(known.expression, node);
    if (/e/i.test(text)) {
      known.report('number-exponent', node, { number: text });
    } else if (/^\d+$/.test(text) && BigInt(text) > LARGEST_WHOLE) {
      known.report('number-too-large', node, { number: text });
    }
  },
};

function compare(node, left, operator, right, known) {
  const types = [typeOf(left, known), typeOf(right, known)];
  const text = (pattern) => [left, right].find(
    (side) => side.name === 'StringLiteral' && pattern.test(textOf(known.expression, side)));
  const iso = text(ISO_DAY);
  const numeric = text(NUMERIC);
  if (iso && types.some((type) => type !== 'string')) {
    known.report('iso-string-comparison', iso, { text: textOf(known.expression, iso) });
  } else if (ORDERING.has(operator) && numeric && types.some((type) => type !== 'string')) {
    known.report('numeric-text-comparison', numeric, { text: textOf(known.expression, numeric) });
  } else if (ORDERING.has(operator) && types.includes('nil')) {
    known.report('compare-null', node);
  } else if (types.every((type) => type && type !== 'nil') && types[0] !== types[1]) {
    const both = types.every((type) => TEMPORAL.has(type));
    known.report(both ? 'date-datetime-comparison' : 'type-comparison', node, { left: types[0], right: types[1] });
  }
}

function arithmetic(node, known) {
  const [left, operator, right] = node.kids;
  const sign = textOf(known.expression, operator);
  const types = [typeOf(left, known), typeOf(right, known)];
  if (sign === '-' && operator.from === left.to && operator.to === right.from && looksLikeId(left, right, known)) {
    known.report('hyphenated-id', node, { text: textOf(known.expression, node) });
  } else if (sign === '/' && right.name === 'NumericLiteral' && Number(textOf(known.expression, right)) === 0) {
    known.report('division-by-zero', node);
  } else if (types.every(Boolean) && !combines(sign, ...types)) {
    known.report('type-arithmetic', node, { left: types[0], right: types[1], operator: sign });
  } else if (types.includes('date') && [left, right].some((side) => hasTime(side, known))) {
    known.report('date-plus-time', node);
  }
}

// `f-03`, `submission.F-03`, `unit-plan`: nobody writes a subtraction like that.
function looksLikeId(left, right, { expression }) {
  const named = left.name === 'VariableName' || left.name === 'PathExpression';
  const number = right.name === 'NumericLiteral' && /^0\d/.test(textOf(expression, right));
  return named && (right.name === 'VariableName' || number);
}

function combines(sign, left, right) {
  if (left === 'nil' || right === 'nil') {
    return false;
  }
  if (sign === '+' || sign === '-') {
    const temporal = [left, right].filter((type) => TEMPORAL.has(type)).length;
    const duration = [left, right].includes('duration');
    return temporal === 0
      ? left === right && (left === 'number' || left === 'duration' || (left === 'string' && sign === '+'))
      : temporal === 2 ? sign === '-' && left === right : duration;
  }
  return left === 'number' && right === 'number';
}

function temporalLiteral(node, known) {
  const text = textOf(known.expression, node);
  const strings = [...descendants(node)].filter(({ name }) => name === 'StringLiteral');
  const parameters = child(node, 'PositionalParameters');
  if (strings.length !== 1 || (parameters && parameters.kids.length !== 1) || (parameters ?? node.kids[0]).kids[0] !== strings[0]) {
    return;
  }
  const value = constant(text);
  if (value === null) {
    known.report(/"-?P\d+WD"/.test(text) ? 'working-days-duration' : 'invalid-literal', node, { text });
  } else if (kindOf(value) === 'date time' && value.zone === null) {
    known.report('datetime-without-zone', node, { text });
  }
}

function invocation(node, known) {
  const target = node.kids[0];
  if (target.name !== 'VariableName') {
    return;
  }
  const name = nameOf(known.expression, target);
  const parameters = child(node, 'PositionalParameters')?.kids ?? [];
  if (NOT_IMPLEMENTED.has(name)) {
    known.report('not-implemented', target, { name });
  } else if (!known.isBuiltin(name) && !known.bound.has(name)) {
    known.report('unknown-function', target, { name });
  } else if ((name === 'min' || name === 'max') && parameters.some((each) => TEMPORAL.has(typeOf(each, known)))) {
    known.report('min-max-of-dates', node, { name });
  }
}

function bareFunction(node, known) {
  const name = nameOf(known.expression, node);
  if (known.isBuiltin(name) && !known.bound.has(name)) {
    known.report('bare-function', node, { name });
  }
}

function operands(node, known) {
  notBoolean('operand-not-boolean', node.kids[0], known);
  notBoolean('operand-not-boolean', node.kids[2], known);
}

function notBoolean(code, node, known) {
  const type = typeOf(node, known);
  if (type && type !== 'boolean') {
    known.report(code, node, { type });
  }
}

function boundNames(tree, expression) {
  const holders = [...descendants(tree)].filter(({ name }) => ['InExpression', 'ParameterName', 'Key'].includes(name));
  return new Set(holders.map((node) => nameOf(expression, node.name === 'InExpression' ? node.kids[0] : node)));
}

// The type of a part as far as its text alone tells; undefined when it depends on variables.
function typeOf(node, known) {
  switch (node?.name) {
    case 'NumericLiteral': return 'number';
    case 'StringLiteral': return 'string';
    case 'BooleanLiteral': case 'Comparison': case 'Conjunction': case 'Disjunction': case 'QuantifiedExpression':
    case 'InstanceOfExpression': return 'boolean';
    case 'null': return 'nil';
    case 'ParenthesizedExpression': return typeOf(node.kids[1], known);
    case 'FunctionInvocation': {
      const name = node.kids[0].name === 'VariableName' ? nameOf(known.expression, node.kids[0]) : '';
      return known.bound.has(name) ? undefined : RETURNS[name];
    }
    case 'DateTimeLiteral': return typeOfLiteral(node, known);
    case 'ArithmeticExpression': return node.kids.length === 3 ? typeOfSum(node, known) : typeOf(node.kids[1], known);
    default: return undefined;
  }
}

function typeOfLiteral(node, { expression }) {
  const constructor = node.kids[0].name === 'AtLiteral' ? '' : nameOf(expression, node.kids[0]);
  return constructor ? constructor.replace('date and time', 'date time').replace('years and months duration', 'duration')
    : kindOf(constant(textOf(expression, node)));
}

function typeOfSum(node, known) {
  const types = [typeOf(node.kids[0], known), typeOf(node.kids[2], known)];
  const sign = textOf(known.expression, node.kids[1]);
  if (!types.every(Boolean) || !combines(sign, ...types)) {
    return undefined;
  }
  const temporal = types.filter((type) => TEMPORAL.has(type));
  return temporal.length === 2 ? 'duration' : temporal[0] ?? types[0];
}

function hasTime(node, { expression }) {
  const value = node.name === 'DateTimeLiteral' ? constant(textOf(expression, node)) : null;
  return kindOf(value) === 'duration' && Boolean(value.hours || value.minutes || value.seconds);
}

function constant(text) {
  try {
    return evaluate(text, {}).value;
  } catch {
    return null;
  }
}

function kindOf(value) {
  const [, kind] = KINDS.find(([type]) => value instanceof type) ?? [];
  return kind;
}
