/** Whether a member's value is what the contract with operators says of it. */
export type Form = (value: unknown) => boolean;

const like =
  (pattern: RegExp): Form =>
  (value) =>
    typeof value === 'string' && pattern.test(value);
const isFlag: Form = (value) => typeof value === 'boolean';
export const isBucket = like(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/);
const isMoment: Form = (value) =>
  like(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?Z$/)(value) && Number.isFinite(new Date(String(value)).getTime());

/** One role or user, told without the product's pattern. */
export const isPrincipal: Form = (value) => {
  if (typeof value !== 'string') return false;
  const [scheme, partition = '', service, region, account = '', resource = '', ...more] = value.split(':');
  const [kind, ...names] = resource.split('/');
  return (
    [scheme, service, region, more.length].join() === 'arn,iam,,0' &&
    /^aws[a-z-]*$/.test(partition) &&
    /^\d{12}$/.test(account) &&
    (kind === 'role' || kind === 'user') &&
    names.length > 0 &&
    names[0] !== 'aws-service-role' &&
    names.every((name) => /^[A-Za-z0-9_+=,.@-]+$/.test(name)) &&
    (names.at(-1)?.length ?? 65) <= 64
  );
};

type Members = { readonly must: Readonly<Record<string, Form>>; readonly may?: Readonly<Record<string, Form>> };

const ENVELOPE: Readonly<Record<string, Form>> = {
  kind: (value) => value === 'request',
  command: (value) => typeof value === 'string',
  id: like(/^[a-zA-Z0-9-]{8,64}$/),
  at: isMoment,
  reason: (value) => typeof value === 'string' && value.length >= 1 && value.length <= 1_000,
};

const COMMANDS: ReadonlyMap<unknown, Members> = new Map<unknown, Members>([
  [
    'reconcile',
    { must: { dryRun: isFlag }, may: { removals: (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 1_000_000 } },
  ],
  ['revoke', { must: { subscription: like(/^[a-zA-Z0-9_-]{1,36}$/) } }],
  ['revoke-principal', { must: { principal: isPrincipal, bucket: isBucket } }],
  ['freeze', { must: {}, may: { bucket: isBucket } }],
  ['unfreeze', { must: {}, may: { bucket: isBucket } }],
  ['uninstall', { must: {} }],
]);

/** Whether a body is a request that the contract knows, with its members and no others, by our own reckoning. */
export const isWellFormed = (body: unknown): boolean => {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return false;
  const given = new Map<string, unknown>(Object.entries(body));
  const members = COMMANDS.get(given.get('command'));
  if (members === undefined) return false;
  const must = new Map(Object.entries({ ...ENVELOPE, ...members.must }));
  const may = new Map(Object.entries(members.may ?? {}));
  return (
    [...must].every(([name, isRight]) => given.has(name) && isRight(given.get(name))) &&
    [...given].every(([name, value]) => must.has(name) || may.get(name)?.(value) === true)
  );
};
