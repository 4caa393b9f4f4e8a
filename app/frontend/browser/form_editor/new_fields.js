// A new field is named in the reader's language: form-js would write its own English default into the form.
import { chinese, chineseOf } from '../editor/dictionary.js';

const NAMED = ['label', 'dateLabel', 'timeLabel', 'text'];

function named(field) {
  for (const name of NAMED) if (typeof field[name] === 'string') field[name] = chineseOf(field[name]) ?? field[name];
  for (const one of field.values || []) one.label = chineseOf(one.label) ?? one.label;
  return field;
}

export function newFields(editor) {
  if (!chinese) return;
  const factory = editor.get('fieldFactory');
  const create = factory.create.bind(factory);
  factory.create = (attributes, isNew = true) => (isNew ? named(create(attributes, isNew)) : create(attributes, isNew));
}
