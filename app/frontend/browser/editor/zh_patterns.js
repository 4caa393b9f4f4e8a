// What the editors piece together in English, as patterns with their Chinese.
export const patterns = [
  [/^Create an? (.+) element$/, '新增“$1”'],
  [/^Create (.+) element$/, '新增“$1”'],
  [/^Open (.+)$/, '打开 $1'],
  [/^List contains (\d+) items?$/, '共 $1 项'],
  [/^Play\/Pause Simulation$/, '播放或暂停'],
  [/^Set animation speed = (.+)$/, '快慢：$1'],
  [/^Focus process instance (.+)$/, '只看实例 $1'],
  [/^Process (\S+) started$/, '流程 $1 开始'],
  [/^Process (\S+) finished$/, '流程 $1 结束'],
  [/^Process (\S+) canceled$/, '流程 $1 取消'],
  [/^Sub-process (\S+) (started|finished|canceled)$/, '子流程 $1 $2'],
  [/^Written in (.+)$/, '写于 $1'],
  [/^Value must be a valid (.+)\.$/, '应是合法的 $1。'],
  [/^e\.g\. (.+)$/, '例如 $1'],
  [/^Expression language: (.*)$/, '表达式语言：$1'],
  [/^Function kind: (.*)$/, '函数种类：$1'],
];
