// The inbox by keyboard and its preview: J K up and down, Enter opens, X selects, C claims, S signs the chosen, R reminds, T hands over, L puts off, O the file, / find.
import { t } from './words.js';

export function inbox() {
  const root = document.querySelector('[data-inbox]');
  const rows = root ? [...root.querySelectorAll('tr[data-task]')] : [];
  if (!root) return;
  const pane = root.querySelector('[data-pane]');
  const help = document.querySelector('dialog[data-keys]');
  const wide = window.matchMedia('(min-width: 768px)');
  let current = rows.findIndex((row) => row.classList.contains('cur'));
  let asked = 0;

  async function preview(row) {
    if (!pane || !wide.matches) return;
    const mine = ++asked;
    const answer = await fetch(row.dataset.preview, { headers: { Accept: 'text/html' } }).catch(() => null);
    if (!answer?.ok || mine !== asked) return;
    // Our own server's fragment, escaped there.
    const fragment = new DOMParser().parseFromString(await answer.text(), 'text/html').body;
    if (mine === asked) pane.replaceChildren(...fragment.childNodes);
  }

  function select(index, { scroll = true } = {}) {
    if (!rows[index]) return;
    rows[current]?.classList.remove('cur');
    rows[current]?.removeAttribute('aria-current');
    current = index;
    rows[current].classList.add('cur');
    rows[current].setAttribute('aria-current', 'true');
    if (scroll) {
      rows[current].scrollIntoView({ block: 'nearest' });
      rows[current].querySelector('.what a').focus({ preventScroll: true });
    }
    preview(rows[current]);
  }

  rows.forEach((row, index) => {
    row.addEventListener('click', (event) => {
      if (event.target.closest('a, input, button, label')) return;
      if (wide.matches) select(index, { scroll: false });
      else window.location.assign(row.dataset.url);
    });
    row.addEventListener('dblclick', (event) => {
      if (!event.target.closest('a, input, button')) window.location.assign(row.dataset.url);
    });
  });

  const boxes = [...root.querySelectorAll('input[name="task"]')];
  const all = root.querySelector('[data-all]');
  const bulk = root.querySelector('[data-bulk]');

  function chosen() {
    const count = boxes.filter((box) => box.checked).length;
    if (bulk) {
      bulk.hidden = count === 0;
      bulk.querySelector('[data-bulk-count]').textContent = t('已选 %(count)s 件', { count });
    }
    if (all) {
      all.checked = count > 0 && count === boxes.length;
      all.indeterminate = count > 0 && count < boxes.length;
    }
  }

  function choose(on) {
    for (const box of boxes) box.checked = on;
    chosen();
  }

  for (const box of boxes) box.addEventListener('change', chosen);
  all?.addEventListener('change', () => choose(all.checked));
  bulk?.querySelector('[data-bulk-none]').addEventListener('click', () => choose(false));
  window.addEventListener('pageshow', chosen);

  // Several chosen: the key acts on all of them; none: on the one that the pane shows.
  function press(several, one) {
    if (bulk && !bulk.hidden && several) bulk.querySelector(`button[formaction*="${several}"]`)?.click();
    else if (one) pane?.querySelector(one)?.click();
  }

  function handOver() {
    const place = pane?.querySelector('[data-handover]');
    if (!place) return;
    place.open = true;
    place.querySelector('select').focus();
  }

  function later() {
    const place = pane?.querySelector('[data-later]');
    if (!place) return;
    place.open = true;
    place.querySelector('input[name="until"]').focus();
  }

  const keys = {
    j: () => select(Math.min(current + 1, rows.length - 1)),
    k: () => select(Math.max(current - 1, 0)),
    Enter: () => rows[current] && window.location.assign(rows[current].dataset.url),
    x: () => rows[current]?.querySelector('input[name="task"]').click(),
    c: () => press('/inbox/claim', 'form[data-take] button'),
    r: () => press('/inbox/remind', 'form[data-remind] button'),
    l: later,
    s: () => press('/inbox/sign', ''),
    t: handOver,
    o: () => pane?.querySelector('a[data-file]')?.click(),
    '/': () => root.querySelector('[data-find]')?.focus(),
    '?': () => help?.showModal(),
    Escape: () => choose(false),
  };
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest('input, select, textarea, dialog[open], details[open]')) {
      if (event.key === 'Escape') event.target.blur();
      return;
    }
    if (event.key === 'Enter' && event.target.closest('a, button, summary')) return;
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  if (help) help.setAttribute('aria-label', t('快捷键'));
}
