// The page of an editor: what the server handed over, the state of saving, notices, and requests in both directions.
import { csrf } from '../words.js';

export const config = JSON.parse(document.getElementById('config')?.textContent || '{}');
export const root = document.querySelector('[data-workshop]');
export const wide = window.matchMedia('(min-width: 768px)');
export const editable = !config.read_only && wide.matches;

export const part = (name) => root.querySelector(`[data-${name}]`);

export function send(method, url, body, { keepalive = false, signal } = {}) {
  return fetch(url, {
    method,
    body: JSON.stringify(body),
    headers: { Accept: 'application/json', 'Content-Type': 'application/json', 'X-CSRFToken': config.csrf || csrf() },
    credentials: 'same-origin',
    keepalive,
    signal,
  });
}

export async function ask(url, signal) {
  const answer = await fetch(url, { headers: { Accept: 'application/json' }, credentials: 'same-origin', signal });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}

// A small element: make('button', {class: 'btn', type: 'button'}, 'text', child …)
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === undefined || value === null) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function download(name, text, type) {
  const link = make('a', { download: name, href: URL.createObjectURL(new Blob([text], { type })) });
  document.body.append(link);
  link.click();
  link.remove();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
