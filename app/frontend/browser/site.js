// What every page does: menus, appearance, filters that apply themselves, printing, one submission only, the demo clock.
import '../css/site.css';
import { inbox } from './inbox.js';
import { post, t } from './words.js';

function menus() {
  const open = () => document.querySelectorAll('details.pop[open]');
  document.addEventListener('click', (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector('summary').focus();
    }
  });
}

function appearance() {
  const root = document.documentElement;
  for (const button of document.querySelectorAll('[data-theme-choice] button')) {
    button.addEventListener('click', () => {
      const theme = button.dataset.theme;
      document.cookie = `theme=${theme};path=/;max-age=31536000;samesite=lax`;
      root.toggleAttribute('data-theme-auto', theme === 'auto');
      const dark = window.matchMedia('(prefers-color-scheme: dark)').matches;
      root.dataset.bsTheme = theme === 'auto' ? (dark ? 'dark' : 'light') : theme;
      for (const other of button.parentElement.querySelectorAll('button')) {
        other.setAttribute('aria-pressed', String(other === button));
      }
    });
  }
}

// A changed list applies at once; empty fields stay out of the address.
function filters() {
  for (const form of document.querySelectorAll('form[data-auto]')) {
    const apply = () => {
      const query = new URLSearchParams();
      for (const [name, value] of new FormData(form)) if (value) query.append(name, value);
      window.location.assign(query.size || String(query) ? `${form.action}?${query}` : form.action);
    };
    form.addEventListener('change', (event) => {
      if (event.target.matches('select, [type=checkbox]')) apply();
    });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      apply();
    });
  }
}

// Where the clipboard is closed (plain http), the text is selected, so that Ctrl+C takes it.
async function copy(button) {
  const text = document.getElementById(button.dataset.copy);
  text.focus();
  text.select();
  try {
    await navigator.clipboard.writeText(text.value);
    button.textContent = t('已复制');
  } catch {
    button.textContent = t('已选中，请按 Ctrl+C');
  }
}

function once() {
  for (const form of document.querySelectorAll('form[data-once]')) {
    form.addEventListener('submit', (event) => {
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = '1';
      window.setTimeout(() => form.removeAttribute('data-sent'), 10000);
    });
  }
  window.addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll('form[data-sent]')) form.removeAttribute('data-sent');
  });
}

function printing() {
  for (const button of document.querySelectorAll('[data-copy]')) button.addEventListener('click', () => copy(button));
  for (const button of document.querySelectorAll('[data-print]')) button.addEventListener('click', () => window.print());
}

// The clock's buttons come back when every timer of the skipped days has run; meanwhile the banner shows how far it is.
function demoClock() {
  const banner = document.querySelector('[data-demo]');
  if (!banner) return;
  const state = banner.querySelector('[data-clock-state]');
  for (const form of banner.querySelectorAll('form[data-clock]')) {
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      const buttons = banner.querySelectorAll('button');
      for (const button of buttons) button.disabled = true;
      state.textContent = t('正在拨钟，先办完这几天的提醒和时限');
      const watch = window.setInterval(async () => {
        const seen = await fetch(`${form.action}/progress`, { headers: { Accept: 'application/json' } }).catch(() => null);
        if (seen?.ok) {
          const { text } = await seen.json();
          if (text) state.textContent = text;
        }
      }, 700);
      try {
        const answer = await post(form.action, new FormData(form));
        if (answer.ok) {
          window.location.reload();
          return;
        }
        const told = await answer.json().catch(() => ({}));
        state.textContent = told.message || t('没有拨成，请再试一次');
      } catch {
        state.textContent = t('连不上服务器，请检查网络后再试');
      } finally {
        window.clearInterval(watch);
        for (const button of buttons) button.disabled = false;
      }
    });
  }
}

// What runs in the background says how far it is; the whole page comes anew when it has ended.
async function progress(place) {
  const seen = await fetch(place.dataset.progress, { headers: { Accept: 'application/json' } }).catch(() => null);
  if (seen?.ok) {
    const { total, done, ended } = await seen.json();
    if (ended) {
      window.location.reload();
      return;
    }
    place.querySelector('progress').value = done / total;
    document.querySelector('[data-progress-told]').textContent = t('%(done)s / %(total)s 件', { done, total });
  }
  window.setTimeout(() => progress(place), 1500);
}

// In the demonstration a click fills in one of its people; logging in stays the reader's own act.
function accounts() {
  const list = document.querySelector('[data-accounts]');
  list?.addEventListener('click', (event) => {
    const chosen = event.target.closest('[data-fill]');
    if (!chosen) return;
    document.getElementById('username').value = chosen.dataset.fill;
    document.getElementById('password').value = list.dataset.accounts;
    for (const other of list.querySelectorAll('[data-fill]')) other.setAttribute('aria-pressed', String(other === chosen));
    const enter = document.querySelector('.login form .btn-primary');
    enter.scrollIntoView({ block: 'center' });
    enter.focus();
  });
}

menus();
accounts();
appearance();
filters();
once();
printing();
demoClock();
document.querySelectorAll('[data-progress]').forEach(progress);
inbox();
