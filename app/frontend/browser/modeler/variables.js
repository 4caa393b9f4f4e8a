// The variables that an expression may name: what earlier steps give, from their forms, operations, decisions and messages.
import { is } from 'bpmn-js/lib/util/ModelUtil';
import { chinese } from '../editor/dictionary.js';
import { config } from '../editor/page.js';
import { extension } from './extensions.js';

const { choices } = config;
// The answers that become variables where a diagram maps none: as the engine takes them (ARCHITECTURE, answers and variables).
const ROUTING = { checkbox: 'Boolean', number: 'Number', datetime: 'Date', radio: 'String', select: 'String', expression: 'Any' };
const docs = new Map((choices.facts || []).map((one) => [one.name, one.doc]));

const listed = (options) => options.join(chinese ? '、' : ', ');
const described = (doc, options) => (options?.length ? [doc, listed(options)].filter(Boolean).join(chinese ? '：' : ': ') : doc);
const variable = (name, type, doc, options) => ({ name, type, info: described(doc, options), options });

function ofForm(object) {
  const form = choices.forms.find((one) => one.id === extension(object, 'zeebe:FormDefinition')?.get('formId'));
  return Object.entries(form?.fields || {})
    .filter(([, type]) => ROUTING[type])
    .map(([key, type]) => variable(key, ROUTING[type], docs.get(`submission.${form.id}.${key}`), form.options[key]));
}

function ofDecision(object) {
  const called = extension(object, 'zeebe:CalledDecision');
  const decision = choices.decisions.find((one) => one.id === called?.get('decisionId'));
  return called?.get('resultVariable') ? [variable(called.get('resultVariable'), 'Any', decision?.name, decision?.outcomes?.[''])] : [];
}

function ofOperation(object) {
  const operation = choices.operations.find((one) => one.id === extension(object, 'zeebe:TaskDefinition')?.get('type'));
  return (operation?.outputs || []).map((one) => variable(one.name, 'Any', one.zh));
}

function ofMessage(object) {
  const holder = object.get('messageRef') ? object : object.get('eventDefinitions')?.find((one) => is(one, 'bpmn:MessageEventDefinition'));
  const message = choices.messages.find((one) => one.name === holder?.get('messageRef')?.get('name'));
  return (message?.payload || []).map((one) => variable(one.name, 'Any', one.zh));
}

function results(object) {
  if (is(object, 'bpmn:UserTask')) return ofForm(object);
  if (is(object, 'bpmn:BusinessRuleTask')) return ofDecision(object);
  if (is(object, 'bpmn:ServiceTask')) return ofOperation(object);
  if (is(object, 'bpmn:ReceiveTask') || is(object, 'bpmn:CatchEvent')) return ofMessage(object);
  return [];
}

// What a step leaves behind: what its output mapping names, else all its results.
export function given(object) {
  const rows = extension(object, 'zeebe:IoMapping')?.get('outputParameters') || [];
  const own = results(object);
  if (!rows.length) return own;
  return rows.flatMap((row) => {
    const source = own.find((one) => `=${one.name}` === row.get('source')?.replaceAll(/\s/g, ''));
    return source ? [{ ...source, name: row.get('target') }] : [];
  });
}

const before = (object) => [
  ...(object.get('incoming') || []).map((flow) => flow.get('sourceRef')),
  ...(is(object, 'bpmn:SequenceFlow') ? [object.get('sourceRef')] : []),
  ...(is(object, 'bpmn:BoundaryEvent') ? [object.get('attachedToRef')] : []),
  ...(is(object.$parent, 'bpmn:SubProcess') ? [object.$parent] : []),
];

// The steps from which a token may come to an element, or to the end of a flow.
export function earlier(object) {
  const found = new Set();
  const pending = before(object);
  while (pending.length) {
    const one = pending.pop();
    if (!one || found.has(one)) continue;
    found.add(one);
    pending.push(...before(one));
  }
  return found;
}

const inside = (object, steps) => object && (steps.has(object) || inside(object.$parent, steps));

export class Variables {
  constructor(variableResolver) {
    variableResolver.registerProvider(this);
    const everything = variableResolver.getVariablesForElement.bind(variableResolver);
    // The resolver offers what any step writes, also a later one, of which nothing can be known yet.
    variableResolver.getVariablesForElement = async (element, ...more) => {
      const object = element.businessObject || element;
      const steps = earlier(object);
      if (more[0]?.$type) steps.add(object); // an output mapping reads the results of its own step
      const found = await everything(element, ...more);
      return found.filter((one) => one.scope === object || (one.origin || []).some((origin) => is(origin, 'bpmn:Process') || inside(origin, steps)));
    };
  }

  getVariables(element) {
    const found = is(element, 'bpmn:FlowNode') ? given(element) : [];
    return found.length ? found : undefined;
  }
}
Variables.$inject = ['variableResolver'];

// The texts that may stand on the other side of a comparison with `path`.
export function textsOf(path, object) {
  const [first, formId, key] = path.split('.');
  if (first === 'submission') return choices.forms.find((one) => one.id === formId)?.options[key] || [];
  const found = [...earlier(object)].filter((one) => is(one, 'bpmn:FlowNode')).flatMap(given);
  return [...new Set(found.filter((one) => one.name === path).flatMap((one) => one.options || []))];
}
