// The county's own choices in the properties panel: roles, forms, processes, decisions, operations, messages, deadlines.
import { Group } from '@bpmn-io/properties-panel';
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';
import { chinese } from '../editor/dictionary.js';
import { config } from '../editor/page.js';
import { t } from '../words.js';
import { NONE, expression, longText, note, select, several, text } from './entries.js';
import { HEADER, INPUT, OUTPUT, PROPERTY, extension, owner, read } from './extensions.js';
import { message } from './messages.js';

const { choices } = config;

// Groups that say what nothing here executes; the lint refuses them wherever they come from.
const REFUSED = new Set(['Zeebe__ExecutionListeners', 'Zeebe__TaskListeners', 'businessRuleImplementation', 'scriptImplementation', 'userTaskImplementation',
  'adHocSubProcessImplementation', 'activeElements', 'adHocCompletion', 'outputCollection', 'eventCondition', 'CamundaPlatform__Condition']);
const REFUSED_ENTRIES = new Set(['taskDefinitionRetries', 'isExecutable-dummy', 'jobPriority', 'formType', 'formId', 'formConfiguration', 'externalReference', 'customFormKey']);

const named = ({ id, zh, en, name, title }) => (chinese ? zh : en) || title || name || id;
const coded = (one, code) => (chinese ? `${named(one)}（${code}）` : `${named(one)} (${code})`);
export const optionsOf = (list) => (list || []).map((one) => ({ value: one.id ?? one.name ?? one.kind ?? one, label: typeof one === 'string' ? one : coded(one, one.id ?? one.kind ?? one.name) }));

function roleOptions() {
  const houses = new Map();
  for (const role of choices.roles) {
    const house = (chinese ? role.organisation : role.organisation_en) || role.organisation || '';
    if (!houses.has(house)) houses.set(house, []);
    houses.get(house).push({ value: role.id, label: named(role) });
  }
  return houses.size > 1 ? [...houses].map(([label, children]) => ({ label: label || t('其他'), children })) : [...houses.values()].flat();
}

const formOptions = () => [NONE, ...choices.forms.map((form) => ({ value: form.id, label: `${form.id.toUpperCase()}  ${named(form)}` }))];
const isFeel = (value) => typeof value === 'string' && value.startsWith('=');

export class CountyProvider {
  constructor(propertiesPanel, extensions, translate) {
    this._extensions = extensions;
    this._translate = translate;
    propertiesPanel.registerProvider(400, this);
  }

  getGroups(element) {
    return (groups) => {
      let kept = groups.filter((group) => !REFUSED.has(group.id));
      for (const group of kept) if (group.entries) group.entries = group.entries.filter((entry) => !REFUSED_ENTRIES.has(entry.id));
      for (const group of kept) this[`_${group.id}`]?.(group, element);
      kept = kept.filter((group) => group.id !== 'Zeebe__ExtensionProperties' || this._unknownProperties(group, element));
      const own = this._properties(element);
      if (own) kept.push(own);
      return kept.filter((group) => !group.entries || group.entries.length);
    };
  }

  _assignmentDefinition(group, element) {
    const value = () => extension(owner(element), 'zeebe:AssignmentDefinition')?.get('candidateGroups');
    if (isFeel(value())) return;
    const set = (_, candidateGroups) => this._extensions.set(element, 'zeebe:AssignmentDefinition', { candidateGroups });
    const roles = several({ id: 'candidateRoles', element, label: t('由哪个角色办'), more: t('或者由'), get: value, set, options: roleOptions });
    group.entries = [roles, ...group.entries.filter((entry) => entry.id !== 'assignmentDefinitionCandidateGroups')];
  }

  _form(group, element) {
    const get = () => extension(owner(element), 'zeebe:FormDefinition')?.get('formId');
    const set = (_, formId) => {
      if (!formId) this._extensions.drop(element, 'zeebe:FormDefinition');
      else this._extensions.set(element, 'zeebe:FormDefinition', { formId, formKey: undefined, externalReference: undefined });
    };
    const chosen = choices.forms.find((form) => form.id === get());
    group.entries = [select({ id: 'countyForm', element, label: t('填哪张表'), get, set, options: formOptions })];
    if (chosen) {
      group.entries.push(note({
        id: 'countyFormNote', element, words: () => (chosen.recorder ? t('提交这张表，系统就登记在案，并核对条件。') : t('这张表没有登记动作，只保存所填内容。')),
        link: () => ({ href: `/workshop/form/${chosen.id}`, label: t('打开这张表') }),
      }));
    }
  }

