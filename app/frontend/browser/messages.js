// form-js speaks English only. Its Preact hook lets us say the same in Chinese; the bpmn.io mark is left as it is.
import { Fragment, h, options } from 'preact';

const words = {
  'Field is required.': '这一项必填。',
  'Value is not a number.': '应为数字。',
  'Value is expected to be an integer.': '应为整数。',
  'Field must be a valid email.': '应为电子邮箱地址。',
  'Date and time must both be entered.': '日期和时间都要填。',
  'Min validation value is not a valid number.': '下限设置有误，请告知流程管理员。',
  'Max validation value is not a valid number.': '上限设置有误，请告知流程管理员。',
  Select: '请选择',
  Search: '查找',
  'No results': '没有匹配项',
  Increment: '加',
  Decrement: '减',
  'Remove tag': '去掉',
  'Add new': '新增一项',
  Collapse: '收起',
  'Previous page': '上一页',
  'Next page': '下一页',
  'Nothing to show.': '没有内容。',
  'Loading...': '正在读取',
  'yyyy-mm-dd': '年-月-日',
};

const patterns = [
  [/^Value is expected to have at most (\d+) decimal digits?\.$/, '最多 %(a)s 位小数。'],
  [/^Please select a valid value, the two nearest valid values are (.+) and (.+)\.$/, '最接近的可用值是 %(a)s 和 %(b)s。'],
  [/^Field must have minimum value of (.+)\.$/, '不能小于 %(a)s。'],
  [/^Field must have maximum value of (.+)\.$/, '不能大于 %(a)s。'],
  [/^Field must have minimum length of (.+)\.$/, '至少 %(a)s 个字。'],
  [/^Field must have maximum length of (.+)\.$/, '最多 %(a)s 个字。'],
  [/^Field must match pattern (.+)\.$/, '格式不对。'],
  [/^Remove list item (\d+)$/, '去掉第 %(a)s 项'],
  [/^(\d+) of (\d+)$/, '第 %(a)s 页，共 %(b)s 页'],
  [/^Expand all \((\d+)\)$/, '全部展开（%(a)s 项）'],
];

export const english = document.documentElement.lang.startsWith('en');

export function said(text) {
  if (english || typeof text !== 'string') return text;
  const plain = text.trim();
  if (plain in words) return words[plain];
  for (const [pattern, sentence] of patterns) {
    const found = pattern.exec(plain);
    if (found) return sentence.replace('%(a)s', found[1]).replace('%(b)s', found[2] ?? '');
  }
  return text;
}

const ATTRIBUTES = ['title', 'placeholder', 'aria-label'];

// Labels of the schema may hold any word; only what form-js itself says is translated, so labels are left alone.
const OURS = /fjs-form-field-label|fjs-form-field-description|fjs-powered-by|fjs-form-field-text/;

const CHOICES = /fjs-form-field-(?:radio|checklist)\b/;
const HELP = /^([^]*?)\s*(可不填。|Optional\.)?$/;

const before = options.vnode;
options.vnode = (vnode) => {
  if (vnode.type === Fragment) {
    // Buttons of repeated groups put their words beside an icon.
    if (Array.isArray(vnode.props?.children)) vnode.props.children = vnode.props.children.map(said);
  } else if (typeof vnode.type === 'string') {
    const { props } = vnode;
    const name = props.class || props.className || '';
    if (typeof name !== 'string' || !OURS.test(name)) {
      for (const attribute of ATTRIBUTES) if (props[attribute]) props[attribute] = said(props[attribute]);
      if (typeof props.children === 'string') props.children = said(props.children);
      else if (Array.isArray(props.children)) props.children = props.children.map(said);
    }
    // What may be left empty says so beside its label, as everywhere; other help stays under it.
    if (name === 'fjs-form-field-description' && typeof props.children === 'string') {
      const [, help, optional] = HELP.exec(props.children);
      props.children = [optional ? h('span', { class: 'opt' }, english ? 'optional' : '可不填') : null, help ? h('span', { class: 'help' }, help) : null];
    }
    // The choices of a field stand together, so that a row can lay them out as one box.
    if (CHOICES.test(name) && Array.isArray(props.children)) {
      props.children = props.children.map((child) => (Array.isArray(child) ? h('div', { class: 'fjs-options' }, child) : child));
    }
  }
  before?.(vnode);
};
