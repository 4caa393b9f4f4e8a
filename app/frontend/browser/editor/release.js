// Asking for the release of what is saved now: why, and from when; the second person's page opens.
import { t } from '../words.js';
import { config, part, send } from './page.js';

export function release(store) {
  const dialog = part('release');
  const form = dialog.querySelector('form[data-ask]');
  const answer = dialog.querySelector('[data-answer]');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const button = form.querySelector('[type="submit"]');
    button.disabled = true;
    answer.textContent = '';
    try {
      await store.save();
      const asked = await send('POST', config.urls.release, { revision: store.revision(), reason: form.elements.reason.value, effective_at: form.elements.effective_at.value });
      const told = await asked.json();
      if (asked.ok) {
        window.location.assign(told.url);
        return;
      }
      answer.textContent = told.sentence || t('连不上服务器，请检查网络后再试');
    } catch {
      answer.textContent = t('连不上服务器，请检查网络后再试');
    }
    button.disabled = false;
  });
  return () => dialog.showModal();
}
