import fc from 'fast-check';
import { compileStatements } from '../../../handler/core/policy/policy-compiler';
import { parsePolicy, type Statement, serialisePolicy } from '../../../handler/core/policy/policy-document';
import { awsPrincipals, sameStatements } from '../../../handler/core/policy/policy-equality';
import { accesses } from './arbitraries';
import { document, NAMESPACE, role } from './builders';
import { law, seedFrom } from './property';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Says the same in other words, as S3 does: lists in another order, single elements in a list or out of it, elements in another order. */
const reworded = (value: unknown, dice: Iterator<number>): unknown => {
  const roll = dice.next().value;
  if (Array.isArray(value))
    return value.length === 1 && roll % 2 === 0
      ? value[0]
      : [...value].sort((one, other) => (roll % 2 === 0 ? 1 : -1) * (one < other ? -1 : 1));
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => {
    const isScalarList = typeof inner === 'string' && !['Sid', 'Effect'].includes(key);
    return [key, isScalarList && roll % 3 === 0 ? [inner] : reworded(inner, dice)] as const;
  });
  return Object.fromEntries(roll % 2 === 0 ? entries.reverse() : entries);
};

const rewordedPolicy = (statements: readonly Statement[], dice: Iterator<number>): readonly Statement[] => {
  const text = serialisePolicy(
    document(
      ...statements
        .map((statement) => reworded(statement, dice))
        .filter(isRecord)
        .reverse(),
    ),
  );
  const parsed = parsePolicy(text);
  return parsed.kind === 'policy' ? parsed.document.Statement : [];
};

law('statements are recognised however S3 rewords them', fc.tuple(accesses(12), fc.infiniteStream(fc.nat())), ([given, dice]) => {
  const statements = compileStatements(given, NAMESPACE);
  expect(sameStatements(rewordedPolicy(statements, dice), statements)).toBe(true);
});

law(
  'nothing that was added to or taken from a statement goes unnoticed',
  fc.tuple(accesses(12), fc.infiniteStream(fc.nat()), fc.nat(), fc.nat()),
  ([given, dice, which, how]) => {
    const statements = compileStatements(given, NAMESPACE);
    const edits: readonly ((statement: Statement) => Statement | undefined)[] = [
      () => undefined,
      (statement) => ({ ...statement, Principal: { AWS: [...awsPrincipals(statement), role('mallory')] } }),
      (statement) => ({ ...statement, Action: [statement['Action'], 's3:PutObject'] }),
      (statement) => ({ ...statement, Resource: [statement['Resource'], 'arn:aws:s3:::acme-raw/more/*'].flat() }),
      (statement) => ({
        ...statement,
        Condition: { ...(isRecord(statement['Condition']) ? statement['Condition'] : {}), Bool: { 'aws:SecureTransport': 'true' } },
      }),
      (statement) => ({ ...statement, Effect: 'Deny' }),
    ];
    const edit = edits[how % edits.length];
    const edited = statements
      .map((statement, index) => (index === which % statements.length ? edit?.(statement) : statement))
      .filter((statement) => statement !== undefined);
    expect(sameStatements(rewordedPolicy(edited, dice), statements)).toBe(statements.length === 0);
  },
);

describe('a law', () => {
  test('draws from the seed that it is told, or from a new one', () => {
    expect(seedFrom('42')).toBe(42);
    expect(Number.isInteger(seedFrom(undefined))).toBe(true);
    expect(() => seedFrom('tomorrow')).toThrow("FC_SEED is 'tomorrow'");
  });
});
