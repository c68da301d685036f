import type { Unverified } from '../../src/assumptions/unverified';
import { matchesText, plainPattern } from '../../src/iam/pattern';
import { type PatternElement, type Policy, parsePolicy, type Statement } from '../../src/iam/policy';
import { PolicyError } from '../../src/iam/policy-error';
import { ServiceError } from '../call';
import type { Identities } from '../identities';
import { bindPrincipals, parseDocument, UnknownPrincipal } from '../principal-binding';
import { bucketActions, objectActions } from './actions';

const MAX_BYTES = 20_480;
const PARTITIONS = 'aws|aws-cn|aws-us-gov';

const malformed = (message: string, detail?: string): ServiceError =>
  new ServiceError(400, 'MalformedPolicy', message, detail === undefined ? {} : { extra: { Detail: detail } });

const matching = ({ negated, patterns }: PatternElement, actions: readonly string[]): readonly string[] =>
  actions.filter((action) => patterns.some((one) => matchesText(plainPattern(one), action, { ignoreCase: true })) !== negated);

const checkActions = ({ action, resource }: Statement, bucket: string): void => {
  const every = [...objectActions, ...bucketActions];
  const unknown = action.patterns.find((one) => matching({ negated: false, patterns: [one] }, every).length === 0);
  if (unknown !== undefined) throw malformed('Policy has invalid action', unknown);

  const bucketArn = new RegExp(`^arn:(?:${PARTITIONS}):s3:::([^/]+)(/.*)?$`, 's');
  const levels = (resource?.patterns ?? []).map((pattern) => {
    const [, name, key] = bucketArn.exec(pattern) ?? [];
    // A wildcard that ends the bucket's name covers its keys too.
    const coversKeys = key !== undefined || (name?.endsWith('*') ?? false);
    const owns = name !== undefined && matchesText(plainPattern(name), coversKeys && key === undefined ? `${bucket}/` : bucket);
    if (!owns) throw malformed('Policy has invalid resource', pattern);
    return { objects: coversKeys, buckets: key === undefined };
  });
  const applies = matching(action, [
    ...(levels.some(({ objects }) => objects) ? objectActions : []),
    ...(levels.some(({ buckets }) => buckets) ? bucketActions : []),
  ]);
  const pointless = !action.negated && action.patterns.some((one) => matching({ negated: false, patterns: [one] }, applies).length === 0);
  if (pointless) throw malformed('Action does not apply to any resource(s) in statement');
};

const SID = /^[A-Za-z0-9]*$/;
const checkSids = ({ statements }: Policy): void => {
  const sids = statements.flatMap(({ sid }) => (sid === undefined ? [] : [sid]));
  const invalid = sids.find((sid) => !SID.test(sid));
  if (invalid !== undefined) throw malformed(`Statement IDs (SID) must be alpha-numeric: '${invalid}'`);
  const twice = sids.find((sid, index) => sids.indexOf(sid) !== index);
  if (twice !== undefined) throw malformed(`Statement IDs (SID) in a single policy must be unique: '${twice}'`);
};

const SERVICE = /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/;
const invalidPrincipal = (detail: string, { unknownPrincipal }: Unverified): ServiceError =>
  malformed('Invalid principal in policy', unknownPrincipal === 'named' ? detail : undefined);

const checkPrincipals = ({ statements }: Policy, identities: Identities, unverified: Unverified): void => {
  for (const { kind, value } of statements.flatMap(({ principal }) => principal?.entries ?? [])) {
    const [account] = /\d{12}/.exec(value) ?? [];
    const known =
      kind === 'AWS' ? account === undefined || identities.accounts.has(account) : kind === 'Service' ? SERVICE.test(value) : false;
    if (!known) throw invalidPrincipal(`"${kind}" : "${value}"`, unverified);
  }
};

/**
 * Checks a bucket policy as PutBucketPolicy does and returns it as it is stored, with unique ids for principals.
 * @throws ServiceError MalformedPolicy, naming the first thing that is wrong (of several bad principals, one at a time).
 * Source: `docs/semantics.md` on bucket policies: 20,480 bytes of compact JSON, Sids of letters and digits, principals that exist.
 */
export const checkedPolicy = (
  text: string,
  bucket: string,
  { identities, unverified }: { readonly identities: Identities; readonly unverified: Unverified },
): Readonly<Record<string, unknown>> => {
  if (!text.startsWith('{')) throw malformed("Policies must be valid JSON and the first byte must be '{'");
  try {
    const document = parseDocument(text);
    const counted = unverified.policySize === 'compact' ? JSON.stringify(document) : text;
    if (Buffer.byteLength(counted) > MAX_BYTES)
      throw new ServiceError(400, unverified.tooLong, 'Policy exceeds the maximum allowed document size');
    const policy = parsePolicy(document, 'resource');
    if (policy.statements.length === 0) throw malformed('Could not parse the policy: Statement is empty!');
    checkSids(policy);
    checkPrincipals(policy, identities, unverified);
    for (const statement of policy.statements) checkActions(statement, bucket);
    return bindPrincipals(identities, document);
  } catch (cause) {
    if (cause instanceof UnknownPrincipal) throw invalidPrincipal(`"AWS" : "${cause.value}"`, unverified);
    if (cause instanceof PolicyError) throw malformed(cause.message);
    if (cause instanceof SyntaxError) throw malformed('Policies must be valid JSON');
    throw cause;
  }
};
