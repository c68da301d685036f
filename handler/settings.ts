import * as z from 'zod/mini';
import { DATAZONE_PROVIDER } from './contract/datazone';
import type { HandlerEnv } from './contract/environment';
import { printable } from './core/printable';
import { InvalidEnvironment } from './errors';

/** The function's settings, read once at start. */
export type Settings = {
  readonly deployment: string;
  readonly mode: 'observe' | 'enforce';
  readonly existingSubscriptions: 'grant' | 'ignore';
  readonly domainId: string;
  readonly domainVersion: 'v1' | 'v2';
  readonly queueArn: string;
  /** Of the domain, as the queue's ARN has them. */
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly registryTable: string;
  readonly ledgerTable: string;
  readonly editorRole: string;
  readonly targetProvider: string;
  readonly missingGrants: 'create' | 'leave';
  /** Undefined: there is no operator role, and nobody may command. */
  readonly operatorRoleId: string | undefined;
  /** Principals' accesses that one reconcile may take away by itself. */
  readonly removalCap: number;
  /** Days after its approval at which a subscription's grants expire. Undefined: never. */
  readonly expiresAfterDays: number | undefined;
};

const QUEUE_ARN = /^arn:(aws[a-z-]*):sqs:([a-z0-9-]+):(\d{12}):([\w.-]+)$/;

const NEVER = 'never';

const text = z.string().check(z.minLength(1));

/** Text that is a whole number from 1 to `most`. */
const upTo = (most: number) => text.check(z.refine((value) => /^[1-9]\d*$/.test(value) && Number(value) <= most));

const environment = z.object({
  DEPLOYMENT: z.string().check(z.regex(/^[a-z][a-z0-9-]{1,19}$/)),
  MODE: z.enum(['observe', 'enforce']),
  EXISTING_SUBSCRIPTIONS: z.enum(['grant', 'ignore']),
  DOMAIN_ID: z.string().check(z.regex(/^dzd[_-][a-zA-Z0-9_-]{1,36}$/)),
  DOMAIN_VERSION: z.enum(['v1', 'v2']),
  QUEUE_ARN: z.string().check(z.regex(QUEUE_ARN)),
  REGISTRY_TABLE: text,
  LEDGER_TABLE: text,
  EDITOR_ROLE: text,
  TARGET_PROVIDER: text.check(z.refine((provider) => provider !== DATAZONE_PROVIDER)),
  MISSING_GRANTS: z.enum(['create', 'leave']),
  OPERATOR_ROLE_ID: z.string().check(z.regex(/^(?:AROA[A-Z0-9]{12,124})?$/)),
  REMOVAL_CAP: upTo(10_000),
  EXPIRES_AFTER: z.union([z.literal(NEVER), upTo(3650)]),
} satisfies Record<keyof HandlerEnv, z.core.$ZodType>);

/**
 * Reads the function's environment.
 * @throws InvalidEnvironment naming every variable that is missing or wrong
 */
export const readSettings = (variables: Readonly<Record<string, string | undefined>>): Settings => {
  const parsed = environment.safeParse(variables);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path }) => `${path.join('.')}='${printable(variables[String(path[0])] ?? '')}'`);
    throw new InvalidEnvironment(
      `the function's environment is missing or wrong in ${wrong.join(', ')}; deploy the domain account's stack again`,
    );
  }
  const env = parsed.data;
  const [, partition = '', region = '', account = ''] = QUEUE_ARN.exec(env.QUEUE_ARN) ?? [];
  return {
    deployment: env.DEPLOYMENT,
    mode: env.MODE,
    existingSubscriptions: env.EXISTING_SUBSCRIPTIONS,
    domainId: env.DOMAIN_ID,
    domainVersion: env.DOMAIN_VERSION,
    queueArn: env.QUEUE_ARN,
    partition,
    region,
    account,
    registryTable: env.REGISTRY_TABLE,
    ledgerTable: env.LEDGER_TABLE,
    editorRole: env.EDITOR_ROLE,
    targetProvider: env.TARGET_PROVIDER,
    missingGrants: env.MISSING_GRANTS,
    operatorRoleId: env.OPERATOR_ROLE_ID === '' ? undefined : env.OPERATOR_ROLE_ID,
    removalCap: Number(env.REMOVAL_CAP),
    expiresAfterDays: env.EXPIRES_AFTER === NEVER ? undefined : Number(env.EXPIRES_AFTER),
  };
};
