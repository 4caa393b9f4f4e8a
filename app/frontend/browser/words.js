// Sentences of the scripts: the Chinese is the key, the page brings the other language.
const known = JSON.parse(document.getElementById('messages')?.textContent || '{}');

export function t(sentence, values = {}) {
  return (known[sentence] || sentence).replace(/%\((\w+)\)s/g, (all, name) => (name in values ? String(values[name]) : all));
}

export const csrf = () => document.querySelector('meta[name="csrf-token"]').content;

export function post(url, body, { keepalive = false } = {}) {
  return fetch(url, {
    method: 'POST',
    body: body instanceof FormData ? body : JSON.stringify(body),
    headers: {
      Accept: 'application/json',
      'X-CSRFToken': csrf(),
      ...(body instanceof FormData ? {} : { 'Content-Type': 'application/json' }),
    },
    credentials: 'same-origin',
    redirect: 'follow',
    keepalive,
  });
}
