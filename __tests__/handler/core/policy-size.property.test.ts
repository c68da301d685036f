import fc from 'fast-check';
import { compileStatements } from '../../../handler/core/policy/policy-compiler';
import { jsonBytes, type Statement } from '../../../handler/core/policy/policy-document';
import { accessKey } from '../../../handler/core/policy/policy-size';
import { accesses } from './arbitraries';
import { NAMESPACE, sizeOf } from './builders';
import { law } from './property';

/** Statements with the comma after each. */
const bytesOf = (statements: readonly Statement[]): number => statements.reduce((sum, statement) => sum + jsonBytes(statement) + 1, 0);

law('the size of statements is exactly that of what is compiled', accesses(24), (given) => {
  expect(sizeOf(given).bytes).toBe(bytesOf(compileStatements(given, NAMESPACE)));
});

law(
  'the size without some accesses is exactly that of what is compiled without them',
  fc.tuple(accesses(24), accesses(24), fc.nat()),
  ([given, strangers, seed]) => {
    const leaving = given.filter((_, index) => (seed >> (index % 30)) & 1);
    const gone = new Set([...leaving, ...strangers].map(accessKey));
    const rest = given.filter((access) => !gone.has(accessKey(access)));
    expect(sizeOf(given).bytesWithout([...leaving, ...leaving, ...strangers])).toBe(bytesOf(compileStatements(rest, NAMESPACE)));
  },
);

law(
  'compiled statements do not depend on the order or number of what they are compiled from',
  fc.tuple(accesses(24), fc.infiniteStream(fc.nat())),
  ([given, order]) => {
    const shuffled = [...given, ...given.slice(0, 3)]
      .map((access) => ({ access, rank: order.next().value }))
      .sort((one, other) => one.rank - other.rank)
      .map(({ access }) => access);
    expect(JSON.stringify(compileStatements(shuffled, NAMESPACE))).toBe(JSON.stringify(compileStatements(given, NAMESPACE)));
  },
);

law('every statement has a Sid of its own, of letters and digits', accesses(24), (given) => {
  const sids = compileStatements(given, NAMESPACE).map((statement) => String(statement['Sid']));
  expect(new Set(sids).size).toBe(sids.length);
  expect(sids.filter((sid) => !/^[A-Za-z0-9]+$/.test(sid))).toEqual([]);
});
