// Messages by their names: choosing one finds or makes the message of the file and its correlation key.
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';
import { t } from '../words.js';
import { NONE, select } from './entries.js';
import { extension } from './extensions.js';

const definitions = (object) => {
  let root = object;
  while (root.$parent) root = root.$parent;
  return root;
};

const CATCHES = ['bpmn:ReceiveTask', 'bpmn:StartEvent', 'bpmn:IntermediateCatchEvent', 'bpmn:BoundaryEvent'];

export function message(group, element, { choices, extensions, optionsOf }) {
  const object = getBusinessObject(element);
  const holder = is(object, 'bpmn:ReceiveTask') || is(object, 'bpmn:SendTask') ? object : object.get('eventDefinitions')?.find((one) => is(one, 'bpmn:MessageEventDefinition'));
  if (!holder) return;
  const get = () => holder.get('messageRef')?.get('name');
  const set = (_, name) => {
    if (!name) {
      extensions.update(element, holder, { messageRef: undefined });
      return;
    }
    const root = definitions(object);
    const known = choices.messages.find((one) => (one.id ?? one.name ?? one) === name);
    let found = root.get('rootElements').find((one) => is(one, 'bpmn:Message') && one.get('name') === name);
    const steps = [];
    if (!found) {
      const taken = new Set(root.get('rootElements').map((one) => one.get('id')));
      let id = `Message_${name.replace(/\W/g, '_')}`;
      while (taken.has(id)) id += '_';
      found = extensions.create('bpmn:Message', { id, name }, root);
      steps.push([element, root, { rootElements: [...root.get('rootElements'), found] }]);
    }
    const starts = is(object, 'bpmn:StartEvent') && !object.$parent?.get?.('triggeredByEvent');
    if (CATCHES.some((type) => is(object, type)) && !starts && !extension(found, 'zeebe:Subscription')) {
      const own = extensions.create('bpmn:ExtensionElements', { values: [...(found.get('extensionElements')?.get('values') || [])] }, found);
      own.get('values').push(extensions.create('zeebe:Subscription', { correlationKey: `=${known?.correlation || 'project_no'}` }, own));
      steps.push([element, found, { extensionElements: own }]);
    }
    extensions.steps(...steps, [element, holder, { messageRef: found }]);
  };
  const entry = select({ id: 'countyMessage', element, label: t('哪条消息'), get, set, options: () => [NONE, ...optionsOf(choices.messages)] });
  group.entries = [entry, ...group.entries.filter((one) => !['messageRef', 'messageName'].includes(one.id))];
}
