import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listedSurvivors } from '../mutation/listed';
import { coreModules } from '../mutation/modules';

const listed = listedSurvivors();
const files = coreModules(join(__dirname, '../../handler/core'));
const moduleFile = (module: string): string => files.get(module) ?? module;

it('changes of the core that may live are listed', () => {
  expect(listed.length).toBeGreaterThan(5);
});

it.each(listed)('what may live is still there, and says why: $module: $code -> $change', ({ module, code, change, reason }) => {
  const lines = readFileSync(moduleFile(module), 'utf8').split('\n');
  expect(lines.filter((line) => line.includes(code))).not.toEqual([]);
  expect([code.length > 3, change.length > 0, reason.length > 10]).toEqual([true, true, true]);
});
