// Reading and writing what the modelling profile keeps in extension elements; each write is one step of undo.
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';

export const owner = (element) => {
  const object = getBusinessObject(element);
  return is(object, 'bpmn:Participant') ? object.get('processRef') : object;
};

export function extension(object, type) {
  return object?.get('extensionElements')?.get('values').find((one) => is(one, type));
}

const update = (element, moddleElement, properties) => ({ cmd: 'element.updateModdleProperties', context: { element, moddleElement, properties } });

// The steps that lead to an extension element of `type` on `object` (of `element`), and that element.
function ensured(element, object, type, bpmnFactory, fields = {}) {
  const steps = [];
  let holder = object.get('extensionElements');
  if (!holder) {
    holder = bpmnFactory.create('bpmn:ExtensionElements', { values: [] });
    holder.$parent = object;
    steps.push(update(element, object, { extensionElements: holder }));
  }
  let found = extension(object, type);
  if (!found) {
    found = bpmnFactory.create(type, fields);
    found.$parent = holder;
    steps.push(update(element, holder, { values: [...holder.get('values'), found] }));
  }
  return { steps, found };
}

export class Extensions {
  constructor(commandStack, bpmnFactory) {
    this._commandStack = commandStack;
    this._bpmnFactory = bpmnFactory;
  }

  run(steps) {
    if (steps.length) this._commandStack.execute('properties-panel.multi-command-executor', steps);
  }

  create(type, fields, parent) {
    const made = this._bpmnFactory.create(type, fields);
    made.$parent = parent;
    return made;
  }

  // Set properties of the extension element; without any value left it goes.
  set(element, type, properties, object = owner(element)) {
    const { steps, found } = ensured(element, object, type, this._bpmnFactory);
    this.run([...steps, update(element, found, properties)]);
  }

  drop(element, type, object = owner(element)) {
    const holder = object.get('extensionElements');
    const found = extension(object, type);
    if (found) this.run([update(element, holder, { values: holder.get('values').filter((one) => one !== found) })]);
  }

  // One named row of a list in an extension element; an empty text takes the row out.
  row(element, { type, list, item, key, name, fields }, object = owner(element)) {
    const { steps, found } = ensured(element, object, type, this._bpmnFactory);
    const rows = found.get(list) || [];
    const there = rows.find((one) => one.get(key) === name);
    if (!fields) {
      if (!there) return;
      const rest = rows.filter((one) => one !== there);
      const others = ['inputParameters', 'outputParameters', 'values', 'properties'].some((other) => other !== list && found[other]?.length);
      if (rest.length || others) this.run([...steps, update(element, found, { [list]: rest })]);
      else this.drop(element, type, object);
      return;
    }
    if (there) {
      this.run([...steps, update(element, there, fields)]);
      return;
    }
    const made = this.create(item, { [key]: name, ...fields }, found);
    this.run([...steps, update(element, found, { [list]: [...rows, made] })]);
  }

  update(element, moddleElement, properties) {
    this.run([update(element, moddleElement, properties)]);
  }

  steps(...several) {
    this.run(several.map((one) => update(...one)));
  }
}
Extensions.$inject = ['commandStack', 'bpmnFactory'];

export const rowOf = (object, type, list, key, name) => (extension(object, type)?.get(list) || []).find((one) => one.get(key) === name);

export const PROPERTY = { type: 'zeebe:Properties', list: 'properties', item: 'zeebe:Property', key: 'name' };
export const HEADER = { type: 'zeebe:TaskHeaders', list: 'values', item: 'zeebe:Header', key: 'key' };
export const INPUT = { type: 'zeebe:IoMapping', list: 'inputParameters', item: 'zeebe:Input', key: 'target' };
export const OUTPUT = { type: 'zeebe:IoMapping', list: 'outputParameters', item: 'zeebe:Output', key: 'source' };

export const read = (element, place, name, field, object = owner(element)) => rowOf(object, place.type, place.list, place.key, name)?.get(field) || '';
