// The form of a task: form-js with our data, drafts that save themselves, errors beside the fields and in a summary.
import '@bpmn-io/form-js-viewer/dist/assets/form-js-base.css';
import '@bpmn-io/form-js-viewer/dist/assets/flatpickr/light.css';
import '../css/form.css';
import { Form } from '@bpmn-io/form-js-viewer';
import flatpickr from 'flatpickr';
import { Mandarin } from 'flatpickr/dist/l10n/zh.js';
import { AttachmentsModule, store } from './attachments.js';
import { english, said } from './messages.js';
import { csrf, post, t } from './words.js';

const PAUSE = 900;
const config = JSON.parse(document.getElementById('task-config').textContent);
const page = document.querySelector('[data-task-form]');
const place = page.querySelector('[data-form]');
const summary = page.querySelector('[data-summary]');
const state = page.querySelector('[data-draft-state]');
const submitButton = page.querySelector('[data-submit]');
const submitLabel = submitButton?.textContent || '';
let sent = false;

if (!english) flatpickr.localize(Mandarin);
store.upload = config.upload;
store.files = config.files;

// Without form-js' own delay nothing typed is ever missing from what is saved or sent.
const form = new Form({ container: place, debounce: false, additionalModules: [AttachmentsModule] });

const plain = (value) => JSON.stringify(value);

function answers() {
  const data = form._getSubmitData();
  return data;
}

// ---- fields and errors

const pathOf = (parts) => parts.reduce((path, part) => (typeof part === 'number' ? `${path}[${part}]` : path ? `${path}.${part}` : part), '');

function fields() {
  const registry = form.get('formFieldRegistry');
  return form.get('formFieldInstanceRegistry').getAllKeyed().map((instance) => ({
    instance,
    field: registry.get(instance.id),
    path: pathOf(instance.valuePath),
  }));
}

const plainLabel = (field) => field.label || field.dateLabel || field.timeLabel || field.key || '';

// A field of a list says which item it stands in; one whose label occurs twice says its group.
function labelOf({ field, instance }) {
  const registry = form.get('formFieldRegistry');
  const label = plainLabel(field);
  for (let parent = registry.get(field._parent); parent; parent = registry.get(parent._parent)) {
    const item = instance.indexes?.[parent.id];
    if (item !== undefined) return t('%(list)s 第 %(number)s 项 %(label)s', { list: parent.label || '', number: item + 1, label }).trim();
    if (parent.type === 'group' && parent.label && registry.getAll().filter((other) => plainLabel(other) === label).length > 1) return `${parent.label} ${label}`;
  }
  return label;
}

function elementOf({ instance, field }) {
  const indexes = Object.values(instance.indexes || {}).map((index) => `_${index}`).join('');
  const id = `fjs-form-${form._id}-${field.id}${indexes}`;
  return document.getElementById(id) || document.getElementById(`${id}-date`) || document.getElementById(`${id}-time`) || document.getElementById(`${id}-0`) || document.getElementById(`${id}-search`);
}

// `problems`: [{path, label, messages, target}]
function show(problems) {
  const list = summary.querySelector('[data-summary-list]');
  list.replaceChildren(
    ...problems.flatMap(({ label, messages, target }) =>
      messages.map((message) => {
        const item = document.createElement('li');
        const text = label && !message.includes(label) ? `${label}：${message}` : message;
        if (target) {
          const link = document.createElement('a');
          link.href = `#${target.id}`;
          link.textContent = text;
          link.addEventListener('click', (event) => {
            event.preventDefault();
            target.focus();
            target.scrollIntoView({ block: 'center' });
          });
          item.append(link);
        } else item.textContent = text;
        return item;
      }),
    ),
  );
  summary.querySelector('[data-summary-title]').textContent = t('有 %(count)s 处需要改正', { count: list.children.length });
  summary.hidden = problems.length === 0;
  if (problems.length) {
    summary.focus();
    summary.scrollIntoView({ block: 'start' });
  }
}

function clear() {
  summary.hidden = true;
}

