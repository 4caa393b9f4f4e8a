// Reads and writes every shipped diagram with the modelling profile's own library, and judges it as the desktop modeler does.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Linter } from '@camunda/linting';
import { BpmnModdle } from 'bpmn-moddle';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';

const folder = process.argv[2];
const linter = new Linter({ modeler: 'desktop', type: 'cloud' });
const found = {};
for (const name of readdirSync(folder).filter((one) => one.endsWith('.bpmn'))) {
  const moddle = new BpmnModdle({ zeebe });
  const source = readFileSync(join(folder, name), 'utf8');
  const { rootElement, warnings } = await moddle.fromXML(source);
  const { xml } = await moddle.toXML(rootElement, { format: true });
  const reports = await linter.lint(source);
  found[name] = {
    warnings: warnings.map(({ message }) => message),
    written: xml,
    reports: reports.map(({ id, rule, message, category }) => ({ id, rule, message, category })),
  };
}
process.stdout.write(JSON.stringify(found));
