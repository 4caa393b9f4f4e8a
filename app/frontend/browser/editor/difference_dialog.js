// What this working copy changes against the version in force: the saved state, as the server tells it.
import { t } from '../words.js';
import { ask, config, root, part } from './page.js';

export async function difference() {
  root.dispatchEvent(new CustomEvent('workshop:save'));
  const { compare } = await import('./compare.js');
  try {
    const { left, right, changes } = await ask(config.urls.difference);
    await compare({ kind: config.kind, left: left.content, right: right.content, names: [left.name || t('在用的'), right.name || t('这一份')], changes });
  } catch (error) {
    part('said-place').textContent = t('比较不了：%(why)s', { why: error.message });
  }
}