function ownProblems(errors) {
  const found = [];
  for (const one of fields()) {
    let at = errors[one.instance.id];
    for (const index of Object.values(one.instance.indexes || {})) at = at?.[index];
    if (Array.isArray(at) && at.length) {
      found.push({ path: one.path, label: labelOf(one), messages: at.map(said), target: elementOf(one) });
    }
  }
  return found;
}

// The server's errors, by path, go beside their fields; what belongs to no field stands only in the summary.
function serverProblems(errors) {
  const shown = {};
  const byPath = new Map(fields().map((one) => [one.path, one]));
  const found = Object.entries(errors).map(([path, messages]) => {
    const one = byPath.get(path);
    if (!one) return { path, label: '', messages, target: listOf(path) };
    const indexes = Object.values(one.instance.indexes || {});
    let at = shown;
    const keys = [one.instance.id, ...indexes];
    keys.slice(0, -1).forEach((key, place) => (at = at[key] ??= typeof keys[place + 1] === 'number' ? [] : {}));
    at[keys.at(-1)] = messages;
    return { path, label: labelOf(one), messages, target: elementOf(one) };
  });
  form._setState({ errors: shown });
  return found;
}

function listOf(path) {
  const first = fields().find((one) => one.path.startsWith(`${path}[`) || one.path.startsWith(`${path}.`));
  return first ? elementOf(first) : null;
}

// ---- what is still missing, and what the button says

const missing = page.querySelector('[data-missing]');

function empty({ field, path }, data) {
  if (!field.validate?.required) return false;
  const value = path.split(/[.[\]]+/).filter(Boolean).reduce((at, key) => at?.[key], data);
  return value === undefined || value === null || value === '' || value === false && field.type === 'checkbox' || Array.isArray(value) && value.length === 0;
}

function count() {
  if (!missing || !config.mayAct) return;
  const data = answers();
  const open = fields().filter((one) => empty(one, data));
  const total = (config.refusals || 0) + open.length;
  missing.hidden = total === 0;
  missing.textContent = t('还差 %(count)s 项', { count: total });
  missing.onclick = (event) => {
    if (config.refusals) return;
    event.preventDefault();
    const target = open[0] && elementOf(open[0]);
    target?.focus();
    target?.scrollIntoView({ block: 'center' });
  };
  const { field, labels = {} } = config.labels || {};
  if (field && submitButton && !sent) submitButton.textContent = labels[data[field]] || submitLabel;
}

// ---- drafts

let revision = config.draftRevision;
let kept = '';
let timer = 0;
let saving = null;
let stopped = !config.mayAct;

function told(text, look = '') {
  state.textContent = text;
  state.className = look;
}

// The paper beside the form follows what has been saved.
async function showPaper() {
  const frame = document.querySelector('[data-paper]');
  if (!frame) return;
  const answer = await fetch(frame.dataset.paper).catch(() => null);
  if (answer?.ok && !answer.redirected) frame.innerHTML = await answer.text();
}

