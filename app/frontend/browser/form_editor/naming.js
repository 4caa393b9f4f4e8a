// The names of the whole form, which form-js has no field for: they stand in the root's properties and can be undone.
import { make } from '../editor/page.js';
import { t } from '../words.js';

const NAMES = { name: () => t('表单名称'), 'en.name': () => t('英文名称') };

export function naming(editor) {
  const root = () => editor.get('formFieldRegistry').getAll().find((field) => field.type === 'default');
  const boxes = Object.entries(NAMES).map(([key, label]) => {
    const box = make('input', { class: 'form-control form-control-sm', type: 'text', maxlength: '60', name: `form-${key}`, 'aria-label': label() });
    box.addEventListener('change', () => {
      const { [key]: _before, ...properties } = root().properties || {};
      const said = box.value.trim();
      editor.get('modeling').editFormField(root(), 'properties', said ? { ...properties, [key]: said } : properties);
    });
    return { key, box, row: make('label', {}, label(), box) };
  });
  const show = () => {
    for (const { key, box } of boxes) if (box !== document.activeElement) box.value = root()?.properties?.[key] || '';
  };
  editor.on('commandStack.changed', show);
  editor.on('import.done', show);
  show();
  return make('div', { class: 'ws-naming' }, ...boxes.map(({ row }) => row));
}
