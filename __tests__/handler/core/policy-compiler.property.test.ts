import fc from 'fast-check';
import { layoutSizes } from '../../../handler/core/policy/layout-size';
import { compileStatements } from '../../../handler/core/policy/policy-compiler';
import { accessKey } from '../../../handler/core/policy/policy-cover';
import { accesses } from './arbitraries';
import { NAMESPACE, sizeOf } from './builders';
import { law } from './property';

law('the size of the shorter layout is that of the compiled statements', accesses(24), (given) => {
  expect(Math.min(...layoutSizes(given, NAMESPACE).map(({ bytes }) => bytes))).toBe(sizeOf(given).bytes);
});

law(
  'compiled statements are never longer without some accesses than the bound of either layout',
  fc.tuple(accesses(24), fc.nat()),
  ([given, seed]) => {
    const distinct = [...new Map(given.map((access) => [accessKey(access), access])).values()];
    const leaving = distinct.filter((_, index) => (seed >> (index % 30)) & 1);
    const { bytesWithout } = sizeOf(distinct);
    for (const layout of layoutSizes(distinct, NAMESPACE)) expect(bytesWithout(leaving)).toBeLessThanOrEqual(layout.bytesWithout(leaving));
  },
);

law(
  'compiled statements do not depend on the order or number of the accesses',
  fc.tuple(accesses(24), fc.infiniteStream(fc.nat())),
  ([given, order]) => {
    const shuffled = [...given, ...given.slice(0, 3)]
      .map((access) => ({ access, rank: order.next().value }))
      .sort((one, other) => one.rank - other.rank)
      .map(({ access }) => access);
    expect(JSON.stringify(compileStatements(shuffled, NAMESPACE))).toBe(JSON.stringify(compileStatements(given, NAMESPACE)));
  },
);

law('every statement has a different Sid of letters and digits', accesses(24), (given) => {
  const sids = compileStatements(given, NAMESPACE).map((statement) => String(statement['Sid']));
  expect(new Set(sids).size).toBe(sids.length);
  expect(sids.filter((sid) => !/^[A-Za-z0-9]+$/.test(sid))).toEqual([]);
});
