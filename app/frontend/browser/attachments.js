// The file field: a file goes to the server the moment it is chosen; the form keeps only the ids.
import { Description, Errors, FilePicker, Label } from '@bpmn-io/form-js-viewer';
import { h } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { post, t } from './words.js';

const LIMIT = 100 * 1024 * 1024;
const size = (bytes) => (bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`);

// Filled by the form: {upload: address, files: {id: {name, size, url, note}}, readonly}.
export const store = { upload: '', files: {} };

export function Attachments(props) {
  const { field, domId, errors = [], disabled, readonly, onChange, value } = props;
  const { label, description, multiple = false, accept = '', validate = {} } = field;
  const ids = Array.isArray(value) ? value : [];
  const input = useRef(null);
  const [waiting, setWaiting] = useState([]);
  const [problems, setProblems] = useState([]);
  const locked = disabled || readonly;
  const many = multiple === true || multiple === 'true';
  const latest = useRef(ids);
  latest.current = ids;

  async function take(files, instead = '') {
    setProblems([]);
    for (const file of many && !instead ? files : files.slice(0, 1)) await send(file, instead);
  }

  function choose(event, instead = '') {
    const files = [...event.target.files];
    event.target.value = '';
    return take(files, instead);
  }

  async function send(file, instead) {
    if (file.size > LIMIT) {
      setProblems((all) => [...all, t('%(name)s 超过 100 MB，请分卷或压缩后再传。', { name: file.name })]);
      return;
    }
    setWaiting((all) => [...all, file.name]);
    const body = new FormData();
    body.append('field', field.key);
    body.append('file', file, file.name);
    try {
      const answer = await post(store.upload, body);
      const told = await answer.json().catch(() => ({}));
      if (answer.ok) {
        store.files[told.id] = told;
        if (instead) latest.current = latest.current.map((id) => (id === instead ? told.id : id));
        else latest.current = many ? [...latest.current, told.id] : [told.id];
        onChange({ value: latest.current });
      } else {
        const sentence = told.message || (answer.status === 413 ? t('文件太大，单个不超过 100 MB。') : t('没有传上去，请再试一次。'));
        setProblems((all) => [...all, `${file.name}：${sentence}`]);
      }
    } catch {
      setProblems((all) => [...all, t('%(name)s 没有传上去：连不上服务器。', { name: file.name })]);
    } finally {
      setWaiting((all) => all.filter((name) => name !== file.name));
    }
  }

  const list = ids.map((id) => {
    const file = store.files[id] || { name: id };
    return h('li', { key: id }, [
      h('span', { class: 'att-ok', 'aria-hidden': true }, '✓'),
      h('div', { class: 'grow' }, [
        file.url ? h('a', { href: file.url, target: '_blank', rel: 'noopener' }, file.name) : h('span', null, file.name),
        h('small', null, [file.size ? size(file.size) : '', file.note ? ` · ${file.note}` : ''].join('')),
      ]),
      locked
        ? null
        : h('div', { class: 'row-line' }, [
            h('input', { type: 'file', id: `${domId}-${id}`, class: 'visually-hidden', accept: accept || undefined, onChange: (event) => choose(event, id), 'aria-label': t('替换 %(name)s', { name: file.name }) }),
            h('label', { class: 'btn btn-sm btn-quiet', for: `${domId}-${id}` }, t('替换')),
            h('button', { type: 'button', class: 'btn btn-sm btn-quiet gone', onClick: () => onChange({ value: ids.filter((other) => other !== id) }), 'aria-label': t('去掉 %(name)s', { name: file.name }) }, t('去掉')),
          ]),
    ]);
  });
  const full = !many && ids.length > 0;
  const over = (event) => {
    if (locked || !event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    event.currentTarget.classList.toggle('drop', event.type === 'dragover');
    if (event.type === 'drop') take([...event.dataTransfer.files], full ? ids[0] : '');
  };
  return h('div', { class: `fjs-form-field fjs-form-field-filepicker att${errors.length ? ' fjs-has-errors' : ''}`, onDragOver: over, onDragLeave: over, onDrop: over }, [
    h(Label, { htmlFor: full ? undefined : domId, label, required: validate.required }),
    h(Description, { id: `${domId}-description`, description }),
    h(Errors, { id: `${domId}-error-message`, errors: [...errors, ...problems] }),
    ids.length || waiting.length
      ? h('ul', { class: 'att-list' }, [...list, ...waiting.map((name) => h('li', { key: `w-${name}`, class: 'mute' }, t('正在上传 %(name)s', { name })))])
      : null,
    locked || full
      ? null
      : h('div', { class: 'att-add' }, [
          h('input', { type: 'file', id: domId, ref: input, class: 'visually-hidden', multiple: many || undefined, accept: accept || undefined, onChange: choose, 'aria-describedby': `${domId}-description ${domId}-error-message`, 'aria-invalid': errors.length > 0 || undefined }),
          h('label', { class: 'btn btn-sm btn-line', for: domId }, ids.length ? t('再加一份') : t('选择文件')),
        ]),
  ]);
}

Attachments.config = {
  ...FilePicker.config,
  emptyValue: null,
  sanitizeValue: ({ value }) => (Array.isArray(value) ? value.filter((id) => typeof id === 'string') : null),
};

class Register {
  constructor(formFields) {
    formFields.register('filepicker', Attachments);
  }
}
Register.$inject = ['formFields'];

export const AttachmentsModule = { __init__: ['attachmentsField'], attachmentsField: ['type', Register] };
