// What the lint says: asked on each pause, the newest answer wins; a list that jumps, repairs and plays the path.
import { t } from '../words.js';
import { config, make, part, root, send } from './page.js';

const PAUSE = 500;
const SIGNS = { error: '⊘', warning: '▲', info: 'ⓘ' };

// `read`: () → content; `show`: (findings) → marks on the drawing; `jump`, `play`: (finding); `replace`: (content, changed)
export function findings({ read, show, jump, play, replace, editable }) {
  const place = part('findings');
  const list = place.querySelector('[data-list]');
  const count = place.querySelector('[data-count]');
  const names = { error: t('错误'), warning: t('提醒'), info: t('建议') };
  let timer = 0;
  let asked = 0;
  let under = null;

  // What was found before is not said of what is drawn now.
  function changed() {
    asked += 1;
    under?.abort();
    place.setAttribute('aria-busy', 'true');
    window.clearTimeout(timer);
    timer = window.setTimeout(look, PAUSE);
  }

  async function look() {
    window.clearTimeout(timer);
    const mine = ++asked;
    under?.abort();
    under = new AbortController();
    place.setAttribute('aria-busy', 'true');
    try {
      const answer = await send('POST', config.urls.lint, { content: read() }, { signal: under.signal });
      const told = await answer.json();
      if (mine !== asked) return;
      if (!answer.ok) throw new Error(told.sentence || String(answer.status));
      draw(told);
    } catch (error) {
      if (error.name === 'AbortError' || mine !== asked) return;
      count.textContent = t('没有检查成，改动后再试');
      count.dataset.worst = 'unknown';
    } finally {
      if (mine === asked) place.removeAttribute('aria-busy');
    }
  }

  function draw({ findings: found, undecided, milliseconds }) {
    const numbers = { error: 0, warning: 0, info: 0 };
    for (const one of found) numbers[one.severity] += 1;
    const said = Object.entries(numbers).filter(([, number]) => number).map(([severity, number]) => `${SIGNS[severity]} ${names[severity]} ${number}`);
    if (undecided) said.push(`？ ${t('走通与否：未能判定')}`);
    count.textContent = said.join('  ') || `✓ ${t('没有发现问题')}`;
    count.dataset.worst = numbers.error ? 'error' : numbers.warning || undecided ? 'warning' : 'none';
    count.title = milliseconds === undefined ? '' : t('用时 %(ms)s 毫秒', { ms: Math.round(milliseconds) });
    list.replaceChildren(...(undecided ? [undecidedRow()] : []), ...found.map(row));
    root.dataset.findings = String(found.length);
    place.dataset.looked = String(asked);
    show(found);
  }

  const undecidedRow = () => make('li', { class: 'ws-finding', 'data-severity': 'warning' }, make('span', { class: 'ws-sev' }, '？'),
    make('div', {}, make('strong', {}, t('未能判定')), make('span', { class: 'ws-hint' }, t('图太大，没有走遍所有的路：不能说它一定走得通，也没有发现走不通的地方。'))));

  function row(one) {
    const said = make('button', { type: 'button', class: 'ws-goto', 'data-said': true, onclick: () => jump(one) }, one.sentence);
    const acts = [];
    if (one.trace?.length) acts.push(make('button', { type: 'button', class: 'btn btn-sm btn-line', 'data-play': true, onclick: () => play(one) }, t('看这条路')));
    if (editable && one.repair) {
      acts.push(make('button', { type: 'button', class: 'btn btn-sm btn-line', 'data-repair': one.code, onclick: (event) => repair(one, event.currentTarget) }, one.repair.label || t('改好')));
    }
    return make('li', { class: 'ws-finding', 'data-severity': one.severity, 'data-code': one.code, 'data-element': one.element },
      make('span', { class: 'ws-sev', title: names[one.severity], 'aria-label': names[one.severity], role: 'img' }, SIGNS[one.severity]),
      make('div', {}, said, one.hint ? make('span', { class: 'ws-hint', 'data-said': true }, one.hint) : null), make('div', { class: 'ws-acts' }, ...acts));
  }

  async function repair(one, button) {
    button.disabled = true;
    try {
      const answer = await send('POST', config.urls.repair, { content: read(), finding: { code: one.code, element: one.element, id: one.id } });
      const told = await answer.json();
      if (!answer.ok) throw new Error(told.sentence || t('没有改成，请在图上改'));
      await replace(told.content, told.changed || []);
      part('said-place').textContent = told.sentence || t('已改好，可以撤销');
      look();
    } catch (error) {
      part('said-place').textContent = error.message;
      button.disabled = false;
    }
  }

  return { changed, look };
}