  _calledElement(group, element) {
    const get = () => extension(owner(element), 'zeebe:CalledElement')?.get('processId');
    if (isFeel(get())) return;
    const set = (_, processId) => this._extensions.set(element, 'zeebe:CalledElement', { processId });
    const entry = select({ id: 'countyProcess', element, label: t('调用哪个流程'), get, set, options: () => [NONE, ...optionsOf(choices.processes)] });
    group.entries = [entry, ...group.entries.filter((one) => one.id !== 'targetProcessId')];
    if (get()) group.entries.push(note({ id: 'countyProcessNote', element, words: () => '', link: () => ({ href: `/workshop/process/${get()}`, label: t('打开这个流程') }) }));
  }

  _calledDecision(group, element) {
    const get = () => extension(owner(element), 'zeebe:CalledDecision')?.get('decisionId');
    const set = (_, decisionId) => this._extensions.set(element, 'zeebe:CalledDecision', { decisionId });
    const entry = select({ id: 'countyDecision', element, label: t('用哪张决策表'), get, set, options: () => [NONE, ...optionsOf(choices.decisions)] });
    group.entries = [entry, ...group.entries.filter((one) => !['decisionId', 'bindingType', 'versionTag'].includes(one.id))]; // always the one in force
    if (get()) group.entries.push(note({ id: 'countyDecisionNote', element, words: () => '', link: () => ({ href: `/workshop/decision/${get()}`, label: t('打开这张决策表') }) }));
  }

  _taskDefinition(group, element) {
    const object = getBusinessObject(element);
    if (!is(object, 'bpmn:ServiceTask')) {
      group.entries = [note({ id: 'throwNote', element, words: () => t('这里发出的是所选的消息，不另设操作。') })];
      this._message(group, element); // the panel's own has no entry for the message that is thrown
      return;
    }
    const get = () => extension(object, 'zeebe:TaskDefinition')?.get('type');
    const set = (_, type) => this._extensions.set(element, 'zeebe:TaskDefinition', { type });
    const operation = choices.operations.find((one) => one.id === get());
    group.entries = [select({ id: 'countyOperation', element, label: t('系统做什么'), get, set, options: () => [NONE, ...optionsOf(choices.operations)] })];
    if (!operation) return;
    const does = (chinese ? operation.does : operation.does_en) || operation.does;
    if (does) group.entries.push(note({ id: 'countyOperationNote', element, words: () => does }));
    const of = (place, field, feel) => (one) => {
      const name = one.name ?? one;
      const make = feel ? expression : text;
      return { name, label: one.title || one.zh || name, make, fields: { get: () => read(element, place, name, field), set: (_, value) => this._extensions.row(element, { ...place, name, fields: value === undefined ? undefined : { [field]: value } }) } };
    };
    for (const [kind, list, place, field, feel] of [['in', operation.inputs, INPUT, 'source', true], ['header', operation.headers, HEADER, 'value', false], ['out', operation.outputs, OUTPUT, 'target', false]]) {
      const label = { in: t('给它'), header: t('参数'), out: t('结果存为变量') }[kind];
      for (const { name, label: title, make, fields } of (list || []).map(of(place, field, feel))) {
        const known = kind === 'header' && this._headerOptions(name);
        const says = `${label} · ${title}`;
        if (known) group.entries.push(select({ id: `operation-${kind}-${name}`, element, label: says, options: () => [NONE, ...known], ...fields }));
        else if (kind === 'out') group.entries.push(text({ id: `operation-out-${name}`, element, label: says, get: () => read(element, OUTPUT, `=${name}`, 'target'), set: (_, value) => this._extensions.row(element, { ...OUTPUT, name: `=${name}`, fields: value === undefined ? undefined : { target: value } }), description: t('不填就叫 %(name)s', { name }) }));
        else group.entries.push(make({ id: `operation-${kind}-${name}`, element, label: says, ...fields }));
      }
    }
  }

