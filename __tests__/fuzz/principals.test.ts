import fc from 'fast-check';
import { parsePrincipal } from '../../handler/core/grant/principal';
import { awsPrincipals } from '../../handler/core/policy/policy-equality';
import { registry, resolved, role, rules, target } from '../handler/core/builders';
import { hostileText } from './hostile';
import { fuzz } from './inputs';
import { mutatedText } from './mutations';
import { expectSentence, statementsFor } from './pipeline';

const ENVIRONMENT = '333333333333';
const LISTED = '555555555555';
const RULES = rules({ registry: registry(undefined, [LISTED]) });
const GOOD = role('team/reader', ENVIRONMENT);

const principals = fc.oneof(
  mutatedText(role('reader', ENVIRONMENT)),
  mutatedText(role('some/path/reader', LISTED)),
  mutatedText(`arn:aws:iam::${ENVIRONMENT}:user/alice`),
  mutatedText(`arn:aws:iam::${ENVIRONMENT}:root`, 2),
  mutatedText(`arn:aws:sts::${ENVIRONMENT}:assumed-role/reader/session`, 2),
  hostileText,
);

/** Whether this names one role or user of an account that may enter, told without the product's pattern. */
const isOneRoleOrUser = (arn: string): boolean => {
  const [scheme, partition, service, region, account, resource, ...more] = arn.split(':');
  const [kind, ...names] = resource?.split('/') ?? [];
  return (
    [scheme, partition, service, region, more.length].join() === 'arn,aws,iam,,0' &&
    (account === ENVIRONMENT || account === LISTED) &&
    (kind === 'role' || kind === 'user') &&
    names.length > 0 &&
    names[0] !== 'aws-service-role' &&
    names.every((name) => [...name].length > 0 && [...name].every((letter) => /^[A-Za-z0-9_+=,.@-]$/.test(letter))) &&
    (names.at(-1)?.length ?? 65) <= 64 &&
    ['', ...names.slice(0, -1), ''].join('/').length <= 512
  );
};

fuzz('a principal is one role or user of an account that may enter, or no policy ever names it', {
  inputs: fc.uniqueArray(principals, { minLength: 1, maxLength: 3 }),
  verdicts: ['all', 'none', 'some'],
  check: (arns, tally) => {
    const read = resolved({ targets: [target('t', [...arns, GOOD], { account: ENVIRONMENT })] });
    const statements = statementsFor(read, RULES);
    const enters = arns.filter((arn) => {
      const parsed = parsePrincipal(arn, { partition: 'aws', accounts: [ENVIRONMENT, LISTED] });
      if ('code' in parsed) expectSentence(parsed.message);
      else expect(parsed.arn).toBe(arn);
      return !('code' in parsed);
    });
    expect(enters).toEqual(arns.filter(isOneRoleOrUser));
    for (const statement of statements) expect([...awsPrincipals(statement)].sort()).toEqual([...new Set([...enters, GOOD])].sort());
    expect(statements).toHaveLength(2);
    tally(enters.length === arns.length ? 'all' : enters.length === 0 ? 'none' : 'some');
  },
});
