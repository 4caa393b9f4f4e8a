// Fields without which the form cannot be recorded: they are marked, and neither go nor change their key.
import { config, make, part } from '../editor/page.js';
import { t } from '../words.js';

export const neededKeys = () => new Set(config.choices.forms.find((one) => one.id === config.key)?.recorder?.fields || []);

const keysOf = (field) => [field.key, field.path, ...(field.components || []).flatMap(keysOf)].filter(Boolean);

export function needed(editor, place) {
  const keys = neededKeys();
  if (!keys.size) return;
  const label = t('登记所需，不可删除');
  const said = (name) => {
    part('said-place').textContent = t('“%(name)s”是登记所需的字段，不能删去，也不能改键；标签和说明可以改。', { name });
  };

  const modeling = editor.get('modeling');
  const remove = modeling.removeFormField.bind(modeling);
  modeling.removeFormField = (field, ...rest) => (keysOf(field).some((key) => keys.has(key)) ? said(field.label || field.key || field.path) : remove(field, ...rest));
  const edit = modeling.editFormField.bind(modeling);
  modeling.editFormField = (field, properties, value) => {
    const changed = typeof properties === 'string' ? { [properties]: value } : properties;
    const name = field.key || field.path;
    if (keys.has(name) && (('key' in changed && changed.key !== field.key) || ('path' in changed && changed.path !== field.path))) return said(field.label || name);
    return edit(field, properties, value);
  };

  const mark = () => {
    const registry = editor.get('formFieldRegistry');
    for (const box of place.querySelectorAll('.fjs-element[data-id]')) {
      const field = registry.get(box.dataset.id);
      const holds = field && (keys.has(field.key) || keys.has(field.path));
      if (holds && box.dataset.needed !== label) box.dataset.needed = label;
      else if (!holds && box.dataset.needed) delete box.dataset.needed;
    }
    missing(registry);
  };

  const list = part('missing');
  function missing(registry) {
    const there = new Set(registry.getAll().flatMap((field) => [field.key, field.path]));
    const gone = [...keys].filter((key) => !there.has(key));
    if (!list) return;
    list.hidden = gone.length === 0;
    list.replaceChildren(make('strong', {}, t('缺少登记所需的字段')), make('span', { 'data-said': true }, ` ${gone.join('、')}`));
  }

  let asked = 0;
  new MutationObserver(() => {
    window.cancelAnimationFrame(asked);
    asked = window.requestAnimationFrame(mark);
  }).observe(place, { childList: true, subtree: true });
  mark();
}
