// The working copy saves itself: after each pause and on leaving; two people at one file are told, and nothing is lost.
import { t } from '../words.js';
import { conflict } from './conflict.js';
import { config, editable, part, root, send } from './page.js';

const PAUSE = 900;
const KEEPALIVE = 60000; // browsers let no more than 64 KiB outlive the page
const shelf = `workshop:${config.kind}:${config.key}:${config.copy_id}`;

const clock = (moment) => {
  const at = moment ? new Date(moment) : new Date();
  return Number.isNaN(at.getTime()) ? String(moment) : at.toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit', hour12: false });
};

// `read`: () → content; `replace`: (content) → Promise, shows another content as one step that can be undone.
export function saving({ read, replace, same = (one, other) => one === other }) {
  let { revision } = config;
  let saved = config.content;
  let timer = 0;
  let under = null;
  let stopped = !editable;
  let again = false;
  const state = part('save-state');

  function say(text, kind = '') {
    state.textContent = text;
    state.dataset.state = kind;
  }

  const stored = {
    get() {
      try {
        return JSON.parse(window.localStorage.getItem(shelf) || 'null');
      } catch {
        return null;
      }
    },
    put(content) {
      try {
        window.localStorage.setItem(shelf, JSON.stringify({ revision, content }));
      } catch {
        // A full or forbidden store must not hinder drawing.
      }
    },
    drop() {
      try {
        window.localStorage.removeItem(shelf);
      } catch {
        // see above
      }
    },
  };

  async function save({ keepalive = false } = {}) {
    window.clearTimeout(timer);
    timer = 0;
    if (stopped) return;
    if (under) {
      again = true;
      await under;
      return;
    }
    const content = read();
    if (same(content, saved)) {
      say(t('已存'), 'saved');
      return;
    }
    say(t('正在存'), 'saving');
    under = put(content, keepalive);
    await under;
    under = null;
    if (again) {
      again = false;
      await save();
    }
  }

  async function put(content, keepalive) {
    let answer;
    try {
      answer = await send('POST', config.urls.save, { revision, content }, { keepalive: keepalive && JSON.stringify(content).length < KEEPALIVE });
    } catch {
      keep(content, t('连不上服务器，改动暂存在本机，稍后再试'));
      return;
    }
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) {
      revision = told.revision;
      saved = content;
      stored.drop();
      say(t('已存 %(time)s', { time: clock(told.saved_at) }), 'saved');
    } else if (answer.status === 409) {
      stopped = true;
      stored.put(content);
      say(t('没有存：别人也改了'), 'conflict');
      conflict({
        mine: content,
        theirs: told,
        async take() {
          await replace(told.content);
          settled(told.revision, told.content);
        },
        keep() {
          settled(told.revision, told.content);
          return save();
        },
      });
    } else if (answer.status === 422) {
      say(told.sentence || t('没有存：内容不是这一类文件'), 'refused');
    } else if (answer.status === 401 || answer.status === 403 || answer.redirected) {
      keep(content, t('没有存：请重新登录，改动暂存在本机'));
    } else {
      keep(content, t('没有存，改动暂存在本机，稍后再试'));
    }
  }

  function settled(newer, content) {
    revision = newer;
    saved = content;
    stopped = false;
    stored.drop();
    say(t('已存'), 'saved');
  }

  function keep(content, sentence) {
    stored.put(content);
    say(sentence, 'failed');
    timer = window.setTimeout(save, 15000);
  }

  function changed() {
    if (stopped) return;
    say(t('有改动'), 'changed');
    window.clearTimeout(timer);
    timer = window.setTimeout(save, PAUSE);
  }

  const dirty = () => !stopped && !same(read(), saved);

  if (editable) {
    say(t('已存'), 'saved');
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden' && (timer || dirty())) save({ keepalive: true });
    });
    window.addEventListener('pagehide', () => {
      if (!timer && !dirty()) return;
      stored.put(read());
      save({ keepalive: true });
    });
    window.addEventListener('beforeunload', (event) => {
      if (!under && !timer) return;
      save({ keepalive: true });
      if (JSON.stringify(read()).length >= KEEPALIVE) event.preventDefault();
    });
    const left = stored.get();
    if (left && left.revision >= revision && !same(left.content, saved)) restore(left.content);
  }

  function restore(content) {
    const bar = part('left');
    bar.hidden = false;
    bar.querySelector('[data-restore]').addEventListener('click', async () => {
      bar.hidden = true;
      await replace(content);
      changed();
    });
    bar.querySelector('[data-forget]').addEventListener('click', () => {
      bar.hidden = true;
      stored.drop();
    });
  }

  root.addEventListener('workshop:save', () => save());
  return { changed, save, revision: () => revision };
}