  _headerOptions(name) {
    if (name === 'kind' || name === 'deadline') return choices.deadlines.map((one) => ({ value: one.kind, label: coded(one, one.kind) }));
    if (name === 'form') return formOptions().slice(1);
    return null;
  }

  _message(group, element) {
    message(group, element, { choices, extensions: this._extensions, optionsOf });
  }


  _timer(group, element) {
    const definition = getBusinessObject(element).get('eventDefinitions')?.find((one) => is(one, 'bpmn:TimerEventDefinition'));
    if (!definition) return;
    const current = () => {
      const said = definition.get('timeDate')?.get('body') || definition.get('timeCycle')?.get('body') || '';
      return /^=\s*deadline\.\w+\.(fires_at|reminders)$/.test(said) ? said.replace(/\s/g, '') : '';
    };
    const set = (_, value) => {
      if (!value) return;
      const property = value.endsWith('.reminders') ? 'timeCycle' : 'timeDate';
      const body = this._extensions.create('bpmn:FormalExpression', { body: value }, definition);
      this._extensions.update(element, definition, { timeDate: undefined, timeCycle: undefined, timeDuration: undefined, [property]: body });
    };
    const list = (suffix) => choices.deadlines.map((one) => ({ value: `=deadline.${one.kind}.${suffix}`, label: named(one) }));
    const cycles = is(element, 'bpmn:BoundaryEvent') || is(element, 'bpmn:StartEvent');
    const options = () => [{ value: '', label: t('自己写') }, { label: t('时限届满'), children: list('fires_at') }, ...(cycles ? [{ label: t('时限的各次提醒'), children: list('reminders') }] : [])];
    group.entries = [select({ id: 'countyDeadline', element, label: t('按时限台账'), get: current, set, options, description: t('台账的日期变了，定时器跟着变。') }), ...group.entries];
  }

  _unknownProperties(group, element) {
    const known = new Set(choices.properties.map((one) => one.name ?? one));
    const rows = extension(owner(element), 'zeebe:Properties')?.get('properties') || [];
    return rows.some((one) => !known.has(one.get('name')));
  }

  _properties(element) {
    const object = owner(element);
    if (!object) return null;
    const kinds = [];
    const property = (name, make, more) => {
      const said = choices.properties.find((one) => (one.name ?? one) === name);
      if (!said) return;
      const description = (chinese ? said.doc ?? said.zh : said.doc_en ?? said.en ?? said.doc) || undefined;
      const set = (_, value) => this._extensions.row(element, { ...PROPERTY, name, fields: value === undefined ? undefined : { value } });
      kinds.push(make({ id: `property-${name.replace('.', '-')}`, element, get: () => read(element, PROPERTY, name, 'value'), set, description, ...more }));
    };
    if (is(object, 'bpmn:UserTask')) {
      property('signs', select, { label: t('签的是哪张表'), options: formOptions });
      property('shows', several, { label: t('并排显示的表'), options: () => formOptions().slice(1) });
      property('records', select, { label: t('登记为'), options: () => [NONE, ...(choices.properties.find((one) => one.name === 'records')?.values || []).map((one) => ({ value: one.value, label: one.name }))] });
      property('days', text, { label: t('办理天数（工作日）') });
      property('together', select, { label: t('几件一起签'), options: () => [{ value: '', label: t('逐件签') }, { value: 'true', label: t('可以一起签') }] });
      property('idle', select, { label: t('闲置提醒'), options: () => [{ value: '', label: t('照常提醒') }, { value: 'off', label: t('不提醒') }] });
    }
    if (is(object, 'bpmn:StartEvent')) property('starters', several, { label: t('谁可以发起'), options: roleOptions });
    if (is(object, 'bpmn:FlowNode') || is(object, 'bpmn:Process') || is(object, 'bpmn:Lane')) property('en.name', text, { label: t('英文名称') });
    if (is(object, 'bpmn:UserTask')) property('en.documentation', longText, { label: t('英文说明') });
    return kinds.length ? { id: 'county', label: t('本系统的设置'), component: Group, entries: kinds } : null;
  }
}
CountyProvider.$inject = ['propertiesPanel', 'extensions', 'translate'];
