// Entries of the properties panel that offer the county's own choices as lists; an unknown value stays visible.
import { FeelEntry, SelectEntry, TextAreaEntry, TextFieldEntry, isFeelEntryEdited, isSelectEntryEdited, isTextAreaEntryEdited, isTextFieldEntryEdited } from '@bpmn-io/properties-panel';
import { h } from '@bpmn-io/properties-panel/preact';
import { useEffect, useState } from '@bpmn-io/properties-panel/preact/hooks';
import { useService } from 'bpmn-js-properties-panel';
import { t } from '../words.js';

// `options`: [{value, label}] or groups of them; `value` in none of them is added, marked.
export function withUnknown(options, value) {
  const known = options.some((one) => one.value === value || one.children?.some((child) => child.value === value));
  return known || !value ? options : [...options, { value, label: t('%(value)s（名单里没有）', { value }) }];
}

export const NONE = { value: '', label: '—' };

function Select({ element, id, label, get, set, options, description }) {
  return h(SelectEntry, { element, id, label, description, getValue: () => get(element) || '', setValue: (value) => set(element, value || undefined), getOptions: () => withUnknown(options(element), get(element)) });
}

export const select = (fields) => ({ component: Select, isEdited: isSelectEntryEdited, ...fields });

// Several of a list, kept as names with commas between them.
function Several({ element, id, label, get, set, options, description, more }) {
  const chosen = (get(element) || '').split(',').map((one) => one.trim()).filter(Boolean);
  const put = (next) => set(element, next.filter(Boolean).join(',') || undefined);
  return h('div', { class: 'ws-several', 'data-entry-id': id },
    chosen.map((code, index) => h(SelectEntry, {
      key: `${code}-${index}`, element, id: `${id}-${index}`, label: index ? t('或者') : label, getValue: () => code,
      setValue: (value) => put(chosen.map((one, place) => (place === index ? value : one))),
      getOptions: () => [{ value: '', label: t('去掉') }, ...withUnknown(options(element), code)],
    })),
    h(SelectEntry, {
      key: `more-${chosen.length}`, element, id: `${id}-${chosen.length}`, label: chosen.length ? more || t('再加一个') : label, description, getValue: () => '',
      setValue: (value) => put([...chosen, value]), getOptions: () => [NONE, ...options(element).map((one) => ({ ...one, disabled: chosen.includes(one.value) }))],
    }));
}

export const several = (fields) => ({ component: Several, isEdited: (node) => Boolean(node?.querySelector('select')?.value), ...fields });

function Text({ element, id, label, get, set, description }) {
  const debounce = useService('debounceInput');
  return h(TextFieldEntry, { element, id, label, description, debounce, getValue: () => get(element) || '', setValue: (value) => set(element, value || undefined) });
}

export const text = (fields) => ({ component: Text, isEdited: isTextFieldEntryEdited, ...fields });

function LongText({ element, id, label, get, set, description }) {
  const debounce = useService('debounceInput');
  return h(TextAreaEntry, { element, id, label, description, debounce, autoResize: true, getValue: () => get(element) || '', setValue: (value) => set(element, value || undefined) });
}

export const longText = (fields) => ({ component: LongText, isEdited: isTextAreaEntryEdited, ...fields });

// An expression, with the variables and facts that it may name.
function Expression({ element, id, label, get, set, description, feel = 'required' }) {
  const debounce = useService('debounceInput');
  const resolver = useService('variableResolver');
  const eventBus = useService('eventBus');
  const [variables, setVariables] = useState([]);
  useEffect(() => {
    let gone = false;
    const look = () => {
      resolver.getVariablesForElement(element.businessObject).then((found) => gone || setVariables(found));
    };
    eventBus.on('commandStack.changed', look);
    look();
    return () => {
      gone = true;
      eventBus.off('commandStack.changed', look);
    };
  }, [element]);
  return h(FeelEntry, { element, id, label, description, debounce, feel, variables, getValue: () => get(element) || '', setValue: (value) => set(element, value || undefined) });
}

export const expression = (fields) => ({ component: Expression, isEdited: isFeelEntryEdited, ...fields });

// A sentence between entries, with a link or a button.
function Note({ words, link, act }) {
  const { href, label } = link?.() || {};
  return h('div', { class: 'bio-properties-panel-entry ws-note', 'data-said': true }, h('p', {}, words()), href && h('a', { href, target: '_blank', rel: 'noopener' }, label),
    act && h('button', { type: 'button', class: 'btn btn-sm btn-line', onClick: act.run }, act.label));
}

export const note = (fields) => ({ component: Note, isEdited: () => false, ...fields });
