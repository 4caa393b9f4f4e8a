// Beside the form: which tasks of which processes fill it in, and what its recorder needs.
import { chinese } from '../editor/dictionary.js';
import { config, make } from '../editor/page.js';
import { t } from '../words.js';
import { neededKeys } from './needed.js';

export function about(panel, names) {
  const uses = config.uses || [];
  const labels = new Map();
  const walk = (components) => components?.forEach((one) => {
    labels.set(one.key || one.path, one.label || one.dateLabel);
    walk(one.components);
  });
  walk(config.content.components);
  const keys = [...neededKeys()].map((key) => (labels.get(key) ? (chinese ? `${labels.get(key)}（${key}）` : `${labels.get(key)} (${key})`) : key));
  const rows = uses.map((one) => make('li', {}, make('a', { href: `/workshop/process/${one.process}` }, one.name || one.process), make('span', {}, ` ${one.task || ''}`)));
  panel.prepend(make('section', { class: 'ws-about', 'data-said': true },
    make('h2', {}, t('谁用这张表')),
    rows.length ? make('ul', {}, ...rows) : make('p', { class: 'ws-hint' }, t('没有任务用它。')),
    keys.length ? make('p', { class: 'ws-hint' }, t('这张表提交后登记在案。登记所需的字段不可删除：%(keys)s', { keys: keys.join(chinese ? '、' : ', ') })) : null,
    names || null,
    make('p', { 'data-missing': true, class: 'ws-missing', role: 'status', hidden: true })));
}
