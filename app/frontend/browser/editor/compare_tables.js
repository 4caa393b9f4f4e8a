// Two decision tables side by side: columns and rows by their ids, with what differs marked by sign and colour.
import { t } from '../words.js';
import { SIGNS, counted, legend, list } from './compare.js';
import { make } from './page.js';

const texts = (element, name) => [...element.getElementsByTagNameNS('*', name)];
const textOf = (element) => element?.getElementsByTagNameNS('*', 'text')[0]?.textContent?.trim() ?? '';

export function read(xml) {
  const document_ = new DOMParser().parseFromString(xml, 'application/xml');
  const table = document_.getElementsByTagNameNS('*', 'decisionTable')[0];
  if (!table) return { hit: '', columns: [], rows: [] };
  const columns = [
    ...texts(table, 'input').map((one) => ({ id: one.id || one.getAttribute('id'), name: one.getAttribute('label') || textOf(one), kind: 'input', said: textOf(one) })),
    ...texts(table, 'output').map((one) => ({ id: one.getAttribute('id'), name: one.getAttribute('label') || one.getAttribute('name'), kind: 'output', said: one.getAttribute('name') || '' })),
  ];
  const rows = texts(table, 'rule').map((one, index) => ({ id: one.getAttribute('id') || String(index), cells: [...texts(one, 'inputEntry'), ...texts(one, 'outputEntry')].map(textOf), note: texts(one, 'description')[0]?.textContent || '' }));
  return { hit: table.getAttribute('hitPolicy') || 'UNIQUE', columns, rows };
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

export function differing(left, right) {
  const changes = [];
  if (left.hit !== right.hit) changes.push({ element: '', kind: 'changed', words: t('命中方式由 %(from)s 改为 %(to)s', { from: left.hit, to: right.hit }) });
  const of = (side, id) => side.rows.findIndex((one) => one.id === id);
  right.rows.forEach((row, index) => {
    const before = of(left, row.id);
    if (before < 0) changes.push({ element: row.id, kind: 'added', words: t('第 %(row)s 行：%(cells)s', { row: index + 1, cells: row.cells.join('，') }) });
    else if (!same(left.rows[before].cells, row.cells)) {
      row.cells.forEach((cell, column) => {
        const old = left.rows[before].cells[column];
        if (old !== cell) changes.push({ element: row.id, kind: 'changed', words: t('第 %(row)s 行的%(column)s由 %(from)s 改为 %(to)s', { row: index + 1, column: right.columns[column]?.name || '', from: old || '—', to: cell || '—' }) });
      });
    } else if (before !== index) changes.push({ element: row.id, kind: 'moved', words: t('第 %(from)s 行移到第 %(to)s 行', { from: before + 1, to: index + 1 }) });
  });
  left.rows.forEach((row, index) => {
    if (of(right, row.id) < 0) changes.push({ element: row.id, kind: 'removed', words: t('原第 %(row)s 行：%(cells)s', { row: index + 1, cells: row.cells.join('，') }) });
  });
  return changes;
}

function drawn(side, name, changes, other) {
  const kindOf = new Map(changes.map((one) => [one.element, one.kind]));
  const body = side.rows.map((row, index) => {
    const kind = kindOf.get(row.id);
    const before = other.rows.find((one) => one.id === row.id);
    return make('tr', { 'data-kind': kind, 'data-row': row.id }, make('th', { scope: 'row' }, `${kind ? SIGNS[kind] : ''} ${index + 1}`),
      ...row.cells.map((cell, column) => make('td', { 'data-cell': before && before.cells[column] !== cell ? 'changed' : false }, cell || '—')));
  });
  return make('section', { class: 'ws-pane ws-rows', tabindex: '0', 'aria-label': name }, make('h3', { 'data-said': true }, name), make('p', { class: 'ws-hint' }, t('命中方式：%(hit)s', { hit: side.hit })),
    make('table', { class: 'tbl', 'data-said': true }, make('thead', {}, make('tr', {}, make('th', { scope: 'col' }, t('行')), ...side.columns.map((one) => make('th', { scope: 'col' }, one.name || '', make('span', { class: 'ws-hint' }, one.said))))), make('tbody', {}, ...body)));
}

export function tables(place, { left, right, names, changes }) {
  const [one, other] = [read(left), read(right)];
  const told = changes?.length ? changes : differing(one, other);
  const own = differing(one, other);
  const pick = ({ element }) => place.querySelector(`[data-row="${CSS.escape(element)}"]`)?.scrollIntoView({ block: 'center' });
  place.append(make('div', { class: 'ws-two' }, drawn(one, names[0], own, other), drawn(other, names[1], own, one), make('aside', { class: 'ws-side' }, legend(counted(told)), list(told, pick))));
}
