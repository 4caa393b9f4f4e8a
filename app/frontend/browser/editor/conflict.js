// Two people at one file: a bar that says who and when, with the way to look at both and to choose.
import { t } from '../words.js';
import { config, part } from './page.js';

export function conflict({ mine, theirs, take, keep }) {
  const bar = part('conflict');
  const words = bar.querySelector('[data-words]');
  const buttons = Object.fromEntries(['compare', 'keep', 'take', 'back'].map((name) => [name, bar.querySelector(`[data-${name}]`)]));
  words.textContent = t('%(name)s在 %(time)s 存了这个文件的另一份。你的改动还在这里，没有存，也没有丢。', { name: theirs.by || '', time: String(theirs.at || '') });
  bar.hidden = false;
  bar.focus();

  const once = (button, act) => {
    button.onclick = async () => {
      for (const one of Object.values(buttons)) one.disabled = true;
      try {
        await act();
      } finally {
        for (const one of Object.values(buttons)) one.disabled = false;
      }
    };
  };
  buttons.compare.onclick = async () => {
    const { compare } = await import('./compare.js');
    compare({ kind: config.kind, left: theirs.content, right: mine, names: [t('对方的'), t('我的')] });
  };
  for (const name of ['compare', 'keep', 'take']) buttons[name].hidden = false;
  buttons.back.hidden = true;
  once(buttons.keep, async () => {
    bar.hidden = true;
    await keep();
  });
  once(buttons.take, async () => {
    await take();
    words.textContent = t('现在是%(name)s的一份。你的一份还留着，可以换回来。', { name: theirs.by || '' });
    for (const name of ['compare', 'keep', 'take']) buttons[name].hidden = true;
    buttons.back.hidden = false;
  });
  once(buttons.back, async () => {
    bar.hidden = true;
    bar.dispatchEvent(new CustomEvent('workshop:back', { bubbles: true, detail: mine }));
  });
}
