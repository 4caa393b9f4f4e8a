// Two forms side by side as lists of their fields, with what differs marked by sign and colour.
import { t } from '../words.js';
import { SIGNS, counted, legend, list } from './compare.js';
import { make } from './page.js';

const plain = (form) => (typeof form === 'string' ? JSON.parse(form || '{}') : form);

export function fields(form) {
  const found = [];
  const walk = (components, path) => {
    for (const one of components || []) {
      const { components: below, layout, id, ...rest } = one;
      const key = one.key || one.path || id;
      found.push({ id: [...path, key || found.length].join('.'), label: one.label || one.dateLabel || one.text?.split('\n')[0]?.replace(/^#+\s*/, '') || one.path || '', type: one.type, said: rest, depth: path.length });
      walk(below, [...path, key]);
    }
  };
  walk(plain(form).components, []);
  return found;
}

const WORDS = () => ({ label: t('标签'), description: t('填写说明'), type: t('种类'), text: t('文字'), required: t('必填'), min: t('最小'), max: t('最大'), maxLength: t('最多字数'), minLength: t('最少字数'), hide: t('何时隐藏'), values: t('选项'), readonly: t('只读'), disabled: t('停用') });

function flat(value, prefix = '') {
  if (value === null || typeof value !== 'object') return { [prefix]: value };
  if (Array.isArray(value)) return { [prefix]: JSON.stringify(value) };
  return Object.assign({}, ...Object.entries(value).map(([key, one]) => flat(one, key)));
}

const short = (value) => {
  const said = value === undefined || value === '' ? '—' : value === true ? t('是') : value === false ? t('否') : String(value);
  return said.length > 60 ? `${said.slice(0, 59)}…` : said;
};

export function differing(left, right) {
  const changes = [];
  const words = WORDS();
  right.forEach((field, index) => {
    const before = left.findIndex((one) => one.id === field.id);
    if (before < 0) {
      changes.push({ element: field.id, kind: 'added', words: t('“%(name)s”', { name: field.label || field.id }) });
      return;
    }
    const [from, to] = [flat(left[before].said), flat(field.said)];
    const differs = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter((key) => from[key] !== to[key]);
    for (const key of differs) changes.push({ element: field.id, kind: 'changed', words: t('“%(name)s”的%(what)s由 %(from)s 改为 %(to)s', { name: field.label || field.id, what: words[key] || key, from: short(from[key]), to: short(to[key]) }) });
    if (!differs.length) {
      const previous = (fields_, at, others) => fields_.slice(0, at).map((one) => one.id).filter((id) => others.some((one) => one.id === id)).pop();
      if (previous(right, index, left) !== previous(left, before, right)) changes.push({ element: field.id, kind: 'moved', words: t('“%(name)s”换了位置', { name: field.label || field.id }) });
    }
  });
  for (const field of left) if (!right.some((one) => one.id === field.id)) changes.push({ element: field.id, kind: 'removed', words: t('“%(name)s”', { name: field.label || field.id }) });
  return changes;
}

function drawn(side, name, changes) {
  const kindOf = new Map(changes.map((one) => [one.element, one.kind]));
  const rows = side.map((field) => {
    const kind = kindOf.get(field.id);
    const label = make('td', {}, `${kind ? `${SIGNS[kind]} ` : ''}${'　'.repeat(field.depth)}${field.label}`);
    return make('tr', { 'data-kind': kind, 'data-row': field.id }, label, make('td', {}, field.said.key || field.said.path || ''), make('td', {}, field.type), make('td', {}, field.said.validate?.required ? t('必填') : ''));
  });
  const head = [t('字段'), t('键'), t('种类'), ''].map((one) => make('th', { scope: 'col' }, one || make('span', { class: 'visually-hidden' }, t('必填'))));
  return make('section', { class: 'ws-pane ws-rows', tabindex: '0', 'aria-label': name }, make('h3', { 'data-said': true }, name), make('table', { class: 'tbl', 'data-said': true }, make('thead', {}, make('tr', {}, ...head)), make('tbody', {}, ...rows)));
}

export function forms(place, { left, right, names, changes }) {
  const [one, other] = [fields(left), fields(right)];
  const own = differing(one, other);
  const told = changes?.length ? changes : own;
  const pick = ({ element }) => {
    const rows = [...place.querySelectorAll('tr[data-row]')].filter((row) => row.dataset.row === element || row.dataset.row.endsWith(`.${element}`));
    rows.forEach((row) => row.scrollIntoView({ block: 'center' }));
  };
  place.append(make('div', { class: 'ws-two' }, drawn(one, names[0], own), drawn(other, names[1], own), make('aside', { class: 'ws-side' }, legend(counted(told)), list(told, pick))));
}
