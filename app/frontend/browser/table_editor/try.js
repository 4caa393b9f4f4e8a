// A decision table tried with values before anybody releases it: one field a condition, the answer of the server below.
import { read } from '../editor/compare_tables.js';
import { config, make, part, send } from '../editor/page.js';
import { t } from '../words.js';

const typesOf = (xml) => {
  const inputs = [...new DOMParser().parseFromString(xml, 'application/xml').getElementsByTagNameNS('*', 'inputExpression')];
  return inputs.map((one) => one.getAttribute('typeRef') || 'string');
};

// What stands in quotes in a column is what may be typed into it.
function words(rows, column) {
  const found = new Set();
  for (const { cells } of rows) for (const [, word] of (cells[column] || '').matchAll(/"([^"]*)"/g)) found.add(word);
  return [...found];
}

function valueOf(type, text) {
  if (text === '') return null;
  if (type === 'boolean') return text === 'true';
  if (['number', 'integer', 'long', 'double'].includes(type)) return Number(text);
  return text;
}

function field({ said, name }, type, known, index) {
  const id = `try-${index}`;
  let box;
  if (type === 'boolean') box = make('select', { id, class: 'form-select' }, ...[['', '—'], ['true', t('是')], ['false', t('否')]].map(([value, label]) => make('option', { value }, label)));
  else if (known.length) box = make('select', { id, class: 'form-select' }, make('option', { value: '' }, '—'), ...known.map((value) => make('option', { value }, value)));
  else box = make('input', { id, class: 'form-control', type: type === 'date' ? 'date' : 'text', inputmode: valueOf(type, '1') === 1 ? 'decimal' : false, autocomplete: 'off' });
  box.dataset.said = '1';
  return { node: make('p', {}, make('label', { for: id, 'data-said': true }, name || said), box), read: () => [said, valueOf(type, box.value)] };
}

// A dotted condition such as project.total_fen is handed over as what it names.
function nested(pairs) {
  const found = {};
  for (const [path, value] of pairs) {
    const parts = path.split('.');
    const last = parts.pop();
    parts.reduce((level, part_) => (level[part_] ||= {}), found)[last] = value;
  }
  return found;
}

export function tryOut({ read: source, point }) {
  const panel = part('panel');
  return (button) => {
    panel.hidden = !panel.hidden;
    button.setAttribute('aria-pressed', String(!panel.hidden));
    if (panel.hidden) return;
    const table = read(source());
    const types = typesOf(source());
    const fields = table.columns.filter(({ kind }) => kind === 'input').map((column, index) => field(column, types[index], words(table.rows, index), index));
    const answer = make('div', { 'data-answer': true, role: 'status' });
    const form = make('form', { class: 'ws-form' }, make('h2', {}, t('代入数值试算')), ...fields.map(({ node }) => node), make('p', {}, make('button', { class: 'btn btn-sm btn-line', type: 'submit' }, t('试算'))), answer);
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      answer.textContent = t('正在试算');
      for (const row of document.querySelectorAll('.ws-hit')) row.classList.remove('ws-hit');
      try {
        const got = await send('POST', config.urls.try, { content: source(), inputs: nested(fields.map((one) => one.read())) });
        const told = await got.json();
        if (told.sentence) answer.textContent = told.sentence;
        else {
          answer.replaceChildren(make('h3', {}, t('结果')), ...said(told.outputs, table));
          point(told.rules || []);
        }
      } catch {
        answer.textContent = t('连不上服务器，请检查网络后再试');
      }
    });
    panel.replaceChildren(form);
    form.querySelector('input, select')?.focus();
  };
}

function said(outputs, table) {
  if (outputs === null || outputs === undefined) return [make('p', {}, t('没有一行命中。'))];
  const several = Array.isArray(outputs) ? outputs : [outputs];
  const out = table.columns.filter(({ kind }) => kind === 'output');
  return several.map((one) => {
    const rows = one !== null && typeof one === 'object' ? Object.entries(one) : [[out[0]?.said || '', one]];
    return make('dl', { 'data-said': true }, ...rows.flatMap(([name, value]) => [make('dt', {}, out.find((column) => column.said === name)?.name || name), make('dd', {}, value === null ? '—' : typeof value === 'object' ? JSON.stringify(value) : value === true ? t('是') : value === false ? t('否') : String(value))]));
  });
}