async function save({ keepalive = false, force = false } = {}) {
  window.clearTimeout(timer);
  timer = 0;
  if (stopped || !config.draft) return;
  const values = answers();
  const now = plain(values);
  if (now === kept && !force) return;
  if (saving) {
    await saving.catch(() => {});
    if (plain(answers()) === kept && !force) return;
  }
  const body = { values, revision };
  kept = now;
  saving = post(config.draft, body, { keepalive });
  try {
    const answer = await saving;
    if (answer.status === 409) {
      stopped = true;
      const { message, url } = await answer.json();
      told('');
      const choose = document.createElement('button');
      choose.type = 'button';
      choose.className = 'btn btn-sm btn-line';
      choose.textContent = t('并排看两份');
      choose.addEventListener('click', () => compare(url, plain(answers())));
      state.append(`${message} `, choose);
      state.className = 'c-due';
      return;
    }
    if (answer.status === 401 || answer.redirected) {
      kept = '';
      keepHere(now);
      told(t('登录已过期，内容暂存在本机，登录后会回到这里'), 'c-due');
      return;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    const saved = await answer.json();
    revision = saved.revision;
    window.localStorage.removeItem(storeKey);
    told(`✓ ${t('草稿已存 %(time)s', { time: saved.time })}`);
    showPaper();
  } catch {
    kept = '';
    keepHere(now);
    told(t('草稿没有存到服务器，已暂存在本机，稍后再试'), 'c-due');
    timer = window.setTimeout(() => save(), 10000);
  } finally {
    saving = null;
  }
}

// Both versions go onto a page of their own, on which one is chosen.
function compare(url, mine) {
  const sheet = document.createElement('form');
  sheet.method = 'post';
  sheet.action = url;
  for (const [name, value] of [['csrf_token', csrf()], ['mine', mine]]) {
    const field = document.createElement('input');
    field.type = 'hidden';
    field.name = name;
    field.value = value;
    sheet.append(field);
  }
  document.body.append(sheet);
  sheet.submit();
}

const storeKey = `task-${config.person}-${config.taskId}`;
const keepHere = (text) => {
  try {
    if (config.draft) window.localStorage.setItem(storeKey, text);
  } catch {
    // a full or forbidden store: the server's draft is the one that counts
  }
};

function later() {
  if (stopped) return;
  window.clearTimeout(timer);
  timer = window.setTimeout(() => save(), PAUSE);
}

// ---- submit

async function submit(event) {
  event.preventDefault();
  if (sent || !config.mayAct) return;
  const problems = ownProblems(form.validate());
  if (problems.length) {
    show(problems);
    save();
    return;
  }
  sent = true;
  submitButton.disabled = true;
  const label = submitButton.textContent;
  submitButton.textContent = t('正在提交');
  window.clearTimeout(timer);
  try {
    const answer = await post(config.complete, { values: answers(), revision: config.revision });
    const result = await answer.json().catch(() => ({}));
    if (answer.ok && result.url) {
      stopped = true;
      window.localStorage.removeItem(storeKey);
      window.location.assign(result.url);
      return;
    }
    await refused(answer, result);
  } catch {
    show([{ label: '', messages: [t('连不上服务器，所填内容还在这里，请稍后再提交。')], target: null }]);
  }
  sent = false;
  submitButton.disabled = false;
  submitButton.textContent = label;
}

async function refused(answer, result) {
  if (answer.status === 422 && result.errors) {
    show(serverProblems(result.errors));
    save();
    return;
  }
  if (answer.status === 422 && result.why) {
    await save({ force: true });
    const fragment = new DOMParser().parseFromString(result.why, 'text/html').body.firstElementChild;
    document.getElementById('why')?.remove();
    const work = page.parentElement;
    work.classList.remove('nowhy');
    work.prepend(fragment);
    config.refusals = result.count;
    count();
    const heading = fragment.querySelector('h2');
    heading.tabIndex = -1;
    heading.focus();
    heading.scrollIntoView({ block: 'center' });
    clear();
    return;
  }
  if (answer.status === 401) {
    keepHere(plain(answers()));
    window.location.assign(result.url || window.location.href);
    return;
  }
  if (answer.status === 409) await save({ force: true });
  show([{ label: '', messages: [result.message || t('没有提交成功，所填内容还在这里。')], target: null }]);
}

// ---- begin

async function begin() {
  let data = config.data;
  const here = window.localStorage.getItem(storeKey);
  if (here && config.mayAct) {
    try {
      data = { ...data, ...JSON.parse(here) };
      told(t('已恢复暂存在本机的内容'));
    } catch {
      window.localStorage.removeItem(storeKey);
    }
  }
  await form.importSchema(config.schema, data);
  if (!config.mayAct) form.setProperty('readOnly', true);
  place.querySelectorAll(':scope > .mute, :scope > noscript').forEach((one) => one.remove());
  place.removeAttribute('aria-busy');
  kept = plain(answers());
  form.on('changed', later);
  form.on('changed', count);
  count();
  place.addEventListener('input', later);
  page.addEventListener('submit', submit);
  page.querySelector('[data-save]')?.addEventListener('click', () => save({ force: true }));
  if (here) save({ force: true });
}

window.addEventListener('pagehide', () => save({ keepalive: true }));
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') save({ keepalive: true });
});
window.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === 's') {
    event.preventDefault();
    save({ force: true });
  }
});

begin().catch((error) => {
  place.textContent = t('表单没有打开，请刷新；还不行请告知流程管理员。');
  console.error(error);
});
