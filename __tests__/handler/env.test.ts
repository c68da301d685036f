import { DATAZONE_PROVIDER } from '../../handler/contract/datazone';
import type { HandlerEnv } from '../../handler/contract/environment';
import { InvalidEnvironment } from '../../handler/errors';
import { readSettings } from '../../handler/settings';

const ENV: HandlerEnv = {
  DEPLOYMENT: 'acme',
  MODE: 'enforce',
  EXISTING_SUBSCRIPTIONS: 'grant',
  DOMAIN_ID: 'dzd_bc8e1ez8r2a6xz',
  DOMAIN_VERSION: 'v1',
  QUEUE_ARN: 'arn:aws-cn:sqs:cn-north-1:111111111111:acme-fulfillment.fifo',
  REGISTRY_TABLE: 'acme-registry',
  LEDGER_TABLE: 'acme-ledger',
  EDITOR_ROLE: 'acme-policy-editor',
  TARGET_PROVIDER: 'datazone-s3-fulfillment',
  MISSING_GRANTS: 'leave',
  OPERATOR_ROLE_ID: 'AROAOPERATOROFACME001',
  REMOVAL_CAP: '50',
  EXPIRES_AFTER: '365',
};

const wrong = (change: Partial<Record<keyof HandlerEnv, string | undefined>>): string => {
  try {
    readSettings({ ...ENV, ...change });
  } catch (error) {
    if (error instanceof InvalidEnvironment) return error.message;
    throw error;
  }
  return '';
};

describe("the function's environment", () => {
  it('becomes settings; partition, Region and account are those of the queue', () => {
    expect(readSettings(ENV)).toEqual({
      deployment: 'acme',
      mode: 'enforce',
      existingSubscriptions: 'grant',
      domainId: 'dzd_bc8e1ez8r2a6xz',
      domainVersion: 'v1',
      queueArn: ENV.QUEUE_ARN,
      partition: 'aws-cn',
      region: 'cn-north-1',
      account: '111111111111',
      registryTable: 'acme-registry',
      ledgerTable: 'acme-ledger',
      editorRole: 'acme-policy-editor',
      targetProvider: 'datazone-s3-fulfillment',
      missingGrants: 'leave',
      operatorRoleId: 'AROAOPERATOROFACME001',
      removalCap: 50,
      expiresAfterDays: 365,
    });
  });

  it('may know of no operator, and of no expiry', () => {
    const settings = readSettings({ ...ENV, OPERATOR_ROLE_ID: '', EXPIRES_AFTER: 'never' });
    expect(settings).toMatchObject({ operatorRoleId: undefined, expiresAfterDays: undefined });
  });

  const names = Object.keys(ENV) as (keyof HandlerEnv)[];

  it.each(names)('is refused without %s, which is named', (name) => {
    expect(wrong({ [name]: undefined })).toContain(`${name}=''`);
  });

  it.each(names.filter((name) => name !== 'OPERATOR_ROLE_ID'))('is refused with an empty %s, which is named', (name) => {
    expect(wrong({ [name]: '' })).toContain(`${name}=''`);
  });

  it.each<[keyof HandlerEnv, string]>([
    ['DEPLOYMENT', 'Acme'],
    ['DEPLOYMENT', 'a'],
    ['MODE', 'dry-run'],
    ['EXISTING_SUBSCRIPTIONS', 'true'],
    ['DOMAIN_ID', 'bc8e1ez8r2a6xz'],
    ['DOMAIN_VERSION', 'V2'],
    ['QUEUE_ARN', 'arn:aws:sns:eu-west-1:111111111111:acme'],
    ['QUEUE_ARN', 'https://sqs.eu-west-1.amazonaws.com/111111111111/acme.fifo'],
    ['TARGET_PROVIDER', DATAZONE_PROVIDER],
    ['OPERATOR_ROLE_ID', 'arn:aws:iam::111111111111:role/acme-operator'],
    ['OPERATOR_ROLE_ID', 'AIDAOPERATOROFACME001'],
    ['REMOVAL_CAP', '0'],
    ['REMOVAL_CAP', '10001'],
    ['REMOVAL_CAP', '1e3'],
    ['EXPIRES_AFTER', '0'],
    ['EXPIRES_AFTER', '3651'],
    ['EXPIRES_AFTER', '1.5'],
    ['EXPIRES_AFTER', 'Never'],
  ])("is refused with %s='%s', which is named with its value", (name, value) => {
    const message = wrong({ [name]: value });
    expect(message).toContain(`${name}='${value}'`);
    for (const other of Object.keys(ENV)) if (other !== name) expect(message).not.toContain(`${other}=`);
  });

  it('is refused with every wrong variable named at once, and what to do', () => {
    const message = wrong({ MODE: 'off', DOMAIN_ID: undefined, LEDGER_TABLE: '' });
    for (const named of ["MODE='off'", "DOMAIN_ID=''", "LEDGER_TABLE=''"]) expect(message).toContain(named);
    expect(message).toContain("deploy the domain account's stack again");
  });
});
